/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a journal says of the command line that measured it. A journal is given to others: of paths
 * it says no more than they need.
 */
#ifndef CAMPAIGN_COMMAND_H
#define CAMPAIGN_COMMAND_H

#include <jansson.h>
#include <stdbool.h>

#include "common/journal.h"
#include "runners/machine.h"

/*
 * A text, new, in which absolute paths are short: "~/x" below the user's home, else ".../x", the
 * last component. A path begins the text or follows on one of "=,:", and ends before "," or ":".
 * Bytes that are not UTF-8 become "?". NULL without memory.
 */
char *command_shorten(const char *text);

/* The "command" record (common/record.h) of a subcommand's words, argv[0] being its name. */
json_t *command_record(int argc, char **argv);

/* The words as they are, a new array, but for those that are no UTF-8: for who gives the command
 * again. */
json_t *command_words(int argc, char **argv);

/* Into the journal, with what starts the kernels: exact counts depend on that. */
bool command_tell(const json_t *command, const struct machine *machine, struct journal *journal);

#endif
