/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HARNESS_CALM_H
#define HARNESS_CALM_H

#include <stdbool.h>

/*
 * Before an op whose instructions are counted: lets the kernel finish what earlier ones left to it
 * and, before the first op of a run, gives it a new stock of random numbers. Takes 0.1 s.
 */
void calm_kernel(bool first);

#endif
