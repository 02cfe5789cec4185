// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/caches/model.h"
#include "common/clean.h"
#include "common/hist.h"
#include "common/record.h"
#include "common/sha256.h"
#include "common/units.h"

static void bytes_are_read(void **state)
{
	int64_t v = -1;

	(void)state;
	assert_true(units_parse_bytes("1G", &v));
	assert_int_equal(v, 1 << 30);
	assert_true(units_parse_bytes("1536K", &v));
	assert_int_equal(v, 1536 * 1024);
	assert_true(units_parse_bytes("4MiB", &v));
	assert_int_equal(v, 4 << 20);
	assert_true(units_parse_bytes("4096", &v));
	assert_int_equal(v, 4096);
	v = 7;
	assert_false(units_parse_bytes("", &v));
	assert_false(units_parse_bytes("-1", &v));
	assert_false(units_parse_bytes("1X", &v));
	assert_false(units_parse_bytes("1GG", &v));
	assert_false(units_parse_bytes("1iB", &v));
	assert_false(units_parse_bytes("99999999999T", &v));
	assert_false(units_parse_bytes("99999999999999999999", &v));
	assert_int_equal(v, 7);
}

static void ints_are_read(void **state)
{
	int64_t v = 7;

	(void)state;
	assert_false(units_parse_int("", 0, 9, &v));
	assert_false(units_parse_int("3x", 0, 9, &v));
	assert_false(units_parse_int(" 3", 0, 9, &v));
	assert_false(units_parse_int("10", 0, 9, &v));
	assert_false(units_parse_int("-1", 0, 9, &v));
	assert_int_equal(v, 7);
	assert_true(units_parse_int("-1", -1, 9, &v));
	assert_int_equal(v, -1);
}

static void percentages_are_read(void **state)
{
	double v = 7;

	(void)state;
	assert_true(units_parse_percent("2%", &v));
	assert_float_equal(v, 0.02, 1e-12);
	assert_true(units_parse_percent("0.5%", &v));
	assert_float_equal(v, 0.005, 1e-12);
	assert_true(units_parse_percent("100%", &v));
	assert_false(units_parse_percent("2", &v));
	assert_false(units_parse_percent("-1%", &v));
	assert_false(units_parse_percent("101%", &v));
	assert_false(units_parse_percent("nan%", &v));
	assert_false(units_parse_percent("%", &v));
	assert_false(units_parse_percent("2 %", &v));
	assert_float_equal(v, 1, 1e-12); /* left alone */
}

static void durations_are_read_and_written(void **state)
{
	static const char *const wrong[] = {"",	    "0s",  "-1m",   "30", "1.5h",
					    "30 m", "2hm", "1001h", "m",  "99999999999999999999h"};
	char text[UNITS_TEXT];
	int s = 0;
	size_t i;

	(void)state;
	assert_true(units_parse_duration("90s", &s) && s == 90);
	assert_string_equal(units_duration(s, text), "90s");
	assert_true(units_parse_duration("30m", &s) && s == 1800);
	assert_string_equal(units_duration(s, text), "30m");
	assert_true(units_parse_duration("1000h", &s) && s == 3600000);
	assert_string_equal(units_duration(s, text), "1000h");
	assert_string_equal(units_duration(0, text), "0s");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(units_parse_duration(wrong[i], &s));
	assert_int_equal(s, 3600000); /* left alone */
}

static void numbers_are_written(void **state)
{
	char text[UNITS_TEXT];

	(void)state;
	assert_string_equal(units_bytes(1 << 30, text), "1G");
	assert_string_equal(units_bytes(1536 << 10, text), "1536K");
	assert_string_equal(units_bytes(100, text), "100");
	assert_string_equal(units_bytes(0, text), "0");
	assert_string_equal(units_ns(41.23, text), "41.2 ns");
	assert_string_equal(units_ns(999.4, text), "999 ns");
	assert_string_equal(units_ns(999.6, text), "1.00 us");
	assert_string_equal(units_ns(14305000, text), "14.3 ms");
	assert_string_equal(units_ns(2.5e9, text), "2.50 s");
	assert_string_equal(units_ns(NAN, text), "-");
	assert_string_equal(units_count(641234, text), "641k");
	assert_string_equal(units_count(1.25e6, text), "1.25M");
	assert_string_equal(units_count(12, text), "12");
}

