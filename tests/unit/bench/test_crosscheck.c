// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The harness against a loop of ten lines in the same process: the same memory, the same touches.
 * The faults of both are counted by getrusage() and must be equal; the times are printed side by
 * side for a reader, and nothing is asserted of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "bench/harness/provide/point.h"
#include "bench/harness/timing/crew.h"

#define SIZE	   (16UL << 20)
#define ITERATIONS 10

static long faults_so_far(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_minflt;
}

/* ns a fault. */
static double bare_loop(long *ret_faults)
{
	uint64_t start, sum = 0;
	long before = 0, i;
	volatile char *p;
	char *m;

	*ret_faults = 0;
	for (i = -1; i < ITERATIONS; i++) {
		m = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		madvise(m, SIZE, MADV_NOHUGEPAGE);
		before = faults_so_far();
		start = clock_now(CLOCK_MONOTONIC);
		for (p = m; p < m + SIZE; p += 4096)
			*p = 1;
		if (i >= 0) {
			sum += clock_now(CLOCK_MONOTONIC) - start;
			*ret_faults += faults_so_far() - before;
		}
		munmap(m, SIZE);
	}
	return (double)sum / (ITERATIONS * (SIZE / 4096));
}

static void carry_out(struct crew *crew, json_t *point, const struct counter_set *set)
{
	static const int cpus[] = {-1};
	char why[256];

	assert_true(point_read(&crew->run, point, why, sizeof(why)));
	crew->memory_fd = -1;
	crew->iterations = ITERATIONS;
	crew->warmup = 1;
	crew->cpus = cpus;
	crew->counter_set = set;
	crew->clock = (struct bench_clock){CLOCK_MONOTONIC, 1, 0};
	assert_true(crew_work(crew));
	json_decref(point);
}

static double by_harness(struct crew *crew, json_t *counters)
{
	static struct counter_set set;
	json_t *point = json_pack("{s:s,s:s,s:I,s:i,s:s,s:i,s:i,s:s}", "bench", "fault", "variant",
				  "write", "size", (json_int_t)SIZE, "order", 0, "sharing", "own",
				  "threads", 1, "processes", 1, "place", "none");
	uint64_t sum = 0;
	int i;

	counter_set_init(&set, PMU_DEVICES, counters);
	carry_out(crew, point, &set);
	for (i = 0; i < crew->collected.nr_samples; i++)
		sum += crew->collected.samples[i];
	return (double)sum / (ITERATIONS * (SIZE / 4096));
}

static void harness_and_bare_loop_agree(void **state)
{
	json_t *counters = json_pack("[s]", "page-faults");
	struct crew crew = {0};
	long faults;
	double bare, harness;

	(void)state;
	if (bench_page_size() != 4096)
		skip();
	bare = bare_loop(&faults);
	harness = by_harness(&crew, counters);
	assert_string_equal(crew.shared->why, "");
	assert_int_equal(crew.shared->status, RUN_OK);
	assert_int_equal(crew.collected.nr_samples, ITERATIONS);
	assert_int_equal(faults, ITERATIONS * (SIZE / 4096));
	/* perf_event, where it may be used, must see exactly what getrusage() sees. */
	if (crew.shared->slots[0].counters.counter[0].fd >= 0)
		assert_int_equal(crew.shared->slots[0].counters.counter[0].value, faults);
	printf("ns a fault: bare loop %.0f, harness %.0f, ratio %.3f\n", bare, harness,
	       harness / bare);
	json_decref(counters);
}

/*
 * Of ops that are timed one by one, what is done with each op's time is in no other's: the time
 * from the first start to the last end is more than that of all ops, though nothing is refilled.
 */
static void bookkeeping_is_in_no_latency(void **state)
{
	static const struct counter_set none;
	struct crew crew = {0};

	(void)state;
	carry_out(&crew,
		  json_pack("{s:s,s:s,s:i,s:i,s:i,s:i,s:s}", "bench", "mapper", "variant", "mmap",
			    "vmas", 10, "mappers", 1, "readers", 0, "time", 5, "place", "none"),
		  &none);
	assert_string_equal(crew.shared->why, "");
	assert_true(crew.shared->slots[0].ops > 1);
	assert_true(crew.shared->slots[0].busy_ns <
		    crew.shared->slots[0].end - crew.shared->slots[0].start);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(harness_and_bare_loop_agree),
		cmocka_unit_test(bookkeeping_is_in_no_latency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
