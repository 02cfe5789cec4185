// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/made.h"

#include <math.h>
#include <stdlib.h>

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
		m->kernels[k].cells = calloc((size_t)points, sizeof(void *));
		for (p = 0; p < (size_t)points; p++) {
			struct result_cell *cell = calloc(1, sizeof(*cell));

			cell->runs = calloc(m->runs, sizeof(*cell->runs));
			cell->nr = cell->nr_ok = m->runs;
			cell->source = SOURCE_TIMED;
			cell->op = metrics_find(&m->results.metrics, "time");
			for (i = 0; i < m->runs; i++)
				cell->runs[i].value = calloc(1, sizeof(double));
			m->kernels[k].cells[p] = cell;
		}
	}
}

void made_fill(struct made *m, size_t point, const struct simulated *s)
{
	struct result_run *run;
	size_t k, i;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < m->runs; i++) {
			run = &m->kernels[k].cells[point]->runs[i];
			*run = (struct result_run){
				.boot = (int)i / s->design.runs,
				.run = (int)i % s->design.runs,
				.status = RUN_OK,
				.value = run->value,
				.nr_values = 1,
				.started = s->started[k][i],
				.iterations = (size_t)s->design.iterations,
				.verified = true,
			};
			*run->value = s->runs[k][i];
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
