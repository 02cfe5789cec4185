// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which boot a run is of, when several journals are read.
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

#include "analysis/results/results.h"

#define POINT "{\"bench\":\"fork\",\"variant\":\"fork\",\"order\":0}"
#define PLAN(boots)                                                                    \
	"{\"type\":\"plan\",\"schema\":1,\"runs\":1,\"boots\":" #boots ",\"kernels\":" \
	"[\"a\"],\"points\":[{\"point\":" POINT "}]}\n"
#define MACHINE(kernel, boot, id, more)                                                  \
	"{\"type\":\"machine\",\"kernel\":\"" kernel "\",\"boot\":" #boot ",\"facts\":{" \
	"\"kernel.boot_id\":\"" id "\"}" more "}\n"
#define PERTURBED(mib) ",\"perturbation\":{\"memory_MiB\":" #mib ",\"seed\":1}"
#define RUN(kernel, boot, run, source, started, samples)                                    \
	"{\"type\":\"run\",\"kernel\":\"" kernel "\",\"boot\":" #boot ",\"run\":" #run      \
	",\"point\":" POINT ",\"status\":\"ok\",\"source\":\"" source "\",\"unit\":\"ns\"," \
	"\"started\":" #started ",\"samples\":[" samples "]}\n"
#define VOID(kernel, boot, run, started)                                                  \
	"{\"type\":\"run\",\"kernel\":\"" kernel "\",\"boot\":" #boot ",\"run\":" #run    \
	",\"point\":" POINT ",\"status\":\"void\",\"reason\":\"x\",\"started\":" #started \
	",\"samples\":[]}\n"
#define TIMED(boot, run, started, samples) RUN("a", boot, run, "timed", started, samples)

#define MOST 4

/* Journals of these texts; whether they could be read together. */
static bool load(struct results *ret, const char *const *texts)
{
	char *paths[MOST] = {0};
	size_t nr, i;
	FILE *out;
	bool ok;

	for (nr = 0; texts[nr]; nr++) {
		paths[nr] = strdup("/tmp/test_boots-XXXXXX");
		out = fdopen(mkstemp(paths[nr]), "w");
		assert_non_null(out);
		fputs(texts[nr], out);
		assert_int_equal(fclose(out), 0);
	}
	ok = results_load(ret, paths, nr);
	for (i = 0; i < nr; i++) {
		unlink(paths[i]);
		free(paths[i]);
	}
	return ok;
}

/* "BOOT.RUN=MIN ..." of the runs of a kernel. */
static const char *runs_of(const struct results *r, const char *label)
{
	const struct result_cell *cell = results_cell(r, (size_t)results_kernel(r, label), 0);
	static char text[256];
	size_t i, at = 0;

	for (i = 0; i < cell->nr; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%d.%d=%g", i ? " " : "",
				       cell->runs[i].boot, cell->runs[i].run, cell->runs[i].min);
	return text;
}

#define JOURNALS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Boots 0 of two journals are two boots, by time. */
static void test_other_boots(void **state)
{
	struct results r;

	(void)state;
	assert_true(load(&r, JOURNALS(PLAN(1) MACHINE("a", 0, "y", "") TIMED(0, 0, 20, "2"),
				      PLAN(1) MACHINE("a", 0, "x", "") TIMED(0, 0, 10, "1"),
				      PLAN(1) MACHINE("a", 0, "z", "") VOID("a", 0, 0, 30)
					      TIMED(0, 1, 31, "3"))));
	assert_string_equal(runs_of(&r, "a"), "1.0=2 0.0=1 2.0=nan 2.1=3");
	assert_int_equal(r.warnings.nr, 0);
	assert_int_equal(r.kernels[0].planned, 3);
	results_free(&r);
}

/* A copy brings nothing, but what was measured in it after it was made. */
static void test_copy(void **state)
{
	static const char first[] = PLAN(2) MACHINE("a", 0, "x", "") TIMED(0, 0, 10, "1,2");
	static const char second[] = PLAN(2) MACHINE("a", 0, "x", "") TIMED(0, 0, 10, "1,2")
		MACHINE("a", 1, "y", "") TIMED(1, 0, 20, "3");
	struct results r;

	(void)state;
	assert_true(load(&r, JOURNALS(first, second, first)));
	assert_string_equal(runs_of(&r, "a"), "0.0=1 1.0=3");
	assert_int_equal(r.kernels[0].planned, 2);
	assert_non_null(strstr(r.warnings.text[0], "1 run of 'a' found a second time"));
	results_free(&r);
}

