/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Since 6.12 ordinary tasks get 5 % of a CPU whatever real-time tasks want: each CPU has a "fair
 * server", whose share stands in debugfs.
 */
#ifndef BENCH_HARNESS_PROVIDE_FAIR_SERVER_H
#define BENCH_HARNESS_PROVIDE_FAIR_SERVER_H

/* Has set called with the file of each CPU's server; without debugfs, or servers, not at all. */
void fair_servers(void (*set)(const char *path));

#endif
