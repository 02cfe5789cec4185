// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/stopping.h"
#include "analysis/results/machine_facts.h"
#include "analysis/tables/published/formats.h"
#include "campaign/campaign.h"
#include "campaign/command.h"
#include "campaign/fit.h"
#include "campaign/prepare.h"
#include "cli/commands.h"
#include "cli/measured.h"
#include "cli/options/words.h"
#include "common/clean.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/plan_values.h"
#include "common/units.h"
#include "kernels/kernel.h"
#include "runners/machine.h"

struct run_options {
	const char *plan; /* a name or a path */
	const char *out;
	const char *label, *title;
	const char *machine;
	struct measure_words words;
	struct word_list kernels;    /* LABEL=SOURCE */
	int64_t jobs;		     /* 0: as the machine suggests */
	const struct format *format; /* NULL: what suits the results */
	int64_t functions;	     /* exact runs: so many in the tables, 0 for none */
	bool dry_run, wait;
	struct campaign_shard shard;
	const char *cache;
	bool aa;     /* one kernel as two: label L, and L' */
	char *again; /* with aa: L'=SOURCE, or L' alone of this machine's */
	json_t *command;
};

/* A kernel to start in a VM, found. */
struct chosen {
	char *label;
	struct kernel kernel;
};

/* The ending of so many things. */
static const char *s(size_t nr)
{
	return nr == 1 ? "" : "s";
}

/* What comes of a plan that says until when; several: kernels, which will be compared. */
static void print_until(const struct plan *plan, bool several)
{
	struct until_promise p =
		until_promise(plan->until, plan->threshold < 0 ? NAN : plan->threshold);
	char budget[UNITS_TEXT];

	printf("and more, until intervals are +-%.3g%% or %s have passed\n", 100 * plan->until,
	       units_duration(plan->budget_s, budget));
	if (several)
		printf("check, beyond %.3g%%, then calls a change of %.2g%% a regression in 4 of 5 "
		       "cases, and no change ok in %.0f%%\n",
		       100 * p.threshold, 100 * p.finds, 100 * p.ok);
}

static int print_points(const struct plan *plan, bool several)
{
	char *name;
	size_t i;

	printf("%s: %zu point%s x %d run%s x %d boot%s\n", plan->name, plan->nr_points,
	       s(plan->nr_points), plan->runs, s((size_t)plan->runs), plan->boots,
	       s((size_t)plan->boots));
	if (plan->until > 0)
		print_until(plan, several);
	for (i = 0; i < plan->nr_points; i++) {
		name = json_dumps(plan->points[i].point, JSON_COMPACT);
		printf("%d iteration%s of %s\n", plan->points[i].iterations,
		       s((size_t)plan->points[i].iterations), name);
		free(name);
	}
	return EXIT_OK;
}

/* It stands in the tables of whoever is given the journal. */
static bool check_label(const char *option, const char *label)
{
	if (!plan_is_utf8(label))
		return err("%s: not UTF-8", option);
	return clean_is(label) || err("%s: a name has no control characters", option);
}

/* Splits LABEL=SOURCE and puts the kernel into the cache. */
static bool choose_kernel(struct chosen *chosen, const char *word, const struct machine *machine)
{
	const char *equals = strchr(word, '=');

	if (!equals || equals == word || !equals[1])
		return err("--kernel %s: must be LABEL=KERNEL", word);
	chosen->label = strndup(word, (size_t)(equals - word));
	if (!check_label("--kernel", chosen->label) ||
	    !kernel_open(equals + 1, machine->arch->name, &chosen->kernel))
		return false;
	if (strcmp(chosen->kernel.arch, machine->arch->name))
		return err("--kernel %s: it is for %s, and %s is %s", word, chosen->kernel.arch,
			   machine->path, machine->arch->name);
	return true;
}

static bool unique_labels(const struct chosen *chosen, size_t nr)
{
	size_t i, k;

	for (i = 0; i < nr; i++)
		for (k = 0; k < i; k++)
			if (!strcmp(chosen[i].label, chosen[k].label))
				return err("--kernel: two kernels are called '%s'",
					   chosen[i].label);
	return true;
}

/* Whether words and machine go together. */
static bool check_words(const struct run_options *o, const struct plan *plan,
			const struct machine *machine)
{
	if (!machine->starts_kernels && o->kernels.nr)
		return err("--kernel needs a machine that can start it: --machine %s-vm",
			   (arch_here() ? arch_here() : arch_list)->tree);
	if (machine->starts_kernels && !o->kernels.nr)
		return err("%s starts kernels, and none is named: --kernel LABEL=KERNEL",
			   machine->path);
	if (machine->starts_kernels && o->label)
		return err("--label names this kernel; those of a VM are named by --kernel "
			   "LABEL=KERNEL");
	if (machine->starts_kernels && o->wait)
		return err("--wait: waits for others that measure on this machine, and %s is a VM",
			   machine->path);
	if (o->aa && plan->until > 0 && !machine->starts_kernels)
		return err("--aa: here each boot takes a reboot, so there are as many as planned; "
			   "leave until out");
	if (o->shard.of && !machine->starts_kernels)
		return err("--shard: boots are divided, and this machine is measured in the one "
			   "that it is in");
	if (o->shard.of && plan->until > 0)
		return err("--shard: with until there are as many boots as one machine needs; "
			   "name a number (--boots)");
	if (o->cache && !machine->starts_kernels)
		return err("--cache: what this machine measures is never the same again; boots of "
			   "a VM are kept");
	if (!measure_functions(o->functions, machine))
		return false;
	if (o->format && !format_can(o->format, machine->counts))
		return false;
	return o->kernels.nr <= PLAN_MAX_KERNELS ||
	       err("--kernel: at most %d kernels", PLAN_MAX_KERNELS);
}

