/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_HARNESS_MACHINE_BUSY_H
#define BENCH_HARNESS_MACHINE_BUSY_H

/* Seconds since boot that CPUs have spent on anything but this process, by ticks of 10 ms. */
double busy_others(void);

#endif
