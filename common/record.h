/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a journal, and the only definition of them. The worker writes with it, the
 * analysis reads with it. Every line is a JSON object with "type"; readers ignore types and
 * fields they do not know. A field's unit is in its name or in the comment beside it.
 *
 *   plan      one a journal, its first line (common/plan.h); a second one that is counted
 *   command   one each time a command begins or goes on measuring: "words", the subcommand's name
 *             first, "version" of faultbench and, if it starts VMs, "qemu", the emulator's.
 *             Journals are given to others, so absolute paths are short: "~/x" below the home
 *             folder, else ".../x", the last component. Journals of versions before have none
 *   kernel    a kernel that is started to be measured (common/kernel_record.h). The last one of a
 *             label counts
 *   machine   facts about the host and the kernel under test; one each time a kernel is measured.
 *             In a VM also "startup", in s: "initramfs_s" making the initramfs; "start_s" from the
 *             start of QEMU until this record came; then, by the guest: "vm_s" of these the VM was
 *             on; "init_s" on the kernel's clock when /init began, "port_s" when its modules were
 *             loaded and the port open, "ready_s" when all of this was known; "unpack_s" took
 *             unpacking the initramfs (beside other work), "settled_s" waiting until idle, after
 *             all but the clock was known. "clock" is "time", or "insn" if the guest's clock counts
 *             instructions. What the guest's log or CPU does not tell is left out.
 *             "perturbation", of a guest that counts: "memory_MiB" and "seed", and
 *             "schedule" if it has several vCPUs
 *   run       one fresh process that carried out one point; struct run_record
 *   until     where how much is measured is left to the data (analysis/compare/stopping.h): how it
 * stood after so many "units" were planned, which "unit" (boot or run) says. "rule", its name;
 *             "target", the half-width to reach, a fraction; "least" and "most" units, whatever
 *             the data say; "kernel", if only its mean counts, else all are compared with the
 *             first; "points", as in the plan: "units" behind the interval, "half" of it relative
 *             to the value (null: no interval yet), and "state": wide, narrow, or nothing to
 *             compare; "budget_s" of the session; "spent_s" by all sessions together; "unit_s",
 *             what the last unit took; and "end", if no more was wanted: narrow, budget, most or
 *             nothing
 *   unit      a boot's results were not measured in this session but taken from a cache of results
 *             (campaign/units/unit.h), where they have the name "key"; "measured", in seconds since
 *             1970, on "host"
 *   boot      a boot that came to nothing, or not to all that it was asked for: "status" failed,
 *             "reason"; "given_up": true: no more of that kernel are tried
 *   campaign  of a machine that boots itself (campaign/alone/): "event": begun, home (it is told to
 *             start its own kernel in the end) or ended, with "status": complete, given-up, stopped
 *             or failed; "when", in s since 1970; "from", the boot that it was in
 *   try       before such a machine is told to start the kernel of a boot: "nr", the how many-th
 *             time in a row, "when", and "from" which boot
 *   end       everything the plan asked of this kernel and boot is in the journal
 *
 * Where the same kernels are counted beside what is timed (`run --exact-too`), the journal has a
 * second plan, and that one and all of its boots have "counted": true. Their numbers are their own.
 *
 * On the channel between worker and runner there is one more type, never written to a journal:
 *
 *   progress  {"point": index in the plan, "run"}, sent when a run starts
 */
#ifndef COMMON_RECORD_H
#define COMMON_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_SCHEMA 1

#define RECORD_MOST (64u << 20) /* bytes of a record as text; a plan of 100,000 points is 20 MB */

#define RECORD_MOST_COUNT 1000000 /* the highest number of a boot or run */

/* How records become text: one line, and 0.08 as 0.08. */
#define RECORD_DUMP (JSON_COMPACT | JSON_REAL_PRECISION(15))

enum run_status {
	RUN_OK,
	RUN_VOID,    /* measured, but not in the state asked for */
	RUN_SKIPPED, /* a need of the point is not met here */
	RUN_FAILED,  /* should have worked and did not */
};

/* How the samples of a run came about. */
enum run_source {
	SOURCE_UNKNOWN,	 /* not said */
	SOURCE_TIMED,	 /* by a clock, on a CPU */
	SOURCE_EMULATED, /* by a clock, on an emulated CPU: no measure of hardware */
	SOURCE_EXACT,	 /* counted: instructions that an emulated CPU executed */
};
#define NR_SOURCES (SOURCE_EXACT + 1)

