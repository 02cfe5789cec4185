// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analysis/text/grid.h"
#include "campaign/fit.h"
#include "campaign/survey.h"
#include "cli/cache/cache.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/record.h"
#include "common/units.h"

struct wanted {
	struct asked asked;
	bool json;
};

#define MOST_NAMED 20

/* Minutes and hours as people say them: "40 s", "12 min", "3.5 h". */
static void print_about(double s)
{
	if (s < 100)
		printf("%.0f s", s);
	else if (s < 100 * 60)
		printf("%.0f min", s / 60);
	else
		printf("%.1f h", s / 3600);
}

static size_t count(const struct survey *s, size_t kernel, enum unit_state state)
{
	size_t nr = 0, i;

	for (i = 0; i < s->nr; i++)
		nr += s->of[i].kernel == kernel && s->of[i].state == state;
	return nr;
}

static void print_table(const struct campaign *c, const struct survey *s)
{
	struct grid g = {0};
	int state;
	size_t k;

	grid_column(&g, "kernel", true);
	for (state = 0; state < NR_UNIT_STATES; state++)
		grid_column(&g, unit_state_name((enum unit_state)state), false);
	for (k = 0; k < c->nr_kernels; k++) {
		grid_row(&g);
		grid_put(&g, "%s", c->kernels[k].label);
		for (state = 0; state < NR_UNIT_STATES; state++)
			grid_put(&g, "%zu", count(s, k, (enum unit_state)state));
	}
	grid_print(&g, stdout);
	grid_free(&g);
}

/* Who is at which, or how they failed: a line each. */
static void print_each(const struct campaign *c, const struct survey *s, enum unit_state state)
{
	const struct surveyed *unit;
	char when[UNITS_TEXT];
	size_t named = 0, i;

	for (i = 0; i < s->nr; i++) {
		unit = &s->of[i];
		if (unit->state != state || named++ >= MOST_NAMED)
			continue;
		printf("%s: boot %d of %s, on %s ", unit_state_name(state), unit->boot,
		       c->kernels[unit->kernel].label, unit->mark.host);
		if (state == UNIT_RUNNING)
			printf("(pid %d) since ", (int)unit->mark.pid);
		printf("%s", units_when(unit->mark.when, when));
		printf(state == UNIT_FAILED ? ": %s\n" : "\n", unit->mark.reason);
	}
	if (named > MOST_NAMED)
		printf("and %zu more %s\n", named - MOST_NAMED, unit_state_name(state));
}

static void print_survey(const struct campaign *c, const struct survey *s)
{
	double rest = survey_rest(s);

	print_table(c, s);
	printf("\n%s: %zu of %zu boots are done\n", c->cache, s->in[UNIT_DONE], s->nr);
	print_each(c, s, UNIT_RUNNING);
	print_each(c, s, UNIT_FAILED);
	if (s->in[UNIT_DONE] < s->nr && isfinite(rest)) {
		printf("the others take about ");
		print_about(rest);
		if (s->in[UNIT_RUNNING] > 1)
			printf(" with %zu at a time", s->in[UNIT_RUNNING]);
		printf(", as those that are done did\n");
	}
}

static json_t *unit_json(const struct campaign *c, const struct surveyed *u)
{
	bool done = u->state == UNIT_DONE, marked = u->mark.kind != MARK_NONE;
	const char *host = done ? u->origin.host : marked ? u->mark.host : NULL;
	double when = done ? u->origin.measured : u->mark.when;

	return json_pack("{s:s,s:i,s:s,s:s,s:s*,s:o*,s:o*,s:s*}", "kernel",
			 c->kernels[u->kernel].label, "boot", u->boot, "state",
			 unit_state_name(u->state), "key", u->key, "host", host, "when",
			 host ? record_seconds(when) : NULL, "took_s",
			 done ? record_seconds(u->origin.took_s) : NULL, "reason",
			 u->state == UNIT_FAILED ? u->mark.reason : NULL);
}

static void print_json(const struct campaign *c, const struct survey *s)
{
	double rest = survey_rest(s);
	json_t *units = json_array(), *json;
	size_t i;

	for (i = 0; i < s->nr; i++)
		json_array_append_new(units, unit_json(c, &s->of[i]));
	json = json_pack("{s:i,s:i,s:i,s:i,s:o,s:o}", "done", (int)s->in[UNIT_DONE], "running",
			 (int)s->in[UNIT_RUNNING], "failed", (int)s->in[UNIT_FAILED], "missing",
			 (int)s->in[UNIT_MISSING], "rest_s",
			 isfinite(rest) ? record_seconds(rest) : json_null(), "boots", units);
	json_dumpf(json, stdout, JSON_INDENT(2));
	printf("\n");
	json_decref(json);
}

static const struct cli_operand operands[] = {ASKED_OPERAND, {0}};

static const struct cli_option options[] = {
	ASKED_PLAN,
	ASKED_MACHINE,
	ASKED_KERNELS,
	WORDS_BOOTS(struct asked),
	CACHE_FOLDER,
	ASKED_AA,
	WORDS_SET(struct asked),
	WORDS_SCALE(struct asked),
	WORDS_LINES(struct asked),
	WORDS_CACHE_MODEL(struct asked),
	WORDS_CALLS(struct asked),
	WORDS_PROFILE(struct asked),
	WORDS_JSON(struct wanted),
	{0},
};

static const struct cli_example examples[] = {
	{"cache status --machine x86-exact --kernel a=v6.1 --cache results",
	 "how far others are with it"},
	{0},
};

static int status_of(struct wanted *o)
{
	const struct campaign *c = &o->asked.campaign;
	struct survey s;
	int status;

	if (!asked_choose(&o->asked) || !survey_take(c, &s))
		return EXIT_USAGE;
	(o->json ? print_json : print_survey)(c, &s);
	status = s.in[UNIT_DONE] == s.nr ? EXIT_OK : EXIT_FAILED;
	survey_free(&s);
	return status;
}

static int cmd_cache_status(int argc, char **argv)
{
	struct wanted o = {0};
	int status;

	if (options_read(&command_cache_status, argc, argv, &o, &status))
		status = asked_read(&o.asked, argv[optind]) &&
					 measure_fit(&o.asked.plan, &o.asked.machine,
						     o.asked.words.boots)
				 ? status_of(&o)
				 : EXIT_USAGE;
	asked_free(&o.asked);
	return status;
}

const struct command command_cache_status = {
	.name = "cache status",
	.summary = "how far a plan is, by a folder of results",
	.about =
		"The words are those of `run`; nothing is started. Which boots are done, who is at "
		"which, which failed last and how, and about how long the rest takes. What was at "
		"one on this machine and was killed is missing; of another machine's nobody here "
		"can tell. Exit status 1 if any is not done.",
	.operands = operands,
	.options = options,
	.examples = examples,
	.run = cmd_cache_status,
};
