/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands before a campaign: a plan read and made ready for a machine, and its kernels.
 */
#ifndef CAMPAIGN_PREPARE_H
#define CAMPAIGN_PREPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "campaign/campaign.h"
#include "common/plan.h"
#include "kernels/kernel.h"
#include "runners/machine.h"

/* What a command line changes in a plan: --set, --boots and so on. Zero it to start. */
struct measure_words {
	char **overrides; /* as for plan_read() */
	size_t nr;
	bool boots; /* their number was given */
	int scale;  /* sizes are divided by it; 0 as 1 */
};

void measure_words_set(struct measure_words *words, const char *override);
void measure_words_boots(struct measure_words *words, const char *number);
/* A key of [plan] that has an option of its own, such as until. */
void measure_words_plan(struct measure_words *words, const char *key, const char *value);
void measure_words_free(struct measure_words *words);

/*
 * Reads the plan that a word means (shipped_find(); NULL: `quick`), or words of a robot's report
 * (lkp/lkp.h), of which is noted what differs; changed by what the command line says. Whether its
 * points can be is another question (measure_fit()). False with one line printed.
 */
bool measure_plan(struct plan *ret, const char *word, const struct measure_words *words);

/*
 * A point of words: "BENCH" or "BENCH/VARIANT", then "key=value" as in a section of a plan, whose
 * lists stand for several points; checked (measure_check()). The catalogue is the caller's. False
 * with one line printed, which begins with who.
 */
bool measure_point(struct plan *ret, const char *who, char *const *words, size_t nr,
		   const json_t *catalogue);

/* Reads the file of the machine that a word means (NULL: this one). False with one line printed. */
bool measure_machine_file(struct machine *ret, const char *word);

/* Likewise, and asks the machine for what its file does not tell. */
bool measure_machine(struct machine *ret, const char *word);

/* Whether the machine counts what --functions asks for (0: nothing). Says in one line if not. */
bool measure_functions(int64_t functions, const struct machine *machine);

/* How many boots run side by side, of `jobs` asked for (0: as the machine suggests). */
bool measure_jobs(int *ret_jobs, int64_t jobs, const struct machine *machine);

/*
 * A kernel of the cache as one of a campaign. Both label and kernel are borrowed; ret->about is
 * new.
 */
struct campaign_kernel measure_kernel(const char *label, const struct kernel *kernel);

#endif
