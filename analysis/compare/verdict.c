// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/bands.h"
#include "analysis/compare/judge.h"
#include "analysis/compare/pool.h"
#include "analysis/compare/verdict_row.h"
#include "analysis/results/bands.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/sections.h"
#include "common/exit.h"

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_OK] = "ok",
		[VERDICT_REGRESSION] = "regression",
		[VERDICT_FAILS] = "fails",
		[VERDICT_IMPROVEMENT] = "improvement",
		[VERDICT_DIFFERS] = "differs",
		[VERDICT_WITHIN_BAND] = "within-band",
		[VERDICT_INCONCLUSIVE] = "inconclusive",
		[VERDICT_SKIPPED] = "skipped",
	};

	return names[verdict];
}

static struct check_row *add_row(struct check *check, size_t kernel, size_t point)
{
	struct check_row *more = realloc(check->rows, (check->nr_rows + 1) * sizeof(*more));

	if (!more)
		return NULL;
	check->rows = more;
	more += check->nr_rows++;
	*more = (struct check_row){
		.kernel = kernel,
		.point = point,
		.metric = metrics_find(&check->results->metrics, "time"),
		.mean = {NAN, NAN},
		.change = NAN,
		.low = NAN,
		.high = NAN,
		.low_bound = -check->threshold,
		.high_bound = check->threshold,
		.p = NAN,
		.ranks.p = NAN,
		.alarms = NAN,
		.detectable = NAN,
		.verdict = VERDICT_INCONCLUSIVE,
	};
	failures_of(&more->failures, check->results, (size_t[]){check->base, kernel}, point);
	return more;
}

/* Both cells of a comparison. */
struct both {
	const struct result_cell *cell[2];
	const char *label[2];
};

/* Why there is nothing to compare, malloc'ed, or NULL. */
static char *nothing(const struct both *both, bool *ret_skipped)
{
	char *trouble = NULL, *text = NULL;
	const char *reason;
	size_t i;

	*ret_skipped = cell_skipped(both->cell[0]) && cell_skipped(both->cell[1]);
	if (*ret_skipped) {
		reason = both->cell[1]->runs[0].reason;
		return strdup(reason ? reason : "no reason given");
	}
	for (i = 0; i < 2 && !text; i++) {
		if (both->cell[i] && both->cell[i]->nr_ok)
			continue;
		trouble = cell_trouble(both->cell[i]);
		if (asprintf(&text, "%s: %s", both->label[i], trouble ? trouble : "?") < 0)
			text = NULL;
		free(trouble);
	}
	return text;
}

/* What two kernels may not differ by. What an emulated CPU can do, and how many there are, chooses
 * the code that runs. */
static const struct {
	const char *fact, *apart;
	bool counted; /* of counts alone */
} alike[] = {
	{"cpu.model", "measured on different machines", false},
	{"hypervisor", "measured on different machines, by what is below them", false},
	{"boot.kind", "booted in different ways", false},
	{"emulator.version", "counted by different versions of QEMU", true},
	{"cpu.online_count", "counted on machines of different numbers of CPUs", true},
};

/* What the machines differ by, malloc'ed, or NULL. What one does not tell is no difference. */
static char *machines_differ(const json_t *a, const json_t *b, bool counted)
{
	char *text = NULL, *of[2];
	int put = 0;
	size_t i;

	for (i = 0; i < sizeof(alike) / sizeof(alike[0]) && !put; i++) {
		if (alike[i].counted && !counted)
			continue;
		of[0] = fact_text(a, alike[i].fact);
		of[1] = fact_text(b, alike[i].fact);
		if (of[0] && of[1] && strcmp(of[0], of[1]))
			put = asprintf(&text, "%s: %s, %s", alike[i].apart, of[0], of[1]);
		free(of[0]);
		free(of[1]);
	}
	return put < 0 ? NULL : text;
}

