/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several vCPUs execute in turns, on one thread of QEMU's. How long a turn is, that is until the
 * next vCPU that does not wait has its own, is drawn from a schedule: a number makes a schedule,
 * always the same one. QEMU by itself goes on with a vCPU to the next of the guest's timers, and
 * before 8.1 with the first one then, so that some guests do not get through their boot.
 *
 * Plugins are not meant to do that: it takes three functions of QEMU's own, which one that loads
 * modules shows to all (Debian's, Ubuntu's). They also say which vCPU executes: what callbacks are
 * told by QEMU 9.1 and later is which one the code was translated for.
 */
#ifndef RUNNERS_EXACT_TURNS_H
#define RUNNERS_EXACT_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#define TURNS_VCPUS 8 /* at most */

#define TURNS_LEAST 16	 /* instructions of a turn: drawn from a range twice as long each time, */
#define TURNS_MOST  8192 /* up to there, all ranges alike */

/* Several vCPUs take turns. False if this QEMU does not let us. */
bool turns_init(unsigned int nr);

/* The schedule's number; before turns are taken. */
void turns_seed(uint64_t schedule);

/* In a callback: which vCPU executes. 0 if there is one. */
unsigned int turns_vcpu(void);

/* Turns are TURNS_COARSE times as long, or not: nobody looks at what is done in them. */
#define TURNS_COARSE 64
void turns_coarse(bool coarse);

/* In a callback: so many instructions are executed. A turn may end with them. */
void turns_ran(uint32_t insns);

#endif
