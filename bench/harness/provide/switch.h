/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A switch of the kernel: a file that is read and written. Those of debugfs are reached also where
 * it is not mounted, or is mounted for nobody else to see: where it stays, libpfm4 reads the ids of
 * all tracepoints in each process.
 */
#ifndef BENCH_HARNESS_PROVIDE_SWITCH_H
#define BENCH_HARNESS_PROVIDE_SWITCH_H

#define SWITCH_DEBUGFS "/sys/kernel/debug/"

/* What is in it, malloc'ed, without its newline; NULL with errno. */
char *switch_text(const char *path);

/* 0 or an errno. */
int switch_write(const char *path, const char *value);

#endif
