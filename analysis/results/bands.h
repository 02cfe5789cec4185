/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much a point moves although nothing that concerns it was changed: builds lay code out
 * differently, releases differ in a thousand ways. What only its band excuses is within-band.
 *
 * In a journal {"type": "band", "point", "low", "high"}: changes relative to the base, fractions,
 * e.g. -0.01 and 0.03; above -1, up to BANDS_MOST. Several bands of one point are one that covers
 * them all.
 */
#ifndef ANALYSIS_RESULTS_BANDS_H
#define ANALYSIS_RESULTS_BANDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define BANDS_MOST 10 /* a point that moves by more, tenfold and one, has no use */

struct results;

struct band {
	double low, high;	  /* low <= 0 <= high */
	size_t releases, layouts; /* that it comes from; neither: a journal has it */
};

/* Adds a record to bands, {canonical text of a point: [low, high, releases]}. False if it is none.
 */
bool bands_take(json_t *bands, const json_t *record);

/* Widens the band of a point so that it covers that one. */
void bands_widen(json_t *bands, const json_t *point, const struct band *by);

/* The band of a point, zeroed if none is known. Returns whether one is. */
bool bands_of(const struct results *results, size_t point, struct band *ret);

/* A kernel that is the base of a series built once more, with another layout of its code. */
bool bands_is_layout(const struct results *results, size_t kernel);

#endif
