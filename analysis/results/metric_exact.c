// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/metric_exact.h"

#include <math.h>

#include "common/caches/model.h"

double insns_of_op(const struct metric *m, const struct metric_from *from)
{
	(void)m;
	return from->rec->source == SOURCE_EXACT ? from->mean : NAN;
}

static const struct {
	enum insn_group group; /* what a table sums it up with */
	enum insn_arch arch;
} classes[] = {
#define X(id, name, group, arch) [INSN_##id] = {group, arch},
	INSN_CLASSES(X)
#undef X
};

/* What one op has of a count, mean over the iterations; 0 for a class that never occurred. */
static double per_op(const struct run_record *rec, const char *name)
{
	const json_t *values = json_object_get(rec->counts, name);

	return rec->nr_samples ? record_sum(values) / (double)rec->nr_samples : NAN;
}

static bool has(const json_t *counts, enum insn_class class)
{
	return json_object_get(counts, insn_class_name(class));
}

double insns_of_group(const struct metric *m, const struct metric_from *from)
{
	const json_t *counts = from->rec->counts;
	double sum = 0;
	size_t i;

	if (!json_is_object(counts))
		return NAN;
	/* Of x86 these are looked for where there are several vCPUs, and then there if 0 as well.
	 */
	if (m->arg == GROUP_IPI && !has(counts, INSN_IPI) && !insn_counts_on(counts, ON_ARM64))
		return NAN;
	for (i = 0; i < NR_INSN_CLASSES; i++)
		if ((int)classes[i].group == m->arg)
			sum += per_op(from->rec, insn_class_name((enum insn_class)i));
	return sum;
}

/* A class of one architecture: is it another one that was counted, or none that can be told? */
static bool is_foreign(const json_t *counts, enum insn_class class)
{
	return classes[class].arch != ON_ANY && !insn_counts_on(counts, classes[class].arch);
}

/*
 * Of one class; arg is its number. None has the other architecture, and journals before do not tell
 * TLBIs on this CPU from others.
 */
double insns_of_class(const struct metric *m, const struct metric_from *from)
{
	const json_t *counts = from->rec->counts;
	bool local = m->arg == INSN_TLBI_LOCAL || m->arg == INSN_TLBI_BROADCAST;
	bool tlbi = has(counts, INSN_TLBI_VA) || has(counts, INSN_TLBI_RANGE) ||
		    has(counts, INSN_TLBI_ASID) || has(counts, INSN_TLBI_ALL);
	bool told = has(counts, INSN_TLBI_LOCAL) || has(counts, INSN_TLBI_BROADCAST);

	if (is_foreign(counts, (enum insn_class)m->arg) || (local && tlbi && !told))
		return NAN;
	return per_op(from->rec, insn_class_name((enum insn_class)m->arg));
}

double insns_recorded(const struct metric *m, const struct metric_from *from)
{
	const json_t *counts = from->rec->counts;
	enum insn_class class = (enum insn_class)m->arg;
	/* Since there are such classes, this one is there if it is 0 as well. */
	enum insn_class since = class >= INSN_LDEOR ? INSN_CACHE : INSN_SPIN;

	if (!has(counts, class) && (!has(counts, since) || is_foreign(counts, class)))
		return NAN;
	return per_op(from->rec, insn_class_name(class));
}

double insns_looked_for(const struct metric *m, const struct metric_from *from)
{
	if (!has(from->rec->counts, INSN_EXCLUSIVE_FAILED))
		return NAN;
	return per_op(from->rec, insn_class_name((enum insn_class)m->arg));
}

/* What an op has of a function, by its name: "calls", how often it enters it; 0 if it does not. */
static double of_function(const struct run_record *rec, const char *name, const char *what)
{
	const json_t *function = json_object_get(rec->functions, name);

	return json_number_value(json_object_get(function, what)) / (double)rec->nr_samples;
}

static double calls_of(const struct run_record *rec, const char *const *names)
{
	double sum = 0;

	for (; *names; names++)
		sum += of_function(rec, *names, "calls");
	return sum;
}

static bool has_functions(const struct metric_from *from)
{
	return from->rec->functions && from->rec->nr_samples;
}

double rwsem_waits(const struct metric *m, const struct metric_from *from)
{
	static const char *const names[] = {"rwsem_down_read_slowpath", "rwsem_down_write_slowpath",
					    NULL};

	(void)m;
	return has_functions(from) ? calls_of(from->rec, names) : NAN;
}

