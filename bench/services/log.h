/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's log says while a process looks on.
 */
#ifndef BENCH_SERVICES_LOG_H
#define BENCH_SERVICES_LOG_H

#include <stddef.h>

/*
 * Of one record of /dev/kmsg, "priority,sequence,time,flags;line", got bytes: the number behind
 * text in its line, 1 if there is none behind it, 0 without text.
 */
long log_number(char *record, size_t got, const char *text);

/*
 * The sum of what log_number() has of all records since this was first asked for that text, of
 * which a process may have four; LONG_MIN if the log may not be read.
 */
long log_sum(const char *text);

#endif
