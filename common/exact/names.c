// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/exact/names.h"

const char *insn_class_name(enum insn_class class)
{
	static const char *const names[] = {
#define X(id, name, group, arch) [INSN_##id] = name,
		INSN_CLASSES(X)
#undef X
	};

	return names[class];
}

bool insn_counts_on(const json_t *counts, enum insn_arch arch)
{
	static const enum insn_arch on[] = {
#define X(id, name, group, arch) [INSN_##id] = arch,
		INSN_CLASSES(X)
#undef X
	};
	size_t i;

	for (i = 0; i < NR_INSN_CLASSES; i++)
		if (on[i] == arch && json_object_get(counts, insn_class_name((enum insn_class)i)))
			return true;
	return false;
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
