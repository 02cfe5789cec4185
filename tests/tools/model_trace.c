// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: model-trace CACHES I1 <TRACE
 *
 * What a program misses in the model of caches, by its trace as valgrind --tool=lackey
 * --trace-mem=yes has it; CACHES and I1 are texts of common/caches/model.h, of which the second
 * has instructions in its l1d, which miss into the same last level. Prints "D refs, D1 misses, LLd
 * misses" as three numbers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runners/exact/model/hierarchy.h"

static bool make(const char *text, struct hierarchy *ret)
{
	struct cache_model model;

	return cache_model_parse(&model, text) && hierarchy_init(ret, &model);
}

/* What the first level of instructions has not, the last is asked for. */
static void fetch(struct hierarchy *code, struct hierarchy *data, unsigned long long at,
		  unsigned int size)
{
	struct misses m, none = {0};
	unsigned long long line;

	for (line = at / 64; line <= (at + size - 1) / 64; line++) {
		m = (struct misses){0};
		hierarchy_line(code, line * 64, &m);
		if (m.of[CACHE_L1D])
			hierarchy_line(
				&(struct hierarchy){.level[CACHE_LLC] = data->level[CACHE_LLC],
						    .shift[CACHE_LLC] = data->shift[CACHE_LLC]},
				line * 64, &none);
	}
}

int main(int argc, char **argv)
{
	struct hierarchy data, code;
	struct misses m = {0};
	unsigned long long at;
	unsigned int size;
	char line[256], kind;

	if (argc != 3 || !make(argv[1], &data) || !make(argv[2], &code)) {
		fprintf(stderr, "model-trace: see tests/tools/model_trace.c\n");
		return 2;
	}
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, " %c %llx,%u", &kind, &at, &size) != 3)
			continue;
		if (kind == 'I') {
			fetch(&code, &data, at, size);
		} else if (at / 64 != (at + size - 1) / 64) {
			fprintf(stderr, "model-trace: an access to two lines: %s", line);
			return 1;
		} else {
			hierarchy_line(&data, at, &m);
		}
	}
	printf("%llu %llu %llu\n", (unsigned long long)m.accesses,
	       (unsigned long long)m.of[CACHE_L1D], (unsigned long long)m.of[CACHE_LLC]);
	hierarchy_free(&data);
	hierarchy_free(&code);
	return 0;
}
