// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How each state is proved:
 *
 *   one VMA      /proc/self/maps
 *   empty        no page in smaps' Rss
 *   zero page    every page present in pagemap, none in Rss; root: kpageflags says zero page
 *   populated    all of it in Rss; AnonHugePages is all of it for order pmd and nothing else; and
 *                root: each page's folio has the order, is whole, and is mapped in order (pagemap
 *                and kpageflags); not root: populating it took one fault a folio, and the kernel
 *                has counted no split of such a folio since
 */
#include "bench/harness/verify.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "bench/harness/folios.h"
#include "bench/harness/point.h"
#include "bench/harness/state.h"
#include "bench/harness/thp.h"
#include "common/io.h"

/* Keeps the first reason. */
static void broken(struct verdicts *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void broken(struct verdicts *v, const char *fmt, ...)
{
	va_list ap;

	if (v->why[0])
		return;
	va_start(ap, fmt);
	vsnprintf(v->why, sizeof(v->why), fmt, ap);
	va_end(ap);
}

void verify_start(struct verdicts *v, const struct bench_run *run)
{
	*v = (struct verdicts){.splits = thp_splits((int)point_value(run, BENCH_ORDER, 0))};
}

void verify_faults(struct verdicts *v, const struct bench_run *run, long faults, long ops)
{
	const struct bench_promise *promise = &run->promise;
	long excess = faults - promise->faults * ops;

	if (!v->faults_seen || excess < v->excess_min)
		v->excess_min = excess;
	if (!v->faults_seen || excess > v->excess_max)
		v->excess_max = excess;
	v->faults_seen = true;
	if (excess < 0 || excess > promise->faults_slack)
		broken(v, "%ld page faults in %ld op%s that promise%s %ld%s", faults, ops,
		       ops == 1 ? "" : "s", ops == 1 ? "s" : "", promise->faults * ops,
		       promise->faults_slack ? " or a few more" : "");
}

void verify_vmas(struct verdicts *v, const struct bench_run *run)
{
	struct vma_count vmas;
	unsigned int i;

	for (i = 0; i < run->nr_areas; i++) {
		if (!folios_vmas(run->areas[i].start, run->areas[i].len, &vmas))
			broken(v, "/proc/self/maps: %s", strerror(errno));
		else if (vmas.overlapping != 1 || !vmas.exact)
			broken(v, "an area is %u VMAs%s, not one of its own", vmas.overlapping,
			       vmas.overlapping == 1 ? " of another size" : "");
	}
}

static void state_name(enum area_state state, int order, char text[64])
{
	switch (state) {
	case AREA_ANY:
		snprintf(text, 64, "anything");
		break;
	case AREA_EMPTY:
		snprintf(text, 64, "1 VMA, no pages");
		break;
	case AREA_ZERO_PAGE:
		snprintf(text, 64, "1 VMA, the zero page everywhere");
		break;
	case AREA_POPULATED:
		if (order == ORDER_PMD)
			snprintf(text, 64, "1 VMA, order-%d PMD-mapped", thp_pmd_order());
		else
			snprintf(text, 64, "1 VMA, order-%d PTE-mapped", order);
		break;
	case AREA_UNMAPPED:
		snprintf(text, 64, "no VMA");
		break;
	}
}

/* What an area is, as far as it could be read. */
struct look {
	struct smaps smaps;
	struct folio_census census;
	bool has_smaps, has_census;
};

/* Says which orders a census found, in seen. True if every page is in a whole folio of order. */
static bool census_agrees(const struct folio_census *census, int order, bool pmd_mapped,
			  char seen[160])
{
	int used = 0, k;

	seen[0] = '\0';
	for (k = 0; k < MAX_ORDERS; k++)
		if (census->of_order[k] && used < 140)
			used += snprintf(seen + used, 160 - (size_t)used,
					 "%s%zu pages in order-%d %s-mapped", used ? ", " : "",
					 census->of_order[k], k, pmd_mapped ? "PMD" : "PTE");
	if (census->torn && used < 140)
		used += snprintf(seen + used, 160 - (size_t)used, "%s%zu in torn folios",
				 used ? ", " : "", census->torn);
	if (census->present < census->pages && used < 140)
		snprintf(seen + used, 160 - (size_t)used, "%s%zu not there", used ? ", " : "",
			 census->pages - census->present);
	return census->of_order[order] == census->pages;
}

static bool populated(struct verdicts *v, const struct bench_area *area, const struct look *look,
		      char seen[160])
{
	const struct smaps *smaps = &look->smaps;
	size_t pmd_mapped = area->order == ORDER_PMD ? area->len : 0;
	int order = area->order == ORDER_PMD ? thp_pmd_order() : area->order;
	long splits;

	if (smaps->rss != area->len || smaps->pmd_mapped != pmd_mapped) {
		snprintf(seen, 160, "%zu of %zu KiB there, %zu of them PMD-mapped",
			 smaps->rss / 1024, area->len / 1024, smaps->pmd_mapped / 1024);
		return false;
	}
	if (look->has_census && look->census.by_flags)
		return census_agrees(&look->census, order, pmd_mapped, seen);
	splits = thp_splits(area->order);
	snprintf(seen, 160,
		 "as promised by faults and smaps, %ld folios split since (no kpageflags)",
		 area->order ? splits - v->splits : 0);
	return !area->order || splits == v->splits;
}

static bool all_zero_pages(const struct look *look, char seen[160])
{
	const struct folio_census *census = &look->census;

	if (!look->has_census) {
		snprintf(seen, 160, "/proc/self/pagemap cannot be read");
		return false;
	}
	snprintf(seen, 160, "%zu of %zu pages there, %zu KiB of them counted in Rss",
		 census->present, census->pages, look->smaps.rss / 1024);
	return census->present == census->pages && !look->smaps.rss &&
	       (!census->by_flags || census->zero == census->pages);
}

static bool area_is(struct verdicts *v, const struct bench_area *area, const struct look *look,
		    enum area_state state, char seen[160])
{
	struct vma_count vmas;
	bool ok = true;

	state_name(state, area->order, seen);
	if (state == AREA_ANY)
		return true;
	if (!folios_vmas(area->start, area->len, &vmas) || !look->has_smaps) {
		snprintf(seen, 160, "/proc/self/smaps cannot be read");
		return false;
	}
	if (state == AREA_UNMAPPED ? vmas.overlapping : vmas.overlapping != 1 || !vmas.exact) {
		snprintf(seen, 160, "%u VMAs", vmas.overlapping);
		return false;
	}
	if (state == AREA_EMPTY && look->smaps.rss) {
		snprintf(seen, 160, "%zu KiB there", look->smaps.rss / 1024);
		ok = false;
	} else if (state == AREA_ZERO_PAGE) {
		ok = all_zero_pages(look, seen);
	} else if (state == AREA_POPULATED) {
		ok = populated(v, area, look, seen);
	}
	return ok;
}

/* That every page of a populated area is on the node asked for. */
static void check_node(struct verdicts *v, const struct bench_run *run,
		       const struct bench_area *area)
{
	long pages = (long)(area->len / bench_page_size());
	long there = folios_on_node(area->start, area->len, run->node);

	snprintf(v->node, sizeof(v->node), "%ld of %ld pages on node %d", there, pages, run->node);
	if (there != pages)
		broken(v, "%s", v->node);
}

/* Looks at an area and adds it to found; also where nothing is promised of it. */
static struct look look_at(const struct bench_area *area, enum area_state state, json_t *found)
{
	bool bare = state == AREA_EMPTY || state == AREA_UNMAPPED;
	struct look look = {.has_smaps = folios_smaps(area->start, area->len, &look.smaps)};

	/* Needs memory, which the next op is not to find in another state for nothing. */
	if (!bare)
		look.has_census = folios_census(area->start, area->len, &look.census);
	if (look.has_smaps)
		state_add(found, &look.smaps, look.has_census ? &look.census : NULL);
	return look;
}

/* Replaces *ret_state. */
static void check_areas(struct verdicts *v, const struct bench_run *run, enum area_state state,
			const char *when, char seen[160], json_t **ret_state)
{
	struct look look;
	char wanted[64];
	unsigned int i;

	json_decref(*ret_state);
	*ret_state = json_object();
	for (i = 0; i < run->nr_areas; i++) {
		look = look_at(&run->areas[i], state, *ret_state);
		if (area_is(v, &run->areas[i], &look, state, seen)) {
			if (run->node >= 0 && state == AREA_POPULATED)
				check_node(v, run, &run->areas[i]);
			continue;
		}
		state_name(state, run->areas[i].order, wanted);
		broken(v, "%s: promised %s; seen: %s", when, wanted, seen);
		return;
	}
	if (run->nr_areas > 1 && state != AREA_ANY)
		snprintf(seen + strlen(seen), 160 - strlen(seen), ", in each of %u areas",
			 run->nr_areas);
}

void verify_before(struct verdicts *v, const struct bench_run *run)
{
	check_areas(v, run, run->promise.before, "before the op", v->before, &v->state_before);
}

void verify_after(struct verdicts *v, const struct bench_run *run)
{
	siginfo_t info;
	bool child;

	check_areas(v, run, run->promise.after, "after the op", v->after, &v->state_after);
	if (run->processes > 1)
		return; /* the other processes are children too */
	child = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
	if (child != (run->promise.children > 0))
		broken(v, "after the op: %s",
		       child ? "a child that was not promised"
			     : "the promised child does not exist");
}

static int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

static size_t space_pages(void)
{
	char *text = io_read_file("/proc/self/statm");
	size_t pages = text ? strtoul(text, NULL, 10) : 0;

	free(text);
	return pages;
}

void verify_nothing_left(struct verdicts *v, const struct bench_run *run)
{
	int fds = count_fds();
	size_t pages = space_pages();

	if (!v->space_pages) {
		v->space_pages = pages;
		v->fds = fds;
	}
	if (pages > v->space_pages)
		broken(v, "leak: the address space grew by %zu KiB from one iteration to the next",
		       (pages - v->space_pages) * bench_page_size() / 1024);
	if (fds > v->fds)
		broken(v, "leak: %d file descriptors more than after the first iteration",
		       fds - v->fds);
	if (run->processes == 1 &&
	    waitid(P_ALL, 0, &(siginfo_t){0}, WEXITED | WNOHANG | WNOWAIT) == 0)
		broken(v, "leak: a child is left after the iteration");
}

static void add(json_t *json, const char *name, const char *wanted, const char *seen)
{
	json_object_set_new(json, name, json_pack("{s:s,s:s}", "wanted", wanted, "seen", seen));
}

json_t *verify_state(const struct verdicts *v)
{
	return json_pack("{s:O*,s:O*}", "before", v->state_before, "after", v->state_after);
}

json_t *verify_to_json(const struct verdicts *v, const struct bench_run *run)
{
	const struct bench_promise *promise = &run->promise;
	char wanted[64], seen[64];
	json_t *json = json_object();
	int order = (int)point_value(run, BENCH_ORDER, 0);

	snprintf(wanted, sizeof(wanted), "%ld", promise->faults);
	if (promise->faults_slack)
		snprintf(wanted, sizeof(wanted), "%ld to %ld", promise->faults,
			 promise->faults + promise->faults_slack);
	snprintf(seen, sizeof(seen), "%ld", promise->faults + v->excess_min);
	if (v->excess_max != v->excess_min)
		snprintf(seen, sizeof(seen), "%ld to %ld", promise->faults + v->excess_min,
			 promise->faults + v->excess_max);
	add(json, "faults", wanted, v->faults_seen ? seen : "not looked at");
	if (promise->before != AREA_ANY) {
		state_name(promise->before, order, wanted);
		add(json, "before", wanted, v->before[0] ? v->before : "not looked at");
	}
	if (promise->after != AREA_ANY) {
		state_name(promise->after, order, wanted);
		add(json, "after", wanted, v->after[0] ? v->after : "not looked at");
	}
	if (run->node >= 0) {
		snprintf(wanted, sizeof(wanted), "all pages on node %d", run->node);
		add(json, "node", wanted, v->node[0] ? v->node : "not looked at");
	}
	if (promise->children)
		add(json, "children", "1", strstr(v->why, "child") ? "other" : "1");
	add(json, "left behind", "nothing", strstr(v->why, "leak") ? v->why : "nothing");
	return json;
}