static void test_two_results(void **state)
{
	static const char *const same[] = {MACHINE("a", 0, "x", "") TIMED(0, 0, 10, "1,2,4"),
					   MACHINE("a", 0, "x", "") TIMED(0, 0, 10, "1,3,4"), NULL};
	static const char *const counts[] = {
		MACHINE("a", 0, "x", "") RUN("a", 0, 0, "exact", 10, "7"),
		MACHINE("a", 0, "x", "") RUN("a", 0, 0, "exact", 99, "8"), NULL};
	struct results r;

	(void)state;
	assert_false(load(&r, same));
	assert_false(load(&r, counts));
}

/* Counts are the same whenever they were made. */
static void test_same_count(void **state)
{
	struct results r;

	(void)state;
	assert_true(load(&r, JOURNALS(MACHINE("a", 0, "x", "") RUN("a", 0, 0, "exact", 10, "7"),
				      MACHINE("a", 0, "x", "") RUN("a", 0, 0, "exact", 99, "7"))));
	assert_string_equal(runs_of(&r, "a"), "0.0=7");
	results_free(&r);
}

/* Two sessions in one boot: its runs go on. */
static void test_sessions(void **state)
{
	struct results r;

	(void)state;
	assert_true(load(&r, JOURNALS(PLAN(1) MACHINE("a", 0, "x", "") TIMED(0, 0, 10, "1"),
				      PLAN(1) MACHINE("a", 0, "x", "") TIMED(0, 0, 20, "2"),
				      PLAN(1) MACHINE("a", 0, "x", "") VOID("a", 0, 0, 30))));
	assert_string_equal(runs_of(&r, "a"), "0.0=1 0.1=2 0.2=nan");
	assert_int_equal(r.warnings.nr, 0);
	results_free(&r);
}

/* A session whose runs went on, as with --until: those numbered on do not take each other's places.
 */
static void test_long_sessions(void **state)
{
	struct results r;

	(void)state;
	assert_true(load(&r, JOURNALS(PLAN(1) MACHINE("a", 0, "x", "") TIMED(0, 0, 10, "1")
					      TIMED(0, 1, 11, "2"),
				      PLAN(1) MACHINE("a", 0, "x", "") TIMED(0, 0, 20, "3")
					      TIMED(0, 1, 21, "4") TIMED(0, 2, 22, "5"))));
	assert_string_equal(runs_of(&r, "a"), "0.0=1 0.1=2 0.2=3 0.3=4 0.4=5");
	assert_int_equal(r.warnings.nr, 0);
	results_free(&r);
}

/* A boot that a journal began again is still that boot; numbers stay as one journal has them. */
static void test_begun_again(void **state)
{
	struct results r;

	(void)state;
	assert_true(load(&r, JOURNALS(PLAN(1) MACHINE("a", 3, "x", "") TIMED(3, 0, 10, "1")
					      MACHINE("a", 3, "y", "") TIMED(3, 1, 20, "2"))));
	assert_string_equal(runs_of(&r, "a"), "3.0=1 3.1=2");
	results_free(&r);
}

/* A journal's own numbers tell its boots apart, whatever their ids are. */
static void test_own_numbers(void **state)
{
	struct results r;

	(void)state;
	assert_true(load(&r, JOURNALS(PLAN(2) MACHINE("a", 0, "x", "") TIMED(0, 0, 10, "1")
					      MACHINE("a", 1, "x", "") TIMED(1, 0, 20, "2"))));
	assert_string_equal(runs_of(&r, "a"), "0.0=1 1.0=2");
	results_free(&r);
}

/* Where nothing tells boots, only what is the same is one. */
static void test_no_machine(void **state)
{
	struct results r;

	(void)state;
	assert_true(load(&r, JOURNALS(PLAN(1) TIMED(0, 0, 0, "1") TIMED(0, 1, 0, "2"),
				      PLAN(1) TIMED(0, 0, 0, "1") TIMED(0, 1, 0, "2"),
				      PLAN(1) TIMED(0, 0, 0, "3") TIMED(0, 1, 0, "2"))));
	assert_string_equal(runs_of(&r, "a"), "0.0=1 0.1=2 1.0=3 1.1=2");
	results_free(&r);
}

