/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What journals call the things that exact mode tells apart.
 */
#ifndef COMMON_EXACT_NAMES_H
#define COMMON_EXACT_NAMES_H

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
const char *data_kind_name(enum data_kind kind);
const char *line_number_name(enum line_number number);

#endif
