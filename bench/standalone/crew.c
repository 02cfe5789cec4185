// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Several workers: threads, of one or more processes. All start each op together; one of each
 * process arms, checks and disarms. Timed is op alone.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/services/barrier.h"
#include "bench/services/run.h"
#include "bench/services/siblings.h"
#include "bench/standalone/standalone.h"

/* What one worker did in the last iteration; ns. */
struct crew_slot {
	_Alignas(128) uint64_t start, end;
	uint64_t ops, busy_ns; /* repeat: calls of op, and the time in them */
	long faults;
};

/* In shared memory. */
static struct crew_shared {
	struct barrier armed, go, done;
	_Alignas(128) atomic_int once_left; /* REPEAT_BESIDE: workers who have yet to call op */
	struct crew_slot slots[];
} * crew;

static unsigned int crew_size;
static atomic_int crew_stop; /* never: who cannot go on ends the program */

struct crew_member {
	struct bench_run *run;
	unsigned int worker;	 /* within the process */
	struct crew_slot *slots; /* of the process */
	unsigned long left;	 /* repeat: calls of op before the next refill */
};

/* Is the worker one of those that call op once in an iteration? */
static bool crew_calls_once(const struct crew_member *m)
{
	enum bench_repeat repeat = m->run->bench->repeat;

	return !repeat || (repeat == REPEAT_BESIDE && !bench_role(m->run, m->worker));
}

static void crew_once(struct crew_member *m, struct crew_slot *slot)
{
	siblings_hold(true);
	slot->start = standalone_now();
	m->run->bench->op(m->run, m->worker);
	slot->end = standalone_now();
	siblings_hold(false);
	slot->start -= standalone_exec_ns;
	slot->ops = 1;
	slot->busy_ns = slot->end - slot->start;
	atomic_fetch_sub(&crew->once_left, 1);
}

/*
 * The worker calls op again and again, each call timed, until the iteration's time is over, or
 * until those beside whom it does so have ended. The clock is read twice a call, so that in a
 * call's time is one reading, and not what is done with the time of the call before.
 */
static void crew_repeat(struct crew_member *m, struct crew_slot *slot)
{
	struct bench_run *run = m->run;
	bool beside = run->bench->repeat == REPEAT_BESIDE;
	uint64_t limit = beside ? UINT64_MAX : (uint64_t)point_value(run, BENCH_MS, 0) * 1000000;
	uint64_t last, now;

	slot->ops = slot->busy_ns = 0;
	slot->start = standalone_now();
	do {
		if (!m->left) {
			run->bench->refill(run, m->worker);
			m->left = run->stock;
		}
		m->left--;
		last = standalone_now();
		run->bench->op(run, m->worker);
		now = standalone_now();
		slot->busy_ns += now - last;
		slot->ops++;
	} while (now - slot->start < limit && !(beside && !atomic_load(&crew->once_left)));
	slot->end = now;
}

static void crew_time(struct crew_member *m, struct crew_slot *slot)
{
	long faults = bench_faults();

	barrier_wait(&crew->go, crew_size, true, &crew_stop);
	if (crew_calls_once(m))
		crew_once(m, slot);
	else
		crew_repeat(m, slot);
	slot->faults = bench_faults() - faults;
}

/* A sample is from the first worker's start to the last one's end. */
static void crew_collect(int iteration)
{
	uint64_t start = UINT64_MAX, end = 0, sum = 0;
	const struct crew_slot *slot;
	unsigned int i;

	for (i = 0; i < crew_size; i++) {
		slot = &crew->slots[i];
		start = slot->start < start ? slot->start : start;
		end = slot->end > end ? slot->end : end;
		sum += slot->end - slot->start;
	}
	standalone_sample(iteration, end - start, sum);
}

/* Of repeated ops it is the mean time of one, of the first role that there is. */
static void crew_collect_repeated(const struct bench_run *run, int iteration)
{
	uint64_t ops = 0, busy = 0;
	unsigned int w, role;

	for (w = 0; w < run->threads; w++) {
		role = bench_role(run, w);
		if (iteration >= standalone_point.warmup) {
			standalone_results->ops[role] += (double)crew->slots[w].ops;
			standalone_results->busy_ns[role] += (double)crew->slots[w].busy_ns;
		}
		if (role == bench_role(run, 0)) {
			ops += crew->slots[w].ops;
			busy += crew->slots[w].busy_ns;
		}
	}
	standalone_sample(iteration, busy / ops, busy);
}

