// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/history.h"
#include "analysis/verdicts/print.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/units.h"

/* What the words ask for. */
struct wanted {
	const char *base, *against;
	double threshold; /* NaN: the plan's */
	double tail;
	bool by_run, accept_band;
	check_print_fn *print;
	struct check_origin origin;
	struct words_metrics metrics;
};

#define MOST_CHECKS (2 * NR_SOURCES)

static bool refuse_alone(const struct sections *s)
{
	const struct results *a = &s->of[0].results, *b = &s->of[s->nr - 1].results;

	if (s->nr > 1)
		return err("only one kernel of each kind of runs is in there, '%s' (%s) and '%s' "
			   "(%s): nothing to compare",
			   a->kernels[0].label, run_source_name(a->source), b->kernels[0].label,
			   run_source_name(b->source));
	return err("only one kernel, '%s', is in there: nothing to compare it with (run --label "
		   "names a kernel)",
		   a->kernels[0].label);
}

/* Leaves the sections in which there is something to compare. Says what is wrong if none has. */
static bool keep_comparable(struct sections *s)
{
	const struct results *r;
	size_t i, nr = 0;

	for (i = 0; i < s->nr; i++)
		nr += s->of[i].results.nr_kernels > 1;
	if (!nr)
		return refuse_alone(s);
	for (i = 0; i < s->nr;) {
		r = &s->of[i].results;
		if (r->nr_kernels > 1) {
			i++;
			continue;
		}
		note("%s are left out: they are of '%s' alone", source_title(r->source),
		     r->kernels[0].label);
		sections_drop(s, i);
	}
	return true;
}

/* Whether a check of a section has something to judge. What a model says has one of its own, if it
 * is asked for. */
static bool is_wanted(const struct check *check, const struct wanted *wanted)
{
	size_t i;

	if (!check->nr_metrics)
		return !check->modelled || (wanted->metrics.modelled && check->results->caches);
	for (i = 0; i < check->nr_metrics; i++)
		if (check_may(check, check->metrics[i]))
			return true;
	return false;
}

/* Two for a section: of what its runs are, and of what a model says. */
static void plan_checks(struct check checks[MOST_CHECKS], size_t *ret_nr, const struct sections *s,
			const struct wanted *wanted)
{
	size_t i;

	for (i = 0, *ret_nr = 0; i < 2 * s->nr; i++) {
		checks[*ret_nr] = (struct check){
			.results = &s->of[i / 2].results,
			.modelled = i % 2,
			.base = s->of[i / 2].base,
			.threshold = wanted->threshold,
			.tail = wanted->tail,
			.by_run = wanted->by_run,
			.accept_band = wanted->accept_band,
			.metrics = wanted->metrics.of[i / 2],
			.nr_metrics = wanted->metrics.nr[i / 2],
			.all = wanted->metrics.all,
		};
		*ret_nr += is_wanted(&checks[*ret_nr], wanted);
	}
	/* Of what is modelled it is always said. */
	for (i = 0; i < *ret_nr; i++)
		checks[i].several = *ret_nr > 1 || checks[i].modelled;
}

static bool make_checks(struct check checks[MOST_CHECKS], size_t *ret_nr, struct sections *s,
			const struct wanted *wanted)
{
	size_t i;

	for (i = 0; wanted->against && i < s->nr; i++)
		if (!history_read(&s->of[i].results, s->of[i].base, wanted->against))
			return false;
	plan_checks(checks, ret_nr, s, wanted);
	if (wanted->metrics.modelled && !checks[*ret_nr - 1].modelled)
		return err("--metrics modelled: no run has a model (run --cache-model makes one)");
	for (i = 0; i < *ret_nr; i++)
		if (!check_make(&checks[i]))
			return err("out of memory");
	return true;
}

/* Formats for CI systems have no place for what concerns no point alone. */
static void note_warnings(const struct results *r)
{
	size_t i;

	for (i = 0; i < r->warnings.nr; i++)
		note("%s", r->warnings.text[i]);
}

static int check(char *const *paths, size_t nr, struct wanted *wanted)
{
	struct check checks[MOST_CHECKS] = {0};
	int status = EXIT_USAGE;
	struct sections s;
	size_t nr_checks, i;

	if (!sections_load(&s, paths, nr))
		return EXIT_USAGE;
	if (words_base(&s, wanted->base) && keep_comparable(&s) &&
	    words_metrics_find(&wanted->metrics, &s) &&
	    make_checks(checks, &nr_checks, &s, wanted)) {
		wanted->print(stdout, checks, nr_checks, &wanted->origin);
		for (i = 0; i < s.nr; i++)
			if (wanted->print != check_text && wanted->print != check_json)
				note_warnings(&s.of[i].results);
		status = checks_status(checks, nr_checks);
	}
	for (i = 0; i < MOST_CHECKS; i++)
		check_free(&checks[i]);
	sections_free(&s);
	return status;
}