/* With --aa: the kernel that is there once more, in o->again and, of a VM, among the kernels. */
static bool double_kernel(struct run_options *o, const char *label)
{
	const char *word = o->kernels.nr ? o->kernels.words[0] : label;
	int len = (int)(o->kernels.nr ? strcspn(word, "=") : strlen(word));

	if (o->kernels.nr > 1)
		return err("--aa measures one kernel as two; %zu are named", o->kernels.nr);
	if (asprintf(&o->again, "%.*s'%s", len, word, word + len) < 0)
		return err("out of memory");
	if (o->kernels.nr)
		word_list_add(&o->kernels, o->again);
	return true;
}

/* A part has no tables. */
static int run_shard(const struct campaign *c)
{
	int status = campaign_run(c);

	if (status == EXIT_OK)
		status = measured_judge(c->path);
	if (status == EXIT_OK)
		note("%s: shard %u of %u is there; `faultbench collect` makes one journal of all",
		     c->path, c->shard.nr, c->shard.of);
	return status;
}

/* Everything but the plan: kernels, boots, tables. */
static int run_plan(struct plan *plan, struct run_options *o, const struct machine *machine,
		    const char *path)
{
	struct campaign campaign = {.plan = plan,
				    .path = path,
				    .machine = machine,
				    .command = o->command,
				    .title = o->title,
				    .wait = o->wait,
				    .shard = o->shard,
				    .cache = o->cache};
	struct chosen *chosen = calloc(o->kernels.nr + 2, sizeof(*chosen));
	int status = EXIT_USAGE;
	size_t i;

	campaign.kernels = calloc(o->kernels.nr + 2, sizeof(*campaign.kernels));
	campaign.kernels[0].label = o->label ? o->label : machine->release;
	if (o->aa && !double_kernel(o, campaign.kernels[0].label))
		goto out;
	campaign.kernels[1].label = o->again;
	campaign.nr_kernels = o->kernels.nr ? o->kernels.nr : o->aa ? 2 : 1;
	for (i = 0; i < o->kernels.nr; i++) {
		if (!choose_kernel(&chosen[i], o->kernels.words[i], machine) ||
		    !measure_kernel_fits(plan, machine, chosen[i].label, &chosen[i].kernel))
			goto out;
		campaign.kernels[i] = measure_kernel(chosen[i].label, &chosen[i].kernel);
	}
	if (unique_labels(chosen, o->kernels.nr) && measure_jobs(&campaign.jobs, o->jobs, machine))
		status = o->shard.of ? run_shard(&campaign)
				     : measure(&campaign, o->functions, o->format);
out:
	for (i = 0; i < o->kernels.nr; i++) {
		free(chosen[i].label);
		kernel_free(&chosen[i].kernel);
		kernel_record_free(&campaign.kernels[i].about);
	}
	free(campaign.kernels);
	free(chosen);
	return status;
}

/* Whether the words, with one plan or none behind them, go together. Prints what is wrong. */
static bool fit(struct run_options *o, const char *plan)
{
	if (plan && o->plan)
		return err("one plan at a time: '%s' and --plan %s", plan, o->plan);
	if (plan)
		o->plan = plan;
	return words_fit(o->format, o->functions);
}

static bool take_label(void *at, const char *label)
{
	*(const char **)at = label;
	return check_label("--label", label);
}

static bool take_title(void *at, const char *title)
{
	*(const char **)at = title;
	if (strlen(title) >= FACTS_TITLE)
		return err("--title: a machine's name has at most %d bytes", FACTS_TITLE - 1);
	return check_label("--title", title);
}

static bool take_until(void *at, const char *word)
{
	measure_words_plan(at, "until", word);
	return true;
}

static bool take_budget(void *at, const char *word)
{
	measure_words_plan(at, "budget", word);
	return true;
}

static bool take_jobs(void *at, const char *word)
{
	return units_parse_int(word, 1, 1024, at) ||
	       err("--jobs %s: must be a whole number from 1 to 1024", word);
}

static bool take_shard(void *at, const char *word)
{
	struct campaign_shard *ret = at;
	int64_t shard = 0, nr = 0;
	char *first = strndup(word, strcspn(word, "/"));
	bool ok = strchr(word, '/') && units_parse_int(first, 1, 100000, &shard) &&
		  units_parse_int(strchr(word, '/') + 1, 1, 100000, &nr) && shard <= nr;

	free(first);
	*ret = (struct campaign_shard){(unsigned int)shard, (unsigned int)nr};
	return ok || err("--shard %s: must be I/N, the I-th of N parts, such as 1/7", word);
}

