/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a plan is, as told by a cache of results alone, whoever carries it out where.
 */
#ifndef CAMPAIGN_SURVEY_H
#define CAMPAIGN_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "campaign/asked.h"
#include "campaign/units/mark.h"
#include "campaign/units/unit.h"

enum unit_state {
	UNIT_DONE,
	UNIT_RUNNING,
	UNIT_FAILED,
	UNIT_MISSING
};
#define NR_UNIT_STATES (UNIT_MISSING + 1)

struct surveyed {
	size_t kernel; /* its index in the campaign */
	int boot;
	char *key;
	enum unit_state state;
	struct unit_origin origin; /* done */
	struct mark mark;	   /* running or failed */
};

struct survey {
	struct surveyed *of; /* in the planned order */
	size_t nr;
	size_t in[NR_UNIT_STATES];
};

/* "done", "running", "failed", "missing". */
const char *unit_state_name(enum unit_state state);

/*
 * Looks at every boot of the campaign's plan; nothing is started. False with one line printed if
 * the number of boots is not known before (until), or units cannot be told.
 */
bool survey_take(const struct campaign *c, struct survey *ret);

/*
 * Seconds that the rest of it takes, if boots that are not done take as long as the mean of those
 * that are, and as many are at a time as are now, at least one. NAN: none is done yet.
 */
double survey_rest(const struct survey *s);

void survey_free(struct survey *s);

#endif
