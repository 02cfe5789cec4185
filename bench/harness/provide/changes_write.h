/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of changes.h, as it grows.
 */
#ifndef BENCH_HARNESS_PROVIDE_CHANGES_WRITE_H
#define BENCH_HARNESS_PROVIDE_CHANGES_WRITE_H

#include <jansson.h>

/* One line more, behind the boot that it is of; none if fd is -1. Takes json. 0 or an errno. */
int changes_write(int fd, json_t *json);

#endif
