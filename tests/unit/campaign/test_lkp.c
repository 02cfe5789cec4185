// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words of the kernel test robot's reports, in the forms in which they are found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "campaign/catalogue.h"
#include "campaign/lkp/lkp.h"
#include "campaign/lkp/words.h"
#include "common/files.h"

static bool read_words(const char *words, struct plan *plan, json_t **differs)
{
	json_t *catalogue = catalogue_own();
	bool ok = lkp_plan(plan, words, catalogue, NULL, 0, differs);

	json_decref(catalogue);
	return ok;
}

/* "1024M", and of each worker "128M/worker". */
static void put_size(FILE *out, const json_t *size)
{
	const char *text = json_string_value(size), *each = text ? strchr(text, '/') : NULL;

	fprintf(out, "%lldM%s", (text ? strtoll(text, NULL, 10) : json_integer_value(size)) >> 20,
		each ? each : "");
}

/* The points of words: "bench/variant threads processes size place", a line each; malloc'ed. */
static char *points_of(const char *words)
{
	json_t *differs, *p, *threads, *processes;
	char *text = NULL, *t, *n;
	struct plan plan;
	size_t size, i;
	FILE *out;

	if (!read_words(words, &plan, &differs))
		return strdup("refused");
	out = open_memstream(&text, &size);
	for (i = 0; i < plan.nr_points; i++) {
		p = plan.points[i].asked ? plan.points[i].asked : plan.points[i].point;
		threads = json_object_get(p, "threads");
		processes = json_object_get(p, "processes");
		t = threads ? json_dumps(threads, JSON_ENCODE_ANY) : strdup("-");
		n = processes ? json_dumps(processes, JSON_ENCODE_ANY) : strdup("-");
		fprintf(out, "%s%s/%s %s %s ", i ? "\n" : "",
			json_string_value(json_object_get(p, "bench")),
			json_string_value(json_object_get(p, "variant")), t, n);
		put_size(out, json_object_get(p, "size"));
		fprintf(out, " %s", json_string_value(json_object_get(p, "place")));
		free(t);
		free(n);
	}
	fclose(out);
	json_decref(differs);
	plan_free(&plan);
	return text;
}

static void are(const char *words, const char *points)
{
	char *got = points_of(words);

	assert_string_equal(got, points);
	free(got);
}

static void test_forms(void **state)
{
	const char *half = "cycle/anon \"50%\" 1 128M/worker cpus";

	(void)state;
	are("lkp:will-it-scale/page_fault1/thread/50%", half);
	are("lkp:will-it-scale/page_fault1/thread/50%/...", half);
	are("lkp:50%,thread,page_fault1,will-it-scale", half);
	are("lkp:test=page_fault1,testcase=will-it-scale,nr_task=50%,mode=thread", half);
	are("testcase=will-it-scale test=page_fault1 mode=thread nr_task=50%", half);
	are("testcase: will-it-scale\nparameters:\n\n\tnr_task: 50%\n\tmode: thread\n"
	    "\ttest: page_fault1\n\tcpufreq_governor: performance\n",
	    half);
	are("> > testcase: will-it-scale\n> > test machine: 104 threads 2 sockets with 192G "
	    "memory\n"
	    "> >     nr_task: 50%\n> >     mode: thread\n> >     test: page_fault1\n",
	    half);
	are("compiler/cpufreq_governor/kconfig/mode/nr_task/rootfs/tbox_group/test/testcase:\n"
	    "  gcc-12/performance/x86_64-rhel-8.3/thread/50%/debian-11.1.cgz/lkp-skl/page_fault1/"
	    "will-it-scale",
	    half);
	are("lkp:gcc-12/performance/x86_64-rhel-8.3/thread/50%/debian-11.1.cgz/lkp-skl/page_fault1/"
	    "will-it-scale",
	    half);
	/* The first of a kind counts. */
	are("lkp:will-it-scale/page_fault1/thread/50%/page_fault2/process/16", half);
}

