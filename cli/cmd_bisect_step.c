// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One step of `git bisect run`: whether what a tree has checked out counts more than a base does.
 * git reads the exit status: 0 good, 1 bad, 125 cannot be told, above 127 stop bisecting. So wrong
 * words are no 2 here, which would call a commit bad.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/worst.h"
#include "analysis/results/point_names.h"
#include "analysis/results/results.h"
#include "campaign/campaign.h"
#include "campaign/command.h"
#include "campaign/commit_kernel.h"
#include "campaign/fit.h"
#include "campaign/prepare.h"
#include "campaign/resume.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"
#include "common/units.h"
#include "kernels/build/git.h"
#include "kernels/build/source.h"
#include "runners/machine.h"

#define BISECT_MOST  20 /* boots of each kernel until there is a decision */
#define BISECT_SKIP  125
#define BISECT_ABORT 255

struct bisect {
	const char *tree, *base, *machine_name, *plan_name, *config, *fragment, *out, *cache;
	struct measure_words words;
	double limit; /* a fraction */
	int planned;  /* boots */
	bool clang;
	struct machine machine;
	struct plan plan;
	json_t *command;
};

/* A commit's kernel. Returns an exit status. */
static int build(const struct bisect *b, const char *commit, struct kernel *ret)
{
	struct commit_kernel wanted = {
		.tree = b->tree,
		.commit = commit,
		.arch = b->machine.arch->name,
		.config = b->config,
		.fragment = b->fragment,
		.clang = b->clang,
	};

	return commit_kernel_build(&wanted, ret) ? EXIT_OK : (int)ret->status;
}

/*
 * Builds and measures a commit, into a journal of its own, that of the base serving all steps; with
 * more boots than were planned into another one.
 */
static int measure_commit(const struct bisect *b, const char *commit, char **ret_journal)
{
	struct campaign campaign = {.plan = &b->plan,
				    .machine = &b->machine,
				    .nr_kernels = 1,
				    .command = b->command,
				    .cache = b->cache};
	struct campaign_kernel one = {0};
	struct kernel kernel = {0};
	char label[COMMIT_TEXT + 1], more[32] = "";
	int status = EXIT_USAGE;

	snprintf(label, sizeof(label), "%s", commit);
	if (b->plan.boots > b->planned)
		snprintf(more, sizeof(more), "-%d", b->plan.boots);
	*ret_journal = files_text("%s/%s%s.jsonl", b->out, label, more);
	campaign.path = *ret_journal;
	campaign.kernels = &one;
	if (measure_jobs(&campaign.jobs, 0, &b->machine) && files_make_dirs(b->out) &&
	    resume_possible(*ret_journal, &b->plan))
		status = build(b, commit, &kernel);
	if (!status && !measure_built_fits(&b->machine, label, &kernel))
		status = EXIT_USAGE;
	if (!status) {
		one = measure_kernel(label, &kernel);
		status = campaign_run(&campaign);
	}
	kernel_record_free(&one.about);
	kernel_free(&kernel);
	/* Not as narrow as the plan wants: the threshold judges what is there. */
	return status == EXIT_INCONCLUSIVE ? EXIT_OK : status;
}

/* Says in one line what was found, and returns what git wants to know; negative: nothing yet. */
static int judge(const struct bisect *b, const struct results *r)
{
	struct params params;
	double change;
	size_t point;
	enum verdict worst = worst_of(r, 0, r->nr_kernels - 1, b->limit, &point, &change);
	const char *label = r->kernels[r->nr_kernels - 1].label;
	char *name;

	if (worst == VERDICT_INCONCLUSIVE && 2 * b->plan.boots <= BISECT_MOST)
		return -1;
	params_of(&params, r->points, r->nr_points);
	name = params_name(&params, r->points[point]);
	if (worst == VERDICT_REGRESSION)
		printf("%s is bad: %s takes %.2f%% more kernel instructions than %s (limit "
		       "%.2f%%)\n",
		       label, name, change * 100, r->kernels[0].label, b->limit * 100);
	else if (worst == VERDICT_OK)
		printf("%s is good: nothing takes %.2f%% more kernel instructions than %s\n", label,
		       b->limit * 100, r->kernels[0].label);
	else if (worst == VERDICT_INCONCLUSIVE)
		printf("%s cannot be told: %d boots neither show nor rule out that %s takes "
		       "%.2f%% more kernel instructions than %s\n",
		       label, b->plan.boots, name, b->limit * 100, r->kernels[0].label);
	else
		printf("%s cannot be told: %s was not counted on both; `faultbench show` of the "
		       "journals in %s says why\n",
		       label, name, b->out);
	free(name);
	return worst == VERDICT_REGRESSION ? 1 : worst == VERDICT_OK ? 0 : BISECT_SKIP;
}

static int compare(const struct bisect *b, char *base, char *head)
{
	char *paths[] = {base, head};
	struct results results;
	int status;

	if (!results_load(&results, paths, strcmp(base, head) ? 2 : 1))
		return BISECT_SKIP;
	status = judge(b, &results);
	results_free(&results);
	return status;
}

