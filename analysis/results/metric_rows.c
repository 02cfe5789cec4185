// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>

#include "analysis/results/metric.h"
#include "analysis/results/metric_exact.h"
#include "common/caches/model.h"

#define LEAST_TRIES 0.1 /* of all faults: of fewer no share is claimed */

static bool is_exact(const struct metric_from *from)
{
	return from->rec->source == SOURCE_EXACT;
}

static double time_of_op(const struct metric *m, const struct metric_from *from)
{
	(void)m;
	return is_exact(from) ? NAN : from->mean;
}

/* How many of what it consists of an op has. The time of a contended op is what its plan says. */
static double units_of(const struct metric_from *from)
{
	if (is_exact(from) || json_object_size(from->rec->sides))
		return NAN;
	return from->rec->per_count > 0 ? from->rec->per_count : 1;
}

/* Of a contended op that is not as long as its plan says, the worker named first has so many. */
static double time_of_unit(const struct metric *m, const struct metric_from *from)
{
	(void)m;
	if (json_object_size(from->rec->sides) && !is_exact(from))
		return from->rec->per_count > 1 ? from->mean / from->rec->per_count : NAN;
	return from->work / units_of(from);
}

static double rate_of_op(const struct metric *m, const struct metric_from *from)
{
	(void)m;
	return units_of(from) / from->mean * 1e9;
}

/* Bytes a nanosecond are GB a second. */
static double throughput(const struct metric *m, const struct metric_from *from)
{
	(void)m;
	return is_exact(from) || !(from->rec->bytes > 0) ? NAN : from->rec->bytes / from->mean;
}

static double rate_of_worker(const struct metric *m, const struct metric_from *from)
{
	(void)m;
	return units_of(from) / from->work * 1e9;
}

static double rate_of_role(const struct metric *m, const struct metric_from *from)
{
	double workers = json_number_value(json_object_get(from->role, "workers"));
	double busy = record_sum(json_object_get(from->role, "busy_ns"));

	(void)m;
	if (!(busy > 0))
		return NAN;
	return record_sum(json_object_get(from->role, "ops")) / (busy / workers) * 1e9;
}

static double quantile(const struct metric *m, const struct metric_from *from)
{
	return from->latency ? hist_quantile(from->latency, m->arg / 1000.0) : NAN;
}

/* What was counted in a part of the time is extended to all of it. */
static double counter_of_op(const struct metric *m, const struct metric_from *from)
{
	double value = json_number_value(json_object_get(from->entry, "value"));
	double enabled = json_number_value(json_object_get(from->entry, "enabled"));
	double running = json_number_value(json_object_get(from->entry, "running"));

	(void)m;
	if (!(running > 0) || !from->rec->nr_samples)
		return NAN;
	return value * (running < enabled ? enabled / running : 1) / (double)from->rec->nr_samples;
}

static double vmstat_of_op(const struct metric *m, const struct metric_from *from)
{
	(void)m;
	return from->rec->nr_samples
		       ? json_number_value(from->entry) / (double)from->rec->nr_samples
		       : NAN;
}

static double moved(const struct metric_from *from, const char *key)
{
	return json_number_value(json_object_get(from->rec->vmstat, key));
}

/* Of a counter in all iterations; 0 if it was not counted all the time. */
static double counted(const struct metric_from *from, const char *name)
{
	const json_t *counter = json_object_get(from->rec->counters, name);
	double enabled = json_number_value(json_object_get(counter, "enabled"));

	if (enabled > json_number_value(json_object_get(counter, "running")))
		return 0;
	return json_number_value(json_object_get(counter, "value"));
}

/*
 * The share of faults that ended without mmap_lock of those that tried, speculatively or under a
 * VMA's lock; NaN where the kernel has no such path, no counters of it, or hardly a fault tried:
 * single threads do not, and one stray try is no share of anything. Kernels count
 *
 *   since 6.4	    vma_lock_success, _abort (no lock was to be had, of whatever reason), _retry
 *		    (given up on the way)
 *   2021 and 2022  spf_attempt, spf_abort
 *   2018 and 2019  speculative_pgfault, and Android since with _anon and _file: those that ended
 *		    so, which pgfault leaves out. Tries are not counted: the share is of all faults.
 *		    Where the plan has their perf event, of the process's own
 */
