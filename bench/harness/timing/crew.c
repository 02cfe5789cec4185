// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/crew.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/harness/kernel/layout.h"
#include "bench/harness/provide/point.h"
#include "bench/harness/timing/around.h"
#include "bench/harness/timing/disturbance.h"
#include "bench/harness/timing/quiesce.h"
#include "bench/harness/timing/sharers.h"
#include "bench/services/run.h"
#include "bench/services/siblings.h"
#include "common/marker.h"

struct member {
	struct crew *crew;
	unsigned int worker; /* within the process */
	unsigned int index;  /* within the crew; 0 collects the samples */
	unsigned long left;  /* repeat: calls of op before the next refill */
};

static bool leads(const struct member *m)
{
	return m->worker == 0;
}

/* Is the worker one of those whose number of calls of op in an iteration is given? */
static bool calls_once(const struct member *m)
{
	const struct crew *crew = m->crew;
	const struct bench_run *run = &crew->run;

	return !run->bench->repeat || ((run->bench->repeat == REPEAT_BESIDE || crew->rounds) &&
				       bench_role(run, m->worker) == crew->first);
}

/* What executing the program took, where that was for this iteration, is part of its first op. */
static void call_op(struct member *m, struct slot *slot)
{
	struct crew *crew = m->crew;
	bool makes = point_needs(&crew->run) & NEED_CHILD;

	if (makes)
		siblings_hold(true);
	slot->start = slot->began = clock_now(crew->clock.id);
	MARKER(MARKER_START);
	crew->run.bench->op(&crew->run, m->worker);
	MARKER(MARKER_STOP);
	slot->end = clock_now(crew->clock.id);
	if (makes)
		siblings_hold(false);
	slot->start -= crew->exec_ns;
	if (!crew->run.bench->repeat)
		return;
	slot->ops = 1;
	slot->busy_ns = slot->end - slot->start;
	hist_add(&slot->hist, slot->busy_ns);
	atomic_fetch_sub(&crew->shared->once_left, 1);
}

/* What it takes is no part of an op, and is not sampled. */
static void refill(struct member *m, struct slot *slot)
{
	struct bench_run *run = &m->crew->run;

	sampler_take(&slot->sampler, slot->start, UINT64_MAX);
	run->bench->refill(run, m->worker);
	sampler_skip(&slot->sampler);
	m->left = run->stock;
}

/* Where instructions are counted: so many calls of op, for there is no time that they could last.
 */
static void call_rounds(struct member *m, struct slot *slot)
{
	struct bench_run *run = &m->crew->run;

	slot->start = slot->began = clock_now(m->crew->clock.id);
	for (slot->ops = 0; slot->ops < m->crew->rounds; slot->ops++) {
		if (!m->left)
			refill(m, slot);
		m->left--;
		MARKER(MARKER_START);
		run->bench->op(run, m->worker);
		MARKER(MARKER_STOP);
	}
	slot->end = clock_now(m->crew->clock.id);
	slot->busy_ns = slot->end - slot->start;
	atomic_fetch_sub(&m->crew->shared->once_left, 1);
}

/*
 * The worker calls op again and again, each call timed, until the iteration's time is over, or
 * until those beside whom it does so have ended. The clock is read twice a call, so that in a
 * call's time is one reading, and not what is done with the time of the call before.
 */
static void call_again(struct member *m, struct slot *slot)
{
	struct bench_run *run = &m->crew->run;
	clockid_t id = m->crew->clock.id;
	bool beside = run->bench->repeat == REPEAT_BESIDE || m->crew->rounds;
	uint64_t limit = beside ? UINT64_MAX : (uint64_t)point_value(run, BENCH_MS, 0) * 1000000;
	uint64_t last, now;

	slot->ops = slot->busy_ns = 0;
	slot->start = slot->began = clock_now(id);
	do {
		if (!m->left)
			refill(m, slot);
		m->left--;
		last = clock_now(id);
		run->bench->op(run, m->worker);
		now = clock_now(id);
		hist_add(&slot->hist, now - last);
		slot->busy_ns += now - last;
		slot->ops++;
	} while (now - slot->start < limit &&
		 !(beside && !atomic_load(&m->crew->shared->once_left)));
	slot->end = now;
}

/*
 * The timed region. Between the clock's two readings there is op, and two NOPs; between the
 * counters' enabling and disabling there are, in addition, the start barrier and the readings. What
 * is sampled is so between the same two readings.
 */
