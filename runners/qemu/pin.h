/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNERS_QEMU_PIN_H
#define RUNNERS_QEMU_PIN_H

#include <sys/types.h>

/*
 * Pins the vCPU threads of a QEMU that was started with -name NAME,debug-threads=on, each to a CPU
 * of its own among those this process may use. Does nothing, and returns 0, where these are fewer
 * than vcpus; else returns how many were pinned.
 */
int pin_vcpus(pid_t qemu, int vcpus);

#endif
