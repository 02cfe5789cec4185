/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a user sees while runs are made: one line that is rewritten on a terminal, a line a run
 * elsewhere. Goes to stderr; stdout is for results.
 */
#ifndef CAMPAIGN_PROGRESS_H
#define CAMPAIGN_PROGRESS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/plan.h"
#include "common/record.h"

struct progress {
	const struct plan *plan;
	const char *kernel; /* label, or NULL where there is only one */
	int boot;
	bool counted;	    /* beside what is timed */
	const json_t *todo; /* steps, as resume_missing() gives them */
	size_t total;	    /* runs of this boot, those that were there before included */
	size_t done;	    /* runs that are in the journal */
	size_t next;	    /* index in todo */
	double *wall_s;	    /* what a run of each point took, 0 if not known */
	bool terminal;
};

/* total as in the struct. */
void progress_init(struct progress *p, const struct plan *plan, const char *kernel, int boot,
		   const json_t *todo, size_t total);

/* A run of a point starts. */
void progress_start(struct progress *p, size_t point, int run);

/* A run has ended. */
void progress_end(struct progress *p, const struct run_record *rec);

/* "  3:07 left", of that many seconds; nothing where they are not known (below 0). */
void progress_put_left(double left_s);

/* "run 2 of fault/write order=0: 41.2 ns": how a run of the plan went, a line. */
void progress_put_run(const struct plan *plan, const struct run_record *rec);

/* The boot's results were there: since when, in seconds since 1970, and from where. */
void progress_known(const struct progress *p, double measured, const char *host);

/* Leaves the terminal's line empty. */
void progress_clear(const struct progress *p);

void progress_free(struct progress *p);

/* "fault/write order=0 threads=2": the parameters that tell the plan's points apart. malloc'ed. */
char *progress_point_name(const struct plan *plan, const json_t *point);

#endif
