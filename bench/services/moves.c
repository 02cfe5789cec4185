// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/services/moves.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/services/userfault.h"
#include "common/io.h"

/* The sum of the lines "NAME VALUE" or "NAME: VALUE" in a file. A last * stands for any rest. */
static long sum_lines(const char *path, const char *name)
{
	char *text = io_read_file(path), *line, *rest = text;
	size_t len = strcspn(name, "*");
	long sum = LONG_MIN;

	while ((line = strsep(&rest, "\n"))) {
		if (strncmp(line, name, len) || (!name[len] && !strchr(": ", line[len])))
			continue;
		sum = sum == LONG_MIN ? 0 : sum;
		line += strcspn(line, ": ");
		sum += atol(line + strspn(line, ": \t"));
	}
	free(text);
	return sum;
}

static long thp_stat(const char *name, int order)
{
	char *text = io_read_filef("/sys/kernel/mm/transparent_hugepage/hugepages-%zukB/stats/%s",
				   bench_folio_size(order) / 1024, name);
	long value = text ? atol(text) : LONG_MIN;

	free(text);
	return value;
}

long moves_now(const char *what, int order)
{
	if (!strncmp(what, "vmstat:", 7))
		return sum_lines("/proc/vmstat", what + 7);
	if (!strncmp(what, "status:", 7))
		return sum_lines("/proc/self/status", what + 7);
	if (!strncmp(what, "thp:", 4))
		return thp_stat(what + 4, order);
	return !strcmp(what, "userfaults") ? userfault_count() : LONG_MIN;
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