static bool timed(struct member *m, struct slot *slot)
{
	struct crew *crew = m->crew;
	struct rusage before, after;
	bool together;

	getrusage(RUSAGE_THREAD, &before);
	sampler_enable(&slot->sampler);
	counters_enable(&slot->counters);
	together = barrier_wait(&crew->shared->go, crew->nr_workers, true, &crew->shared->stop);
	if (calls_once(m))
		crew->rounds ? call_rounds(m, slot) : call_op(m, slot);
	else
		call_again(m, slot);
	counters_disable(&slot->counters);
	sampler_disable(&slot->sampler);
	getrusage(RUSAGE_THREAD, &after);
	sampler_take(&slot->sampler, slot->start, slot->end);
	slot->faults = after.ru_minflt + after.ru_majflt - before.ru_minflt - before.ru_majflt;
	/* To wait for its child, so many times, and no other. */
	slot->switched = after.ru_nvcsw - before.ru_nvcsw != crew->run.promise.turns ||
			 after.ru_nivcsw != before.ru_nivcsw;
	slot->cpu = sched_getcpu();
	return together;
}

static void start_measuring(struct member *m, struct slot *slot)
{
	counters_reset(&slot->counters);
	sampler_forget(&slot->sampler);
	memset(slot->hist.bucket, 0, sizeof(slot->hist.bucket));
	slot->hist.count = slot->hist.max_ns = 0;
	if (m->index == 0 && m->crew->vmstat)
		vmstat_reset(m->crew->vmstat);
	MARKER(MARKER_RUN);
}

/* Whether nobody has moved or stopped the worker while it was timed. */
static bool is_undisturbed(struct member *m, const struct slot *slot)
{
	char why[sizeof(m->crew->shared->why)];
	bool is = disturbance_none(m->crew->cpus[m->index], slot->cpu, why, sizeof(why));

	if (!is)
		around_stop(m->crew, RUN_VOID, why);
	return is;
}

/* Long enough to be sampled; or nothing is. */
static bool is_enough(const struct crew *crew)
{
	unsigned int i;

	for (i = 0; i < crew->nr_workers; i++)
		if (crew->samples[i].refused[0])
			return true;
	return clock_now(crew->clock.id) >= crew->enough_ns;
}

static bool iterate(struct member *m, struct slot *slots, int iteration)
{
	struct crew *crew = m->crew;
	struct crew_shared *sh = crew->shared;
	struct slot *slot = &slots[m->worker];

	if (iteration == crew->warmup)
		start_measuring(m, slot);
	if (leads(m) && !around_before(crew, iteration))
		return false;
	if (m->index == 0) {
		atomic_store(&sh->once_left, (int)crew->nr_first);
		if (crew->sampled && iteration >= crew->warmup && is_enough(crew))
			atomic_store(&sh->last, iteration + 1);
	}
	if (!barrier_wait(&sh->armed, crew->nr_workers, false, &sh->stop))
		return false;
	if (crew->run.bench->arm)
		m->left = crew->run.stock;
	if (m->index == 0 && crew->vmstat)
		vmstat_before(crew->vmstat);
	layout_around(crew->memory_fd, iteration, crew->warmup, false);
	if (!timed(m, slot) || !barrier_wait(&sh->done, crew->nr_workers, false, &sh->stop))
		return false;
	if (m->index == 0)
		MARKER(MARKER_SAMPLE);
	layout_around(crew->memory_fd, iteration, crew->warmup, true);
	if (m->index == 0 && crew->vmstat)
		vmstat_after(crew->vmstat);
	if (!is_undisturbed(m, slot))
		return false;
	if (m->index == 0 && iteration >= crew->warmup)
		collect(&crew->collected, &crew->run, sh->slots, crew->nr_workers);
	return !leads(m) || around_after(crew, slots, iteration);
}

/*
 * Where instructions are counted, the warm-up goes on until an op does as much as the one before,
 * or for so long: free lists that fill from op to op make each a little cheaper, and others dearer.
 * So a first sample that does not is none.
 */
static void extend_warmup(struct crew *crew, int iteration)
{
	const struct slot *slot = &crew->shared->slots[0];
	uint64_t now = slot->end - slot->start, before = crew->last_op;

	crew->last_op = now;
	if (iteration != crew->warmup || crew->added == CALM_MOST || !before ||
	    calm_settled(before, now))
		return;
	collect_forget(&crew->collected);
	crew->warmup++;
	crew->added++;
}

