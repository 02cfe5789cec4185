/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The section [plan]: what is said of all points together. Part of plan_read().
 */
#ifndef COMMON_PLAN_HEAD_H
#define COMMON_PLAN_HEAD_H

#include <stdbool.h>

#include "common/ini_file.h"
#include "common/plan.h"

/* Whether it may hold the key. */
bool plan_head_knows(const char *key);

/* Its values, or their defaults, into the plan. False with one line printed. */
bool plan_head_read(struct plan *plan, struct ini_file *ini);

#endif
