// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks of exact mode that need arithmetic, for tests/run-tests.sh. Exits 0 if they hold, 1 with
 * what does not.
 *
 *   same J...
 *       the first two kernels of each journal, and the journals, have the same counts in every run,
 *       to the last instruction
 *   near J...
 *       those of several journals differ by 2 % at most, but for making random numbers
 *   sums J [CLASS...]
 *       functions add up to the samples, at most 0.1 % has no name, and each class occurs
 *   pmu J
 *       the plugin's counts are those of the guest's PMU: what the PMU has on top is the same for a
 *       fork as for nothing, to 0.1 % of a fork
 *   patch J IMAGE OUT FUNCTION SHARE
 *       writes OUT, an arm64 IMAGE whose FUNCTION, the first of FUNCTION,..., executes about SHARE
 *       % of the first run's instructions more, as that run calls it
 *   added J
 *       the second kernel executes more than the first by exactly what those instructions, counted
 *       by address, are
 *   lines J
 *       lines by kind and by function add up, at most 0.5 % of lines and of accesses are of no
 * known kind, an order-0 fork touches a line of struct page for each page, to 1 %, and what faults
 *       clear and copy is the user's
 */
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/journal.h"
#include "common/msg.h"
#include "tests/tools/exact_patch.h"

#define MAX_RUNS 400

static json_t *runs[MAX_RUNS];
static size_t nr_runs;

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	const char *status = json_string_value(json_object_get(json, "status"));

	(void)arg;
	(void)lineno;
	if (strcmp(json_string_value(json_object_get(json, "type")), "run") ||
	    !strcmp(status, "skipped"))
		return true;
	if (strcmp(status, "ok"))
		return err("a run is not ok: %s",
			   json_string_value(json_object_get(json, "reason")));
	if (nr_runs < MAX_RUNS)
		runs[nr_runs++] = json_incref((json_t *)json);
	return true;
}

static int64_t sum(const json_t *array)
{
	json_t *value;
	int64_t total = 0;
	size_t i;

	json_array_foreach(array, i, value)
		total += json_integer_value(value);
	return total;
}

static int64_t function_insns(const json_t *run, const char *name)
{
	return json_integer_value(
		json_object_get(json_object_get(json_object_get(run, "functions"), name), "insn"));
}

static const char *kernel_of(const json_t *run)
{
	return json_string_value(json_object_get(run, "kernel"));
}

static bool same_point(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "point"), json_object_get(b, "point")) &&
	       json_equal(json_object_get(a, "boot"), json_object_get(b, "boot")) &&
	       json_equal(json_object_get(a, "run"), json_object_get(b, "run"));
}

static int check_same(void)
{
	static const char *const keys[] = {"samples", "counts",	  "functions",
					   "lines",   "modelled", "calls"};
	size_t i, k, n, pairs = 0;

	for (i = 0; i < nr_runs; i++) {
		for (k = 0; k < i; k++) {
			if (!same_point(runs[i], runs[k]))
				continue;
			pairs++;
			for (n = 0; n < sizeof(keys) / sizeof(keys[0]); n++)
				if ((n < 3 || json_object_get(runs[i], keys[n])) &&
				    !json_equal(json_object_get(runs[i], keys[n]),
						json_object_get(runs[k], keys[n])))
					return err("%s and %s: other %s", kernel_of(runs[k]),
						   kernel_of(runs[i]), keys[n]),
					       1;
		}
	}
	printf("%zu pairs of runs are the same\n", pairs);
	return pairs ? 0 : 1;
}

/* Over all runs. */
static int64_t sum_class(const char *class)
{
	int64_t total = 0;
	size_t i;

	for (i = 0; i < nr_runs; i++)
		total += sum(json_object_get(json_object_get(runs[i], "counts"), class));
	return total;
}

static int check_sums(char **classes, int nr)
{
	const json_t *function;
	int64_t total, unnamed, samples;
	const char *name;
	size_t i;
	int c;

	for (i = 0; i < nr_runs; i++) {
		total = 0;
		json_object_foreach(json_object_get(runs[i], "functions"), name, function)
			total += json_integer_value(json_object_get(function, "insn"));
		samples = sum(json_object_get(runs[i], "samples"));
		unnamed = function_insns(runs[i], "[unnamed]");
		if (total != samples)
			return err("functions are %lld, samples %lld", (long long)total,
				   (long long)samples),
			       1;
		if ((double)unnamed > (double)total / 1000)
			return err("%lld of %lld have no name", (long long)unnamed,
				   (long long)total),
			       1;
	}
	for (c = 0; c < nr; c++) {
		for (i = 0; i < nr_runs && classes[c][0] == '-'; i++)
			if (function_insns(runs[i], classes[c] + 1))
				return err("%s is in there", classes[c] + 1), 1;
		if (classes[c][0] != '-' && !sum_class(classes[c]))
			return err("no %s anywhere", classes[c]), 1;
	}
	printf("%zu runs add up\n", nr_runs);
	return nr_runs ? 0 : 1;
}

