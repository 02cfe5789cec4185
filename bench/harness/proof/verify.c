// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/proof/verify.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "bench/harness/kernel/folios.h"
#include "bench/harness/proof/folio_kinds.h"
#include "bench/harness/provide/folio_orders.h"
#include "bench/harness/provide/point.h"
#include "bench/services/moves.h"
#include "bench/services/run.h"
#include "common/io.h"

static void count_splits(struct verdicts *v, const struct bench_run *run)
{
	v->splits[0] = thp_splits((int)point_value(run, BENCH_ORDER, 0));
	v->splits[1] = thp_splits(ORDER_PMD);
}

void verify_start(struct verdicts *v, const struct bench_run *run)
{
	*v = (struct verdicts){0};
	count_splits(v, run);
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
		verify_broken(v, "%ld page faults in %ld op%s that promise%s %ld%s", faults, ops,
			      ops == 1 ? "" : "s", ops == 1 ? "s" : "", promise->faults * ops,
			      promise->faults_slack ? " or a few more" : "");
}

void verify_vmas(struct verdicts *v, const struct bench_run *run)
{
	const struct bench_area *area;
	enum area_state state;
	char seen[PROVE_TEXT];
	unsigned int i;

	for (i = 0; i < run->nr_areas; i++) {
		area = &run->areas[i];
		state = prove_promised(run, area, false);
		if (!prove_vmas(area, state, seen))
			verify_broken(v, "an area is %s, not %s", seen,
				      state == AREA_UNMAPPED ? "unmapped"
				      : area->vmas == 1	     ? "one of its own"
							     : "those promised");
	}
}

/* That every page of a populated area is on the node asked for. */
static void check_node(struct verdicts *v, const struct bench_run *run,
		       const struct bench_area *area)
{
	long pages = (long)(area->len / bench_page_size());
	long there = folios_on_node(area->start, area->len, run->node);

	snprintf(v->node, sizeof(v->node), "%ld of %ld pages on node %d", there, pages, run->node);
	if (there != pages)
		verify_broken(v, "%s", v->node);
}

/* What is said of areas: of the last of those that share a promise, and of each that has its own.
 */
struct said {
	char alike[PROVE_TEXT], others[PROVE_TEXT];
	unsigned int nr_alike;
};

/* Adds to a text, as far as there is room. */
static void append(char text[PROVE_TEXT], const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void append(char text[PROVE_TEXT], const char *fmt, ...)
{
	size_t used = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + used, PROVE_TEXT - used, fmt, ap);
	va_end(ap);
}

static void say(struct said *s, const struct bench_area *area, bool after,
		const char text[PROVE_TEXT])
{
	if (after ? area->after : area->before) {
		append(s->others, "%s%s", s->others[0] ? "; another: " : "", text);
		return;
	}
	memcpy(s->alike, text, PROVE_TEXT);
	s->nr_alike++;
}

static void said_text(const struct said *s, char text[PROVE_TEXT])
{
	memcpy(text, s->alike, PROVE_TEXT);
	if (s->nr_alike > 1)
		append(text, ", in each of %u areas", s->nr_alike);
	append(text, "%s%s", s->nr_alike && s->others[0] ? "; another: " : "", s->others);
}

/* In the same words. */
static void name_promises(const struct bench_run *run, bool after, char wanted[PROVE_TEXT])
{
	char name[PROVE_TEXT] = "";
	struct said said = {0};
	enum area_state state;
	unsigned int i;

	for (i = 0; i < run->nr_areas; i++) {
		state = prove_promised(run, &run->areas[i], after);
		if (state == AREA_ANY)
			continue;
		prove_name(state, run->areas[i].order, run->areas[i].vmas, name);
		say(&said, &run->areas[i], after, name);
	}
	said_text(&said, wanted);
}

/* Rss counts a page in motion, which the page table does not have. */
static bool in_motion(const struct area_look *look)
{
	return look->has_census && look->smaps.rss > look->census.present * bench_page_size();
}

/*
 * Looks at an area, and again if it is not as it should be: a page that compaction moves is nowhere
 * for a moment, or for as long as we, under SCHED_FIFO, keep compaction off the CPU; the next
 * moment it is another page. As long as pages move, a second is spent on it.
 */
static bool area_is(const struct verdicts *v, const struct bench_area *area, enum area_state state,
		    struct area_look *ret_look, char seen[PROVE_TEXT])
{
	static const struct timespec moment = {0, 10000000};
	long splits = v->splits[area->order == ORDER_PMD], moved = LONG_MIN, before;
	int looks = 0;

	do {
		*ret_look = prove_look(area, state);
		if (state == AREA_ANY || prove_state(area, state, ret_look, splits, seen))
			return true;
		nanosleep(&moment, NULL);
		before = moved;
		moved = moves_now("vmstat:pgmigrate_*", 0);
	} while (++looks < 3 || (looks < 100 && (moved != before || in_motion(ret_look))));
	return false;
}

/* Replaces what is said in *ret, also where nothing is promised. */
static void check_areas(struct verdicts *v, const struct bench_run *run, bool after,
			struct areas_seen *ret)
{
	char wanted[PROVE_TEXT], now[PROVE_TEXT];
	const struct bench_area *area;
	struct said said = {0};
	enum area_state state;
	struct area_look look;
	bool as_promised;
	unsigned int i;

