/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which source the runs of some journals have, and so which sections there are and what belongs to
 * which. A run that is not ok may not say it, and belongs to its boot, which has one source; a boot
 * of which nothing is ok belongs to what its journal has first. What is counted beside others
 * (record_is_counted()) is exact, whatever came of it.
 */
#ifndef ANALYSIS_RESULTS_ORIGIN_H
#define ANALYSIS_RESULTS_ORIGIN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/record.h"

/* A set of sources. */
typedef unsigned int source_set;
#define SOURCE_SET(source) (1U << (source))
#define SOURCES_ALL	   0U

/* Of one journal. */
struct origin {
	source_set has;
	enum run_source first; /* unknown: no run says */
	json_t *boots;	       /* {kernel and boot: source} */
	bool counted, others;  /* it has runs that are counted beside others; it has others */
};

/* Of all. Zero it to start. */
struct origins {
	struct origin *of; /* by journal */
	size_t nr;
	json_t *index;	    /* of the results of all runs: {point as text: its number} */
	source_set *points; /* what the runs of a point have */
	size_t nr_points;
	bool mixed;  /* some cell has timed and emulated runs */
	bool beside; /* some journal has a plan that is counted beside another */
};

/* False without memory. */
bool origins_init(struct origins *origins, size_t nr);
void origins_free(struct origins *origins);

/* Takes note of a run of a journal, whatever came of it. */
void origins_note(struct origins *origins, size_t journal, bool counted);

/* Takes note of an ok run of a journal, and of the point of that number. */
void origins_take(struct origins *origins, size_t journal, const struct run_record *rec,
		  bool counted, size_t point);

/*
 * When all is read: a journal of which no run is ok has what the first has; if others are counted
 * beside its runs, times.
 */
void origins_settle(struct origins *origins);

/*
 * The sections that there are, at most NR_SOURCES: counts apart from times, and emulated times
 * apart from others where they would come into one mean. Returns how many.
 */
size_t origins_sections(const struct origins *origins, source_set ret[NR_SOURCES]);

/* Does a plan of a journal belong to a section? */
bool origins_has_plan(const struct origins *origins, size_t journal, source_set section,
		      bool counted);

/* Does it belong to a section: a run; what else is of a boot of a kernel (said: unknown)? */
bool origins_belongs(const struct origins *origins, size_t journal, source_set section,
		     const char *kernel, int boot, enum run_source said);

/* A point that a plan names: not, if there are runs of it, and none in the section. */
bool origins_has_point(const struct origins *origins, source_set section, const json_t *point);

#endif
