// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cmd_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/stopping.h"
#include "analysis/results/machine_facts.h"
#include "analysis/tables/published/formats.h"
#include "campaign/campaign.h"
#include "campaign/command.h"
#include "campaign/fit.h"
#include "cli/commands.h"
#include "cli/measured.h"
#include "cli/options/asked.h"
#include "cli/options/exact_too.h"
#include "cli/options/words.h"
#include "cli/shard.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/units.h"
#include "runners/machine.h"

#define TRIES 2 /* of a kernel in a row, if nobody says */

struct run_options {
	struct asked asked;
	const char *out, *title;
	const struct format *format; /* NULL: what suits the results */
	int64_t functions;	     /* exact runs: so many in the tables, 0 for none */
	bool dry_run, wait, unattended;
	int64_t tries; /* 0: not given */
	const char *at_end;
	struct campaign_shard shard;
	struct exact_too exact;
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

static void print_points(const struct plan *plan, bool several)
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
}

static int print_all(struct run_options *o)
{
	print_points(&o->asked.plan, o->asked.kernels.nr + o->asked.aa > 1);
	if (!exact_too_read(&o->exact, &o->asked))
		return EXIT_USAGE;
	if (o->exact.wanted) {
		printf("and, counted by %s, ", o->exact.machine.name);
		print_points(&o->exact.plan, false);
	}
	return EXIT_OK;
}

/* Whether words that are this command's alone go with the machine. */
static bool check_words(const struct run_options *o)
{
	const struct machine *machine = &o->asked.machine;

	if (o->unattended && !machine->alone)
		return err("--unattended: this machine has to be told how it starts a kernel: "
			   "--machine FILE, of kind = local with a switch (docs/hardware.md)");
	if (!o->unattended && (o->tries || o->at_end))
		return err("%s: goes with --unattended", o->tries ? "--tries" : "--at-end");
	if (machine->alone && (o->shard.of || o->asked.plan.until > 0))
		return err("%s: goes on boot after boot: leave %s out", machine->path,
			   o->shard.of ? "--shard" : "until");
	if (machine->alone && o->exact.wanted)
		return err("--exact-too: %s goes on boot after boot; count the kernels afterwards, "
			   "into a journal of their own (--machine %s-exact)",
			   machine->path, machine->arch->tree);
	if (machine->starts_kernels && !machine->alone && o->wait)
		return err("--wait: waits for others that measure on this machine, and %s is a VM",
			   machine->path);
	if (o->shard.of && !machine->starts_kernels)
		return err("--shard: boots are divided, and this machine is measured in the one "
			   "that it is in");
	if (o->shard.of && o->exact.wanted)
		return err("--shard: is of one kind of boots; give the counted ones a journal of "
			   "their own (--machine %s-exact)",
			   machine->arch->tree);
	if (o->shard.of && o->asked.nr_hosts)
		return err("--shard: the hosts share the boots already; name one --machine");
	if (o->shard.of && o->asked.plan.until > 0)
		return err("--shard: with until there are as many boots as one machine needs; "
			   "name a number (--boots)");
	return measure_functions(o->functions, machine) &&
	       (!o->format || format_can(o->format, machine->counts));
}

/* Everything but the plan: kernels, boots, tables. */
static int run_plan(struct run_options *o, json_t *command, json_t *words)
{
	struct campaign_alone alone = {
		.words = words, .tries = o->tries ? (int)o->tries : TRIES, .at_end = o->at_end};
	const struct plan *plan = &o->asked.plan;
	struct campaign *c = &o->asked.campaign;
	int status = EXIT_USAGE;
	char *path = NULL;

	if (asked_choose(&o->asked) && exact_too_read(&o->exact, &o->asked) &&
	    asprintf(&path, "%s%s", o->out ? o->out : plan->name, o->out ? "" : ".jsonl") > 0) {
		c->path = path;
		c->command = command;
		c->title = o->title;
		c->wait = o->wait || o->unattended;
		c->alone = o->unattended ? &alone : NULL;
		c->shard = o->shard;
		if (exact_too_choose(&o->exact, &o->asked))
			status = o->shard.of ? shard_run(c) : measure(c, o->functions, o->format);
	}
	free(path);
	return status;
}

static bool take_label(void *at, const char *label)
{
	*(const char **)at = label;
	return asked_is_label("--label", label);
}

static bool take_title(void *at, const char *title)
{
	*(const char **)at = title;
	if (strlen(title) >= FACTS_TITLE)
		return err("--title: a machine's name has at most %d bytes", FACTS_TITLE - 1);
	return asked_is_label("--title", title);
}

