// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/folio_given.h"

#include <stdlib.h>

#include "analysis/results/folio_state.h"
#include "analysis/results/page_sizes.h"

/* Of a run, as kernels with other pages name it: {"after": kinds}; NULL if it does not say. */
static json_t *given_of(const struct results *r, size_t kernel, size_t point,
			const struct result_run *run)
{
	json_t *state = run->status == RUN_OK && run->state
				? pages_state(r, kernel, point, run->state)
				: NULL;
	json_t *given = json_pack("{s:O*}", "after", json_object_get(state, "given"));

	json_decref(state);
	if (!json_object_size(given)) {
		json_decref(given);
		return NULL;
	}
	return given;
}

/* The run that others of a point are held against. */
struct first {
	const struct result_run *run;
	const char *label;
	json_t *given;
};

static void warn(struct result_cell *cell, const struct first *first, const struct result_run *run,
		 const json_t *given)
{
	char *was = states_text(json_object_get(first->given, "after"));
	char *is = states_text(json_object_get(given, "after"));

	warnings_add(&cell->warnings,
		     "the kernel gave other folios: %s (boot %d, run %d), and %s (boot %d, run %d) "
		     "%s",
		     is ? is : "", run->boot, run->run, first->label, first->run->boot,
		     first->run->run, was ? was : "");
	free(was);
	free(is);
}

/* Once a cell; states that runs share are looked at once. */
static void warn_cell(struct results *r, size_t kernel, size_t point, struct first *first)
{
	struct result_cell *cell = r->kernels[kernel].cells[point];
	const json_t *last = NULL;
	bool differs = false;
	json_t *given;
	size_t i;

	for (i = 0; i < cell->nr && !differs; i++) {
		if (cell->runs[i].state == last)
			continue;
		last = cell->runs[i].state;
		given = given_of(r, kernel, point, &cell->runs[i]);
		if (given && !first->given)
			*first = (struct first){&cell->runs[i], r->kernels[kernel].label,
						json_incref(given)};
		differs = given && states_differ(first->given, given);
		if (differs)
			warn(cell, first, &cell->runs[i], given);
		json_decref(given);
	}
}

void given_warn(struct results *r)
{
	size_t point, kernel;

	for (point = 0; point < r->nr_points; point++) {
		struct first first = {0};

		for (kernel = 0; kernel < r->nr_kernels; kernel++)
			if (results_cell(r, kernel, point))
				warn_cell(r, kernel, point, &first);
		json_decref(first.given);
	}
}
