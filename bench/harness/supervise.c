// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/supervise.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/harness/child.h"
#include "bench/harness/kernel/damon.h"
#include "bench/harness/machine/guest.h"
#include "bench/harness/profiled.h"
#include "bench/harness/provide/fair_server.h"
#include "bench/harness/provide/knobs.h"
#include "bench/harness/provide/memcg.h"
#include "bench/harness/provide/place.h"
#include "bench/harness/provide/point.h"
#include "bench/harness/provide/provide.h"
#include "bench/harness/timing/combine.h"
#include "bench/harness/timing/overlap.h"
#include "bench/services/run.h"
#include "common/calls/profile.h"
#include "common/io.h"

#define RT_RUNTIME "/proc/sys/kernel/sched_rt_runtime_us"

static long steal_ms(void)
{
	char *text = io_read_file("/proc/stat");
	long ticks = 0;

	if (text)
		sscanf(text, "cpu %*d %*d %*d %*d %*d %*d %*d %ld", &ticks);
	free(text);
	return ticks * 1000 / sysconf(_SC_CLK_TCK);
}

/* Where it cannot be done, a run shows how often it was switched out. */
static void stop_fair_server(const char *path)
{
	char why[160];

	knobs_set(path, "0", why, sizeof(why));
}

/*
 * One worker that runs as long as it likes under SCHED_FIFO needs the throttling of real-time tasks
 * off, and us above it, to end it if it hangs. Several workers wait for locks whose holders the
 * kernel must be free to schedule, so they stay ordinary tasks.
 */
static const char *choose_scheduler(unsigned int workers)
{
	struct sched_param above = {.sched_priority = 2};
	char *runtime, why[160];
	bool unlimited;

	if (workers > 1)
		return "other";
	runtime = io_read_file(RT_RUNTIME);
	unlimited = runtime && !strcmp(runtime, "-1");
	free(runtime);
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &above))
		return "batch";
	if (!unlimited && !knobs_set(RT_RUNTIME, "-1", why, sizeof(why)))
		return "batch";
	fair_servers(stop_fair_server);
	return "fifo";
}

static void back_to_ordinary(void)
{
	struct sched_param none = {0};

	sched_setscheduler(0, SCHED_OTHER, &none);
}

static json_t *clock_to_json(const struct bench_clock *clock)
{
	return json_pack("{s:I,s:I,s:f}", "id", (json_int_t)clock->id, "resolution_ns",
			 (json_int_t)clock->resolution_ns, "cost_ns", clock->cost_ns);
}

static bool executes(const struct bench_run *point)
{
	return point_needs(point) & NEED_EXEC;
}

static json_t *make_request(const struct supervisor *s, const struct plan_point *p,
			    const struct bench_run *point, const int *cpus, const char *scheduler)
{
	unsigned int workers = point->threads * point->processes;
	bool once = executes(point);
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < workers; i++)
		json_array_append_new(list, json_integer(cpus[i]));
	return json_pack("{s:O,s:i,s:i,s:O,s:o,s:o,s:s,s:b,s:b,s:b,s:i}", "point", p->point,
			 "iterations", once ? 1 : p->iterations, "warmup", once ? 0 : p->warmup,
			 "counters", s->counters, "cpus", list, "clock", clock_to_json(&s->clock),
			 "scheduler", scheduler, "counted", s->counted, "lines",
			 s->counted && s->plan.lines, "modelled", s->counted && s->plan.cache_model,
			 "profile_s", 0);
}

/* The same with a process for each iteration, those of the warm-up first. */
static bool execute_each(const struct child_way *way, const struct plan_point *p,
			 const json_t *request, struct run_record *rec)
{
	struct run_record one;
	bool here = true;
	int i;

	for (i = 0; here && i < p->warmup + p->iterations && rec->status == RUN_OK; i++) {
		one = (struct run_record){0};
		here = child_run(way, request, &one);
		if (i >= p->warmup || one.status != RUN_OK)
			combine(rec, &one);
		run_record_free(&one);
	}
	rec->warmup = p->warmup;
	combine_end(rec, p->iterations);
	return here;
}

/* What the kernel's log said. Who was killed for want of memory cannot say so itself. */
static void add_complaint(struct run_record *rec, const char *text)
{
	const char *reason = rec->reason ? rec->reason : "";
	bool failed = rec->status == RUN_FAILED;
	bool oom = failed && strstr(text, "oom-kill") && strstr(reason, "SIGKILL");

	child_outcome(rec, failed ? RUN_FAILED : RUN_VOID, "%s%s%s%s",
		      oom ? "killed by the kernel's OOM killer; " : "", text, *reason ? "; " : "",
		      reason);
}

/* DAMON may be why memory was not as promised: who may, has it off (provide.h). */
static void blame_damon(const struct bench_run *point, struct run_record *rec)
{
	int nr;

	if (rec->status == RUN_OK || !(point_needs(point) & NEEDS_NO_DAMON))
		return;
	nr = damon_threads();
	if (nr)
		child_outcome(rec, rec->status,
			      "%s; DAMON is at work here (%d kdamond): it locks pages, which "
			      "reclaim then passes over, and may reclaim others; root has it off",
			      rec->reason ? rec->reason : "", nr);
}

