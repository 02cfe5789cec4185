// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/exact/names.h"

const char *insn_class_name(enum insn_class class)
{
	static const char *const names[] = {
#define X(id, name, group) [INSN_##id] = name,
		INSN_CLASSES(X)
#undef X
	};

	return names[class];
}

const char *data_kind_name(enum data_kind kind)
{
	static const char *const names[] = {
#define X(id, name) [DATA_##id] = name,
		DATA_KINDS(X)
#undef X
	};

	return names[kind];
}

const char *line_number_name(enum line_number number)
{
	static const char *const names[] = {"lines", "read", "written", "accesses"};

	return names[number];
}