/* Every value falls into a bucket whose bounds hold it and are within 1/HIST_SUB of it. */
static void buckets_hold_their_values(void **state)
{
	struct hist *h = calloc(1, sizeof(*h));
	uint64_t v;
	double q;

	(void)state;
	for (v = 0; v < 1ULL << 36; v = v * 5 / 4 + 1) {
		memset(h, 0, sizeof(*h));
		h->unit_ns = 1;
		hist_add(h, v);
		h->max_ns = UINT64_MAX; /* else the quantile is cut at the largest value */
		q = hist_quantile(h, 0.5);
		/* the middle of its bucket */
		assert_true(fabs(q - (double)v) <= fmax(0.5, (double)v / HIST_SUB));
	}
	free(h);
}

static void quantiles_have_the_right_rank(void **state)
{
	struct hist *h = calloc(1, sizeof(*h));
	uint64_t v;

	(void)state;
	h->unit_ns = 1;
	assert_true(isnan(hist_quantile(h, 0.5)));
	for (v = 1; v <= 20; v++)
		hist_add(h, v);
	/* A tick is from its value to the next: half of 20 values are below 11. */
	assert_float_equal(hist_quantile(h, 0.5), 11, 1e-9);
	assert_float_equal(hist_quantile(h, 0.475), 10.5, 1e-9);
	assert_float_equal(hist_quantile(h, 0), 1, 1e-9);
	assert_float_equal(hist_quantile(h, 0.05), 2, 1e-9);
	assert_true(hist_quantile(h, 1.0) == 20);
	free(h);
}

/* What is spread evenly has even quantiles, however coarse the buckets; what is not, a known error.
 */
static void quantiles_are_interpolated(void **state)
{
	struct hist *h = calloc(1, sizeof(*h)), *coarse = calloc(1, sizeof(*coarse));
	json_t *json;
	uint64_t v;
	double q;

	(void)state;
	h->unit_ns = 1;
	for (v = 1000; v < 3000; v++)
		hist_add(h, v);
	for (q = 0.01; q < 0.99; q += 0.01)
		assert_float_equal(hist_quantile(h, q), 1000 + 2000 * q, 5);
	assert_float_equal(hist_quantile_error(h, 0.5), 0, 1e-9);
	memset(h, 0, sizeof(*h));
	h->unit_ns = 1;
	for (v = 0; v < 100; v++)
		hist_add(h, 1024);
	assert_float_equal(hist_quantile_error(h, 0.5), (4 + 8 * 2 / 125.0) / 1023.999, 1e-4);
	/* One of 32 buckets an octave, as older journals have: 100 values each from 2048 to 2176
	 * ns. */
	json = json_pack("{s:i,s:i,s:i,s:i,s:[[i,i],[i,i]]}", "unit_ns", 1, "sub_bits", 5, "count",
			 200, "max_ns", 2175, "buckets", 224, 100, 225, 100);
	assert_true(hist_from_json(coarse, json));
	/* Nothing before and nothing behind: the density rises, and falls. */
	assert_float_equal(hist_quantile(coarse, 0.5), 2112, 1e-9);
	assert_float_equal(hist_quantile(coarse, 0.25), 2048 + 64 * 0.561553, 1e-3);
	assert_float_equal(hist_quantile(coarse, 0.75), 2112 + 64 * 0.438447, 1e-3);
	assert_false(hist_merge(h, coarse));
	json_decref(json);
	json = hist_to_json(coarse);
	assert_int_equal(json_integer_value(json_object_get(json, "sub_bits")), 5);
	json_object_set_new(json, "sub_bits", json_integer(HIST_SUB_BITS + 1));
	assert_false(hist_from_json(coarse, json));
	json_decref(json);
	free(h);
	free(coarse);
}

