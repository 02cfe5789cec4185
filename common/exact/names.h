/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What journals call the things that exact mode tells apart.
 */
#ifndef COMMON_EXACT_NAMES_H
#define COMMON_EXACT_NAMES_H

#include <jansson.h>
#include <stdbool.h>

#include "common/exact/data_kind.h"
#include "common/exact/insn_class.h"

/* What is said of the lines of memory of a kind. */
enum line_number {
	LINES,
	LINES_READ,
	LINES_WRITTEN,
	LINES_ACCESSES,
	NR_LINE_NUMBERS
};

const char *insn_class_name(enum insn_class class);

/* Is a class among the counts of a run (common/record.h) that only this architecture has? */
bool insn_counts_on(const json_t *counts, enum insn_arch arch);

const char *data_kind_name(enum data_kind kind);
const char *line_number_name(enum line_number number);

#endif
