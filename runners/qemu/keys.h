/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of a machine of kind qemu (configs/README.md), which are struct machine's `own`.
 */
#ifndef RUNNERS_QEMU_KEYS_H
#define RUNNERS_QEMU_KEYS_H

#include <stdbool.h>

#include "common/ini_file.h"
#include "runners/machine.h"

enum qemu_accel {
	ACCEL_AUTO,
	ACCEL_KVM,
	ACCEL_TCG,
	ACCEL_EXACT /* TCG, and its instructions are counted */
};

struct qemu_keys {
	char *cpu; /* QEMU's -cpu; "host" only with KVM */
	int vcpus;
	int nodes; /* NUMA nodes: memory and CPUs are shared out evenly */
	enum qemu_accel accel;
	char *options;	  /* more words for QEMU, or NULL */
	char *cmdline;	  /* more words for the kernel, or NULL */
	int time_limit_s; /* for a boot and all its runs */
};

extern const char *const qemu_keys_names[];

/* As struct runner's read and forget. */
bool qemu_keys_read(struct machine *m, struct ini_file *ini);
void qemu_keys_forget(struct machine *m);

/* Those of a machine of this kind. */
static inline const struct qemu_keys *qemu_keys(const struct machine *m)
{
	return (const struct qemu_keys *)m->own;
}

#endif
