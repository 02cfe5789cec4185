/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loops that touch memory. They are what is timed around a fault, so each has at most 5
 * instructions an access (tests/run-tests.sh disassembly counts them) and never a call.
 */
#ifndef BENCH_PARTS_TOUCH_H
#define BENCH_PARTS_TOUCH_H

#include <stddef.h>

/* The pages of one worker: from first, stride bytes apart, up to but not including end. */
struct touch_span {
	char *first;
	char *end;
	size_t stride;
};

/* Sanitizers must not add accesses of their own: each page is to fault when we touch it, once. */
#define TOUCH_PLAIN __attribute__((no_sanitize("address"), no_sanitize("undefined")))
#define TOUCH_LOOP  static __attribute__((noinline, unused)) TOUCH_PLAIN

TOUCH_LOOP void touch_write(struct touch_span span)
{
	volatile char *p;

	for (p = span.first; p < span.end; p += span.stride)
		*p = 1;
}

/* From the last page to the first. */
TOUCH_LOOP void touch_write_down(struct touch_span span)
{
	volatile char *p;

	for (p = span.end - span.stride; p >= span.first; p -= span.stride)
		*p = 1;
}

TOUCH_LOOP void touch_read(struct touch_span span)
{
	volatile char *p;

	for (p = span.first; p < span.end; p += span.stride)
		(void)*p;
}

TOUCH_LOOP void touch_read_write(struct touch_span span)
{
	volatile char *p;

	for (p = span.first; p < span.end; p += span.stride) {
		(void)*p;
		*p = 1;
	}
}

#endif