static void pin(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void open_counters(struct member *m, struct slot *slot)
{
	struct crew *crew = m->crew;
	int cpu = crew->cpus[m->index];

	if (crew->sampled)
		sampler_open(&slot->sampler, &crew->samples[m->index], crew->counter_set, cpu,
			     crew->clock.id, point_needs(&crew->run) & NEED_CHILD);
	else
		counters_open(&slot->counters, crew->counter_set, cpu, m->index == 0);
}

static void *work(void *arg)
{
	struct member *m = arg;
	struct crew *crew = m->crew;
	struct slot *slots = &crew->shared->slots[m->index - m->worker];
	struct slot *slot = &slots[m->worker];
	char why[sizeof(crew->shared->why)];
	int i;

	pin(crew->cpus[m->index]);
	/* All of the slot is touched now, so that none of it faults around an op. */
	memset(slot, 0, sizeof(*slot));
	slot->hist.unit_ns = crew->clock.resolution_ns;
	m->left = crew->run.stock;
	/* The start barrier yields when it takes long: the code for that must be there as well. */
	sched_yield();
	open_counters(m, slot);
	for (i = 0; i < crew->warmup + crew->iterations; i++) {
		if (!iterate(m, slots, i) || atomic_load(&crew->shared->last) == i + 1)
			break;
		if (crew->calm && crew->nr_workers == 1)
			extend_warmup(crew, i);
	}
	if (!disturbance_kept_place(crew->cpus[m->index], why, sizeof(why)))
		around_stop(crew, RUN_VOID, why);
	counters_read(&slot->counters);
	return NULL;
}

/* One process of the crew: its leader is the caller, its other threads are made here. */
static void work_process(void *arg, unsigned int process)
{
	struct crew *crew = arg;
	struct bench_run *run = &crew->run;
	struct member *members = calloc(run->threads, sizeof(*members));
	pthread_t *threads = calloc(run->threads, sizeof(*threads));
	unsigned int i, started = 1;

	run->process = process;
	/* The leader's CPU is where the memory is prepared, so it is pinned before. */
	pin(crew->cpus[process * run->threads]);
	verify_start(&crew->verdicts, run);
	if (!members || !threads)
		around_stop(crew, RUN_FAILED, "out of memory");
	else if (!sharers_start(run->sharers))
		around_stop(crew, RUN_FAILED, "a thread cannot be created");
	else if (run->bench->setup(run))
		around_stop(crew, RUN_FAILED, run->why);
	for (i = 0; members && threads && i < run->threads; i++) {
		members[i] = (struct member){
			.crew = crew, .worker = i, .index = process * run->threads + i};
		if (!i)
			continue;
		if (pthread_create(&threads[i], NULL, work, &members[i])) {
			around_stop(crew, RUN_FAILED, "a thread cannot be created");
			break;
		}
		started++;
	}
	if (members && threads)
		work(&members[0]);
	for (i = 1; i < started; i++)
		pthread_join(threads[i], NULL);
	free(members);
	free(threads);
}

/* A process of the crew that dies takes all with it, by the same signal, so that it is seen. */
static void sibling_died(const siginfo_t *info)
{
	if (info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED)
		raise(info->si_status);
}

static size_t sampled_room(unsigned int workers)
{
	size_t room = SAMPLED_MOST;

	while (room > SAMPLED_LEAST && room * workers > SAMPLED_ALL)
		room /= 2;
	return room;
}

/* Siblings have all of it at the same addresses. */
static void place_samples(struct crew *crew, void *at, size_t room)
{
	uint64_t *words = at;
	unsigned int i;

	crew->samples = (struct sampled *)(words + crew->nr_workers * room);
	for (i = 0; i < crew->nr_workers; i++) {
		crew->samples[i].word = words + i * room;
		crew->samples[i].room = room;
	}
}

static bool allocate(struct crew *crew)
{
	unsigned int i;
	size_t size, room, each;

	crew->nr_workers = crew->run.threads * crew->run.processes;
	crew->first = bench_role(&crew->run, 0);
	for (i = 0; i < crew->nr_workers; i++)
		crew->nr_first += bench_role(&crew->run, i % crew->run.threads) == crew->first;
	size = sizeof(*crew->shared) + crew->nr_workers * sizeof(struct slot);
	room = crew->sampled ? sampled_room(crew->nr_workers) : 0;
	each = crew->sampled ? sizeof(*crew->samples) + room * sizeof(uint64_t) : 0;
	crew->shared = mmap(NULL, size + crew->nr_workers * each, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (crew->shared == MAP_FAILED)
		return false;
	crew->enough_ns = clock_now(crew->clock.id) + (uint64_t)(crew->most_s * 1e9);
	if (crew->sampled)
		place_samples(crew, (char *)crew->shared + size, room);
	return collect_start(&crew->collected, crew->iterations);
}

bool crew_work(struct crew *crew)
{
	uint64_t suspended = disturbance_suspended();
	struct cgroup_held held = cgroup_held();
	char why[sizeof(crew->shared->why)];

	disturbance_watch();
	if (!allocate(crew))
		return false;
	run_settle_heap(); /* with room beside what was allocated */
	if (!siblings_start(crew->run.processes, work_process, crew, sibling_died))
		around_stop(crew, RUN_FAILED, "a process cannot be created");
	crew->vmstat = vmstat_open();
	work_process(crew, 0);
	siblings_wait();
	if (!disturbance_awake(suspended, why, sizeof(why)) ||
	    !disturbance_not_held(held, why, sizeof(why)))
		around_stop(crew, RUN_VOID, why);
	return true;
}