static void crew_print(const struct bench_run *run)
{
	const struct bench_param *params = run->bench->params;
	unsigned int i, role = 0;
	double ops;

	for (i = 0; params[i].name; i++) {
		if (params[i].kind != BENCH_THREADS)
			continue;
		ops = standalone_results->ops[role];
		if (ops)
			printf("%ld %s: %.0f ops, %.1f ns each\n", run->value[i], params[i].name,
			       ops, standalone_results->busy_ns[role] / ops);
		role++;
	}
}

/*
 * Promised are the faults of a process, or, of repeated ops, those of the first role, and of others
 * that repeat beside it.
 */
static void crew_conclude(const struct crew_member *m, int iteration)
{
	enum bench_repeat repeat = m->run->bench->repeat;
	const struct crew_slot *slot;
	long faults = 0, ops = 0;
	unsigned int w;

	for (w = 0; w < m->run->threads; w++) {
		slot = &m->slots[w];
		if (!repeat || !bench_role(m->run, w)) {
			faults += slot->faults;
			ops += (long)slot->ops;
		} else if (repeat == REPEAT_BESIDE) {
			faults += slot->faults;
			faults -= (long)slot->ops * m->run->promise.faults_beside;
		}
	}
	standalone_conclude(m->run, iteration, faults, repeat ? ops : 1);
}

static void *crew_work(void *arg)
{
	struct crew_member *m = arg;
	struct crew_slot *slot = &m->slots[m->worker];
	int i;

	standalone_pin((unsigned int)(slot - crew->slots));
	/* Touched now, so that it does not fault around an op. */
	memset(slot, 0, sizeof(*slot));
	m->left = m->run->stock;
	for (i = standalone_from; i < standalone_to; i++) {
		if (!m->worker)
			standalone_prepare(m->run);
		if (crew_calls_once(m))
			atomic_fetch_add(&crew->once_left, 1);
		barrier_wait(&crew->armed, crew_size, false, &crew_stop);
		if (m->run->bench->arm)
			m->left = m->run->stock;
		crew_time(m, slot);
		barrier_wait(&crew->done, crew_size, false, &crew_stop);
		if (slot == crew->slots && m->run->bench->repeat)
			crew_collect_repeated(m->run, i);
		else if (slot == crew->slots)
			crew_collect(i);
		if (!m->worker)
			crew_conclude(m, i);
	}
	return NULL;
}

/* One process: its first worker is the caller. */
static void crew_process(void *arg, unsigned int process)
{
	struct bench_run *run = arg;
	struct crew_member *members = calloc(run->threads, sizeof(*members));
	pthread_t *threads = calloc(run->threads, sizeof(*threads));
	unsigned int w;

	run->process = process;
	standalone_pin(process * run->threads);
	standalone_setup(run);
	for (w = 0; w < run->threads; w++) {
		members[w] = (struct crew_member){
			.run = run, .worker = w, .slots = &crew->slots[process * run->threads]};
		if (w && pthread_create(&threads[w], NULL, crew_work, &members[w])) {
			perror("pthread_create");
			exit(77);
		}
	}
	crew_work(&members[0]);
	for (w = 1; w < run->threads; w++)
		pthread_join(threads[w], NULL);
	free(members);
	free(threads);
}

/* A process that ends badly takes all with it: the others end when this one does. */
static void crew_ended(const siginfo_t *info)
{
	if (info->si_status)
		_exit(info->si_code == CLD_EXITED ? info->si_status : 1);
}

void standalone_measure(struct bench_run *run)
{
	crew_size = run->threads * run->processes;
	crew = mmap(NULL, sizeof(*crew) + crew_size * sizeof(crew->slots[0]),
		    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!siblings_start(run->processes, crew_process, run, crew_ended)) {
		perror("fork");
		exit(77);
	}
	crew_process(run, 0);
	siblings_wait();
	if (run->bench->repeat &&
	    standalone_to == standalone_point.warmup + standalone_point.iterations)
		crew_print(run);
}