/* What the guest's PMU counted beyond the plugin, an iteration: the counter's own switching. */
static double pmu_extra(const json_t *run)
{
	const json_t *pmu = json_object_get(json_object_get(run, "counters"), "instructions:k");
	const json_t *counts = json_object_get(run, "counts");
	const json_t *samples = json_object_get(run, "samples");
	int64_t plugin = sum(samples) + sum(json_object_get(counts, "interrupt"));

	return (double)(json_integer_value(json_object_get(pmu, "value")) - plugin) /
	       (double)json_array_size(samples);
}

static double insns_of(const json_t *run)
{
	const json_t *samples = json_object_get(run, "samples");

	return (double)sum(samples) / (double)json_array_size(samples);
}

static bool same_op(const json_t *a, const json_t *b)
{
	const json_t *x = json_object_get(a, "point"), *y = json_object_get(b, "point");

	return json_equal(json_object_get(x, "bench"), json_object_get(y, "bench")) &&
	       !strcmp(kernel_of(a), kernel_of(b));
}

static int check_pmu(void)
{
	double off, worst = 0;
	size_t i, k, checked = 0;

	for (i = 0; i < nr_runs; i++) {
		for (k = 0; k < nr_runs; k++) {
			if (!same_op(runs[i], runs[k]) || insns_of(runs[i]) < 2 * insns_of(runs[k]))
				continue;
			off = fabs(pmu_extra(runs[i]) - pmu_extra(runs[k])) / insns_of(runs[i]);
			worst = off > worst ? off : worst;
			checked++;
		}
	}
	printf("%zu pairs of sizes: plugin and PMU differ by %.4f %% at most\n", checked,
	       worst * 100);
	return checked && worst < 5e-4 ? 0 : 1;
}

static uint64_t addr_of(const json_t *run, const char *name)
{
	const char *text = json_string_value(
		json_object_get(json_object_get(json_object_get(run, "functions"), name), "addr"));

	return text ? strtoull(text, NULL, 16) : 0;
}

/* How many turns make that share of the run in this function; 0 if it is none to patch. */
static int turns_in(const json_t *run, const char *name, double share)
{
	const json_t *function = json_object_get(json_object_get(run, "functions"), name);
	double calls = (double)json_integer_value(json_object_get(function, "calls"));
	double insns = (double)sum(json_object_get(run, "samples"));
	double each = calls > 0 ? share / 100 * insns / calls : 0;
	int turns = (int)((each - PATCH_BESIDE) / PATCH_TURN + 0.5);

	if (turns < 1 || turns > PATCH_MOST_TURNS || !addr_of(run, name))
		return 0;
	each = PATCH_BESIDE + turns * PATCH_TURN;
	printf("%.0f instructions more in each of %.0f calls of %s: %.3f %%\n", each, calls, name,
	       each * calls / insns * 100);
	return turns;
}

static int patch(char **argv)
{
	const json_t *run = runs[0];
	uint64_t vectors = addr_of(run, "vectors");
	char *names = argv[2], *name;
	int turns;

	while (vectors && (name = strsep(&names, ","))) {
		turns = turns_in(run, name, atof(argv[3]));
		if (turns)
			return exact_patch(argv[0], argv[1], addr_of(run, name), vectors, turns);
	}
	return err("none of these functions, or vectors, was called, or too often"), 1;
}

/* A fork takes random numbers, and every so often it is the one that has to make more of them. */
static bool makes_random(const char *function)
{
	static const char *const parts[] = {"chacha", "blake2s", "crng", "entropy", "get_random"};
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(function, parts[i]))
			return true;
	return false;
}

/* All instructions of a run but those. */
static int64_t steady_insns(const json_t *run)
{
	const json_t *functions = json_object_get(run, "functions");
	const char *name;
	json_t *function;
	int64_t total = 0;

	json_object_foreach((json_t *)functions, name, function) {
		if (!makes_random(name))
			total += json_integer_value(json_object_get(function, "insn"));
	}
	return total;
}

/* The branch replaces a return, which the cave has at its end: so vectors has everything added. */
static int check_added(void)
{
	int64_t added, total, all;
	size_t i, k, pairs = 0;

	for (i = 0; i < nr_runs; i++) {
		for (k = 0; k < i; k++) {
			if (!same_point(runs[i], runs[k]))
				continue;
			added = llabs(function_insns(runs[i], "vectors") -
				      function_insns(runs[k], "vectors"));
			total = llabs(steady_insns(runs[i]) - steady_insns(runs[k]));
			all = sum(json_object_get(runs[k], "samples"));
			printf("added %lld, counted %lld, of %lld\n", (long long)added,
			       (long long)total, (long long)all);
			if (!added || llabs(added - total) > all / 5000)
				return 1;
			pairs++;
		}
	}
	return pairs ? 0 : 1;
}