/*
 * Functions that do pages of the base size: one a call, or, of those that do several, by their
 * stores. arm64: "clear_page" and "__pi_clear_page" are two names of one, of which a journal has
 * either. x86: "copy_page" jumps to "copy_page_regs", which is no other page; and since 6.2, and in
 * later 6.1, what is copied on write goes through "copy_mc_to_kernel". What x86 clears with REP
 * STOS since 7.0 is in no function; guests of exact mode are told not to (common/arch.c).
 */
static const struct of_pages {
	const char *name;
	unsigned int stores; /* instructions, of a page; 0: it is one a call */
} of_pages[][8] = {
	[PAGES_CLEARED] = {{"clear_page", 0},
			   {"__pi_clear_page", 0},
			   {"mte_zero_clear_page_tags", 0},
			   {"clear_page_orig", 0},
			   {"clear_page_rep", 0},
			   {"clear_page_erms", 0},
			   {"__clear_pages_unrolled", 4096 / 8}},
	[PAGES_COPIED] = {{"copy_page", 0},
			  {"__pi_copy_page", 0},
			  {"copy_mc_page", 0},
			  {"__pi_copy_mc_page", 0},
			  {"copy_mc_to_kernel", 0}},
};

static double pages_of(const struct run_record *rec, int which)
{
	const struct of_pages *f;
	double sum = 0;

	for (f = of_pages[which]; f->name; f++)
		sum += f->stores ? of_function(rec, f->name, "store") / f->stores
				 : of_function(rec, f->name, "calls");
	return sum;
}

double pages_of_op(const struct metric *m, const struct metric_from *from)
{
	double pages;

	if (!has_functions(from))
		return NAN;
	pages = pages_of(from->rec, m->arg);
	/* A kernel that clears or copies in another way than all that is known has not done 0. */
	return from->rec->bytes > 0 && !(pages + pages_of(from->rec, !m->arg) > 0) ? NAN : pages;
}

/* Of an op, how often a function was called. */
struct faults {
	double all;	/* faults, those of the kernel itself too; 0: not known */
	double tried;	/* the lock of a VMA: of user space alone */
	double handled; /* a fault that begins again is handled twice */
	double slow;	/* took mmap_lock */
	bool others;	/* somebody else than a fault may have had pages handled, or one was not */
};

static struct faults faults_of(const struct run_record *rec)
{
	static const char *const all[] = {"exc_page_fault", "do_mem_abort", NULL};
	static const char *const tried[] = {"lock_vma_under_rcu", NULL};
	static const char *const handled[] = {"handle_mm_fault", NULL};
	static const char *const slow[] = {"lock_mm_and_find_vma", NULL};
	static const char *const others[] = {"__get_user_pages", "fixup_user_fault",
					     "fixup_exception", NULL};

	return (struct faults){.all = calls_of(rec, all),
			       .tried = calls_of(rec, tried),
			       .handled = calls_of(rec, handled),
			       .slow = calls_of(rec, slow),
			       .others = calls_of(rec, others) > 0};
}

/* A kernel before 6.5 has no function of that: its faults are handled all the same. */
static double under_mmap_lock(const struct faults *f)
{
	bool unseen = !(f->slow > 0) && f->handled > f->tried && !(f->others && f->all == f->tried);

	return unseen ? NAN : f->slow;
}

/* Handled were those that had the lock, and whenever mmap_lock was taken. */
static double missed(const struct faults *f)
{
	double had = f->handled - f->slow;

	return f->others || had < 0 || had > f->tried ? NAN : f->tried - had;
}

static double began_again(const struct faults *f)
{
	double once = f->all > 0 ? f->all : f->tried;

	/* Where it is not known how many faults there were, the kernel's own may be among them. */
	return f->others || f->handled < once || (!(f->all > 0) && f->handled > once)
		       ? NAN
		       : f->handled - once;
}

double locks_of_faults(const struct metric *m, const struct metric_from *from)
{
	struct faults f;

	if (!has_functions(from))
		return NAN;
	f = faults_of(from->rec);
	if (m->arg == FAULTS_MMAP_LOCK)
		return under_mmap_lock(&f);
	if (!(f.tried > 0))
		return NAN;
	return m->arg == FAULTS_MISSED ? missed(&f) : began_again(&f);
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
