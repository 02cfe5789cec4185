// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Journals of several sources: what belongs to which section.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "analysis/compare/units.h"
#include "analysis/results/sections.h"
#include "analysis/tables/refused.h"

#define POINT(order) "{\"bench\":\"fork\",\"variant\":\"fork\",\"order\":" #order "}"
#define PLAN(points) \
	"{\"type\":\"plan\",\"schema\":1,\"kernels\":[\"a\",\"b\"],\"points\":[" points "]}\n"
#define PLANNED(order) "{\"point\":" POINT(order) "}"
#define MACHINE(kernel, boot, cpu)                                                       \
	"{\"type\":\"machine\",\"kernel\":\"" kernel "\",\"boot\":" #boot ",\"facts\":{" \
	"\"cpu.model\":\"" cpu "\"}}\n"
#define RUN(kernel, boot, order, more)                                \
	"{\"type\":\"run\",\"kernel\":\"" kernel "\",\"boot\":" #boot \
	",\"run\":0,\"point\":" POINT(order) "," more "}\n"
#define OK(source, unit, sample)                                                                  \
	"\"status\":\"ok\",\"source\":\"" source "\",\"unit\":\"" unit "\",\"samples\":[" #sample \
	"]"
#define TIMED(sample)	 OK("timed", "ns", sample)
#define EMULATED(sample) OK("emulated", "ns", sample)
#define EXACT(sample)	 OK("exact", "insn", sample)
#define SKIPPED		 "\"status\":\"skipped\",\"reason\":\"needs root\",\"samples\":[]"

#define MOST 3

/* Journals of these texts, which end with NULL; the caller removes them. */
static size_t write_journals(const char *const *texts, char *paths[MOST])
{
	size_t nr;
	FILE *out;

	for (nr = 0; texts[nr]; nr++) {
		paths[nr] = strdup("/tmp/test_sections-XXXXXX");
		out = fdopen(mkstemp(paths[nr]), "w");
		assert_non_null(out);
		fputs(texts[nr], out);
		assert_int_equal(fclose(out), 0);
	}
	return nr;
}

static void remove_journals(char *paths[MOST], size_t nr)
{
	while (nr--) {
		unlink(paths[nr]);
		free(paths[nr]);
	}
}

static void load(struct sections *ret, const char *const *texts)
{
	char *paths[MOST];
	size_t nr = write_journals(texts, paths);

	assert_true(sections_load(ret, paths, nr));
	remove_journals(paths, nr);
}

/* The mean of the only run of a kernel at a point of a section. */
static double mean(const struct sections *s, size_t section, const char *kernel, size_t point)
{
	const struct results *r = &s->of[section].results;
	const struct result_cell *cell = results_cell(r, (size_t)results_kernel(r, kernel), point);

	assert_int_equal(cell->nr, 1);
	return cell_mean(cell, cell->op);
}

/* Times from one machine, counts from another: the same labels, boots and runs. */
static void test_times_and_counts(void **state)
{
	static const char *const texts[] = {
		PLAN(PLANNED(0)) MACHINE("a", 0, "Altra") RUN("a", 0, 0, TIMED(10))
			RUN("b", 0, 0, TIMED(11)),
		PLAN(PLANNED(0)) MACHINE("a", 0, "N1") RUN("a", 0, 0, EXACT(700))
			RUN("b", 0, 0, EXACT(800)),
		NULL,
	};
	struct sections s;
	size_t i;

	(void)state;
	load(&s, texts);
	assert_int_equal(s.nr, 2);
	assert_int_equal(s.of[0].results.source, SOURCE_TIMED);
	assert_int_equal(s.of[1].results.source, SOURCE_EXACT);
	assert_int_equal(mean(&s, 0, "a", 0), 10);
	assert_int_equal(mean(&s, 1, "b", 0), 800);
	for (i = 0; i < 2; i++) {
		assert_int_equal(s.of[i].results.nr_kernels, 2);
		/* None was found a second time, or comes from another machine. */
		assert_int_equal(s.of[i].results.warnings.nr, 0);
		assert_false(s.of[i].results.kernels[0].mixed);
	}
	sections_free(&s);
}

/* Who takes one kind of runs does not get two. */
static void test_one_wanted(void **state)
{
	static const char *const texts[] = {
		PLAN(PLANNED(0)) RUN("a", 0, 0, TIMED(10)) RUN("b", 0, 0, EXACT(11)), NULL};
	struct results results;
	char *paths[MOST];
	size_t nr = write_journals(texts, paths);

	(void)state;
	assert_false(results_load(&results, paths, nr));
	assert_null(results.kernels);
	remove_journals(paths, nr);
}