/* Pairs are boots of one perturbation, in whatever order and by whatever number they come. */
static void test_perturbations(void **state)
{
	struct results r;

	(void)state;
	assert_true(load(
		&r,
		JOURNALS(MACHINE("a", 0, "x", PERTURBED(520)) RUN("a", 0, 0, "exact", 10, "5"),
			 MACHINE("a", 0, "y", PERTURBED(512)) RUN("a", 0, 0, "exact", 20, "4"),
			 MACHINE("b", 7, "x", PERTURBED(520)) RUN("b", 7, 0, "exact", 30, "6"))));
	assert_string_equal(runs_of(&r, "a"), "1.0=5 0.0=4");
	assert_string_equal(runs_of(&r, "b"), "1.0=6");
	results_free(&r);
	/* Also where each kernel has a journal of its own: number 0 is another memory in each. */
	assert_true(load(
		&r, JOURNALS(MACHINE("a", 0, "x", PERTURBED(512)) RUN("a", 0, 0, "exact", 10, "4")
				     MACHINE("a", 1, "y", PERTURBED(520))
					     RUN("a", 1, 0, "exact", 20, "5"),
			     MACHINE("b", 0, "x", PERTURBED(520)) RUN("b", 0, 0, "exact", 30, "6")
				     MACHINE("b", 1, "y", PERTURBED(528))
					     RUN("b", 1, 0, "exact", 40, "7"))));
	assert_string_equal(runs_of(&r, "a"), "0.0=4 1.0=5");
	assert_string_equal(runs_of(&r, "b"), "1.0=6 2.0=7");
	results_free(&r);
	/* And where a journal was gone on with on another machine. */
	assert_true(load(&r, JOURNALS(MACHINE("a", 0, "x", PERTURBED(512))
					      RUN("a", 0, 0, "exact", 10, "4")
						      MACHINE("b", 0, "x", PERTURBED(520))
							      RUN("b", 0, 0, "exact", 30, "6"))));
	assert_string_equal(runs_of(&r, "a"), "0.0=4");
	assert_string_equal(runs_of(&r, "b"), "1.0=6");
	results_free(&r);
	/* One that no record tells of is of no pair, and the others of theirs still. */
	assert_true(load(
		&r, JOURNALS(MACHINE("a", 0, "x", PERTURBED(512)) RUN("a", 0, 0, "exact", 10, "4")
				     MACHINE("a", 1, "y", PERTURBED(520))
					     RUN("a", 1, 0, "exact", 20, "5"),
			     RUN("b", 0, 0, "exact", 30, "7") MACHINE("b", 1, "y", PERTURBED(512))
				     RUN("b", 1, 0, "exact", 40, "6"))));
	assert_string_equal(runs_of(&r, "a"), "0.0=4 1.0=5");
	assert_string_equal(runs_of(&r, "b"), "2.0=7 0.0=6");
	assert_non_null(strstr(r.warnings.text[0], "1 boot of 'b' is of a perturbation"));
	results_free(&r);
}

/* One label, two kernels: said, and no verdict comes of it. */
static void test_other_kernel(void **state)
{
#define BUILD(version)                                                  \
	"{\"type\":\"machine\",\"kernel\":\"a\",\"boot\":0,\"facts\":{" \
	"\"kernel.version\":\"" version "\"}}\n"
	struct results r;

	(void)state;
	assert_true(load(&r, JOURNALS(BUILD("#1") TIMED(0, 0, 10, "1"),
				      BUILD("#2") TIMED(0, 0, 20, "1"))));
	assert_string_equal(r.kernels[0].mixed, "kernels");
	assert_non_null(strstr(r.warnings.text[0], "come from different kernels (#1, #2)"));
	results_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_boots),  cmocka_unit_test(test_copy),
		cmocka_unit_test(test_two_results),  cmocka_unit_test(test_same_count),
		cmocka_unit_test(test_sessions),     cmocka_unit_test(test_long_sessions),
		cmocka_unit_test(test_begun_again),  cmocka_unit_test(test_own_numbers),
		cmocka_unit_test(test_no_machine),   cmocka_unit_test(test_perturbations),
		cmocka_unit_test(test_other_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
