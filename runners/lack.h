/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a machine lacks, for who asks before an evening is spent on it.
 */
#ifndef RUNNERS_LACK_H
#define RUNNERS_LACK_H

#include <stdbool.h>
#include <stddef.h>

#define LACKS_MOST 8 /* of a machine: room for all */

struct lack {
	bool stops;	   /* nothing can be measured until it is mended */
	const char *title; /* static */
	char *what;	   /* malloc'ed, as is */
	char *mend;	   /* a command for a shell here, or what to do; NULL if nothing helps */
};

#endif
