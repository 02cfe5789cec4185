/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a picture can show.
 */
#ifndef ANALYSIS_PLOT_KINDS_H
#define ANALYSIS_PLOT_KINDS_H

enum plot_kind {
	PLOT_THREADS,
	PLOT_ORDER,
	PLOT_RUNS,
	PLOT_LATENCY,
	PLOT_SERIES,
	PLOT_FLAME,
	NR_PLOT_KINDS
};

#define PLOT_ANY NR_PLOT_KINDS /* what suits each benchmark */

/* The kind of that name, or NR_PLOT_KINDS. */
enum plot_kind plot_kind_find(const char *name);
const char *plot_kind_name(enum plot_kind kind);

/* What it shows, in a line. */
const char *plot_kind_summary(enum plot_kind kind);

/* What the lines of a kind are, in one sentence. */
const char *plot_meaning(enum plot_kind kind);

#endif