/* A clock that ticks every 40 ns: buckets are no finer than a tick. */
static void buckets_are_no_finer_than_the_clock(void **state)
{
	struct hist *h = calloc(1, sizeof(*h));

	(void)state;
	h->unit_ns = 40;
	hist_add(h, 0);
	hist_add(h, 39);
	hist_add(h, 40);
	assert_int_equal(h->bucket[0], 2);
	assert_int_equal(h->bucket[1], 1);
	assert_float_equal(hist_quantile(h, 2 / 3.0), 40, 1e-9);
	free(h);
}

static void histograms_survive_json(void **state)
{
	struct hist *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));
	json_t *json;
	uint64_t v;

	(void)state;
	a->unit_ns = 40;
	for (v = 1; v < 1ULL << 45; v *= 3)
		hist_add(a, v);
	json = hist_to_json(a);
	assert_true(hist_from_json(b, json));
	assert_memory_equal(a, b, sizeof(*a));
	assert_true(hist_merge(b, a));
	assert_int_equal(b->count, 2 * a->count);
	b->unit_ns = 1;
	assert_false(hist_merge(b, a));
	json_object_set_new(json, "count", json_integer(1));
	assert_false(hist_from_json(b, json));
	json_decref(json);
	free(a);
	free(b);
}

static void records_survive_json(void **state)
{
	uint64_t samples[] = {1, 2, UINT64_MAX >> 1};
	struct run_record rec =
				  {
					  .kernel = "k",
					  .boot = 1,
					  .run = 2,
					  .status = RUN_OK,
					  .unit = "ns",
					  .source = SOURCE_TIMED,
					  .warmup = 3,
					  .samples = samples,
					  .nr_samples = 3,
					  .per = "fault",
					  .per_count = 64,
					  .started = 1e9 + 0.25,
					  .wall_s = 1.5,
				  },
			  back;
	json_t *json, *again;
	const char *why;

	(void)state;
	rec.point = json_pack("{s:s,s:s}", "bench", "fault", "variant", "write");
	rec.vmstat = json_pack("{s:i}", "pgfault", 64);
	json = run_record_to_json(&rec);
	assert_non_null(json);
	assert_true(run_record_from_json(&back, json, &why));
	again = run_record_to_json(&back);
	assert_true(json_equal(json, again));
	assert_int_equal(back.samples[2], UINT64_MAX >> 1);
	run_record_free(&back);
	json_object_set_new(json, "samples", json_array());
	assert_false(run_record_from_json(&back, json, &why)); /* ok, but nothing measured */
	json_object_set_new(json, "status", json_string("fine"));
	assert_false(run_record_from_json(&back, json, &why));
	json_decref(json);
	json_decref(again);
	json_decref(rec.point);
	json_decref(rec.vmstat);
}

static void what_is_not_seen_is_made_visible(void **state)
{
	static const struct {
		const char *text, *shown; /* NULL: as it is */
	} texts[] = {
		{"", NULL},
		{"a b\\x1b \xc3\xa4 \xc2\xa0 \xe2\x82\xac \xf0\x9f\x98\x80", NULL},
		{"a\tb\n\r", "a\\tb\\n\\r"},
		{"\x01\x1b[31m\x7f", "\\x01\\x1b[31m\\x7f"},
		{"\xc2\x9b"
		 "1m",
		 "\\u009b1m"},
		{"\xe2\x80\xae"
		 "abc\xe2\x80\x8b\xef\xbb\xbf",
		 "\\u202eabc\\u200b\\ufeff"},
		{"\xef\xbf\xbe\xef\xbf\xbf\xf3\xa0\x80\x81", "\\ufffe\\uffff\\ue0001"},
		{"\xe4 \xff\xc2", "\\xe4 \\xff\\xc2"}, /* Latin-1 */
		{"\xc0\xaf\xe0\x80\xaf\xed\xa0\x80", "\\xc0\\xaf\\xe0\\x80\\xaf\\xed\\xa0\\x80"},
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
	};
	char *shown, *again;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		shown = clean_text(texts[i].text);
		assert_string_equal(shown, texts[i].shown ? texts[i].shown : texts[i].text);
		assert_int_equal(clean_is(texts[i].text), !texts[i].shown);
		again = clean_text(shown);
		assert_string_equal(again, shown);
		free(again);
		free(shown);
	}
}

