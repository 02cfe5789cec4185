/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of a journal in full, as `faultbench show` prints them.
 */
#ifndef CLI_SHOW_SHOW_RUN_H
#define CLI_SHOW_SHOW_RUN_H

#include <jansson.h>

#include "common/record.h"

void show_machine(const json_t *machine);
void show_run(const struct run_record *rec);

#endif
