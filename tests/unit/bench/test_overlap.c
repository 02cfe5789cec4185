// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether workers ran side by side, of made-up times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/harness/timing/crew.h"
#include "bench/harness/timing/overlap.h"
#include "bench/services/moves.h"

struct times {
	uint64_t began, end;
	int cpu;
};

/* Two workers in each of nr iterations. */
static struct run_record record_of(const struct times (*of)[2], size_t nr)
{
	struct slot *slots = aligned_alloc(_Alignof(struct slot), 2 * sizeof(*slots));
	struct run_record rec = {.nr_samples = nr};
	struct beside beside = {0};
	size_t i, w;

	for (i = 0; i < nr; i++) {
		for (w = 0; w < 2; w++) {
			slots[w].began = of[i][w].began;
			slots[w].end = of[i][w].end;
			slots[w].cpu = of[i][w].cpu;
		}
		beside_look(&beside, slots, 2);
	}
	free(slots);
	rec.conditions =
		json_pack("{s:o,s:i}", "apart_ns", beside.apart_ns, "one_cpu", beside.one_cpu);
	beside_note(&rec);
	return rec;
}

static const char *note_of(const struct run_record *rec)
{
	assert_true(json_array_size(rec->notes) <= 1);
	return json_string_value(json_array_get(rec->notes, 0));
}

/* At least half of their mean time in common: 50 of 100. */
static void side_by_side(void **state)
{
	static const struct times of[][2] = {
		{{100, 200, 0}, {100, 200, 1}},
		{{100, 200, 0}, {150, 250, 1}},
		{{150, 250, 0}, {100, 200, 0}},
	};
	struct run_record rec = record_of(of, 3);

	(void)state;
	assert_int_equal(json_array_size(json_object_get(rec.conditions, "apart_ns")), 0);
	assert_null(note_of(&rec));
	run_record_free(&rec);
}

static void apart(void **state)
{
	static const struct times of[][2] = {
		{{100, 200, 0}, {100, 200, 1}},
		{{100, 200, 0}, {151, 251, 1}},		/* too little in common */
		{{2500100, 2500200, 0}, {100, 200, 1}}, /* nothing */
		{{100, 1000, 0}, {100, 200, 1}},	/* one alone for most of the time */
	};
	struct run_record rec = record_of(of, 4);
	json_t *ns = json_object_get(rec.conditions, "apart_ns");

	(void)state;
	assert_int_equal(json_array_size(ns), 3);
	assert_int_equal(json_integer_value(json_array_get(ns, 0)), 51);
	assert_int_equal(json_integer_value(json_array_get(ns, 1)), 2500000);
	assert_string_equal(note_of(&rec), "workers did not run side by side: in 3 of 4 iterations "
					   "they had less than half of their time in common, "
					   "starts up to 2.50 ms apart");
	run_record_free(&rec);
}

static void on_one_cpu(void **state)
{
	static const struct times of[][2] = {
		{{100, 200, 3}, {200, 300, 3}},
		{{100, 200, 0}, {100, 200, 1}},
	};
	struct run_record rec = record_of(of, 2);

	(void)state;
	assert_string_equal(note_of(&rec), "all workers on one CPU: nothing ran side by side in 1 "
					   "of 2 iterations");
	run_record_free(&rec);
}

/* Of one worker, or of journals of before, there is nothing to say. */
static void nothing_known(void **state)
{
	struct run_record rec = {.nr_samples = 2, .conditions = json_object()};

	(void)state;
	beside_note(&rec);
	assert_null(note_of(&rec));
	run_record_free(&rec);
}

/* On CPUs of their own, and not apart. */
static void all_beside(void **state)
{
	struct slot *slots = aligned_alloc(_Alignof(struct slot), 2 * sizeof(*slots));

	(void)state;
	memset(slots, 0, 2 * sizeof(*slots));
	slots[0].end = slots[1].end = 100;
	assert_false(beside_all(slots, 2));
	slots[1].cpu = 1;
	assert_true(beside_all(slots, 2));
	slots[1].began = 90;
	assert_false(beside_all(slots, 2));
	free(slots);
}

/* Of ops of a number that does not move: all of them, or none, side by side. */
static struct verdicts still(struct bench_run *run, bool beside)
{
	static const struct bench_param none[] = {{0}};
	static const struct bench bench = {.params = none};
	struct verdicts v;
	int i;

	*run = (struct bench_run){.bench = &bench, .node = -1};
	run->promise = (struct bench_promise){
		.moves = {{"khugepaged:pages_to_scan", 1, LONG_MAX}},
		.moves_beside = true,
	};
	verify_start(&v, run);
	for (i = 0; i < 3; i++) {
		verify_moves_before(&v, run);
		verify_moves_after(&v, run, beside);
	}
	verify_moves_beside(&v, run);
	return v;
}

static void promised_beside(void **state)
{
	struct bench_run run;
	struct verdicts v = still(&run, true);

	(void)state;
	if (moves_now(run.promise.moves[0].what, 0) == LONG_MIN)
		skip();
	assert_string_equal(v.why, "khugepaged:pages_to_scan moved by 0 in 3 ops whose workers ran "
				   "side by side; half of them at least promise 1");
	v = still(&run, false);
	assert_string_equal(v.why, "");
	assert_non_null(strstr(run.note,
			       "khugepaged:pages_to_scan proves nothing: it moved by 0 in "
			       "3 ops, in none of which the workers ran side by side"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(side_by_side), cmocka_unit_test(apart),
		cmocka_unit_test(on_one_cpu),	cmocka_unit_test(nothing_known),
		cmocka_unit_test(all_beside),	cmocka_unit_test(promised_beside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