/* Both with so many boots as the plan has now. Negative: these show nothing. */
static int attempt(const struct bisect *b, const char *base, const char *head)
{
	char *base_journal = NULL, *head_journal = NULL;
	int status = BISECT_ABORT, measured;

	if (measure_commit(b, base, &base_journal)) {
		status = b->plan.boots > b->planned ? BISECT_SKIP : BISECT_ABORT;
		err("the base, %s, must be built and counted before anything can be told", b->base);
	} else {
		measured = measure_commit(b, head, &head_journal);
		status = !measured		   ? compare(b, base_journal, head_journal)
			 : measured == EXIT_FAILED ? BISECT_SKIP
						   : BISECT_ABORT;
	}
	free(base_journal);
	free(head_journal);
	return status;
}

/* With more boots while there is no decision. */
static int step(struct bisect *b, const char *base, const char *head)
{
	int status = attempt(b, base, head);

	for (; status < 0; status = attempt(b, base, head)) {
		b->plan.boots *= 2;
		note("%d boots neither show nor rule out %.2f%%: %d", b->plan.boots / 2,
		     b->limit * 100, b->plan.boots);
	}
	return status;
}

static char *commit_of(const struct bisect *b, const char *word)
{
	char *commit = git_object(b->tree, word, "commit");

	if (!commit)
		err("%s: is no git tree with a commit '%s'", b->tree, word);
	return commit;
}

/* Where journals are, unless --out says it: beside the tree's builds. */
static char *default_folder(const struct bisect *b)
{
	char *folder = source_folder(b->tree), *path = NULL;

	if (folder)
		path = files_text("%s/bisect-%s-%s", folder, b->plan.name, b->machine.name);
	free(folder);
	return path;
}

static int run(struct bisect *b)
{
	char *base = NULL, *head = NULL, *folder = NULL;
	int status = BISECT_ABORT;

	if (!measure_machine(&b->machine, b->machine_name) ||
	    !measure_plan(&b->plan, b->plan_name, &b->words))
		return BISECT_ABORT;
	measure_built_pages(&b->machine, b->config);
	if (!b->machine.counts)
		err("--machine %s: a step is decided by counts: accel = exact", b->machine_name);
	else if (measure_fit(&b->plan, &b->machine, b->words.boots))
		base = commit_of(b, b->base);
	b->planned = b->plan.boots;
	if (base)
		head = commit_of(b, "HEAD");
	if (head && !b->out)
		b->out = folder = default_folder(b);
	if (head && b->out)
		status = step(b, base, head);
	free(folder);
	free(head);
	free(base);
	return status;
}

/* "1%" */
static bool take_limit(void *at, const char *word)
{
	double *limit = at;

	return (units_parse_percent(word, limit) && *limit > 0) ||
	       err("--threshold %s: must be a percentage up to 100%%, such as 0.5%%", word);
}

static const struct cli_option options[] = {
	{"base", "REV", "the commit to compare with, such as the one called good",
	 OPTION_AT(struct bisect, base), .required = true},
	{"machine", "M", "an exact machine of configs/machines/, as for `run`",
	 OPTION_AT(struct bisect, machine_name), .kind = WORD_MACHINE, .required = true},
	{"plan", "P", "what to count, as for `run` (default: exact)",
	 OPTION_AT(struct bisect, plan_name), .kind = WORD_PLAN},
	{"threshold", "T",
	 "bad is what takes T more kernel instructions at any point (default: 0.5%)",
	 OPTION_AT(struct bisect, limit), .take = take_limit},
	{"tree", "DIR", "the git tree (default: this folder)", OPTION_AT(struct bisect, tree),
	 .kind = WORD_FOLDER},
	{"config", "FILE", "as for `kernel build`", OPTION_AT(struct bisect, config),
	 .kind = WORD_FILE},
	{"fragment", "FILE", "likewise", OPTION_AT(struct bisect, fragment), .kind = WORD_FILE},
	{"clang", NULL, "LLVM's tools (default: gcc)", OPTION_AT(struct bisect, clang)},
	WORDS_BOOTS(struct bisect),
	WORDS_CACHE(struct bisect),
	WORDS_SET(struct bisect),
	WORDS_SCALE(struct bisect),
	{"out", "DIR", "where the journals go (default: in the cache, beside the tree's builds)",
	 OPTION_AT(struct bisect, out), .kind = WORD_FOLDER},
	{0},
};

static const struct cli_example examples[] = {
	{"bisect-step --base v6.11 --machine x86-exact --set size=64M",
	 "behind `git bisect run`, in the tree"},
	{0},
};

static int cmd_bisect_step(int argc, char **argv)
{
	struct bisect b = {.tree = ".",
			   .plan_name = "exact",
			   .limit = 0.005,
			   .command = command_record(argc, argv)};
	int status;

	if (options_read(&command_bisect_step, argc, argv, &b, &status))
		status = run(&b);
	measure_words_free(&b.words);
	plan_free(&b.plan);
	machine_free(&b.machine);
	json_decref(b.command);
	return status;
}

const struct command command_bisect_step = {
	.name = "bisect-step",
	.summary = "for `git bisect run`: does this commit count more than a base",
	.about = "Builds what the tree has checked out and the base, counts a plan on both, and "
		 "ends with 0 (good), 1 (bad), 125 (cannot be told: it does not build or boot, or "
		 "20 boots decide nothing), or 255, which stops the bisection, for wrong words.",
	.options = options,
	.examples = examples,
	.wrong = BISECT_ABORT,
	.run = cmd_bisect_step,
};
