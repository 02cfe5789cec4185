/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pages are for that the kernel takes by the page and gives no type, or that it has taken and
 * given back within an op: told by who touched them.
 */
#ifndef RUNNERS_EXACT_HOME_TAKERS_H
#define RUNNERS_EXACT_HOME_TAKERS_H

#include <stdbool.h>

#include "common/exact/data_kind.h"

/* What kind of data a function of the kernel touches on such pages; DATA_RAW: that is not known. */
enum data_kind takers_kind(const char *function);

/* Whether it clears pages, whatever for. */
bool takers_clear(const char *function);

#endif