/* Why numbers of these two cells are not compared, malloc'ed, or NULL. */
static char *not_comparable(const struct check *check, const struct both *both, size_t kernel)
{
	const struct result_kernel *a = &check->results->kernels[check->base];
	const struct result_kernel *b = &check->results->kernels[kernel];
	char *text = NULL;

	if (a->mixed || b->mixed)
		return asprintf(&text, "runs of '%s' come from different %s",
				a->mixed ? a->label : b->label, a->mixed ? a->mixed : b->mixed) < 0
			       ? NULL
			       : text;
	text = machines_differ(a->machine, b->machine, check->results->source == SOURCE_EXACT);
	if (!text &&
	    (both->cell[0]->source == SOURCE_EMULATED || both->cell[1]->source == SOURCE_EMULATED))
		text = strdup("emulated times are no measure of hardware");
	return text;
}

/* What the cells themselves say, whatever is compared. */
static void diagnose_cells(struct diagnoses *list, const struct both *both)
{
	struct basis basis[2] = {0};
	char text[2][BASIS_TEXT], *trouble;
	size_t i, k, unverified;

	for (i = 0; i < 2; i++) {
		const struct result_cell *cell = both->cell[i];

		basis_add(&basis[i], cell);
		basis_text(&basis[i], text[i]);
		for (k = 0, unverified = 0; k < cell->nr; k++)
			unverified += cell->runs[k].status == RUN_OK && !cell->runs[k].verified;
		if (unverified)
			diagnoses_add(list, DIAGNOSIS_UNVERIFIED, both->label[i],
				      (double)unverified,
				      "%zu of %zu runs do not say what was verified", unverified,
				      cell->nr_ok);
		trouble = cell_trouble(cell);
		if (trouble)
			diagnoses_add(list, DIAGNOSIS_LEFT_OUT, both->label[i],
				      (double)(cell->nr - cell->nr_ok), "%s", trouble);
		free(trouble);
		for (k = 0; k < cell->warnings.nr; k++)
			diagnoses_add(list, DIAGNOSIS_NOTE, both->label[i], 0, "%s",
				      cell->warnings.text[k]);
	}
	if (strcmp(text[0], text[1]))
		diagnoses_add(list, DIAGNOSIS_DESIGN, NULL, 0, "%s against %s", text[0], text[1]);
}

static bool add_value(struct check *check, const struct both *both, size_t kernel, size_t point,
		      const struct metric *metric)
{
	struct check_row *row = add_row(check, kernel, point);

	if (!row)
		return false;
	row->metric = metric;
	row->exact = metric_repeats(metric);
	diagnose_cells(&row->diagnoses, both);
	check_row_fill(check, row, both->cell, both->label);
	return true;
}

/* Is it there to be compared? What does not occur is not, nor is the time of a contended op. */
static bool occurs(const struct both *both, const struct metric *m)
{
	if (m->group == METRIC_OF_ROLE)
		return cell_role(both->cell[0], m->role) && cell_role(both->cell[1], m->role);
	if (m->group == METRIC_OF_OP && both->cell[0]->nr_roles)
		return false;
	return m == both->cell[0]->op || cell_mean(both->cell[0], m) > 0 ||
	       cell_mean(both->cell[1], m) > 0;
}

/* Why the kernel of a cell has no value of it, malloc'ed. */
static char *no_value(const struct result_cell *cell, const char *label, const struct metric *m)
{
	const struct result_counter *counter = cell_counter(cell, m);
	char *text;
	int put;

	if (counter && counter->refused)
		put = asprintf(&text, "%s: refused: %s", label, counter->refused);
	else if (counter && counter->enabled > 0)
		put = asprintf(&text, "%s: never ran: multiplexed away", label);
	else
		put = asprintf(&text, "%s: no run has it", label);
	return put < 0 ? NULL : text;
}

/* A metric that was asked for: of a point of which neither kernel knows it there is no row. */
static bool add_wanted(struct check *check, const struct both *both, size_t kernel, size_t point,
		       const struct metric *m)
{
	bool has[2];
	struct check_row *row;
	size_t i;

	for (i = 0; i < 2; i++)
		has[i] = !isnan(cell_mean(both->cell[i], m));
	if (m->group == METRIC_OF_OP && both->cell[0]->nr_roles)
		return true;
	if (has[0] && has[1])
		return add_value(check, both, kernel, point, m);
	if (!has[0] && !has[1] && !cell_counter(both->cell[0], m) &&
	    !cell_counter(both->cell[1], m))
		return true;
	row = add_row(check, kernel, point);
	if (!row)
		return false;
	row->metric = m;
	row->why = no_value(both->cell[has[0]], both->label[has[0]], m);
	return true;
}