static double share_without_lock(const struct metric *m, const struct metric_from *from)
{
	double success = moved(from, "vma_lock_success"), attempts = moved(from, "spf_attempt");
	double tried =
		success + moved(from, "vma_lock_abort") + moved(from, "vma_lock_retry") + attempts;
	double kept = success + attempts - moved(from, "spf_abort"),
	       faults = moved(from, "pgfault");
	double speculative = moved(from, "speculative_pgfault") +
			     moved(from, "speculative_pgfault_anon") +
			     moved(from, "speculative_pgfault_file");
	double own = counted(from, "speculative-faults"), all = counted(from, "page-faults");

	(void)m;
	if (own > 0 && all > 0)
		return own / all;
	if (speculative > 0)
		return speculative / (speculative + faults);
	return tried > 0 && tried >= faults * LEAST_TRIES ? kept / tried : NAN;
}

#define OP   .group = METRIC_OF_OP, .kind = METRIC_TIMED
#define ROLE .group = METRIC_OF_ROLE, .kind = METRIC_TIMED
#define LATENCY(permille) \
	.group = METRIC_OF_ROLE, .kind = METRIC_SAMPLED, .value = quantile, .arg = (permille)
#define INSNS(fn)	.group = METRIC_OF_COUNT, .kind = METRIC_EXACT, .value = (fn), .countable = true
#define CLASS(of)	INSNS(insns_of_group), .arg = (of)
#define ONE(class)	INSNS(insns_of_class), .arg = (INSN_##class)
#define RECORDED(class) INSNS(insns_recorded), .arg = (INSN_##class)
#define FAULTS(how)	INSNS(locks_of_faults), .arg = FAULTS_##how, .scheduled = true
#define OF_LINES(of, number)                                                                     \
	.group = METRIC_OF_LINES, .kind = METRIC_EXACT, .value = lines_of_op, .countable = true, \
	.arg = (int)(of)*NR_LINE_NUMBERS + (number)
#define KIND(id) OF_LINES(DATA_##id, LINES)
#define MODEL(level)                                                              \
	.group = METRIC_OF_MODEL, .kind = METRIC_MODELLED, .value = misses_of_op, \
	.countable = true, .arg = CACHE_##level
#define COUNTER                                                                          \
	.group = METRIC_OF_COUNTER, .value = counter_of_op, .zero = true, .shown = true, \
	.countable = true
#define VMSTAT                                                                         \
	.group = METRIC_OF_VMSTAT, .value = vmstat_of_op, .zero = true, .moved = true, \
	.countable = true