struct run_record {
	char *kernel;  /* label of the kernel under test; a worker does not know it, */
	int boot;      /* from 0 */
	int run;       /* from 0, within the boot */
	json_t *point; /* {bench, variant, place, every parameter, node if memory is bound} */
	enum run_status status;
	char *reason;		/* NULL if ok: one line, why not */
	char *unit;		/* of samples: "ns"; "insn": kernel instructions */
	enum run_source source; /* nor this: campaign/stamp.h */
	int warmup;		/* iterations carried out before the first sample */
	uint64_t *samples; /* one an iteration, in order; last end minus first start of the op */
	size_t nr_samples;
	char *per;	  /* what one op consists of: "fault", "fork", "call", ... */
	double per_count; /* how many of them in one op (one worker's share summed over workers) */
	double bytes;	  /* that the kernel clears or copies in one op, likewise; 0: it does not */
	json_t *workers_ns; /* several workers: [sum over the workers of their own op time], an
			       iteration each */
	json_t *sides;	  /* contended points: {role: {workers, ops [an iteration], busy_ns [summed
			     over workers]}} */
	json_t *latency;  /* contended points: {role: histogram (common/hist.h)}; one clock read
			     included */
	json_t *counters; /* {name: {value, enabled, running, mode: "user" (faults of user space) or
			     "machine" (of all of it)} | {refused}}; summed over workers and
			     iterations; enabled and running in ns; no value if it never ran */
	json_t *counts;	  /* exact: {"user", "interrupt" (instructions), "interrupts", where a child
			     runs in the op "child" (of samples, what it executed), and classes of
			     common/exact/insn_class.h that occurred: [an iteration each]} */
	json_t *memory;	  /* exact, of who counts lines, on its way: text
			     (bench/harness/timing/crew.h, memory_fd); not in journals */
	json_t *lines; /* exact, where they are counted: {kind (common/exact/data_kind.h): {"lines"
			  of 64 bytes that the kernel touched, of these "read" and "written",
			  "accesses" to them: [an iteration each]}}, kinds that none touched left
			  out */
	json_t *modelled; /* exact, where a model of caches was asked for: {"caches": text
			     (common/caches/model.h), "accesses" of the kernel to lines, and misses
			     by level: [an iteration each]}: of a model, not of a machine */
	json_t *calls;	  /* exact, where they are followed: {"functions": [name], "op": [[number of
			     the caller's node or -1, number of its function, instructions executed
			     in it itself, calls], a node for each path], "interrupts": likewise,
			     "cut": calls for which there was no room, which are their callers' own,
			     "odd": jumps and returns that were seen too late, "base": address,
			     hexadecimal text, "code": [[number of a function, bytes from base,
			     executed, lengths of the instructions there, a digit each], ...]}, summed
			     over the iterations (common/calls/calls.h) */
	json_t *profile; /* timed, where that was asked for: of the same op in a process of its own,
			    after the timed one: {"event" that was sampled, "cycles" or "cpu-clock",
			    each "period" of it (cycles, ns), "iterations" of the op, "op_ns" in it
			    by all workers, "samples" in the kernel, "stacks": {"a;b;c", functions
			    from the entry on: samples}, the PROFILE_STACKS with most, "other"
			    samples; beside these "outside", of no op and left out, "lost" for want
			    of room, "throttled", times that the kernel held the event back;
			    "wall_s"} or {"refused": why} (common/calls/profile.h) */
	json_t *functions; /* exact: {name: {"addr" (hexadecimal text), "insn", "calls", class,
			      "lines" that it was the first to touch}}, of the kernel's own, summed
			      over the iterations */
	json_t *vmstat;	   /* {key: change over the ops of all iterations}, unmoved keys left out */
	json_t *verified;  /* {promise: {wanted, seen}} as text */
	json_t *state;	   /* {"before", "after" the op: {kind of memory: KiB}}, of all areas of the
			      first process, when last looked at (bench/harness/proof/folio_kinds.h);
			      "given": likewise after it, of those that may be of any folios */
	json_t *placement; /* {asked, cpus: [asked for, a worker each], obtained: [seen after the
			      last op], pmu: where cores are of several kinds, that of theirs} */
	json_t *conditions; /* {scheduler, switched (iterations in which a worker was switched out),
			       steal_ms, warm_ns: [first, again, last touch of a page],
			       of several workers apart_ns: [last start less first, of each
			       iteration of which they had less in common, from the last start to
			       the first end, than half of their mean time], and one_cpu (iterations
			       that all ended on the same CPU),
			       executed, where the program is for each iteration: {ns: [from
			       execve() to main(), part of the sample]}} */
	json_t *notes;	    /* [text]: what a reader of the numbers should know */
	double started;	    /* seconds since 1970; exact: when it ended, the guest has no date */
	double wall_s; /* the whole run, preparation included, s; exact: of the guest's clock, 1 ns
			  an instruction */
};

const char *run_status_name(enum run_status status);

/* "timed", "emulated", "exact"; NULL if it is not known. */
const char *run_source_name(enum run_source source);

/* A JSON number of seconds, to the microsecond. */
json_t *record_seconds(double s);

/* The sum of the numbers in an array; 0 if it is none. */
double record_sum(const json_t *array);

/* A new JSON object with "type": "run". Takes no reference away from rec. */
json_t *run_record_to_json(const struct run_record *rec);

/*
 * What is wrong with a record, as static text: a field that readers rely on is missing or has the
 * wrong type. NULL if nothing is, also for types that are not known.
 */
const char *record_fault(const json_t *record);

/*
 * Fills *rec from one parsed line. Returns false, with *rec empty, if a field that every run has
 * is missing or of the wrong type; *ret_why then names it (static text).
 */
bool run_record_from_json(struct run_record *rec, const json_t *json, const char **ret_why);

/* Whether a record is of the plan that is counted beside another one of the same journal. */
bool record_is_counted(const json_t *record);

/* A new record: of one that was counted, without what the host's clock said; the rest repeats. */
json_t *record_repeatable(const json_t *record);

/* Frees what rec holds and empties it. */
void run_record_free(struct run_record *rec);

/* Adds to its notes. */
void run_record_note(struct run_record *rec, const char *text);

/* As a line of a journal, or of a worker's input: JSON and a newline; malloc'ed, NULL for want of
 * memory. */
char *record_line(const json_t *json);

#endif
