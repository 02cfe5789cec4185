/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines of faultbench, to be pasted.
 */
#ifndef ANALYSIS_TEXT_COMMAND_H
#define ANALYSIS_TEXT_COMMAND_H

#include <jansson.h>
#include <stdio.h>

/*
 * "faultbench" and an array of words, as a shell reads them, in lines of a mail; last, which may be
 * NULL, is put as it is.
 */
void text_command(FILE *out, const json_t *words, const char *last);

#endif
