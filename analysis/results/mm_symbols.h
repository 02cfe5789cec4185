/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which symbols of a kernel's configuration decide what a fault, a fork or a zap does.
 */
#ifndef ANALYSIS_RESULTS_MM_SYMBOLS_H
#define ANALYSIS_RESULTS_MM_SYMBOLS_H

#include <stdbool.h>

/* name: with "CONFIG_" in front, as records have it. */
bool mm_symbol(const char *name);

#endif
