/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers as users write and read them.
 */
#ifndef COMMON_UNITS_H
#define COMMON_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNITS_TEXT 24 /* room for any text made here, terminator included */

/*
 * Reads a size in bytes: a whole number with an optional K, M, G or T (powers of 1024, "iB"
 * or "B" may follow). Returns false, leaving *ret alone, for anything else, for negative
 * numbers and for what does not fit int64_t.
 */
bool units_parse_bytes(const char *text, int64_t *ret);

/* Reads a whole decimal number in min..max. */
bool units_parse_int(const char *text, int64_t min, int64_t max, int64_t *ret);

/*
 * Reads a percentage from 0 to 100 with a '%' behind it, "2%" or "0.5%", as a fraction. Returns
 * false, leaving *ret alone, for anything else.
 */
bool units_parse_percent(const char *text, double *ret);

/*
 * Reads a length of time: a whole number above 0 with s, m or h behind it, "90s", "30m", "2h", up
 * to 1000 hours, as seconds. Returns false, leaving *ret alone, for anything else.
 */
bool units_parse_duration(const char *text, int *ret_s);

/* Writes seconds with the largest of these units that divides them: "2h", "90s". */
const char *units_duration(int seconds, char text[UNITS_TEXT]);

/* Writes bytes with the largest binary unit that divides it: "1G", "1536K", "100". */
const char *units_bytes(int64_t bytes, char text[UNITS_TEXT]);

/* Writes a time given in ns with three digits and its unit: "41.2 ns", "1.49 us", "14.3 ms". */
const char *units_ns(double ns, char text[UNITS_TEXT]);

/* Writes a time given in seconds since 1970, here: "2026-11-29 15:22:28". */
const char *units_when(double seconds, char text[UNITS_TEXT]);

/* Writes a count or rate with three digits and k, M or G: "641k", "1.25M", "12". */
const char *units_count(double count, char text[UNITS_TEXT]);

#endif
