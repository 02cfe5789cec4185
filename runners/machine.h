/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine: where kernels are started. Described by an INI file in configs/machines/.
 */
#ifndef RUNNERS_MACHINE_H
#define RUNNERS_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arch.h"

enum machine_kind {
	MACHINE_LOCAL,
	MACHINE_QEMU
};
enum machine_accel {
	ACCEL_AUTO,
	ACCEL_KVM,
	ACCEL_TCG,
	ACCEL_EXACT /* TCG, and its instructions are counted */
};

struct machine {
	char *path; /* for messages */
	char *name; /* the file's name without its ending */
	enum machine_kind kind;
	const struct arch *arch;
	char *cpu;	/* QEMU's -cpu; "host" only with KVM */
	int64_t memory; /* bytes */
	int vcpus;
	int nodes; /* NUMA nodes: memory and CPUs are shared out evenly */
	enum machine_accel accel;
	char *options;	  /* more words for QEMU, or NULL */
	char *cmdline;	  /* more words for the kernel, or NULL */
	int time_limit_s; /* for a boot and all its runs */
	int perturb;	  /* exact: boots of each kernel, each a perturbation */
	int runs;	  /* exact: at most so many runs of a point in a boot, */
	int iterations;	  /* and iterations in a run: counts repeat */
};

/*
 * Reads a description; path NULL is the machine this runs on. Prints one line and returns false for
 * unknown keys and for what contradicts itself, before anything is started.
 */
bool machine_read(struct machine *m, const char *path);

void machine_free(struct machine *m);

#endif
