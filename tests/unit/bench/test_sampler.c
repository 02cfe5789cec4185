// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is made of a buffer of the kernel's: a made-up one, with made-up symbols.
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

#include "bench/harness/kernel/names.h"
#include "bench/harness/timing/sampler.h"
#include "bench/harness/timing/stacks.h"
#include "common/calls/profile.h"

#define DATA 8192 /* bytes of the buffer's data */
#define ROOM 16384

#define MAIN  0xffff000000001000 /* functions of 256 bytes */
#define CALL  0xffff000000001100
#define LEAF  0xffff000000001200
#define IN(f) ((f) + 0x10)

static struct sampled *sampled;
static struct sampler sampler;
static struct perf_event_mmap_page *page;

static int start(void **state)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);

	(void)state;
	sampled = calloc(2, sizeof(*sampled));
	sampled[0].word = calloc(ROOM, sizeof(*sampled->word));
	sampled[0].room = ROOM;
	page = aligned_alloc(size, size + DATA);
	memset(page, 0, size + DATA);
	sampler = (struct sampler){.fd = -1, .ring = page, .size = DATA, .to = sampled};
	strcpy(sampled[0].event, "cpu-clock");
	sampled[0].period = 1000;
	return 0;
}

static int end(void **state)
{
	(void)state;
	free(sampled->word);
	free(sampled);
	free(page);
	return 0;
}

static void put(uint64_t word)
{
	char *data = (char *)page + sysconf(_SC_PAGESIZE);

	memcpy(data + page->data_head % DATA, &word, sizeof(word));
	page->data_head += sizeof(word);
}

static void put_header(uint32_t type, size_t words)
{
	struct perf_event_header header = {.type = type, .size = (uint16_t)(8 * (words + 1))};
	uint64_t word;

	memcpy(&word, &header, sizeof(word));
	put(word);
}

static uint64_t halves(uint32_t first, uint32_t second)
{
	uint32_t both[2] = {first, second};
	uint64_t word;

	memcpy(&word, both, sizeof(word));
	return word;
}

/* A sample of a process: leaf called by call, called by main. */
static void put_sample(uint32_t process, uint64_t time)
{
	put_header(PERF_RECORD_SAMPLE, 7);
	put(halves(process, process));
	put(time);
	put(4);
	put((uint64_t)PERF_CONTEXT_KERNEL);
	put(IN(LEAF));
	put(IN(CALL));
	put(IN(MAIN));
}

static void put_fork(uint32_t child, uint32_t parent)
{
	put_header(PERF_RECORD_FORK, 3);
	put(halves(child, parent));
	put(halves(child, parent));
	put(0);
}

