/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * userfaultfd whose faults are resolved by the thread that takes them, in a handler of SIGBUS: one
 * task, so the same in every run, and no scheduling in the op. Or, where that is asked for, by a
 * thread of its own, while the other waits in the kernel.
 */
#ifndef BENCH_SERVICES_USERFAULT_H
#define BENCH_SERVICES_USERFAULT_H

#include <stdbool.h>
#include <stdint.h>

/* Whether this kernel and user can have it, with all these UFFD_FEATURE_... beside SIGBUS. */
bool userfault_has(uint64_t features);

/* Whether it tells of writes to what is protected: some kernels say so of architectures without. */
bool userfault_tells_writes(void);

#endif
