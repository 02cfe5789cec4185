/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report of the kernel test robot says of what it ran, in any of the forms in which it is
 * found there: "will-it-scale/page_fault1/thread/50%", "test=page_fault1 nr_task=50%",
 * "nr_task: 50%", or the line of names over the line of values.
 */
#ifndef CAMPAIGN_LKP_WORDS_H
#define CAMPAIGN_LKP_WORDS_H

#include <jansson.h>
#include <stdbool.h>

#include "campaign/lkp/names.h"

#define LKP_PREFIX "lkp:"
#define LKP_MOST   8192 /* bytes of it */

struct lkp_words {
	const struct lkp_suite *suite;
	const struct lkp_name *name;
	char *mode;	/* what is said to be it, see lkp_is_mode(); NULL: not said */
	char *nr;	/* "16" or "50%", or whatever is said to be it; NULL likewise */
	char *runtime;	/* "300s"; NULL likewise */
	char *test;	/* what is said to be the test; NULL: one of the others is */
	json_t *others; /* ["key=value" or "value"]: what is of no meaning here */
};

/* Is a plan's word one of these? A file's name with its ending is none. */
bool lkp_is(const char *word);

/* "process", "thread", "both" */
bool lkp_is_mode(const char *word);

/*
 * Reads them. False with one line printed if they name no suite, or no test of it, that is known;
 * lkp_words_free() is called in any case.
 */
bool lkp_words_read(struct lkp_words *ret, const char *text);

void lkp_words_free(struct lkp_words *words);

#endif