	json_decref(ret->state);
	ret->state = json_object();
	ret->seen[0] = '\0';
	name_promises(run, after, ret->wanted);
	for (i = 0; i < run->nr_areas; i++) {
		area = &run->areas[i];
		state = prove_promised(run, area, after);
		as_promised = area_is(v, area, state, &look, now);
		if (state != AREA_FILLING && state != AREA_LAZY_FREE && state != AREA_THERE)
			kinds_add(ret->state, area, &look);
		else if (state == AREA_THERE && after)
			kinds_add(v->given, area, &look);
		if (state == AREA_ANY)
			continue;
		if (!as_promised) {
			prove_name(state, area->order, area->vmas, wanted);
			verify_broken(v, "%s the op: promised %s; seen: %s",
				      after ? "after" : "before", wanted, now);
			return;
		}
		if (run->node >= 0 && state == AREA_POPULATED)
			check_node(v, run, area);
		say(&said, area, after, now);
	}
	said_text(&said, ret->seen);
}

void verify_before(struct verdicts *v, const struct bench_run *run)
{
	check_areas(v, run, false, &v->before);
}

void verify_after(struct verdicts *v, const struct bench_run *run)
{
	json_decref(v->given);
	v->given = json_object();
	check_areas(v, run, true, &v->after);
}

/* A child that has ended and was not reaped exists, too; one that is traced may have stopped. */
void verify_child(struct verdicts *v, const struct bench_run *run)
{
	siginfo_t ended = {0};
	bool child = waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0;

	/* Of several processes, the others are children too. */
	if (run->processes > 1)
		return;
	if (child != (run->promise.children > 0))
		verify_broken(v, "after the op: %s",
			      child ? "a child that was not promised"
				    : "the promised child does not exist");
	else if (child && ended.si_code == CLD_EXITED)
		verify_broken(v, "after the op: the promised child has ended with status %d",
			      ended.si_status);
	else if (child && (ended.si_code == CLD_KILLED || ended.si_code == CLD_DUMPED))
		verify_broken(v, "after the op: the promised child was killed by SIG%s",
			      sigabbrev_np(ended.si_status));
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

	/* An op may split what it was given; the next one is given something else. */
	if (run->promise.before != run->promise.after)
		count_splits(v, run);
	if (!v->space_pages) {
		v->space_pages = pages;
		v->fds = fds;
	}
	if (pages > v->space_pages)
		verify_broken(
			v, "leak: the address space grew by %zu KiB from one iteration to the next",
			(pages - v->space_pages) * bench_page_size() / 1024);
	if (fds > v->fds)
		verify_broken(v, "leak: %d file descriptors more than after the first iteration",
			      fds - v->fds);
	if (run->processes == 1 &&
	    waitid(P_ALL, 0, &(siginfo_t){0}, WEXITED | WNOHANG | WNOWAIT) == 0)
		verify_broken(v, "leak: a child is left after the iteration");
}

json_t *verify_state(const struct verdicts *v)
{
	json_t *given = json_object_size(v->given) ? v->given : NULL;

	return json_pack("{s:O*,s:O*,s:O*}", "before", v->before.state, "after", v->after.state,
			 "given", given);
}

static void add(json_t *json, const char *name, const char *wanted, const char *seen)
{
	json_object_set_new(json, name, json_pack("{s:s,s:s}", "wanted", wanted, "seen", seen));
}

static void add_state(json_t *json, const char *name, enum area_state state,
		      const struct areas_seen *areas, const struct bench_run *run)
{
	char wanted[PROVE_TEXT];

	if (state == AREA_ANY)
		return;
	prove_name(state, (int)point_value(run, BENCH_ORDER, 0), 1, wanted);
	add(json, name, areas->wanted[0] ? areas->wanted : wanted,
	    areas->seen[0] ? areas->seen : "not looked at");
}

json_t *verify_to_json(const struct verdicts *v, const struct bench_run *run)
{
	const struct bench_promise *promise = &run->promise;
	json_t *json = json_object();
	char wanted[64], seen[64];

	if (promise->faults_slack == LONG_MAX)
		snprintf(wanted, sizeof(wanted), "any");
	else
		verify_range(promise->faults, promise->faults + promise->faults_slack, wanted);
	verify_range(promise->faults + v->excess_min, promise->faults + v->excess_max, seen);
	add(json, "faults", wanted, v->faults_seen ? seen : "not looked at");
	add_state(json, "before", promise->before, &v->before, run);
	add_state(json, "after", promise->after, &v->after, run);
	verify_add_moves(json, v, run);
	if (run->node >= 0) {
		snprintf(wanted, sizeof(wanted), "all pages on node %d", run->node);
		add(json, "node", wanted, v->node[0] ? v->node : "not looked at");
	}
	if (run->groups)
		json_object_set_new(json, "memcg", charge_to_json(&v->charge, run));
	if (promise->children)
		add(json, "children", "1", strstr(v->why, "child") ? "other" : "1");
	add(json, "left behind", "nothing", strstr(v->why, "leak") ? v->why : "nothing");
	return json;
}
