// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/exact_counts.h"

#include <math.h>

#include "analysis/results/results.h"

const struct figure_row figure_rows[] = {
	{"kernel insns", RESULT_OP, false, true},
	{"TLB invalidations", RESULT_FIGURE(GROUP_TLB), false, true},
	{"IPIs", RESULT_FIGURE(GROUP_IPI), false, true},
	{"barriers", RESULT_FIGURE(GROUP_BARRIER), false, true},
	{"atomics", RESULT_FIGURE(GROUP_ATOMIC), false, true},
	{"loads", RESULT_FIGURE(GROUP_LOAD), false, true},
	{"stores", RESULT_FIGURE(GROUP_STORE), false, true},
	{"user insns", RESULT_FIGURE(FIGURE_USER), true, true},
	{"interrupt insns", RESULT_FIGURE(FIGURE_INTERRUPT), true, false},
	{0},
};

/* By class: its name in journals, and what a table sums it up with. */
static const struct {
	const char *name;
	enum insn_group group;
} classes[] = {
#define X(id, name, group) [INSN_##id] = {name, group},
	INSN_CLASSES(X)
#undef X
};

/* What one op has of a count, mean over the iterations; 0 for a class that never occurred. */
static double per_op(const struct run_record *rec, const char *name)
{
	const json_t *values = json_object_get(rec->counts, name);
	double sum = 0;
	json_t *value;
	size_t i;

	json_array_foreach(values, i, value) {
		sum += json_number_value(value);
	}
	return rec->nr_samples ? sum / (double)rec->nr_samples : NAN;
}

void figures_take(struct result_run *run, const struct run_record *rec)
{
	size_t i;

	for (i = 0; i < NR_FIGURES; i++)
		run->figure[i] = json_is_object(rec->counts) ? 0 : NAN;
	for (i = 0; i < NR_INSN_CLASSES; i++)
		run->figure[classes[i].group] += per_op(rec, classes[i].name);
	run->figure[FIGURE_USER] += per_op(rec, "user");
	run->figure[FIGURE_INTERRUPT] += per_op(rec, "interrupt");
	if (json_is_object(rec->functions))
		run->functions = json_incref(rec->functions);
}
