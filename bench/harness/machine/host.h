/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether there is a host below, by what firmware and kernel show, and what a core is called whose
 * number says nothing. Read below root, "" for the machine itself.
 */
#ifndef BENCH_HARNESS_MACHINE_HOST_H
#define BENCH_HARNESS_MACHINE_HOST_H

#include <stddef.h>

/*
 * Where no flag of the CPU tells, as on arm64: this finds what gives itself away, and never proves
 * that there is no host. "none", or what it is.
 */
void host_by_firmware(const char *root, char *text, size_t room);

/*
 * A core by its numbers, as /proc/cpuinfo has them; what a VM masks, by its firmware and the
 * frequency of its counter, in Hz, 0 if it is not known. NULL if nothing names it.
 */
const char *host_core(const char *root, const char *implementer, const char *part,
		      unsigned long counter_hz);

/* The frequency of arm64's generic timer; 0 elsewhere. */
unsigned long host_counter_hz(void);

#endif
