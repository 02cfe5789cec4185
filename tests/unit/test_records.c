// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records of journals, and what the home side adds to them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "campaign/stamp.h"
#include "common/calls/profile.h"
#include "common/kernel_record.h"

static bool read_kernel(struct kernel_record *rec, const char *text)
{
	json_t *json = json_loads(text, 0, NULL);
	bool ok = kernel_record_from_json(rec, json);

	assert_non_null(json);
	json_decref(json);
	return ok;
}

/* What is written is read again, and what does not apply is not written. */
static void test_kernel_record(void **state)
{
	static const char *const texts[] = {
		"{\"type\":\"kernel\",\"label\":\"v6.12\",\"arch\":\"arm64\",\"release\":\"6.12."
		"1\","
		"\"source\":\"~/linux\",\"sha256\":\"ab\"}",
		("{\"type\":\"kernel\",\"label\":\"baseline\",\"patch\":0,\"commit\":\"c0\","
		 "\"subject\":\"mm: x\",\"title\":\"mm: faster\"}"),
		"{\"type\":\"kernel\",\"label\":\"3/4\",\"skip\":\"does not build\",\"patch\":3}",
		"{\"type\":\"kernel\",\"label\":\"layout 1\",\"patch\":0,\"layout\":32}",
	};
	struct kernel_record rec;
	json_t *was, *is;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		was = json_loads(texts[i], 0, NULL);
		assert_true(kernel_record_from_json(&rec, was));
		is = kernel_record_to_json(&rec);
		assert_true(json_equal(was, is));
		assert_int_equal(rec.in_series, i > 0);
		assert_int_equal(kernel_record_is_base(&rec), i == 1);
		kernel_record_free(&rec);
		json_decref(was);
		json_decref(is);
	}
}

/* Journals come from anywhere. */
static void test_odd_kernel_records(void **state)
{
	struct kernel_record rec;

	(void)state;
	assert_false(read_kernel(&rec, "{\"type\":\"kernel\",\"arch\":\"arm64\"}"));
	assert_null(rec.arch);
	assert_false(read_kernel(&rec, "{\"label\":7}"));
	assert_true(read_kernel(&rec, "{\"label\":\"a\",\"patch\":\"0\",\"sha256\":[],\"new\":1}"));
	assert_false(rec.in_series);
	assert_null(rec.sha256);
	kernel_record_free(&rec);
	assert_true(read_kernel(&rec, "{\"label\":\"a\",\"patch\":-1}"));
	assert_false(rec.in_series);
	assert_false(kernel_record_is_base(&rec));
	kernel_record_free(&rec);
	assert_null(rec.label);
}

/* A worker's record as it goes into the journal, as text; the caller frees. */
static char *stamped(const char *record, enum run_source source)
{
	json_t *json = json_loads(record, 0, NULL), *ret = stamp(json, "v6.12", source);
	char *text = json_dumps(ret, JSON_COMPACT);

	assert_non_null(json);
	json_decref(json);
	json_decref(ret);
	return text;
}

static void expect_stamped(const char *record, enum run_source source, const char *wanted)
{
	char *text = stamped(record, source);

	assert_string_equal(text, wanted);
	free(text);
}

/* Label and source come from here, whatever the record says. */
/* What tables call a machine is a fact of its record, and of no other. */
static void test_stamp_fact(void **state)
{
	json_t *machine = json_pack("{s:s,s:{s:s}}", "type", "machine", "facts", "cpu.model", "x");
	json_t *run = json_pack("{s:s}", "type", "run"), *facts = json_object_get(machine, "facts");

	(void)state;
	json_incref(facts);
	stamp_fact(machine, STAMP_TITLE, NULL);
	assert_true(json_object_get(machine, "facts") == facts);
	stamp_fact(machine, STAMP_TITLE, "Altra 2");
	stamp_fact(run, STAMP_TITLE, "Altra 2");
	assert_int_equal(json_object_size(run), 1);
	assert_int_equal(json_object_size(facts), 1); /* the worker's own stays */
	assert_string_equal(json_string_value(json_object_get(json_object_get(machine, "facts"),
							      "machine.title")),
			    "Altra 2");
	json_decref(facts);
	json_decref(machine);
	json_decref(run);
}

