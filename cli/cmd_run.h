/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `run` is asked for, for who has others carry it out.
 */
#ifndef CLI_CMD_RUN_H
#define CLI_CMD_RUN_H

#include "cli/options/asked.h"

/*
 * Reads words of run, argv[0] being its name and NULL their end, and whether they go together; the
 * kernels are not looked for (asked_choose()). False, with one line printed, and *ret_status.
 * Either way asked_free() frees what *ret holds; the words outlive it.
 */
bool run_read(int argc, char **argv, struct asked *ret, int *ret_status);

#endif
