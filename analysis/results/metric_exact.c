// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/metric_exact.h"

#include <math.h>

#include "common/caches/model.h"

double insns_of_op(const struct metric *m, const struct metric_from *from)
{
	(void)m;
	return from->rec->source == SOURCE_EXACT ? from->mean : NAN;
}

/* What a table sums a class up with. */
static const enum insn_group groups[] = {
#define X(id, name, group) [INSN_##id] = group,
	INSN_CLASSES(X)
#undef X
};

/* What one op has of a count, mean over the iterations; 0 for a class that never occurred. */
static double per_op(const struct run_record *rec, const char *name)
{
	const json_t *values = json_object_get(rec->counts, name);

	return rec->nr_samples ? record_sum(values) / (double)rec->nr_samples : NAN;
}

double insns_of_group(const struct metric *m, const struct metric_from *from)
{
	double sum = 0;
	size_t i;

	if (!json_is_object(from->rec->counts))
		return NAN;
	for (i = 0; i < NR_INSN_CLASSES; i++)
		if ((int)groups[i] == m->arg)
			sum += per_op(from->rec, insn_class_name((enum insn_class)i));
	return sum;
}

static bool is_of_x86(int class)
{
	return (class >= INSN_MFENCE && class <= INSN_SERIALISE) || class >= INSN_INVLPG;
}

/* Whether any of these occurred, of one architecture. */
static bool occurs(const json_t *counts, int first, int last, bool x86)
{
	int i;

	for (i = first; i <= last; i++)
		if (is_of_x86(i) == x86 &&
		    json_object_get(counts, insn_class_name((enum insn_class)i)))
			return true;
	return false;
}

/*
 * Of one class; arg is its number. None has the other architecture, and journals before do not tell
 * TLBIs on this CPU from others.
 */
double insns_of_class(const struct metric *m, const struct metric_from *from)
{
	const json_t *counts = from->rec->counts;
	bool local = m->arg == INSN_TLBI_LOCAL || m->arg == INSN_TLBI_BROADCAST;

	if (!occurs(counts, INSN_DSB, INSN_CR3, is_of_x86(m->arg)) ||
	    (local && occurs(counts, INSN_TLBI_VA, INSN_TLBI_ALL, false) &&
	     !occurs(counts, INSN_TLBI_LOCAL, INSN_TLBI_BROADCAST, false)))
		return NAN;
	return per_op(from->rec, insn_class_name((enum insn_class)m->arg));
}

double insns_recorded(const struct metric *m, const struct metric_from *from)
{
	const json_t *counts = from->rec->counts;
	const char *name = insn_class_name((enum insn_class)m->arg);

	/* Since there are these classes, this one is there if it is 0 as well. */
	if (!json_object_get(counts, name) && !json_object_get(counts, insn_class_name(INSN_SPIN)))
		return NAN;
	return per_op(from->rec, name);
}

double insns_looked_for(const struct metric *m, const struct metric_from *from)
{
	const json_t *counts = from->rec->counts;

	if (!json_object_get(counts, insn_class_name(INSN_EXCLUSIVE_FAILED)))
		return NAN;
	return per_op(from->rec, insn_class_name((enum insn_class)m->arg));
}

/* How often an op enters a function, by its name; 0 if it does not. */
static double calls_of(const struct run_record *rec, const char *name)
{
	const json_t *function = json_object_get(rec->functions, name);

	return json_number_value(json_object_get(function, "calls")) / (double)rec->nr_samples;
}

double calls_of_op(const struct metric *m, const struct metric_from *from)
{
	static const char *const names[NR_CALLED][6] = {
		[CALLED_RWSEM_WAITS] = {"rwsem_down_read_slowpath", "rwsem_down_write_slowpath"},
		[CALLED_MMAP_LOCK_FAULTS] = {"lock_mm_and_find_vma"},
		[CALLED_PAGES_CLEARED] = {"clear_page", "__pi_clear_page", "clear_page_rep",
					  "clear_page_orig", "clear_page_erms"},
		[CALLED_PAGES_COPIED] = {"copy_page", "__pi_copy_page", "copy_page_regs"},
	};
	double sum = 0;
	size_t i;

	if (!from->rec->functions || !from->rec->nr_samples)
		return NAN;
	for (i = 0; i < sizeof(names[0]) / sizeof(names[0][0]) && names[m->arg][i]; i++)
		sum += calls_of(from->rec, names[m->arg][i]);
	return sum;
}

double vma_lock_faults(const struct metric *m, const struct metric_from *from)
{
	double tried, handled, slow, again;

	if (!from->rec->functions || !from->rec->nr_samples)
		return NAN;
	tried = calls_of(from->rec, "lock_vma_under_rcu");
	handled = calls_of(from->rec, "handle_mm_fault");
	slow = calls_of(from->rec, "lock_mm_and_find_vma");
	again = handled > tried ? handled - tried : 0;
	if (!(tried > 0))
		return NAN;
	return m->arg ? again : slow > again ? slow - again : 0;
}

static double lines_of_kind(const struct run_record *rec, int kind, int number)
{
	const json_t *lists = json_object_get(rec->lines, data_kind_name((enum data_kind)kind));

	return record_sum(json_object_get(lists, line_number_name((enum line_number)number))) /
	       (double)rec->nr_samples;
}

double lines_of_op(const struct metric *m, const struct metric_from *from)
{
	int wanted = m->arg / NR_LINE_NUMBERS, number = m->arg % NR_LINE_NUMBERS, kind;
	double sum = 0;

	if (!json_is_object(from->rec->lines) || !from->rec->nr_samples)
		return NAN;
	for (kind = 0; kind < NR_DATA_KINDS; kind++)
		if (wanted == NR_DATA_KINDS || wanted == kind)
			sum += lines_of_kind(from->rec, kind, number);
	return sum;
}

/* What is not of the op itself, by arg. */
static const char *const beside[] = {"user", "interrupt"};

double insns_beside(const struct metric *m, const struct metric_from *from)
{
	return json_is_object(from->rec->counts) ? per_op(from->rec, beside[m->arg]) : NAN;
}

/* Where a child runs in the op: its share, or what is left for who waits for it. */
double insns_of_turn(const struct metric *m, const struct metric_from *from)
{
	double child = per_op(from->rec, "child");

	if (!json_object_get(from->rec->counts, "child"))
		return NAN;
	return m->arg ? child : from->mean - child;
}

double misses_of_op(const struct metric *m, const struct metric_from *from)
{
	const json_t *misses =
		json_object_get(from->modelled, cache_model_misses((enum cache_level)m->arg));

	return misses && from->rec->nr_samples ? record_sum(misses) / (double)from->rec->nr_samples
					       : NAN;
}