/* Which control group of memory the run's process is to join. */
static bool provide_group(struct supervisor *s, const struct bench_run *point, char *why,
			  size_t room)
{
	s->group[0] = '\0';
	if (point->groups == GROUPS_NONE)
		return memcg_plan_none(s->group, why, room);
	return !point->groups || knobs_group(point->groups, s->group, why, room);
}

/* When a run began, and what a hypervisor had taken then. */
struct watch {
	double started, begin;
	long steal;
};

/* What is done after this is not the run's. */
static void stop_watch(const struct watch *watch, struct run_record *rec)
{
	rec->started = watch->started;
	rec->wall_s = clock_seconds(CLOCK_MONOTONIC) - watch->begin;
	if (rec->conditions)
		json_object_set_new(rec->conditions, "steal_ms",
				    json_integer(steal_ms() - watch->steal));
}

/* Carries out what is set up; then, once all that is measured is in the record, samples it. */
static bool carry_out(struct supervisor *s, const struct plan_point *p,
		      const struct bench_run *point, const json_t *request,
		      const struct watch *watch, struct run_record *rec)
{
	const struct child_way way = {s->clock.id, s->group, s->control_fd, p->time_limit_s};
	double begin = clock_seconds(CLOCK_MONOTONIC), took_s;
	char why[256];
	bool here;

	kmsg_mark(&s->kmsg);
	here = executes(point) ? execute_each(&way, p, request, rec)
			       : child_run(&way, request, rec);
	took_s = clock_seconds(CLOCK_MONOTONIC) - begin;
	if (kmsg_complaint(&s->kmsg, why, sizeof(why)))
		add_complaint(rec, why);
	stop_watch(watch, rec);
	if (!here || !s->events || rec->status != RUN_OK)
		return here;
	if (!executes(point))
		return profiled_run(&way, &s->kmsg, request, s->events, took_s, rec);
	rec->profile = profile_refused("a program is executed for each iteration, and what is "
				       "timed begins before there is anybody to sample");
	return true;
}

/* Sets up what one possible point needs outside its process, and carries it out. */
static bool prepare_and_run(struct supervisor *s, const struct plan_point *p,
			    const struct bench_run *point, const struct watch *watch,
			    struct run_record *rec)
{
	unsigned int workers = point->threads * point->processes;
	const char *place = json_string_value(json_object_get(p->point, "place"));
	int *cpus = calloc(workers, sizeof(*cpus));
	json_t *request = NULL;
	char why[256];
	bool here = true;

	if (!cpus || !place_workers(place, workers, cpus, why, sizeof(why)) ||
	    !point_enable_order(point, false, why, sizeof(why))) {
		child_outcome(rec, RUN_FAILED, "%s", why);
		goto out;
	}
	if (!provide(point, point_needs(point), why, sizeof(why)) ||
	    !provide_group(s, point, why, sizeof(why))) {
		child_outcome(rec, RUN_SKIPPED, "%s", why);
		goto out;
	}
	request = make_request(s, p, point, cpus, choose_scheduler(workers));
	here = carry_out(s, p, point, request, watch, rec);
	blame_damon(point, rec);
	back_to_ordinary();
out:
	if (!knobs_restore(why, sizeof(why)))
		child_outcome(rec, RUN_VOID, "%s", why);
	json_decref(request);
	free(cpus);
	return here;
}

bool supervise_run(struct supervisor *s, const struct plan_point *p, int run,
		   struct run_record *rec)
{
	const char *place = json_string_value(json_object_get(p->point, "place"));
	const struct watch watch = {clock_seconds(CLOCK_REALTIME), clock_seconds(CLOCK_MONOTONIC),
				    steal_ms()};
	struct bench_run point;
	bool here = true;
	char why[256];

	*rec = (struct run_record){0};
	if (getpid() == 1 && json_object_get(p->point, "memcg"))
		guest_mount_groups();
	if (!point_read(&point, p->point, why, sizeof(why)))
		child_outcome(rec, RUN_FAILED, "%s", why);
	else if (point.bench->refuse && point.bench->refuse(&point))
		child_outcome(rec, RUN_FAILED, "%s", point.bench->refuse(&point));
	else if (s->counted && point.threads * point.processes > 1 &&
		 sysconf(_SC_NPROCESSORS_ONLN) == 1)
		child_outcome(
			rec, RUN_SKIPPED,
			"exact mode counts one worker of a machine with one vCPU: what several "
			"do depends on when each of them runs");
	else if (s->counted && point_needs(&point) & (NEED_TASKS | NEED_EXEC))
		child_outcome(rec, RUN_SKIPPED,
			      "exact mode counts what one task does: this op is more");
	else if (!point_possible(&point, place, why, sizeof(why)))
		child_outcome(rec, RUN_SKIPPED, "%s", why);
	else
		here = prepare_and_run(s, p, &point, &watch, rec);
	rec->boot = s->boot;
	rec->run = run;
	if (!rec->point)
		rec->point = json_incref(p->point);
	if (!(rec->wall_s > 0))
		stop_watch(&watch, rec);
	beside_note(rec);
	return here;
}
