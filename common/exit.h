/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The exit statuses of both programs. Scripts and CI systems rely on them.
 */
#ifndef COMMON_EXIT_H
#define COMMON_EXIT_H

enum exit_status {
	EXIT_OK = 0,
	EXIT_FAILED = 1,       /* a run failed or was void, or a regression was found */
	EXIT_USAGE = 2,	       /* wrong words, bad input, unusable file */
	EXIT_INCONCLUSIVE = 3, /* no regression was found, and none ruled out */
	EXIT_ELSEWHERE = 75,   /* a part of a plan that another host can carry out */
	EXIT_CANNOT_RUN = 77,  /* nothing of what was asked for can run here */
};

#endif
