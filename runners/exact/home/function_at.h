/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the plugin is told of a kernel's functions: a file of these, in order.
 */
#ifndef RUNNERS_EXACT_HOME_FUNCTION_AT_H
#define RUNNERS_EXACT_HOME_FUNCTION_AT_H

#include <stdint.h>

/* Where one begins, and which it is a part of: another, by its address, or itself. */
struct function_at {
	uint64_t addr, of;
};

#endif