/* Emulated times stand among others, but not in their means. */
static void test_emulated(void **state)
{
	static const char *const apart[] = {
		PLAN(PLANNED(0)) RUN("a", 0, 0, TIMED(10)) RUN("b", 0, 0, EMULATED(90)), NULL};
	static const char *const mixed[] = {
		PLAN(PLANNED(0)) RUN("a", 0, 0, TIMED(10)) RUN("a", 1, 0, EMULATED(90)), NULL};
	static const char *const again[] = {PLAN(PLANNED(0)) RUN("a", 0, 0, EMULATED(90)),
					    PLAN(PLANNED(0)) RUN("a", 0, 0, TIMED(10)), NULL};
	static const char *const *const texts[] = {mixed, again};
	struct sections s;
	size_t i;

	(void)state;
	load(&s, apart);
	assert_int_equal(s.nr, 1);
	assert_int_equal(s.of[0].results.source, SOURCE_TIMED);
	sections_free(&s);
	for (i = 0; i < 2; i++) {
		load(&s, texts[i]);
		assert_int_equal(s.nr, 2);
		assert_int_equal(s.of[1].results.source, SOURCE_EMULATED);
		assert_int_equal(mean(&s, 0, "a", 0), 10);
		assert_int_equal(mean(&s, 1, "a", 0), 90);
		sections_free(&s);
	}
}

/* What is not ok says no source: it is its boot's, or what the journal has first. */
static void test_not_ok(void **state)
{
	static const char *const texts[] = {
		PLAN(PLANNED(0) "," PLANNED(9)) RUN("a", 0, 9, SKIPPED) RUN("a", 0, 0, EXACT(7))
			RUN("a", 1, 9, SKIPPED) RUN("a", 1, 0, TIMED(10)) RUN("b", 5, 0, SKIPPED),
		PLAN(PLANNED(9)) RUN("c", 0, 9, SKIPPED),
		NULL,
	};
	const struct results *times, *counts;
	struct sections s;

	(void)state;
	load(&s, texts);
	assert_int_equal(s.nr, 2);
	times = &s.of[0].results;
	counts = &s.of[1].results;
	assert_int_equal(results_cell(times, 0, 1)->runs[0].boot, 1);
	assert_int_equal(results_cell(counts, 0, 1)->runs[0].boot, 0);
	assert_null(results_cell(times, 1, 0));
	assert_int_equal(results_cell(counts, 1, 0)->nr, 1);
	assert_int_equal(results_kernel(times, "c"), -1);
	assert_int_equal(results_kernel(counts, "c"), 2);
	sections_free(&s);
}

/* A point that was only counted is not missing among the times; one that was never run is. */
static void test_points(void **state)
{
	static const char *const texts[] = {
		PLAN(PLANNED(0) "," PLANNED(4) "," PLANNED(9)) RUN("a", 0, 0, TIMED(10))
			RUN("a", 1, 9, EXACT(7)),
		NULL,
	};
	struct sections s;
	size_t i;

	(void)state;
	load(&s, texts);
	for (i = 0; i < 2; i++)
		assert_int_equal(s.of[i].results.nr_points, 2);
	assert_int_equal(mean(&s, 0, "a", 0), 10);
	assert_null(results_cell(&s.of[0].results, 0, 1));
	assert_int_equal(mean(&s, 1, "a", 1), 7);
	sections_free(&s);
}

#define COUNTED(cycles, instructions)                                                    \
	TIMED(10)                                                                        \
	",\"counters\":{\"cycles:k\":{" cycles "},\"instructions:k\":{" instructions "}" \
	"}"
#define RAN	     "\"value\":7,\"enabled\":9,\"running\":9"
#define REFUSED(why) "\"refused\":\"" why "\""

/* That there is no PMU is said where no counter of it ran, and for no other reason. */
static void test_no_pmu(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{RUN("a", 0, 0, COUNTED(REFUSED("none"), REFUSED("other"))), "none"},
		{RUN("a", 0, 0, COUNTED(RAN, REFUSED("other"))), NULL},
		{RUN("a", 0, 0, COUNTED(REFUSED("none"), RAN)), NULL},
		{RUN("a", 0, 0, TIMED(10)), NULL},
	};
	struct sections s;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		load(&s, (const char *[]){cases[i].text, NULL});
		why = refused_pmu(&s.of[0].results);
		assert_true(!why == !cases[i].why);
		if (why)
			assert_string_equal(why, cases[i].why);
		sections_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_and_counts), cmocka_unit_test(test_one_wanted),
		cmocka_unit_test(test_emulated),	 cmocka_unit_test(test_not_ok),
		cmocka_unit_test(test_points),		 cmocka_unit_test(test_no_pmu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
