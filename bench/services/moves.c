// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/services/moves.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/services/pages.h"

atomic_long moves_userfaults;

long moves_in_file(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	size_t len = strcspn(name, "*");
	long sum = LONG_MIN;
	char line[4096];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, len) && (name[len] || strchr(": ", line[len])))
			sum = (sum == LONG_MIN ? 0 : sum) + atol(line + strcspn(line, ": ") + 1);
	if (file)
		fclose(file);
	return sum;
}

static long thp_stat(const char *name, int order)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/mm/transparent_hugepage/hugepages-%zukB/stats/%s",
		 bench_folio_size(order) / 1024, name);
	return pages_number_in(path, LONG_MIN);
}

long moves_now(const char *what, int order)
{
	if (!strncmp(what, "vmstat:", 7))
		return moves_in_file("/proc/vmstat", what + 7);
	if (!strncmp(what, "status:", 7))
		return moves_in_file("/proc/self/status", what + 7);
	if (!strncmp(what, "thp:", 4))
		return thp_stat(what + 4, order);
	return !strcmp(what, "userfaults") ? atomic_load(&moves_userfaults) : LONG_MIN;
}

void moves_wanted(const struct bench_move *move, char text[64])
{
	if (move->min == LONG_MIN && move->max == LONG_MAX)
		snprintf(text, 64, "recorded");
	else if (move->min == LONG_MIN)
		snprintf(text, 64, "at most %ld", move->max);
	else if (move->max == LONG_MAX)
		snprintf(text, 64, "at least %ld", move->min);
	else if (move->max == move->min)
		snprintf(text, 64, "%ld", move->min);
	else
		snprintf(text, 64, "%ld to %ld", move->min, move->max);
}
