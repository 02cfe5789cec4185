// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"

#define REACH (1 << 20) /* bytes; no function is that long: what is there has no symbol */

/* The symbol nearest below an address, among those that are not below the address before. */
struct nearest {
	uint64_t addr; /* 0: there is none */
	char *name;
};

/* The first address that is not below it; nr: there is none. */
static size_t first_from(const uint64_t *addr, size_t nr, uint64_t symbol)
{
	size_t low = 0, high = nr, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (addr[mid] < symbol)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Of names of one address the first in the file is taken, as exact mode does. */
static void take_symbol(struct nearest *near, uint64_t symbol, const char *name, size_t len)
{
	if (near->addr >= symbol)
		return;
	free(near->name);
	near->addr = symbol;
	near->name = strndup(name, len);
}

/*
 * Lines are "ADDRESS TYPE NAME" or, of a module, "ADDRESS TYPE NAME\t[MODULE]", in no order.
 * Returns whether any has an address.
 */
static bool read_symbols(FILE *in, const uint64_t *addr, size_t nr, struct nearest *near)
{
	char *line = NULL, *name;
	size_t room = 0, at;
	bool any = false;
	uint64_t symbol;

	while (getline(&line, &room, in) > 0) {
		symbol = strtoull(line, &name, 16);
		any |= symbol != 0;
		if (!symbol || name[0] != ' ' || !strchr("tTwW", name[1]) || name[2] != ' ')
			continue;
		name += 3;
		at = first_from(addr, nr, symbol);
		if (at < nr)
			take_symbol(&near[at], symbol, name, strcspn(name, "\t\n"));
	}
	free(line);
	return any;
}

static void say_hidden(char *why, size_t room)
{
	char *restrict_ = io_read_file("/proc/sys/kernel/kptr_restrict");

	snprintf(why, room,
		 "the kernel's functions have no addresses in /proc/kallsyms: kernel.kptr_restrict "
		 "is %s; be root, with sysctl kernel.kptr_restrict=1",
		 restrict_ ? restrict_ : "unknown");
	free(restrict_);
}

bool names_find(const char *path, const uint64_t *addr, size_t nr, char **ret, char *why,
		size_t room)
{
	struct nearest *near = calloc(nr + 1, sizeof(*near)), *best = NULL;
	FILE *in = fopen(path, "re");
	bool any = in && near && read_symbols(in, addr, nr, near);
	size_t i;

	memset(ret, 0, nr * sizeof(*ret));
	if (!in)
		snprintf(why, room, "the kernel has no /proc/kallsyms (CONFIG_KALLSYMS)");
	else if (!any)
		say_hidden(why, room);
	for (i = 0; any && i < nr; i++) {
		best = near[i].addr ? &near[i] : best;
		if (best && addr[i] - best->addr < REACH)
			ret[i] = strdup(best->name);
	}
	for (i = 0; near && i < nr; i++)
		free(near[i].name);
	free(near);
	if (in)
		fclose(in);
	return any;
}
