// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/made.h"

#include <math.h>
#include <stdlib.h>

#define VALUES 2 /* time, and kernel instructions after it */

void made_init(struct made *m, int points, const struct design *d)
{
	size_t k, p, i;

	*m = (struct made){.runs = (size_t)(d->boots * d->runs)};
	m->results = (struct results){
		.kernels = m->kernels,
		.nr_kernels = 2,
		.nr_points = (size_t)points,
		.points = calloc((size_t)points, sizeof(json_t *)),
		.bands = json_object(),
		.threshold = NAN,
	};
	if (!metrics_init(&m->results.metrics))
		abort();
	for (p = 0; p < (size_t)points; p++)
		m->results.points[p] = json_pack("{s:s,s:s,s:i}", "bench", "fork", "variant",
						 "fork", "order", (int)p);
	for (k = 0; k < 2; k++) {
		m->kernels[k].label = k ? "after" : "base";
		m->kernels[k].nr_cells = (size_t)points;
		m->kernels[k].planned = m->runs;
		m->kernels[k].cells = calloc((size_t)points, sizeof(void *));
		for (p = 0; p < (size_t)points; p++) {
			struct result_cell *cell = calloc(1, sizeof(*cell));

			cell->runs = calloc(m->runs, sizeof(*cell->runs));
			cell->nr = cell->nr_ok = m->runs;
			cell->source = SOURCE_TIMED;
			cell->op = metrics_find(&m->results.metrics, "time");
			for (i = 0; i < m->runs; i++)
				cell->runs[i].value = calloc(VALUES, sizeof(double));
			m->kernels[k].cells[p] = cell;
		}
	}
}

/* A run that is lost is there, with a reason; returns false if not even that. */
static bool lose(struct result_run *run, enum lost lost)
{
	static char killed[] = "killed by SIGSEGV", late[] = "killed after 120 s (time-limit)",
		    state[] = "order 9 promised, 511 of 512";

	if (lost == LOST_NOT)
		return true;
	run->status = lost == LOST_VOID ? RUN_VOID : RUN_FAILED;
	run->reason = lost == LOST_VOID ? state : lost == LOST_LATE ? late : killed;
	run->nr_values = 0;
	return lost != LOST_GONE;
}

static void extremes(struct result_run *run, const double *samples, int n)
{
	int i;

	run->min = run->max = samples[0];
	for (i = 1; i < n; i++) {
		run->min = fmin(run->min, samples[i]);
		run->max = fmax(run->max, samples[i]);
	}
}

static void fill_cell(struct result_cell *cell, size_t runs, const struct simulated *s, size_t k)
{
	const int n = s->design.iterations;
	struct result_run *run;
	size_t i;

	cell->nr = cell->nr_ok = 0;
	for (i = 0; i < runs; i++) {
		run = &cell->runs[cell->nr];
		*run = (struct result_run){
			.boot = (int)i / s->design.runs,
			.run = (int)i % s->design.runs,
			.status = RUN_OK,
			.value = run->value,
			.nr_values = cell->op->slot + 1,
			.started = s->started[k][i],
			.iterations = (size_t)n,
			.verified = true,
		};
		run->value[0] = NAN;
		run->value[cell->op->slot] = s->runs[k][i];
		extremes(run, &s->samples[k][i * (size_t)n], n);
		cell->nr += lose(run, s->lost[k][i]);
		cell->nr_ok += s->lost[k][i] == LOST_NOT;
	}
}

void made_fill(struct made *m, size_t point, const struct simulated *s)
{
	size_t k;

	for (k = 0; k < 2; k++)
		fill_cell(m->kernels[k].cells[point], m->runs, s, k);
}

void made_counts(struct made *m)
{
	struct run_record rec = {.source = SOURCE_EXACT};
	struct metric_from from = {.rec = &rec, .mean = 1};
	size_t k, p;

	metrics_take(&m->results.metrics, &from);
	m->results.source = SOURCE_EXACT;
	for (k = 0; k < 2; k++) {
		for (p = 0; p < m->results.nr_points; p++) {
			m->kernels[k].cells[p]->source = SOURCE_EXACT;
			m->kernels[k].cells[p]->op =
				metrics_find(&m->results.metrics, "kernel-insns");
		}
	}
}

void made_free(struct made *m)
{
	size_t k, p, i;

	for (k = 0; k < 2; k++) {
		for (p = 0; p < m->results.nr_points; p++) {
			for (i = 0; i < m->runs; i++)
				free(m->kernels[k].cells[p]->runs[i].value);
			free(m->kernels[k].cells[p]->runs);
			free(m->kernels[k].cells[p]);
		}
		free(m->kernels[k].cells);
	}
	for (p = 0; p < m->results.nr_points; p++)
		json_decref(m->results.points[p]);
	free(m->results.points);
	json_decref(m->results.bands);
	metrics_free(&m->results.metrics);
}
