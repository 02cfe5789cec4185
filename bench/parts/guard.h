/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guard regions, which the C library may not know yet.
 */
#ifndef BENCH_PARTS_GUARD_H
#define BENCH_PARTS_GUARD_H

#include <sys/mman.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE  103
#endif

#endif