const struct metric metric_rows[] = {
	{"time", "ns", METRIC_LESS, OP, .value = time_of_op, .main = true, .judged = true,
	 .alias = "time/op", .head = "microbench", .about = "time of one op"},
	{"time/unit", "ns", METRIC_LESS, OP, .value = time_of_unit,
	 .about = "time of one %s inside the op, summed over its workers"},
	{"rate", "units/s", METRIC_MORE, OP, .value = rate_of_op, .harmonic = true,
	 .about = "%ss a second, all workers together"},
	{"rate/worker", "units/s", METRIC_MORE, OP, .value = rate_of_worker, .harmonic = true,
	 .about = "%ss a second of the workers' time inside the op"},
	{"throughput", "GB/s", METRIC_MORE, OP, .value = throughput, .harmonic = true,
	 .about = "GB (10^9 bytes) a second that the kernel clears or copies, all workers "
		  "together"},

	{"*.rate", "ops/s", METRIC_MORE, ROLE, .value = rate_of_role, .main = true, .judged = true,
	 .head = "ops/s", .about = "ops/s of all workers of the role"},
	{"*.median", "ns", METRIC_LESS, LATENCY(500), .alias = "p50", .judged = true},
	{"*.p90", "ns", METRIC_LESS, LATENCY(900)},
	{"*.p99", "ns", METRIC_LESS, LATENCY(990), .judged = true},
	{"*.p99.9", "ns", METRIC_LESS, LATENCY(999)},
	{"*.max", "ns", METRIC_LESS, LATENCY(1000)},

	{"kernel-insns", "insn", METRIC_LESS, INSNS(insns_of_op), .main = true, .judged = true,
	 .scheduled = true, .about = "kernel instructions of one op"},
	{"TLB-invalidations", "invalidations", METRIC_LESS, CLASS(GROUP_TLB)},
	{"TLBI-local", "invalidations", METRIC_NEITHER, ONE(TLBI_LOCAL)},
	{"TLBI-broadcast", "invalidations", METRIC_LESS, ONE(TLBI_BROADCAST), .scheduled = true},
	{"TLBI-range", "invalidations", METRIC_NEITHER, ONE(TLBI_RANGE)},
	{"INVLPG", "invalidations", METRIC_LESS, ONE(INVLPG)},
	{"INVLPGB", "invalidations", METRIC_LESS, ONE(INVLPGB)},
	{"INVPCID", "invalidations", METRIC_LESS, ONE(INVPCID)},
	{"CR3-writes", "invalidations", METRIC_LESS, ONE(CR3)},
	{"IPIs", "IPIs", METRIC_LESS, CLASS(GROUP_IPI), .scheduled = true},
	{"barriers", "barriers", METRIC_LESS, CLASS(GROUP_BARRIER)},
	{"atomics", "atomics", METRIC_LESS, CLASS(GROUP_ATOMIC)},
	{"loads", "loads", METRIC_LESS, CLASS(GROUP_LOAD)},
	{"stores", "stores", METRIC_LESS, CLASS(GROUP_STORE)},
	{"exclusives", "atomics", METRIC_LESS, RECORDED(EXCLUSIVE), .detail = true},
	{"exclusives-failed", "atomics", METRIC_LESS, INSNS(insns_looked_for),
	 .arg = INSN_EXCLUSIVE_FAILED, .detail = true, .scheduled = true},
	{"exclusives-unknown", "atomics", METRIC_NEITHER, INSNS(insns_looked_for),
	 .arg = INSN_EXCLUSIVE_UNKNOWN, .detail = true, .scheduled = true},
	{"CAS", "atomics", METRIC_LESS, RECORDED(CAS), .detail = true},
	{"SWP", "atomics", METRIC_LESS, RECORDED(SWP), .detail = true},
	{"LDADD", "atomics", METRIC_LESS, RECORDED(LDADD), .detail = true},
	{"LDCLR", "atomics", METRIC_LESS, RECORDED(LDCLR), .detail = true},
	{"LDSET", "atomics", METRIC_LESS, RECORDED(LDSET), .detail = true},
	{"LDEOR", "atomics", METRIC_LESS, RECORDED(LDEOR), .detail = true},
	{"atomics-other", "atomics", METRIC_LESS, RECORDED(OTHER), .detail = true},
	{"cache-ops", "insn", METRIC_LESS, RECORDED(CACHE), .detail = true},
	{"zeroings", "blocks", METRIC_LESS, RECORDED(ZERO)},
	{"spins", "insn", METRIC_LESS, RECORDED(SPIN), .scheduled = true},
	{"rwsem-waits", "calls", METRIC_LESS, INSNS(rwsem_waits), .scheduled = true},
	{"mmap-lock-faults", "faults", METRIC_LESS, FAULTS(MMAP_LOCK)},
	{"VMA-lock-misses", "faults", METRIC_LESS, FAULTS(MISSED)},
	{"VMA-lock-retries", "faults", METRIC_LESS, FAULTS(AGAIN)},
	{"pages-cleared", "pages", METRIC_LESS, INSNS(pages_of_op), .arg = PAGES_CLEARED,
	 .detail = true},
	{"pages-copied", "pages", METRIC_LESS, INSNS(pages_of_op), .arg = PAGES_COPIED,
	 .detail = true},

	{"lines", "lines", METRIC_LESS, OF_LINES(NR_DATA_KINDS, LINES)},
	{"lines-memmap", "lines", METRIC_LESS, KIND(MEMMAP)},
	{"lines-page-tables", "lines", METRIC_LESS, KIND(TABLES)},
	{"lines-user", "lines", METRIC_LESS, KIND(USER)},
	{"lines-page-cache", "lines", METRIC_LESS, KIND(CACHE)},
	{"lines-slab", "lines", METRIC_LESS, KIND(SLAB)},
	{"lines-per-cpu", "lines", METRIC_LESS, KIND(PER_CPU)},
	{"lines-kernel", "lines", METRIC_LESS, KIND(KERNEL)},
	{"lines-stack", "lines", METRIC_LESS, KIND(STACK)},
	{"lines-vmalloc", "lines", METRIC_LESS, KIND(VMALLOC)},
	{"lines-boot", "lines", METRIC_LESS, KIND(BOOT)},
	{"lines-mmu-gather", "lines", METRIC_LESS, KIND(GATHER)},
	{"lines-raw-pages", "lines", METRIC_LESS, KIND(RAW)},
	{"lines-other", "lines", METRIC_LESS, KIND(OTHER)},
	{"lines-read", "lines", METRIC_LESS, OF_LINES(NR_DATA_KINDS, LINES_READ)},
	{"lines-written", "lines", METRIC_LESS, OF_LINES(NR_DATA_KINDS, LINES_WRITTEN)},
	{"accesses", "accesses", METRIC_LESS, OF_LINES(NR_DATA_KINDS, LINES_ACCESSES)},

	{"user-insns", "insn", METRIC_LESS, .group = METRIC_OF_REST, .kind = METRIC_EXACT,
	 .value = insns_beside, .countable = true},
	{"parent-insns", "insn", METRIC_LESS, .group = METRIC_OF_REST, .kind = METRIC_EXACT,
	 .value = insns_of_turn, .countable = true},
	{"child-insns", "insn", METRIC_LESS, .arg = 1, .group = METRIC_OF_REST,
	 .kind = METRIC_EXACT, .value = insns_of_turn, .countable = true},
	/* Interrupts come when they come, so what they execute does not repeat. */
	{"interrupt-insns", "insn", METRIC_NEITHER, .arg = 1, .group = METRIC_OF_REST,
	 .value = insns_beside},

	{"modelled:L1D-misses", "misses", METRIC_LESS, MODEL(L1D)},
	{"modelled:L2-misses", "misses", METRIC_LESS, MODEL(L2)},
	{"modelled:LLC-misses", "misses", METRIC_LESS, MODEL(LLC)},
	{"modelled:DTLB-misses", "misses", METRIC_LESS, MODEL(DTLB)},
	{"modelled:walks", "walks", METRIC_LESS, MODEL(L2TLB)},
	{"modelled:long-walks", "walks", METRIC_LESS, MODEL(WALK)},

	{"task-clock*", "ns", METRIC_LESS, COUNTER},
	{"cpu-clock*", "ns", METRIC_LESS, COUNTER},
	{"cycles*", "cycles", METRIC_LESS, COUNTER},
	{"instructions*", "insn", METRIC_LESS, COUNTER},
	{"page-faults*", "faults", METRIC_LESS, COUNTER},
	{"speculative-faults*", "faults", METRIC_MORE, COUNTER},
	{"minor-faults*", "faults", METRIC_LESS, COUNTER},
	{"major-faults*", "faults", METRIC_LESS, COUNTER},
	{"context-switches*", "switches", METRIC_LESS, COUNTER},
	{"cpu-migrations*", "migrations", METRIC_LESS, COUNTER},
	{"*-misses*", "misses", METRIC_LESS, COUNTER},
	{"*", "events", METRIC_NEITHER, COUNTER},

	{"no-mmap_lock", "fraction", METRIC_MORE, .group = METRIC_OF_VMSTAT,
	 .value = share_without_lock, .zero = true, .shown = true,
	 .about = "share of faults that ended without mmap_lock, of those that tried"},
	{"vmstat:vma_lock_success", "faults", METRIC_MORE, VMSTAT, .shown = true},
	{"vmstat:vma_lock_*", "faults", METRIC_LESS, VMSTAT, .shown = true},
	{"vmstat:spf_attempt", "faults", METRIC_NEITHER, VMSTAT, .shown = true},
	{"vmstat:speculative_pgfault*", "faults", METRIC_MORE, VMSTAT, .shown = true},
	{"vmstat:spf_*", "faults", METRIC_LESS, VMSTAT, .shown = true},
	{"vmstat:SPF_*", "faults", METRIC_LESS, VMSTAT, .shown = true},
	{"vmstat:pgfault", "faults", METRIC_LESS, VMSTAT, .shown = true},
	{"vmstat:pgmajfault", "faults", METRIC_LESS, VMSTAT, .shown = true},
	{"vmstat:thp_*fallback*", "events", METRIC_LESS, VMSTAT, .shown = true},
	{"vmstat:thp_*", "events", METRIC_NEITHER, VMSTAT, .shown = true},
	{"vmstat:nr_tlb_*", "flushes", METRIC_LESS, VMSTAT, .shown = true},
	{"vmstat:numa_hint_faults*", "faults", METRIC_LESS, VMSTAT, .shown = true},
	{"vmstat:numa_p*", "pages", METRIC_NEITHER, VMSTAT, .shown = true},
	{"vmstat:*swp*", "pages", METRIC_LESS, VMSTAT, .shown = true},
	{"vmstat:nr_*", "pages", METRIC_NEITHER, VMSTAT},
	{"vmstat:*", "events", METRIC_NEITHER, VMSTAT},
	{0},
};