/* KCIDB allows no other names. */
static bool is_origin(const char *name)
{
	const char *c;

	for (c = name; islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_'; c++)
		;
	return (*name && !*c) ||
	       err("--origin %s: must be of the letters a-z, digits and '_'", name);
}

static bool take_origin(void *at, const char *name)
{
	*(const char **)at = name;
	return is_origin(name);
}

static bool take_build_id(void *at, const char *id)
{
	*(const char **)at = id;
	return strchr(id, ':') || err("--build-id %s: must be ORIGIN:ID", id);
}

static bool each_format(size_t i, struct choice *ret)
{
	*ret = (struct choice){check_formats[i].name, check_formats[i].summary};
	return ret->name;
}

static bool take_format(void *at, const char *name)
{
	const struct check_format *f = check_formats;

	while (strcmp(f->name, name))
		f++;
	*(check_print_fn **)at = f->print;
	return true;
}

static bool each_unit(size_t i, struct choice *ret)
{
	static const struct choice units[] = {
		{"boots", "what the next boot will do too; takes 4 of them"},
		{"runs", "only of the boots that are there"},
	};

	if (i < sizeof(units) / sizeof(units[0]))
		*ret = units[i];
	return i < sizeof(units) / sizeof(units[0]);
}

static bool take_unit(void *at, const char *word)
{
	*(bool *)at = !strcmp(word, "runs");
	return true;
}

static bool take_tail(void *at, const char *word)
{
	double *share = at;

	return (units_parse_percent(word, share) && *share > 0 && *share < 1) ||
	       err("--tail %s: must be a percentage between 0%% and 100%%, such as 2%%", word);
}

static bool each_set(size_t i, struct choice *ret)
{
	static const struct choice sets[] = {
		{"all", "these and every counter and vmstat row that tables show"},
		{"modelled", "these and, in a section of its own, what a model of caches misses"},
	};

	if (i < sizeof(sets) / sizeof(sets[0]))
		*ret = sets[i];
	return i < sizeof(sets) / sizeof(sets[0]);
}

static bool take_set(void *at, const char *word)
{
	struct words_metrics *metrics = at;

	*(strcmp(word, "all") ? &metrics->modelled : &metrics->all) = true;
	return true;
}

static const struct cli_option options[] = {
	WORDS_BASE(struct wanted),
	{"threshold", "P", "a change that is none to report (default: the plan's, or 2%)",
	 OPTION_AT(struct wanted, threshold), .take = words_threshold},
	{"tail", "P", "nothing is ok of too few runs to have met what happens in P of them",
	 OPTION_AT(struct wanted, tail), .take = take_tail},
	{"against", "DIR",
	 "journals of earlier releases on this machine, 6 at least: what a point moves from one to "
	 "the next is its band, and no regression, but within-band",
	 OPTION_AT(struct wanted, against), .kind = WORD_FOLDER},
	{"accept-band", NULL, "what only its band excuses is no reason for exit status 3",
	 OPTION_AT(struct wanted, accept_band)},
	WORDS_METRIC(
		struct wanted,
		"what is judged, by the name that export, plot and docs/metrics.md have for it: "
		"cycles:k, vmstat:pgfault, faulters.p99 ...; several times for several (default: "
		"times, rates, medians, p99 and exact counts)"),
	{"metrics", "SET", "more than these", OPTION_AT(struct wanted, metrics), .choice = each_set,
	 .take = take_set},
	{"unit", "U", "what a verdict is of (default: boots)", OPTION_AT(struct wanted, by_run),
	 .choice = each_unit, .take = take_unit},
	{"format", "F", "how it is printed (default: text)", OPTION_AT(struct wanted, print),
	 .choice = each_format, .take = take_format},
	{"origin", "O", "kcidb: name of the CI system (default: faultbench)",
	 OPTION_AT(struct wanted, origin.name), .take = take_origin},
	{"build-id", "I", "kcidb: the build that was tested (default: ORIGIN:LABEL)",
	 OPTION_AT(struct wanted, origin.build_id), .take = take_build_id},
	{0},
};

static const struct cli_example examples[] = {
	{"check base.jsonl after.jsonl", "is it a regression?"},
	{"check --metric cycles:k base.jsonl after.jsonl", "the same of a counter"},
	{"check --against releases --format junit base.jsonl after.jsonl",
	 "the same by what releases have moved, for Jenkins"},
	{0},
};

static int cmd_check(int argc, char **argv)
{
	struct wanted wanted = {
		.threshold = NAN, .print = check_text, .origin = {.name = "faultbench"}};
	int status;

	if (options_read(&command_check, argc, argv, &wanted, &status))
		status = check(argv + optind, (size_t)(argc - optind), &wanted);
	words_metrics_free(&wanted.metrics);
	return status;
}

const struct command command_check = {
	.name = "check",
	.summary = "a verdict on each point: regression, improvement, or neither",
	.about = "Every other kernel in the journals is checked against the base: ok, "
		 "regression, improvement, inconclusive, within-band, where only what the point "
		 "moves anyway excuses it, or fails, where runs fail more often. Exit status: 0 no "
		 "regression, 1 a regression or more failures, 3 neither shown nor ruled out, or "
		 "within a band.",
	.operands = words_journals,
	.options = options,
	.examples = examples,
	.run = cmd_check,
};
