/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words that several commands know, each with one meaning everywhere.
 */
#ifndef CLI_OPTIONS_WORDS_H
#define CLI_OPTIONS_WORDS_H

#include <stdint.h>

#include "analysis/results/sections.h"
#include "cli/options/options.h"

struct format;

/* Journals as operands. */
extern const struct cli_operand words_journals[];

/* Published formats of tables. */
choice_fn words_formats;

/* A number of functions as int64_t, what is usual if none is named. */
bool words_functions(void *at, const char *word);

/* A change that is none to report, as a fraction (double). */
bool words_threshold(void *at, const char *word);

/* A name of a format, as const struct format *. */
bool words_format(void *at, const char *word);

/* What a plan's keys are set to, and the number of boots: a struct measure_words. */
bool words_set(void *at, const char *word);
bool words_boots(void *at, const char *word);
bool words_lines(void *at, const char *word);
bool words_cache_model(void *at, const char *word);
bool words_calls(void *at, const char *word);
bool words_profile(void *at, const char *word);
bool words_scale(void *at, const char *word);

/* The metrics that --metric and --metrics name; zero it to start. */
struct words_metrics {
	struct word_list names;
	bool all, modelled;		      /* the sets */
	const struct metric **of[NR_SOURCES]; /* those of each section, once they were found */
	size_t nr[NR_SOURCES];
};

/*
 * Finds those named in each section, each once; a section that has none of them is dropped. Prints
 * which is in none.
 */
bool words_metrics_find(struct words_metrics *metrics, struct sections *sections);

void words_metrics_free(struct words_metrics *metrics);

/* Rows of these; the member of the command's struct is called as the option. */
#define WORDS_BASE(type)                                                                         \
	{                                                                                        \
		"base", "LABEL", "the kernel the others are compared with (default: the first)", \
			OPTION_AT(type, base)                                                    \
	}
#define WORDS_BOOTS(type)                                                          \
	{                                                                          \
		"boots", "N",                                                      \
			"starts of each kernel, in turn (default: the plan's key " \
			"boots; 4 where kernels are booted to be timed)",          \
			OPTION_AT(type, words), .take = words_boots                \
	}
#define WORDS_CACHE(type)                                                                          \
	{                                                                                          \
		"cache", "DIR",                                                                    \
			"results that are in this folder already are taken from there, and what "  \
			"is measured is put there: by boots, under the checksum of all that they " \
			"follow from",                                                             \
			OPTION_AT(type, cache), .kind = WORD_FOLDER                                \
	}
#define WORDS_CACHE_MODEL(type)                                                                  \
	{                                                                                        \
		"cache-model", "M",                                                              \
			"exact: also what each op misses in a model of caches and TLBs, a file " \
			"of configs/caches; the plan's key cache-model",                         \
			OPTION_AT(type, words), .take = words_cache_model                        \
	}
#define WORDS_FUNCTIONS(type)                                                                 \
	{                                                                                     \
		"functions", "N", "exact runs: the N kernel functions (15) that differ most", \
			OPTION_AT(type, functions), .optional = true, .take = words_functions \
	}
#define WORDS_LINES(type)                                                                        \
	{                                                                                        \
		"lines", NULL,                                                                   \
			"exact: also which lines of memory (64 bytes) each op touches, by kind " \
			"of data; the plan's key lines",                                         \
			OPTION_AT(type, words), .take = words_lines                              \
	}
#define WORDS_CALLS(type)                                                               \
	{                                                                               \
		"calls", NULL,                                                          \
			"exact: also who called whom in each op, for `export --format " \
			"callgrind` and `plot --kind flame`; the plan's key calls",     \
			OPTION_AT(type, words), .take = words_calls                     \
	}
#define WORDS_PROFILE(type)                                                                        \
	{                                                                                          \
		"profile", NULL,                                                                   \
			"timed: also where in the kernel each op is, sampled after it was timed, " \
			"for `compare --format lkp`, `export --format folded` and `plot --kind "   \
			"flame`; the plan's key profile",                                          \
			OPTION_AT(type, words), .take = words_profile                              \
	}
#define WORDS_JSON(type)                                                                \
	{                                                                               \
		"json", NULL, "the same, to be read by programs", OPTION_AT(type, json) \
	}
#define WORDS_METRIC(type, help)                                                          \
	{                                                                                 \
		"metric", "M", help, OPTION_AT(type, metrics.names), .kind = WORD_METRIC, \
								     .many = true         \
	}
#define WORDS_SCALE(type)                                                                   \
	{                                                                                   \
		"scale", "1/N",                                                             \
			"divide every size of the plan by N, up to the next that is whole " \
			"folios: a published plan on a small machine",                      \
			OPTION_AT(type, words), .take = words_scale                         \
	}
#define WORDS_SET(type)                                                                        \
	{                                                                                      \
		"set", "k=v",                                                                  \
			"override a key of the plan, everywhere it fits; s.k=v: in section s " \
			"only",                                                                \
			OPTION_AT(type, words), .many = true, .take = words_set                \
	}

/* Whether --format and --functions go together. Prints what is wrong. */
bool words_fit(const struct format *format, int64_t functions);

/*
 * Sets the kernel that others are compared with in each section: of that label, or the first. A
 * section that has no such kernel is dropped, which is said. Prints what is wrong if all would be.
 */
bool words_base(struct sections *sections, const char *label);

#endif
