/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worker as the only program of a VM, started by the kernel as /init.
 */
#ifndef BENCH_HARNESS_MACHINE_GUEST_H
#define BENCH_HARNESS_MACHINE_GUEST_H

#include <stdbool.h>

/*
 * Mounts what /init finds missing, loads /modules in the order of their names, and makes the virtio
 * port "faultbench" standard input and output, or, where there is a file /console-request, that and
 * the console. Problems are printed on the console. False if there is no such port.
 */
bool guest_start(void);

/* Mounts control groups, version 2, if they are not: what is without them boots as ever. */
void guest_mount_groups(void);

/*
 * Stops the work that drains lists of free pages by the clock: whether it came just before an
 * operation or not decides whether that finds its pages there.
 */
void guest_steady(void);

/* Has the kernel show its addresses to root as they are: /proc/vmallocinfo, else, has hashes. */
void guest_show_addresses(void);

/* Switches the VM off. Does not return. */
void guest_stop(void) __attribute__((noreturn));

#endif
