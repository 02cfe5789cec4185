/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine: where a plan is carried out. Described by an INI file in configs/machines/. What it
 * can is what its runner (runner.h) says when it reads that; what else there is to know of it is
 * the runner's own.
 */
#ifndef RUNNERS_MACHINE_H
#define RUNNERS_MACHINE_H

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/arch.h"
#include "runners/runner.h"

/* What inference counts, and what `until` has more of. */
enum machine_unit {
	UNIT_BOOT, /* it starts kernels itself, as often as one likes */
	UNIT_RUN,  /* the boot is the one it is in */
};

struct machine {
	char *path; /* for messages; NULL: no file, this machine */
	char *name; /* the file's name without its ending */
	const struct runner *runner;
	void *own; /* the runner's */

	const struct arch *arch; /* NULL: of none that kernels are started for */
	bool installs_kernels;	 /* those it starts: it is given all their modules */
	bool starts_kernels;	 /* else the kernel is the one it runs */
	bool alone;		 /* it is the one that this runs on: to start a kernel ends us */
	bool counts;		 /* instructions, and no times: they repeat */
	bool side_by_side;	 /* boots at the same time, if it is not timed */
	enum machine_unit unit;
	bool here;   /* it is this machine, or a VM of it: nothing else of ours may run meanwhile */
	char *host;  /* another machine that it is; NULL: this one, or a VM of it */
	char *group; /* of machines that are equal; NULL: none */
	char *release;	   /* of the kernel it runs; NULL: it starts them */
	int cpus;	   /* 0: only the worker there knows */
	int64_t memory;	   /* bytes, of a kernel and all it runs; 0: only the worker there knows */
	int64_t page_size; /* bytes of base pages; 0: as the worker, or each kernel, has them */
	/* Where it counts: what there is of a plan. Else 0. */
	int boots;	/* of each kernel, each of them a perturbation */
	int runs;	/* of a point in a boot, at most */
	int iterations; /* of a run, at most */
};

/*
 * Reads a description; path NULL is the machine this runs on. Prints one line and returns false for
 * unknown keys and for what contradicts itself, before anything is started.
 */
bool machine_read(struct machine *m, const char *path);

/*
 * Asks the machine for what its description does not tell, if it takes that. False with one line
 * printed.
 */
bool machine_ask(struct machine *m);

/*
 * Whether what it measures is the time of real hardware: then it has the host alone, and numbers of
 * it mean something. Found out, where that takes a try (KVM), when first asked.
 */
bool machine_timed(const struct machine *m);

/* The runner's identity(); NULL if it has none, or with a message printed. */
char *machine_identity(const struct runner_boot *wanted);

/* Whether it can start kernels here and now. False with the reason said. */
bool machine_ready(const struct machine *m);

/* Which boot it is in, malloc'ed; NULL if it starts kernels, or cannot be asked. */
char *machine_boot_id(const struct machine *m);

/*
 * Of a machine that is alone: whether it runs a kernel now, as it was told to start it. *ret_is,
 * new, is what it runs else, as in "6.1.0, build id 1234"; NULL, with a message printed, if it
 * cannot tell.
 */
bool machine_runs(const struct machine *m, const struct runner_kernel *kernel, char **ret_is);

/*
 * Of a machine that is alone: has it start a kernel, or NULL: the one that it starts by itself, and
 * waits for that to end us, with signals caught (signals.h). True: one came. False with the reason,
 * new, in *ret_why: it is still there.
 */
bool machine_leave(const struct machine *m, const struct runner_kernel *kernel, char **ret_why);

/*
 * Of a machine that is alone: has FOLDER/faultbench go on after each of its boots, or nothing of
 * it (NULL), after which no kernel that was installed is left either. False with the reason, new,
 * in *ret_why; *ret_todo, new, is what its user has to do for it, if that is so, or NULL.
 */
bool machine_go_on(const struct machine *m, const char *folder, char **ret_todo, char **ret_why);

/* Adds to a "command" record (common/record.h) what starts its kernels. */
void machine_tell(const struct machine *m, json_t *command);

/* The runner's pack(); NULL also, with a message printed, where it has none. */
json_t *machine_pack(const struct runner_boot *wanted, int *ret_initrd);

/*
 * Starts a boot as wanted; what outlives it and what the rest of it is, says runner.h. The caller
 * has caught signals (signals.h). NULL with a message printed.
 */
struct runner_boot *machine_start(const struct runner_boot *wanted);

/*
 * Serves nr boots until at least one has ended, and returns the first such one's index; a signal
 * ends all of them.
 */
size_t machine_serve(struct runner_boot *const *boots, size_t nr);

/* Takes down a boot that has ended, and frees it. */
enum runner_end machine_end(struct runner_boot *boot);

/* What it lacks for kernels to be measured on it: fills ret, to be freed, and returns how much. */
size_t machine_lacks(const struct machine *m, struct lack ret[LACKS_MOST]);

/*
 * After the last boot: the machine is what it was before the first. The caller has caught signals;
 * if one came, nothing is waited for. What cannot be done is said.
 */
void machine_finish(const struct machine *m);

void machine_free(struct machine *m);

#endif
