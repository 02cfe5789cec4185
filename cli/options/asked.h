/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which boots of which kernels, on which machine: the words of `run`, which others know too, and
 * what they stand for.
 */
#ifndef CLI_OPTIONS_ASKED_H
#define CLI_OPTIONS_ASKED_H

#include <stdbool.h>
#include <stdint.h>

#include "campaign/campaign.h"
#include "campaign/prepare.h"
#include "cli/options/words.h"

/* The first member of a command's struct, whose rows of options are below. Zero it to start. */
struct asked {
	const char *plan_word;	   /* a name or a path */
	struct word_list machines; /* names or paths; none: this one */
	const char *label;	   /* of this machine's kernel */
	struct measure_words words;
	struct word_list kernels; /* LABEL=SOURCE */
	int64_t jobs;		  /* 0: as the machine suggests */
	const char *cache;
	bool aa; /* one kernel as two: label L, and L' */

	/* What they stand for. */
	struct plan plan;
	struct machine machine;
	struct machine *hosts; /* of several, which are equal; `machine` is the first's own copy */
	size_t nr_hosts;
	struct campaign campaign; /* kernels, with who starts them and in which folder results are
				   */
	struct asked_kernel *chosen; /* behind them */
	char *again;		     /* with aa: L'=SOURCE, or L' alone of this machine's */
};

#define ASKED_OPERAND                                                                            \
	{                                                                                        \
		"PLAN", "plan",                                                                  \
			"what to measure (default: quick): a name of `list --plans`, a file of " \
			"yours, with a / in it or its .ini, or what a report of the kernel "     \
			"test robot ran (lkp:will-it-scale/page_fault1/thread/50%, or its "      \
			"lines, see `list --lkp`); --plan PLAN is the same",                     \
			.kind = WORD_PLAN, .optional = true                                      \
	}
#define ASKED_PLAN                                                                            \
	{                                                                                     \
		"plan", "PLAN", "the same as PLAN alone", OPTION_AT(struct asked, plan_word), \
			.kind = WORD_PLAN                                                     \
	}
#define ASKED_MACHINE                                                                         \
	{                                                                                     \
		"machine", "M",                                                               \
			"a machine of configs/machines/, by name, or a file of yours, "       \
			"likewise (default: this one); several times: hosts of one `group`, " \
			"which share the boots",                                              \
			OPTION_AT(struct asked, machines), .kind = WORD_MACHINE, .many = true \
	}
#define ASKED_KERNELS                                                                         \
	{                                                                                     \
		"kernel", "L=K",                                                              \
			"a kernel to start in it: label, and a label of `kernel list` or a "  \
			"path; several times for a comparison, the first is the base",        \
			OPTION_AT(struct asked, kernels), .kind = WORD_LABELLED, .many = true \
	}
#define ASKED_JOBS                                                                          \
	{                                                                                   \
		"jobs", "N",                                                                \
			"emulated boots at the same time (default: 1; a CPU each in exact " \
			"mode)",                                                            \
			OPTION_AT(struct asked, jobs), .take = asked_jobs                   \
	}
#define ASKED_AA                                                                       \
	{                                                                              \
		"aa", NULL,                                                            \
			"one kernel as two, L and L': what no change looks like (see " \
			"`power`)",                                                    \
			OPTION_AT(struct asked, aa)                                    \
	}

bool asked_jobs(void *at, const char *word);

/* Whether a text can be a name in the tables of whoever is given the journal; says if not. */
bool asked_is_label(const char *option, const char *label);

/*
 * Reads plan and machine; operand is the plan as one, or NULL. False with one line printed if
 * there is none or they and the words do not go together.
 */
bool asked_read(struct asked *a, const char *operand);

/* Finds the kernels, each of which has to fit the plan, and fills a->campaign. False likewise. */
bool asked_choose(struct asked *a);

/* Whether another plan fits all of the kernels on another machine. False with one line printed. */
bool asked_fit(const struct asked *a, struct plan *plan, const struct machine *machine);

/* Bytes of a page of the first kernel; 0: none was chosen, or it does not say. */
int64_t asked_page_size(const struct asked *a);

void asked_free(struct asked *a);

#endif