static void test_stamp(void **state)
{
	(void)state;
	expect_stamped("{\"type\":\"end\",\"boot\":1}", SOURCE_EXACT,
		       "{\"type\":\"end\",\"kernel\":\"v6.12\",\"boot\":1}");
	expect_stamped("{\"type\":\"run\",\"kernel\":\"x\",\"source\":\"timed\",\"unit\":\"ns\"}",
		       SOURCE_EMULATED,
		       "{\"type\":\"run\",\"kernel\":\"v6.12\",\"source\":\"emulated\",\"unit\":"
		       "\"ns\"}");
	/* What measured nothing has samples of no source. */
	expect_stamped("{\"type\":\"run\",\"status\":\"skipped\",\"source\":\"timed\"}",
		       SOURCE_TIMED,
		       "{\"type\":\"run\",\"kernel\":\"v6.12\",\"status\":\"skipped\"}");
}

/* Memory that went cold is noted in times, in a list that others keep as it was. */
static void test_stamp_cold(void **state)
{
	static const char run[] = "{\"type\":\"run\",\"unit\":\"ns\",\"conditions\":{\"warm_ns\":"
				  "[9,%d,2001]},\"notes\":[\"a\"]}";
	enum run_source source;
	char record[128], *text;

	(void)state;
	for (source = SOURCE_TIMED; source < NR_SOURCES; source++) {
		snprintf(record, sizeof(record), run, 1000);
		text = stamped(record, source);
		assert_int_equal(source == SOURCE_TIMED,
				 strstr(text,
					"[\"a\",\"memory went cold: 2001 ns a page at the end, "
					"1000 at the start;") != NULL);
		free(text);
		snprintf(record, sizeof(record), run, 1001);
		text = stamped(record, source);
		assert_null(strstr(text, "cold"));
		free(text);
	}
}

/* What an analysis takes for granted of what was sampled. */
static void test_profiles(void **state)
{
	static const char *const texts[][2] = {
		{"\"a;b\":2,\"a\":1", NULL},	 {"\"a;b\":2", "do not sum up"},
		{"\"a;b\":4", "do not sum up"},	 {"\"a;;b\":3", "no path"},
		{"\"a;\":3", "no path"},	 {"\"\":3", "no path"},
		{"\"a\":4,\"b\":-1", "no path"}, {"\"a\":3,\"b\":0", "no path"},
		{"\"a\":\"3\"", "no path"},
	};
	static const char rest[] = "{\"event\":\"cycles\",\"period\":7,\"samples\":4,\"other\":1,"
				   "\"outside\":0,\"lost\":0,\"throttled\":0,\"iterations\":1,"
				   "\"op_ns\":9,\"stacks\":{%s}}";
	const char *fault;
	char text[256];
	json_t *json;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(text, sizeof(text), rest, texts[i][0]);
		json = json_loads(text, 0, NULL);
		assert_non_null(json);
		fault = profile_fault(json);
		assert_int_equal(fault != NULL, texts[i][1] != NULL);
		assert_true(!fault || strstr(fault, texts[i][1]));
		json_object_del(json, "event");
		assert_non_null(profile_fault(json));
		json_decref(json);
	}
	json = profile_refused("because of %d", 7);
	assert_null(profile_fault(json));
	assert_string_equal(profile_why_not(json), "because of 7");
	json_decref(json);
}

/* Nothing is both counted and sampled. */
static void test_counted_profiles(void **state)
{
	static const char run[] = "{\"type\":\"run\",\"kernel\":\"k\",\"boot\":0,\"run\":0,"
				  "\"status\":\"ok\",\"unit\":\"ns\","
				  "\"point\":{\"bench\":\"x\",\"variant\":\"y\"},\"samples\":[1],"
				  "\"source\":\"%s\",\"profile\":{\"refused\":\"z\"}}";
	enum run_source source;
	char text[256];
	json_t *json;

	(void)state;
	for (source = SOURCE_TIMED; source < NR_SOURCES; source++) {
		snprintf(text, sizeof(text), run, run_source_name(source));
		json = json_loads(text, 0, NULL);
		assert_int_equal(record_fault(json) != NULL, source == SOURCE_EXACT);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel_record),
		cmocka_unit_test(test_odd_kernel_records),
		cmocka_unit_test(test_stamp),
		cmocka_unit_test(test_stamp_fact),
		cmocka_unit_test(test_stamp_cold),
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_counted_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