/* What memory is filled with and where it lies differs between emulators: seen were 0.7 %. */
static int check_near(void)
{
	int64_t one, other;
	size_t i, k, pairs = 0;

	for (i = 0; i < nr_runs; i++) {
		for (k = 0; k < i; k++) {
			if (!same_point(runs[i], runs[k]) ||
			    strcmp(kernel_of(runs[i]), kernel_of(runs[k])))
				continue;
			one = steady_insns(runs[k]);
			other = steady_insns(runs[i]);
			if (llabs(one - other) > one / 50)
				return err("%s: %lld and %lld", kernel_of(runs[i]), (long long)one,
					   (long long)other),
				       1;
			pairs++;
		}
	}
	printf("%zu pairs of runs are within 2 %%\n", pairs);
	return pairs ? 0 : 1;
}

static int64_t number_of(const json_t *run, const char *kind, const char *number)
{
	return sum(json_object_get(json_object_get(json_object_get(run, "lines"), kind), number));
}

static int64_t lines_of(const json_t *run, const char *kind)
{
	return number_of(run, kind, "lines");
}

static bool good_memmap(const json_t *run)
{
	const json_t *point = json_object_get(run, "point");
	int64_t lines = lines_of(run, "memmap");
	int64_t pages = json_integer_value(json_object_get(point, "size")) / 4096 *
			(int64_t)json_array_size(json_object_get(run, "samples"));

	return strcmp(json_string_value(json_object_get(point, "bench")), "fork") ||
	       json_integer_value(json_object_get(point, "order")) ||
	       (lines >= pages && (double)lines <= 1.01 * (double)pages);
}

/* Pages of faults are cleared, or read and written; what is zeroed by the line is no access. */
static bool good_user(const json_t *run)
{
	static const struct {
		const char *bench, *variant;
		int64_t touched; /* of each page */
	} ops[] = {{"fault", "write", 64}, {"cow", "cow-byte", 128}};
	const json_t *point = json_object_get(run, "point");
	const char *bench = json_string_value(json_object_get(point, "bench"));
	const char *variant = json_string_value(json_object_get(point, "variant"));
	int64_t pages = json_integer_value(json_object_get(point, "size")) / 4096 *
			(int64_t)json_array_size(json_object_get(run, "samples"));
	int64_t zeroed = sum(json_object_get(json_object_get(run, "counts"), "dc-zva"));
	size_t i;

	for (i = 0; variant && i < sizeof(ops) / sizeof(ops[0]); i++)
		if (!strcmp(bench, ops[i].bench) && !strcmp(variant, ops[i].variant))
			return lines_of(run, "user") + zeroed >= ops[i].touched * pages ||
			       (err("%s: lines of the user's are missing", bench), false);
	return true;
}

/* Of so many lines or accesses, of hardly any is not known what they are of. */
static bool good_names(const json_t *run, const char *number, int64_t total)
{
	int64_t unnamed = number_of(run, "raw-pages", number) + number_of(run, "other", number);
	const json_t *point = json_object_get(run, "point");

	if (unnamed > total / 200)
		err("%s, %s: of %lld %s %lld have no name", kernel_of(run),
		    json_string_value(json_object_get(point, "bench")), (long long)total, number,
		    (long long)unnamed);
	return unnamed <= total / 200;
}

static int check_lines(void)
{
	json_t *function, *kind;
	int64_t total, first, accesses;
	const json_t *modelled; /* fed with the same accesses */
	const char *name;
	size_t i;

	for (i = 0; i < nr_runs; i++) {
		total = first = accesses = 0;
		modelled = json_object_get(runs[i], "modelled");
		json_object_foreach(json_object_get(runs[i], "functions"), name, function)
			first += json_integer_value(json_object_get(function, "lines"));
		json_object_foreach(json_object_get(runs[i], "lines"), name, kind) {
			total += lines_of(runs[i], name);
			accesses += sum(json_object_get(kind, "accesses"));
		}
		if (!total || total != first || !good_names(runs[i], "lines", total) ||
		    !good_names(runs[i], "accesses", accesses) || !good_memmap(runs[i]) ||
		    !good_user(runs[i]) ||
		    (modelled && accesses != sum(json_object_get(modelled, "accesses"))))
			return err("lines %lld, of functions %lld", (long long)total,
				   (long long)first),
			       1;
	}
	return nr_runs ? 0 : 1;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	bool all = !strcmp(what, "same") || !strcmp(what, "near");
	int i;

	msg_init("exact-check");
	for (i = 2; i < (all ? argc : argc > 2 ? 3 : 0); i++)
		if (!journal_read(argv[i], take_line, NULL))
			return 1;
	if (all)
		return strcmp(what, "near") ? check_same() : check_near();
	if (!strcmp(what, "sums"))
		return check_sums(argv + 3, argc - 3);
	if (!strcmp(what, "lines"))
		return check_lines();
	if (!strcmp(what, "pmu"))
		return check_pmu();
	if (!strcmp(what, "patch") && argc == 7 && nr_runs)
		return patch(argv + 3);
	if (!strcmp(what, "added"))
		return check_added();
	err("see tests/tools/exact_check.c");
	return 2;
}