/* A file like /proc/kallsyms, whose name is in path. */
static void symbols(char path[32], const char *text)
{
	int fd;

	strcpy(path, "/tmp/faultbench-symsXXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

#define SYMBOLS                           \
	"ffff000000001100 t call\n"       \
	"ffff000000001100 t call_alias\n" \
	"ffff000000001208 d data\n"       \
	"ffff000000001000 T main\n"       \
	"ffff000000001200 t leaf\t[module]\n"

static json_t *profile_with(const char *text, size_t workers)
{
	json_t *profile;
	char path[32];

	symbols(path, text);
	profile = stacks_profile(sampled, workers, path);
	unlink(path);
	return profile;
}

static json_int_t number(const json_t *profile, const char *name)
{
	assert_true(json_is_integer(json_object_get(profile, name)));
	return json_integer_value(json_object_get(profile, name));
}

static json_int_t samples_of(const json_t *profile, const char *path)
{
	return json_integer_value(json_object_get(json_object_get(profile, "stacks"), path));
}

static void times_say_what_is_of_an_op(void **state)
{
	json_t *profile;

	(void)state;
	put_sample(7, 99);
	put_sample(7, 100);
	put_sample(7, 200);
	put_sample(7, 201);
	sampler_take(&sampler, 100, 200);
	assert_int_equal(page->data_tail, page->data_head);
	profile = profile_with(SYMBOLS, 1);
	assert_int_equal(number(profile, "samples"), 2);
	assert_int_equal(number(profile, "outside"), 2);
	assert_int_equal(samples_of(profile, "main;call;leaf"), 2);
	assert_int_equal(json_object_size(json_object_get(profile, "stacks")), 1);
	assert_null(profile_why_not(profile));
	json_decref(profile);
}

/* More than the buffer has room for at once, so that records go on at its beginning. */
static void buffer_goes_round(void **state)
{
	unsigned int round, i;
	json_t *profile;

	(void)state;
	for (round = 0; round < 50; round++) {
		for (i = 0; i < 31; i++)
			put_sample(7, 150);
		sampler_take(&sampler, 100, 200);
	}
	profile = profile_with(SYMBOLS, 1);
	assert_int_equal(samples_of(profile, "main;call;leaf"), 50 * 31);
	assert_int_equal(number(profile, "lost"), 0);
	json_decref(profile);
}

static void losses_are_told(void **state)
{
	json_t *profile;

	(void)state;
	put_sample(7, 150);
	put_header(PERF_RECORD_LOST, 2);
	put(0);
	put(5);
	put_header(PERF_RECORD_LOST_SAMPLES, 1);
	put(3);
	put_header(PERF_RECORD_THROTTLE, 3);
	put(0);
	put(0);
	put(0);
	sampler_take(&sampler, 100, 200);
	profile = profile_with(SYMBOLS, 1);
	assert_int_equal(number(profile, "samples"), 1);
	assert_int_equal(number(profile, "lost"), 8);
	assert_int_equal(number(profile, "throttled"), 1);
	json_decref(profile);
}

static void full_buffer_has_lost_some(void **state)
{
	(void)state;
	while (page->data_head < DATA - 64)
		put_sample(7, 150);
	sampler_take(&sampler, 100, 200);
	assert_int_equal(sampled->lost, 1);
	/* Nor have chains for which there is no room where they are kept. */
	sampled->used = ROOM - 3;
	put_sample(7, 150);
	sampler_take(&sampler, 100, 200);
	assert_int_equal(sampled->lost, 2);
	assert_int_equal(sampled->used, ROOM - 3);
}

/* Of the CPU's samples those of the process, of its child and of that one's. */
static void children_are_told_apart(void **state)
{
	(void)state;
	sampler.task[0] = 7;
	put_sample(7, 150);
	put_sample(9, 150);
	put_fork(8, 7);
	put_fork(10, 9);
	put_sample(8, 150);
	put_sample(10, 150);
	put_fork(11, 8);
	put_sample(11, 150);
	sampler_take(&sampler, 100, 200);
	assert_int_equal(sampled->samples, 3);
	assert_int_equal(sampled->outside, 2);
}

/* What is called last is where the call returns to, which may be behind the end of the caller. */
static void callers_are_those_of_the_call(void **state)
{
	json_t *profile;

	(void)state;
	put_header(PERF_RECORD_SAMPLE, 6);
	put(halves(7, 7));
	put(150);
	put(3);
	put(LEAF);
	put(LEAF); /* the call is the last of call's */
	put(IN(MAIN));
	sampler_take(&sampler, 100, 200);
	profile = profile_with(SYMBOLS, 1);
	assert_int_equal(samples_of(profile, "main;call;leaf"), 1);
	json_decref(profile);
}

/* But what was interrupted is at the instruction itself, which may be its first. */
static void interrupted_are_where_they_are(void **state)
{
	json_t *profile;

	(void)state;
	put_header(PERF_RECORD_SAMPLE, 6);
	put(halves(7, 7));
	put(150);
	put(3);
	put(IN(LEAF));
	put(CALL);
	put(IN(MAIN));
	sampler_take(&sampler, 100, 200);
	profile = profile_with("ffff000000001100 t call\nffff000000001000 T main\n"
			       "ffff000000001200 t asm_sysvec_x\n",
			       1);
	assert_int_equal(samples_of(profile, "main;call;asm_sysvec_x"), 1);
	json_decref(profile);
}

static void user_space_is_no_function(void **state)
{
	(void)state;
	put_header(PERF_RECORD_SAMPLE, 5);
	put(halves(7, 7));
	put(150);
	put(2);
	put((uint64_t)PERF_CONTEXT_USER);
	put(0x1000);
	sampler_take(&sampler, 100, 200);
	assert_int_equal(sampled->samples, 0);
	assert_int_equal(sampled->outside, 1);
}

static void what_never_fires_is_no_empty_profile(void **state)
{
	json_t *profile;

	(void)state;
	sampler_take(&sampler, 100, 200);
	profile = profile_with(SYMBOLS, 1);
	assert_string_equal(profile_why_not(profile), "no samples");
	json_decref(profile);
}

static void some_paths_have_no_room(void **state)
{
	unsigned int i, samples = 0;
	json_t *profile;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	for (i = 0; i < PROFILE_STACKS + 10; i++)
		fprintf(out, "%llx t f%u\n", 0xffff000000001000 + 256ULL * i, i);
	fclose(out);
	/* The first ten paths have a sample, the others have two. */
	for (i = 0; i < 2 * (PROFILE_STACKS + 10) - 10; i++) {
		unsigned int f = i < PROFILE_STACKS + 10 ? i : i - PROFILE_STACKS;

		sampled->word[sampled->used++] = 1;
		sampled->word[sampled->used++] = 0xffff000000001010 + 256ULL * f;
		samples++;
	}
	sampled->samples = samples;
	profile = profile_with(text, 1);
	free(text);
	assert_int_equal(json_object_size(json_object_get(profile, "stacks")), PROFILE_STACKS);
	assert_int_equal(number(profile, "other"), 10);
	assert_int_equal(samples_of(profile, "f3"), 0);
	assert_int_equal(samples_of(profile, "f10"), 2);
	json_decref(profile);
}

static void hidden_addresses_are_a_reason(void **state)
{
	json_t *profile;

	(void)state;
	put_sample(7, 150);
	sampler_take(&sampler, 100, 200);
	profile = profile_with("0000000000000000 T main\n0000000000000000 t call\n", 1);
	assert_non_null(strstr(profile_why_not(profile), "kernel.kptr_restrict is "));
	json_decref(profile);
	profile = stacks_profile(sampled, 1, "/nonexistent/kallsyms");
	assert_non_null(strstr(profile_why_not(profile), "CONFIG_KALLSYMS"));
	json_decref(profile);
}

static void all_workers_or_none(void **state)
{
	json_t *profile;

	(void)state;
	strcpy(sampled[1].refused, "this CPU has none");
	profile = profile_with(SYMBOLS, 2);
	assert_string_equal(profile_why_not(profile), "this CPU has none");
	json_decref(profile);
	strcpy(sampled[1].event, "cycles");
	profile = profile_with(SYMBOLS, 2);
	assert_string_equal(profile_why_not(profile),
			    "not all CPUs of the workers have an event for cycles");
	json_decref(profile);
}

/* Far behind the last function there is none. */
static void addresses_without_a_function(void **state)
{
	json_t *profile;

	(void)state;
	sampled->word[0] = 1;
	sampled->word[1] = LEAF + (2 << 20);
	sampled->used = 2;
	sampled->samples = 1;
	profile = profile_with(SYMBOLS, 1);
	assert_int_equal(samples_of(profile, "[unnamed]"), 1);
	json_decref(profile);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(times_say_what_is_of_an_op),
		TEST(buffer_goes_round),
		TEST(losses_are_told),
		TEST(full_buffer_has_lost_some),
		TEST(children_are_told_apart),
		TEST(callers_are_those_of_the_call),
		TEST(interrupted_are_where_they_are),
		TEST(user_space_is_no_function),
		TEST(what_never_fires_is_no_empty_profile),
		TEST(some_paths_have_no_room),
		TEST(hidden_addresses_are_a_reason),
		TEST(all_workers_or_none),
		TEST(addresses_without_a_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
