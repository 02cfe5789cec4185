// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records of journals that only the home side knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
		"{\"type\":\"kernel\",\"label\":\"baseline\",\"patch\":0,\"commit\":\"c0\","
		"\"subject\":\"mm: x\",\"title\":\"mm: faster\"}",
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel_record),
		cmocka_unit_test(test_odd_kernel_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
