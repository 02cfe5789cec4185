/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plans and machines that come with faultbench.
 */
#ifndef CLI_SHIPPED_H
#define CLI_SHIPPED_H

/*
 * The path of a file in configs/, such as "plans/quick.ini": beside the build folder, or installed.
 * malloc'ed; if it is nowhere, where it was looked for last.
 */
char *shipped_config(const char *name);

#endif