static void records_are_made_visible(void **state)
{
	json_t *json = json_loads("{\"a\\u001b\":[\"\\n\",{\"b\":\"\\u009b\",\"\\t\":1}],\"c\":2}",
				  0, NULL);
	json_t *wanted = json_loads(
		"{\"a\\\\x1b\":[\"\\\\n\",{\"b\":\"\\\\u009b\",\"\\\\t\":1}],\"c\":2}", 0, NULL);

	(void)state;
	clean_json(json);
	assert_true(wanted && json_equal(json, wanted));
	json_decref(json);
	json_decref(wanted);
	clean_json(NULL);
}

/* FIPS 180-4 has no examples any more; these are those of its predecessor, and edges of a block. */
static void checksums_are_right(void **state)
{
	static const struct {
		const char *byte;
		size_t nr;
		const char *sum;
	} sums[] = {
		{"", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
		{"a", 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
		{"a", 63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
		{"a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
		{"a", 65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
		{"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
	};
	char sum[SHA256_TEXT], *text;
	size_t i, k, len;

	(void)state;
	for (i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		len = strlen(sums[i].byte);
		text = calloc(sums[i].nr * len + 1, 1);
		for (k = 0; k < sums[i].nr; k++)
			memcpy(text + k * len, sums[i].byte, len);
		sha256_data(text, sums[i].nr * len, sum);
		assert_string_equal(sum, sums[i].sum);
		free(text);
	}
}

static void geometries_are_read_and_written(void **state)
{
	static const char geometry[] =
		"small:l1d=4096/4/64:l2=32768/8/64:llc=98304/16/64:dtlb=4/4:l2tlb=16/2:walk=2/2";
	static const char *const wrong[] = {
		"",
		"x",
		":l1d=4096/4/64:dtlb=4/4",
		"x:l1d=4096/4/64",
		"x:dtlb=4/4",
		"x:l1d=4096/4:dtlb=4/4",
		"x:l1d=4096/4/48:dtlb=4/4",
		"x:l1d=4096/3/64:dtlb=4/4",
		"x:l1d=4096/0/64:dtlb=4/4",
		"x:l1d=0/4/64:dtlb=4/4",
		"x:l1d=4096/4/64:dtlb=4/4:l4=1/1/64",
		"x:l1d=99999999999999/4/64:dtlb=4/4",
	};
	char text[CACHE_MODEL_TEXT];
	struct cache_model model;
	size_t i;

	(void)state;
	assert_true(cache_model_parse(&model, geometry));
	assert_string_equal(cache_model_text(&model, text), geometry);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(cache_model_parse(&model, wrong[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checksums_are_right),
		cmocka_unit_test(bytes_are_read),
		cmocka_unit_test(ints_are_read),
		cmocka_unit_test(percentages_are_read),
		cmocka_unit_test(durations_are_read_and_written),
		cmocka_unit_test(numbers_are_written),
		cmocka_unit_test(buckets_hold_their_values),
		cmocka_unit_test(quantiles_have_the_right_rank),
		cmocka_unit_test(quantiles_are_interpolated),
		cmocka_unit_test(buckets_are_no_finer_than_the_clock),
		cmocka_unit_test(histograms_survive_json),
		cmocka_unit_test(records_survive_json),
		cmocka_unit_test(what_is_not_seen_is_made_visible),
		cmocka_unit_test(records_are_made_visible),
		cmocka_unit_test(geometries_are_read_and_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