static bool take_tries(void *at, const char *word)
{
	return units_parse_int(word, 1, 100, at) ||
	       err("--tries %s: must be a whole number from 1 to 100", word);
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

static const struct cli_operand operands[] = {ASKED_OPERAND, {0}};

static const struct cli_option options[] = {
	ASKED_PLAN,
	{"out", "J", "journal to write or to go on with (default: PLAN.jsonl here)",
	 OPTION_AT(struct run_options, out), .kind = WORD_JOURNAL},
	{"label", "L", "name of this kernel in tables (default: its release)",
	 OPTION_AT(struct asked, label), .take = take_label},
	{"title", "T", "what tables call the machine (default: its CPU); kept in the journal",
	 OPTION_AT(struct run_options, title), .take = take_title},
	ASKED_MACHINE,
	ASKED_KERNELS,
	WORDS_BOOTS(struct asked),
	{"until", "P",
	 "add boots (in VMs; runs, on this machine) until the 95 % interval of each point's time "
	 "or rates is +-P or less, such as 0.5%: of the change against the base, or of one "
	 "kernel's mean. At least 8 boots (4 exact ones, 16 runs), at most 64 (256 runs), by the "
	 "rule of docs/verdicts.md",
	 OPTION_AT(struct asked, words), .take = take_until},
	{"budget", "T",
	 "for that: begin no more after 90s, 30m, 2h (default: 1h); what is not narrow then is "
	 "named, with exit status 3, and a longer T goes on",
	 OPTION_AT(struct asked, words), .take = take_budget},
	ASKED_JOBS,
	{"shard", "I/N",
	 "only the I-th of N parts: every N-th boot of the planned order, into a journal of its "
	 "own (--out); `collect` makes one of all. For a task each in make, a cluster or CI",
	 OPTION_AT(struct run_options, shard), .take = shard_take},
	{"exact-too", "MACHINE",
	 "count the same kernels as well, emulated on this machine while a host measures (in VMs: "
	 "after it), into the same journal; default: ARCH-exact of the host's architecture",
	 OPTION_AT(struct run_options, exact), .kind = WORD_MACHINE, .optional = true,
	 .take = exact_too_take},
	WORDS_CACHE(struct asked),
	{"wait", NULL,
	 "where another faultbench measures on this machine, wait in turn until it has ended",
	 OPTION_AT(struct run_options, wait)},
	{"unattended", NULL,
	 "on this machine, told how it starts a kernel (docs/hardware.md): have it boot the "
	 "kernels one after the other, and go on after each boot until all is measured; see "
	 "`campaign status`",
	 OPTION_AT(struct run_options, unattended)},
	{"tries", "N",
	 "for that: give a kernel up that fails N times in a row, to come up or while it is "
	 "measured (default: 2); the others go on",
	 OPTION_AT(struct run_options, tries), .take = take_tries},
	{"at-end", "COMMAND",
	 "for that: a shell command for the end, also if kernels were given up or it is stopped; "
	 "told by $FAULTBENCH_STATUS, _REASON, _JOURNAL and _PLAN",
	 OPTION_AT(struct run_options, at_end)},
	ASKED_AA,
	WORDS_SET(struct asked),
	WORDS_SCALE(struct asked),
	WORDS_FUNCTIONS(struct run_options),
	WORDS_LINES(struct asked),
	WORDS_CACHE_MODEL(struct asked),
	WORDS_CALLS(struct asked),
	WORDS_PROFILE(struct asked),
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

static bool read_words(int argc, char **argv, struct run_options *o, int *ret_status)
{
	if (!options_read(&command_run, argc, argv, o, ret_status))
		return false;
	*ret_status = EXIT_USAGE;
	return words_fit(o->format, o->functions) && asked_read(&o->asked, argv[optind]) &&
	       check_words(o) &&
	       measure_fit(&o->asked.plan, &o->asked.machine, o->asked.words.boots);
}

bool run_read(int argc, char **argv, struct asked *ret, int *ret_status)
{
	struct run_options o = {0};
	bool ok = read_words(argc, argv, &o, ret_status);

	*ret = o.asked;
	if (ok && (o.exact.wanted || o.asked.nr_hosts)) {
		*ret_status = EXIT_USAGE;
		return err(
			o.exact.wanted
				? "--exact-too: boots that are counted are a plan of their own here"
				: "--machine: one at a time here");
	}
	return ok;
}

static int cmd_run(int argc, char **argv)
{
	json_t *command = command_record(argc, argv), *words = command_words(argc, argv);
	struct run_options o = {0};
	int status;

	if (read_words(argc, argv, &o, &status))
		status = o.dry_run ? print_all(&o) : run_plan(&o, command, words);
	exact_too_free(&o.exact);
	asked_free(&o.asked);
	json_decref(command);
	json_decref(words);
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