bool check_may(const struct check *check, const struct metric *metric)
{
	return (metric->kind == METRIC_MODELLED) == check->modelled;
}

const char *check_title(const struct check *check)
{
	return check->modelled ? "Modelled, not measured" : source_title(check->results->source);
}

const char *check_source(const struct check *check)
{
	return check->modelled ? "modelled" : run_source_name(check->results->source);
}

static bool add_values(struct check *check, const struct both *both, size_t kernel, size_t point)
{
	const struct metrics *metrics = &check->results->metrics;
	const struct metric *m;
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < check->nr_metrics; i++)
		ok = !check_may(check, check->metrics[i]) ||
		     add_wanted(check, both, kernel, point, check->metrics[i]);
	for (i = 0; ok && !check->nr_metrics && i < metrics->nr; i++) {
		m = metrics->of[i];
		if (check_may(check, m) && occurs(both, m) &&
		    (m->judged || check->modelled || (check->all && m->shown)))
			ok = add_value(check, both, kernel, point, m);
	}
	return ok;
}

static bool add_point(struct check *check, size_t kernel, size_t point)
{
	struct both both;
	struct check_row *row;
	bool skipped = false;
	size_t i, at[2] = {check->base, kernel};
	const char *skip;
	char *why;

	for (i = 0; i < 2; i++) {
		both.cell[i] = results_cell(check->results, at[i], point);
		both.label[i] = check->results->kernels[at[i]].label;
	}
	skip = check->results->kernels[kernel].about.skip;
	why = skip && !both.cell[1] ? strdup(skip) : nothing(&both, &skipped);
	if (!why)
		why = not_comparable(check, &both, kernel);
	if (!why)
		return add_values(check, &both, kernel, point);
	row = add_row(check, kernel, point);
	if (!row) {
		free(why);
		return false;
	}
	row->verdict = skipped ? VERDICT_SKIPPED : VERDICT_INCONCLUSIVE;
	row->why = why;
	return true;
}

/* Other layouts of the base are its band, and no kernels of their own. */
static bool is_checked(const struct check *check, size_t kernel)
{
	return kernel != check->base && !bands_is_layout(check->results, kernel);
}

bool check_make(struct check *check)
{
	const struct results *r = check->results;
	size_t k, p, i;

	if (isnan(check->threshold))
		check->threshold = isnan(r->threshold) ? CHECK_THRESHOLD : r->threshold;
	for (k = 0; k < r->nr_kernels; k++) {
		for (p = 0; is_checked(check, k) && p < r->nr_points; p++) {
			if (!add_point(check, k, p)) {
				check_free(check);
				return false;
			}
		}
	}
	check_pool(check);
	for (i = 0; i < check->nr_rows; i++)
		check_row_settle(check, &check->rows[i]);
	check_judge(check);
	for (i = 0; i < check->nr_rows; i++)
		check->count[check->rows[i].verdict]++;
	return true;
}

void check_free(struct check *check)
{
	size_t i;

	for (i = 0; i < check->nr_rows; i++) {
		diagnoses_free(&check->rows[i].diagnoses);
		free(check->rows[i].why);
		free(check->rows[i].deviations);
	}
	free(check->rows);
	free(check->power);
	*check = (struct check){0};
}

int check_status(const struct check *check)
{
	if (check->count[VERDICT_REGRESSION] + check->count[VERDICT_FAILS])
		return EXIT_FAILED;
	if (check->count[VERDICT_WITHIN_BAND] && !check->accept_band)
		return EXIT_INCONCLUSIVE;
	if (check->count[VERDICT_INCONCLUSIVE] || check->nr_rows == check->count[VERDICT_SKIPPED])
		return EXIT_INCONCLUSIVE;
	return EXIT_OK;
}

int checks_status(const struct check *checks, size_t nr)
{
	int worst = EXIT_OK, status;
	size_t i;

	for (i = 0; i < nr; i++) {
		status = check_status(&checks[i]);
		if (status == EXIT_FAILED || worst == EXIT_OK)
			worst = status;
	}
	return worst;
}