static const struct cli_operand operands[] = {
	{"PLAN", "plan",
	 "what to measure (default: quick): a name of `list --plans`, or a file of yours, with a / "
	 "in it or its .ini; --plan PLAN is the same",
	 .kind = WORD_PLAN, .optional = true},
	{0},
};

static const struct cli_option options[] = {
	{"plan", "PLAN", "the same as PLAN alone", OPTION_AT(struct run_options, plan),
	 .kind = WORD_PLAN},
	{"out", "J", "journal to write or to go on with (default: PLAN.jsonl here)",
	 OPTION_AT(struct run_options, out), .kind = WORD_JOURNAL},
	{"label", "L", "name of this kernel in tables (default: its release)",
	 OPTION_AT(struct run_options, label), .take = take_label},
	{"title", "T", "what tables call the machine (default: its CPU); kept in the journal",
	 OPTION_AT(struct run_options, title), .take = take_title},
	{"machine", "M",
	 "a machine of configs/machines/, by name, or a file of yours, likewise (default: this "
	 "one)",
	 OPTION_AT(struct run_options, machine), .kind = WORD_MACHINE},
	{"kernel", "L=K",
	 "a kernel to start in it: label, and a label of `kernel list` or a path; several times "
	 "for a comparison, the first is the base",
	 OPTION_AT(struct run_options, kernels), .kind = WORD_LABELLED, .many = true},
	WORDS_BOOTS(struct run_options),
	{"until", "P",
	 "add boots (in VMs; runs, on this machine) until the 95 % interval of each point's time "
	 "or rates is +-P or less, such as 0.5%: of the change against the base, or of one "
	 "kernel's mean. At least 8 boots (4 exact ones, 16 runs), at most 64 (256 runs), by the "
	 "rule of docs/verdicts.md",
	 OPTION_AT(struct run_options, words), .take = take_until},
	{"budget", "T",
	 "for that: begin no more after 90s, 30m, 2h (default: 1h); what is not narrow then is "
	 "named, with exit status 3, and a longer T goes on",
	 OPTION_AT(struct run_options, words), .take = take_budget},
	{"jobs", "N", "emulated boots at the same time (default: 1; a CPU each in exact mode)",
	 OPTION_AT(struct run_options, jobs), .take = take_jobs},
	{"shard", "I/N",
	 "only the I-th of N parts: every N-th boot of the planned order, into a journal of its "
	 "own (--out); `collect` makes one of all. For a task each in make, a cluster or CI",
	 OPTION_AT(struct run_options, shard), .take = take_shard},
	WORDS_CACHE(struct run_options),
	{"wait", NULL,
	 "where another faultbench measures on this machine, wait in turn until it has ended",
	 OPTION_AT(struct run_options, wait)},
	{"aa", NULL, "one kernel as two, L and L': what no change looks like (see `power`)",
	 OPTION_AT(struct run_options, aa)},
	WORDS_SET(struct run_options),
	WORDS_FUNCTIONS(struct run_options),
	{"format", "F", "print this table instead; kernels are compared with the first",
	 OPTION_AT(struct run_options, format), .choice = words_formats, .take = words_format},
	{"dry-run", NULL, "print the points and stop", OPTION_AT(struct run_options, dry_run)},
	{0},
};

static const struct cli_example examples[] = {
	{"run", "faults, fork, zap and contention on this kernel, small"},
	{"run fork-1g --out base.jsonl --label baseline", "a base, before booting what is new"},
	{"run exact --machine arm64-exact --kernel a=v6.1 --kernel b=v6.12",
	 "two kernels of the cache, counted"},
	{0},
};

static int cmd_run(int argc, char **argv)
{
	struct run_options o = {.command = command_record(argc, argv)};
	struct machine machine = {0};
	struct plan plan = {0};
	char *path = NULL;
	int status;

	if (!options_read(&command_run, argc, argv, &o, &status))
		goto out;
	status = EXIT_USAGE;
	if (!fit(&o, argv[optind]) || !measure_plan(&plan, o.plan, &o.words) ||
	    !measure_machine(&machine, o.machine) || !check_words(&o, &plan, &machine) ||
	    !measure_fit(&plan, &machine, o.words.boots))
		goto out;
	if (o.dry_run)
		status = print_points(&plan, o.kernels.nr + o.aa > 1);
	else if (asprintf(&path, "%s%s", o.out ? o.out : plan.name, o.out ? "" : ".jsonl") > 0)
		status = run_plan(&plan, &o, &machine, path);
out:
	plan_free(&plan);
	machine_free(&machine);
	measure_words_free(&o.words);
	free(o.kernels.words);
	free(o.again);
	json_decref(o.command);
	free(path);
	return status;
}

const struct command command_run = {
	.name = "run",
	.summary = "measure a plan on this kernel and print its table",
	.about = "Started again with the same words, it finishes what is missing in the journal.",
	.operands = operands,
	.options = options,
	.examples = examples,
	.run = cmd_run,
};
