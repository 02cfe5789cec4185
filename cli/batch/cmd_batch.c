// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/batch/batch.h"
#include "cli/cmd_run.h"
#include "cli/commands.h"
#include "common/clean.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/units.h"

struct wanted {
	const char *out, *clone, *url, *device;
	int64_t parts;
	bool submit;
	struct word_list first;
};

/* A word of scripts of all kinds: "${{" is GitHub's, before a shell sees it. */
static bool is_plain(const char *word, bool away)
{
	if (!clean_is(word))
		return err("a word with a line break or another control character has no place in "
			   "a script");
	return !away || !strstr(word, "${{") || err("%s: \"${{\" has no place in a script", word);
}

/* What a script says itself. */
static bool are_free(char *const *words, size_t nr, bool away)
{
	static const char *const ours[] = {"--out", "--shard", "--dry-run", "--jobs"};
	size_t i, k, len;

	for (i = 0; i < nr; i++) {
		len = strcspn(words[i], "="); /* in full, or short */
		for (k = 0; k < sizeof(ours) / sizeof(ours[0]); k++)
			if (len > 2 && !strncmp(words[i], ours[k], len))
				return err("%s: each part has its own; --out of batch names the "
					   "journal of all, --parts their number",
					   words[i]);
		if (!is_plain(words[i], away))
			return false;
	}
	return true;
}

/* It is a word of scripts, of several kinds, and a folder's beginning. */
static bool take_out(void *at, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-.";
	size_t len = strlen(word);

	*(const char **)at = word;
	return (len > 6 && !strcmp(word + len - 6, ".jsonl") && word[0] != '-' &&
		!word[strspn(word, plain)]) ||
	       err("--out %s: must be NAME.jsonl of letters, digits, '.', '-' and '_'", word);
}

static bool take_parts(void *at, const char *word)
{
	return units_parse_int(word, 1, 100000, at) ||
	       err("--parts %s: must be a whole number from 1 to 100000", word);
}

static bool take_url(void *at, const char *word)
{
	*(const char **)at = word;
	return (strstr(word, "://") && !strpbrk(word, " \t\n'\"{}#")) ||
	       err("--url %s: must be a URL, such as https://files.lab/fork", word);
}

/* NULL with a message printed. */
static const struct batch_engine *find_engine(const char *name)
{
	const struct batch_engine *engine;
	struct word_list known = {0};

	for (engine = batch_engines; engine->name && strcmp(engine->name, name); engine++)
		word_list_add(&known, engine->name);
	if (!engine->name)
		words_unknown(&known, "", name, "%s is no engine", name);
	free(known.words);
	return engine->name ? engine : NULL;
}

/* Whether an engine can do what is wanted of it. */
static bool can(const struct batch_engine *engine, const struct wanted *wanted)
{
	size_t i;

	if (engine->most && wanted->parts > engine->most)
		return err("--parts %lld: %s has at most %u jobs of a kind",
			   (long long)wanted->parts, engine->name, engine->most);
	if (wanted->submit && !engine->submit)
		return err("--submit: only slurm's script is submitted");
	if (wanted->clone && !engine->away)
		return err("--clone: %s runs where faultbench is", engine->name);
	if ((wanted->url || wanted->device) && !engine->pack)
		return err("--url and --device-type: are lava's");
	if (wanted->first.nr && engine->pack)
		return err("--first: the kernels of a job of %s are those that are here",
			   engine->name);
	if (wanted->clone && !is_plain(wanted->clone, true))
		return false;
	for (i = 0; i < wanted->first.nr; i++)
		if (!is_plain(wanted->first.words[i], engine->away))
			return false;
	return true;
}

/* Whether `run` takes the words of a part; says what is wrong, and returns its exit status. */
static int read_words(struct batch *batch, char *const *words, size_t nr)
{
	char **all = calloc(nr + 3, sizeof(*all));
	int status;

	if (!all)
		abort();
	all[0] = "run";
	all[1] = "--shard=1/1";
	memcpy(all + 2, words, nr * sizeof(*all));
	if (run_read((int)nr + 2, all, &batch->asked, &status))
		status = EXIT_OK;
	free(all);
	return status;
}

/* What comes before the parts. */
static bool fill_first(struct batch *batch, const struct batch_engine *engine,
		       const struct word_list *first)
{
	size_t i;

	for (i = 0; i < first->nr; i++)
		word_list_add(&batch->first, strdup(first->words[i]));
	if ((engine->away || engine->pack) && batch->asked.cache)
		return err("--cache: %s keeps its own results", engine->name);
	return !engine->away || first->nr || batch_fetch(batch);
}

