/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Marks beside the units of a cache (unit.h): KEY.running, while somebody is at it, and KEY.failed,
 * how the last try ended. They are for people: nothing waits for them, and what cannot be written
 * is not there.
 */
#ifndef CAMPAIGN_UNITS_MARK_H
#define CAMPAIGN_UNITS_MARK_H

#include <sys/types.h>

#include "campaign/units/unit.h"

enum mark_kind {
	MARK_NONE,
	MARK_RUNNING,
	MARK_FAILED
};

struct mark {
	enum mark_kind kind;
	char host[UNIT_HOST];
	pid_t pid;	  /* running */
	double when;	  /* since when, or when it failed; seconds since 1970 */
	char reason[512]; /* failed */
};

/* This process is at it. */
void mark_begin(const char *cache, const char *key);

/* It is not any more; reason: how that failed, NULL: it did not. */
void mark_end(const char *cache, const char *key, const char *reason);

/*
 * What is known of a unit that is not there. Whoever was at it on this host and is gone counts for
 * nothing; of another host's nobody here can tell.
 */
void mark_read(const char *cache, const char *key, struct mark *ret);

#endif
