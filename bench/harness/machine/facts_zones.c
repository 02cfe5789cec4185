// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The page allocator's state: per-CPU lists and free blocks of each order, a fact per zone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness/machine/facts_part.h"
#include "common/io.h"

struct pcp {
	char name[64];	       /* of the fact */
	long long count;       /* pages in the lists of all CPUs */
	long long high, batch; /* of the first CPU listed */
	int cpus;
};

/* "Node 0, zone    DMA32 ..."; returns what follows the zone's name, or NULL. */
static const char *zone_name(const char *line, const char *prefix, char name[64])
{
	char zone[32];
	int node, used;

	if (sscanf(line, "Node %d, zone %31s%n", &node, zone, &used) != 2)
		return NULL;
	snprintf(name, 64, "%s.node%d.%s", prefix, node, zone);
	return line + used;
}

/* A zone without pages has no per-CPU lists. */
static void put_pcp(struct facts *f, const struct pcp *pcp)
{
	char text[96];

	if (!pcp->cpus)
		return;
	snprintf(text, sizeof(text), "count %lld high %lld batch %lld", pcp->count, pcp->high,
		 pcp->batch);
	facts_text(f, pcp->name, text);
}

/* The colons matter: a zone's watermarks are also called high, but have none. */
static void pcp_line(struct pcp *pcp, const char *line)
{
	long long value;

	if (sscanf(line, " cpu: %lld", &value) == 1)
		pcp->cpus++;
	else if (sscanf(line, " count: %lld", &value) == 1)
		pcp->count += value;
	else if (pcp->cpus == 1 && sscanf(line, " high: %lld", &value) == 1)
		pcp->high = value;
	else if (pcp->cpus == 1 && sscanf(line, " batch: %lld", &value) == 1)
		pcp->batch = value;
}

static void put_pcps(struct facts *f)
{
	char *text = io_read_file("/proc/zoneinfo"), *rest = text, *line;
	struct pcp pcp = {.cpus = 0}, next = {.cpus = 0};

	if (!text)
		facts_missed(f, "pcp", errno, false);
	while ((line = strsep(&rest, "\n"))) {
		if (zone_name(line, "pcp", next.name)) {
			put_pcp(f, &pcp);
			pcp = next;
		} else {
			pcp_line(&pcp, line);
		}
	}
	put_pcp(f, &pcp);
	free(text);
}

/* The numbers are one an order, from 0; one blank between them is enough. */
static void put_buddy(struct facts *f, const char *name, const char *numbers)
{
	char text[256] = "";
	size_t used = 0;
	long long n;
	int len;

	while (sscanf(numbers, "%lld%n", &n, &len) == 1 && used + 24 < sizeof(text)) {
		used += (size_t)sprintf(text + used, "%s%lld", used ? " " : "", n);
		numbers += len;
	}
	facts_text(f, name, text);
}

void facts_zones(struct facts *f)
{
	char *text, *rest, *line, name[64];
	const char *numbers;

	put_pcps(f);
	text = rest = io_read_file("/proc/buddyinfo");
	if (!text)
		facts_missed(f, "buddy", errno, false);
	while ((line = strsep(&rest, "\n"))) {
		numbers = zone_name(line, "buddy", name);
		if (numbers)
			put_buddy(f, name, numbers);
	}
	free(text);
}