/* Prints the script. */
static bool print(const struct batch_engine *engine, struct batch *batch)
{
	if (engine->pack)
		return asked_choose(&batch->asked) && engine->pack(stdout, batch);
	engine->print(stdout, batch);
	return true;
}

static void batch_free(struct batch *batch)
{
	size_t i;

	for (i = 0; i < batch->first.nr; i++)
		free((char *)batch->first.words[i]);
	free(batch->first.words);
	asked_free(&batch->asked);
	free((char *)batch->name);
}

static const struct cli_operand operands[] = {
	{"ENGINE", "engine", "who carries the parts: make, slurm, github, gitlab or lava",
	 .kind = WORD_OTHER},
	{"WORD", "word of run",
	 "the plan, and options of `run`, behind a `--`: --machine, --kernel, --cache and so on",
	 .many = true},
	{0},
};

static const struct cli_option options[] = {
	{"parts", "N", "in how many parts (default: 8); more than boots there are is of no use",
	 OPTION_AT(struct wanted, parts), .take = take_parts},
	{"out", "J", "the journal to make; parts are in a folder beside it (default: batch.jsonl)",
	 OPTION_AT(struct wanted, out), .take = take_out},
	{"first", "COMMAND",
	 "what comes before the parts, such as 'kernel build --tree ~/linux --arch arm64 --label "
	 "mine', as a shell reads it; several times. Without it github and gitlab fetch the "
	 "kernels that are of an archive",
	 OPTION_AT(struct wanted, first), .many = true},
	{"submit", NULL,
	 "slurm: submit it, as NAME.slurm, and follow it; ^C leaves the jobs, and says how to "
	 "cancel them",
	 OPTION_AT(struct wanted, submit)},
	{"clone", "URL",
	 "github and gitlab: faultbench's repository (default: the one that the workflow stands "
	 "in)",
	 OPTION_AT(struct wanted, clone)},
	{"url", "URL",
	 "lava: where its workers find the files of NAME.lava (default: that folder, as file://)",
	 OPTION_AT(struct wanted, url), .take = take_url},
	{"device-type", "T",
	 "lava: a board that U-Boot starts, by LAVA's name for it (default: qemu)",
	 OPTION_AT(struct wanted, device)},
	{0},
};

static const struct cli_example examples[] = {
	{"batch make -- exact --machine arm64-exact --kernel a=v6.1",
	 "a Makefile; then: make -k -j4 -f it"},
	{"batch slurm -- exact --machine arm64-exact --kernel a=v6.1",
	 "for a cluster; with --submit in front of the words it is submitted"},
	{0},
};

static int batch(const struct batch_engine *engine, const struct wanted *wanted, char *const *words,
		 size_t nr)
{
	struct batch batch = {.words = (const char *const *)words,
			      .out = wanted->out,
			      .name = strndup(wanted->out, strlen(wanted->out) - strlen(".jsonl")),
			      .parts = (unsigned int)wanted->parts,
			      .url = wanted->url,
			      .device = wanted->device,
			      .clone = wanted->clone};
	int status = read_words(&batch, words, nr);

	if (status == EXIT_OK && !fill_first(&batch, engine, &wanted->first))
		status = EXIT_USAGE;
	else if (status == EXIT_OK && wanted->submit)
		status = engine->submit(&batch);
	else if (status == EXIT_OK && !print(engine, &batch))
		status = EXIT_USAGE;
	batch_free(&batch);
	return status;
}

static int cmd_batch(int argc, char **argv)
{
	struct wanted wanted = {.out = "batch.jsonl", .parts = 8};
	const struct batch_engine *engine;
	char **words;
	int status;
	size_t nr;

	if (options_read(&command_batch, argc, argv, &wanted, &status)) {
		words = argv + optind + 1;
		nr = (size_t)(argc - optind - 1);
		engine = find_engine(argv[optind]);
		status = EXIT_USAGE;
		if (engine && can(engine, &wanted) && are_free(words, nr, engine->away))
			status = batch(engine, &wanted, words, nr);
	}
	free(wanted.first.words);
	return status;
}

const struct command command_batch = {
	.name = "batch",
	.summary = "a script by which make, a cluster, CI or a lab carries parts",
	.about = "It is printed; nothing is started, but by --submit. Each part is `run --shard "
		 "I/N` with a journal "
		 "of "
		 "its own, and `collect` makes one of them. The program is $FAULTBENCH, or what "
		 "`faultbench` is there.",
	.operands = operands,
	.options = options,
	.examples = examples,
	.run = cmd_batch,
};
