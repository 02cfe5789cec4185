/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan that says until when: after each part of it, whether more is to be measured, by the rule
 * of analysis/compare/stopping.h. Each look is a record of the journal, so that a session that is
 * killed goes on where it was.
 */
#ifndef CAMPAIGN_UNTIL_H
#define CAMPAIGN_UNTIL_H

#include <stdbool.h>
#include <stddef.h>

#include "campaign/resume.h"
#include "common/journal.h"
#include "common/plan.h"

struct until {
	const struct plan *plan;
	const char *path; /* of the journal */
	struct resume *resume;
	const char *kernel; /* the only one; NULL: several, which are compared */
	bool by_boot;	    /* units are boots, else runs */
	bool together;	    /* points that are narrow enough go on with the others */
	int least, most;    /* units */
	int units;	    /* that are to be there, this part included */
	int before;	    /* that were there before this part */
	const json_t *last; /* look, or NULL; borrowed from resume */
	size_t taken;	    /* runs in this session before this part */
	double earlier_s;   /* of the budget, spent by earlier sessions */
	double began_s;	    /* this session, on the monotonic clock */
	double part_s;	    /* when this part began, likewise */
	double unit_s;	    /* what the last unit took; 0: not known */
};

/*
 * How far the journal has got; what it no longer owes is noted in resume, which must outlive it.
 * kernel: the label of the only one, or NULL. by_boot: units are boots, else runs. exact: of an
 * exact machine. Prints one line and returns false if it went by another rule.
 */
bool until_begin(struct until *u, const struct plan *plan, const char *path, const char *kernel,
		 bool by_boot, bool exact, struct resume *resume);

/*
 * Looks at what is there after a part was carried out, records and says how it stands. taken: runs
 * of this session so far. True: u->units are wanted now. False: it has ended, with *ret_status.
 */
bool until_goes_on(struct until *u, struct journal *journal, size_t taken, int *ret_status);

#endif
