/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sources that faultbench carries, made from the tree when it is built (embed.sh).
 */
#ifndef CLI_EMIT_EMBEDDED_H
#define CLI_EMIT_EMBEDDED_H

/* In the order in which they may stand in one file: headers before what includes them. */
extern const struct embedded {
	const char *path; /* in the tree: "bench/fork.c" */
	const char *text;
} embedded_sources[]; /* up to the first without a path */

#endif
