// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/batch/batch.h"
#include "cli/commands.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/units.h"

#define MOST_PARTS 1000 /* an array of Slurm has at most 1001 tasks, unless told otherwise */

struct wanted {
	const char *out;
	int64_t parts;
};

/* Whether `run` takes the words: it is asked, and says what is wrong. Returns its exit status. */
static int ask_run(char *const *words, size_t nr)
{
	char **all = calloc(nr + 4, sizeof(*all));
	int status = -1, null;
	pid_t pid;

	if (!all)
		abort();
	all[0] = "faultbench";
	all[1] = "run";
	memcpy(all + 2, words, nr * sizeof(*all));
	all[nr + 2] = "--dry-run";
	pid = fork();
	if (pid == 0) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		execv("/proc/self/exe", all);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		err_errno("run cannot be asked");
	free(all);
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
}

/* What a script says itself. */
static bool are_free(char *const *words, size_t nr)
{
	static const char *const ours[] = {"--out", "--shard", "--dry-run", "--jobs"};
	size_t i, k;

	for (i = 0; i < nr; i++) {
		for (k = 0; k < sizeof(ours) / sizeof(ours[0]); k++)
			if (!strncmp(words[i], ours[k], strlen(ours[k])))
				return err("%s: each part has its own; --out of batch names the "
					   "journal of all, --parts their number",
					   words[i]);
		if (strchr(words[i], '\n'))
			return err("a word with a line break has no place in a script");
	}
	return true;
}

/* It is a word of scripts, of two kinds, and a folder's beginning. */
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
	return units_parse_int(word, 1, MOST_PARTS, at) ||
	       err("--parts %s: must be a whole number from 1 to %d", word, MOST_PARTS);
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

static const struct cli_operand operands[] = {
	{"ENGINE", "engine", "who carries the parts: make or slurm", .kind = WORD_OTHER},
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
	{0},
};

static const struct cli_example examples[] = {
	{"batch make -- exact --machine arm64-exact --kernel a=v6.1",
	 "a Makefile; then: make -k -j4 -f it"},
	{0},
};

static int cmd_batch(int argc, char **argv)
{
	struct wanted wanted = {.out = "batch.jsonl", .parts = 8};
	const struct batch_engine *engine;
	char **words, *name;
	int status;
	size_t nr;

	if (!options_read(&command_batch, argc, argv, &wanted, &status))
		return status;
	words = argv + optind + 1;
	nr = (size_t)(argc - optind - 1);
	engine = find_engine(argv[optind]);
	if (!engine || !are_free(words, nr))
		return EXIT_USAGE;
	status = ask_run(words, nr);
	if (status)
		return status;
	name = strndup(wanted.out, strlen(wanted.out) - strlen(".jsonl"));
	engine->print(stdout, &(struct batch){(const char *const *)words, wanted.out, name,
					      (unsigned int)wanted.parts});
	free(name);
	return EXIT_OK;
}

const struct command command_batch = {
	.name = "batch",
	.summary = "a script by which make or a cluster carries a plan's parts",
	.about = "It is printed; nothing is started. Each part is `run --shard I/N` with a journal "
		 "of "
		 "its own, and `collect` makes one of them. The program is $FAULTBENCH, or what "
		 "`faultbench` is there.",
	.operands = operands,
	.options = options,
	.examples = examples,
	.run = cmd_batch,
};