/* The work of a task is the same however many there are. */
static void test_tasks(void **state)
{
	(void)state;
	are("lkp:will-it-scale/page_fault2/process/100%",
	    "cycle/private-file 1 \"all\" 128M/worker cpus");
	are("lkp:will-it-scale/page_fault1/thread/200%", "cycle/anon \"all\" 1 128M/worker cpus");
	are("lkp:will-it-scale/page_fault1/thread/16", "cycle/anon 16 1 128M/worker cpus");
	are("lkp:will-it-scale/page_fault1/thread/1", "cycle/anon 1 1 128M/worker cpus");
	are("lkp:will-it-scale/page_fault1", "cycle/anon 1 1 128M/worker cpus");
	are("lkp:will-it-scale/page_fault1/both/4",
	    "cycle/anon 4 1 128M/worker cpus\ncycle/anon 1 4 128M/worker cpus");
	are("lkp:will-it-scale/brk1/thread/100%", "writer/brk 1 \"all\" 0M cpus");
	are("lkp:will-it-scale/brk1/both/4", "writer/brk 1 4 0M cpus");
	are("lkp:vm-scalability/anon-w-seq-mt/16", "fault/write 16 1 1024M cpus");
	are("lkp:vm-scalability/anon-w-seq/nr_task=16,mode=thread", "fault/write 1 16 1024M cpus");
	are("lkp:vm-scalability/anon-cow-seq/16", "cow/cow-byte - 16 1024M cpus");
	are("lkp:vm-scalability/mbind/50%", "migrate/mbind - \"50%\" 256M cpus");
	/* One that is one task whatever is said. */
	are("lkp:vm-scalability/migrate/16", "migrate/move-pages - - 256M core");
	are("lkp:will-it-scale/tlb_flush2/process/3", "zap/pte-dontneed - 3 1M/worker cpus");
	are("lkp:will-it-scale/tlb_flush2/thread/1", "shootdown/dontneed - - 0M cpus");
	are("testcase=stress-ng test=fork nr_threads=100% testtime=60s",
	    "process/fork-exit 1 \"all\" 1M/worker cpus");
	are("testcase=perf-bench-syscall op=fork", "process/fork-exit 1 1 1M/worker cpus");
	are("testcase: unixbench runtime: 300s nr_task: 30% test: spawn",
	    "process/fork-exit 1 \"30%\" 1M/worker cpus");
	are("lkp:unixbench/execl/100%", "exit/exec - \"all\" 1M/worker cpus");
}

static void refused(const char *words)
{
	are(words, "refused");
}

static void test_refused(void **state)
{
	char *long_words = malloc(3 * LKP_MOST);

	(void)state;
	refused("lkp:");
	refused("lkp:/");
	refused("lkp:::=,/=:");
	refused("lkp:page_fault1");
	refused("lkp:hackbench/pipe");
	refused("lkp:will-it-scale");
	refused("lkp:will-it-scale/page_fault9");
	refused("lkp:will-it-scale/page_fault1/thread/0%");
	refused("lkp:will-it-scale/page_fault1/thread/-1");
	refused("lkp:will-it-scale/page_fault1/thread/0.5%");
	refused("lkp:will-it-scale/page_fault1/mode=fiber/16");
	refused("lkp:unixbench/shell8/100%");
	refused("lkp:will-it-scale/page_fault1 nr_task=many");
	refused("lkp:will-it-scale/page_fault1 nr_task=99999999999999999999%");
	refused("lkp:will-it-scale/fallocate1");
	refused("lkp:will-it-scale/pread2/process/16");
	refused("lkp:perf-bench-numa-mem");
	refused("testcase=will-it-scale test=a\033[31m\n\"b");
	refused("a/b/testcase: c/will-it-scale");
	memset(long_words, 'a', 3 * LKP_MOST);
	memcpy(long_words, "lkp:will-it-scale/", 18);
	long_words[3 * LKP_MOST - 1] = '\0';
	refused(long_words);
	long_words[LKP_MOST] = '\0';
	refused(long_words);
	free(long_words);
}

static void test_is(void **state)
{
	(void)state;
	assert_true(lkp_is("lkp:x"));
	assert_true(lkp_is("mode=thread testcase=x"));
	assert_true(lkp_is("testcase: x"));
	assert_false(lkp_is("quick"));
	assert_false(lkp_is("./lkp"));
	assert_false(lkp_is("./testcase=x.ini"));
}

/* All that is said to differ, once each and in one line. */
static void differ(const json_t *differs, size_t least)
{
	size_t i, k;
	json_t *text;

	assert_in_range(json_array_size(differs), least, 12);
	json_array_foreach(differs, i, text) {
		assert_null(strchr(json_string_value(text), '\n'));
		for (k = 0; k < i; k++)
			assert_false(json_equal(text, json_array_get(differs, k)));
	}
}

static void one_name(const struct lkp_suite *s, const struct lkp_name *n, const char *how)
{
	char *words = files_text("lkp:%s/%s/%s", s->name, n->test, how);
	json_t *differs = NULL;
	struct plan plan;
	bool ok = read_words(words, &plan, &differs);

	assert_int_equal(ok, !n->lacks);
	if (ok) {
		differ(differs, 2);
		assert_int_equal(strspn(plan.name, "abcdefghijklmnopqrstuvwxyz0123456789-_"),
				 strlen(plan.name));
		json_decref(differs);
		plan_free(&plan);
	}
	free(words);
}

/* Each point is one of the catalogue, and each name is found by itself. */
static void test_tables(void **state)
{
	const struct lkp_suite *s;
	const struct lkp_name *n;
	size_t nr = 0;

	(void)state;
	for (s = lkp_suites; s->name; s++) {
		for (n = s->names; n->test; n++, nr++) {
			assert_true(n->lacks || (n->point && lkp_name_find(s, n->test) == n));
			one_name(s, n, "thread/100%");
			one_name(s, n, "process/3");
			one_name(s, n, "both/4");
		}
	}
	assert_true(nr > 150);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),	cmocka_unit_test(test_tasks),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_is),
		cmocka_unit_test(test_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
