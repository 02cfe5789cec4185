/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels and points whose calls were followed, or that were sampled, each with a tree of all its
 * ops.
 */
#ifndef ANALYSIS_EXPORT_CALLS_H
#define ANALYSIS_EXPORT_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/calls/cell.h"
#include "analysis/results/sections.h"

struct called {
	const struct results *results;
	size_t kernel, point;
	const struct result_cell *cell;
	char *title; /* "v6.1: fork order-0 (pte-map)", "..., sampled by cycles" */
};

/* Those of all sections that have such a tree (analysis/calls/cell.h); *ret_nr may be 0. NULL
 * without memory. */
struct called *called_in(const struct sections *sections, size_t *ret_nr);

/* Why nothing was sampled, where that was asked for first; else NULL. */
const char *called_why_not(const struct sections *sections);

/* "v6.1-fork-order-0", of letters that a file's name can have; malloc'ed. */
char *called_name(const struct called *called);

/* Names of points and of functions in a text of lines: what ends a name there becomes '_'. */
void called_put(FILE *out, const char *name, const char *ends);

void called_free(struct called *called, size_t nr);

/* One as Callgrind's profile (valgrind's manual, "Callgrind Format Specification"). */
void called_callgrind(FILE *out, const struct called *called);

#endif
