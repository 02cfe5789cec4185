// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events on PMUs of machines that we have not, in folders as their kernels have them; and opened
 * for real on software's, which every machine has, by whatever name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/harness/timing/counters.h"

struct file {
	const char *path, *content;
};

static const struct file m2[] = {
	{"apple_blizzard_pmu/type", "10"},
	{"apple_blizzard_pmu/cpus", "0-3"},
	{"apple_blizzard_pmu/format/event", "config:0-7"},
	{"apple_blizzard_pmu/events/cycles", "event=0x2"},
	{"apple_avalanche_pmu/type", "11"},
	{"apple_avalanche_pmu/cpus", "4-7"},
	{"apple_avalanche_pmu/format/event", "config:0-7"},
	{"apple_avalanche_pmu/events/cycles", "event=0x2"},
	{"apple_avalanche_pmu/events/instructions", "event=0x8c"},
	{NULL, NULL},
};

static const struct file altra[] = {
	{"armv8_pmuv3_0/type", "8"},
	{"armv8_pmuv3_0/cpus", "0-79"},
	{"armv8_pmuv3_0/format/event", "config:0-15"},
	{"armv8_pmuv3_0/format/long", "config1:0"},
	{"armv8_pmuv3_0/events/stall_backend", "event=0x0024"},
	{"arm_cmn_0/type", "24"},
	{"arm_cmn_0/cpumask", "0"},
	{"arm_cmn_0/format/type", "config:0-15"},
	{"arm_cmn_0/format/eventid", "config:16-26"},
	{"arm_cmn_0/format/bynodeid", "config:31"},
	{"arm_cmn_0/format/wp_val", "config1:0-63"},
	{"arm_cmn_0/format/odd", "config7:0"},
	{"arm_cmn_0/events/hnf_cache_miss", "type=0x5,eventid=0x1"},
	{NULL, NULL},
};

static const struct file hybrid[] = {
	{"cpu_core/type", "4"},
	{"cpu_core/cpus", "0-15"},
	{"cpu_core/format/event", "config:0-7"},
	{"cpu_core/format/umask", "config:8-15,32-35"},
	{"cpu_core/format/inv", "config:23"},
	{"cpu_core/format/ldlat", "config1:0-15"},
	{"cpu_core/events/mem-loads", "event=0xcd,umask=0x1,ldlat=3"},
	{"cpu_core/events/choose", "event=0xcd,ldlat=?"},
	{"cpu_atom/type", "9"},
	{"cpu_atom/cpus", "16-23"},
	{"cpu_atom/format/event", "config:0-7"},
	{"uncore_imc_0/type", "20"},
	{"uncore_imc_0/cpumask", "0,8"},
	{"uncore_imc_0/format/event", "config:0-7"},
	{"uncore_imc_0/format/umask", "config:8-15"},
	{"uncore_imc_0/events/cas_count_read", "event=0x04,umask=0x03"},
	{NULL, NULL},
};

/* Two kinds of cores, and the rest of the machine, all of which are software. */
static const struct file software[] = {
	{"big/type", "1"},
	{"big/cpus", "0"},
	{"little/type", "1"},
	{"little/cpus", "1-4095"},
	{"rest/type", "1"},
	{"rest/cpumask", "0-1"},
	{"rest/events/pf", "config=2"},
	{"soft/type", "1"},
	{"soft/events/pf", "config=2"},
	{NULL, NULL},
};

static char folder[64];

static void make(const struct file *files)
{
	char path[256], *slash;
	FILE *file;

	strcpy(folder, "/tmp/test_pmu.XXXXXX");
	assert_non_null(mkdtemp(folder));
	for (; files->path; files++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files->path);
		for (slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
			*slash = '\0';
			mkdir(path, 0700);
			*slash = '/';
		}
		file = fopen(path, "w");
		assert_non_null(file);
		fprintf(file, "%s\n", files->content);
		fclose(file);
	}
}

static void gone(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

static const struct {
	const struct file *machine;
	const char *name;
	uint32_t type;
	uint64_t config, config1;
	int excluded;	 /* user, kernel, hypervisor: 4, 2, 1 */
	const char *why; /* part of the reason, else */
} encodings[] = {
	{m2, "apple_avalanche_pmu/cycles/k", 11, 0x2, 0, 5, NULL},
	{m2, "apple_avalanche_pmu/event=0x8c/u", 11, 0x8c, 0, 3, NULL},
	{m2, "apple_avalanche_pmu/event=0x1ff/", 0, 0, 0, 0, "too large for field event"},
	{m2, "apple_firestorm_pmu/cycles/", 0, 0, 0, 0, "no PMU apple_firestorm_pmu"},
	{m2, "apple_blizzard_pmu/instructions/", 0, 0, 0, 0, "no event and no field instructions"},
	{m2, "apple_blizzard_pmu/cycles", 0, 0, 0, 0, "PMU/EVENT/"},
	{m2, "../cycles/", 0, 0, 0, 0, "no PMU"},
	{altra, "armv8_pmuv3_0/stall_backend/", 8, 0x24, 0, 0, NULL},
	{altra, "armv8_pmuv3_0/stall_backend,long/ukh", 8, 0x24, 1, 0, NULL},
	{altra, "armv8_pmuv3_0/config=0x1b,config1=3/k", 8, 0x1b, 3, 5, NULL},
	{altra, "arm_cmn_0/hnf_cache_miss/", 24, 0x10005, 0, 0, NULL},
	{altra, "arm_cmn_0/type=5,eventid=2,bynodeid,wp_val=0xffffffffffffffff/", 24, 0x80020005,
	 UINT64_MAX, 0, NULL},
	{altra, "arm_cmn_0/hnf_cache_miss/k", 0, 0, 0, 0, "for the whole machine, in all modes"},
	{altra, "arm_cmn_0/odd/", 0, 0, 0, 0, "is in config7:0, which is not known here"},
	{altra, "arm_cmn_0/type=five/", 0, 0, 0, 0, "type=five: that is no number"},
	{hybrid, "cpu_core/mem-loads/", 4, 0x1cd, 3, 0, NULL},
	{hybrid, "cpu_core/mem-loads,ldlat=0x20/u", 4, 0x1cd, 0x20, 3, NULL},
	{hybrid, "cpu_core/event=0x3c,umask=0xf01,inv/k", 4, 0xf0080013cULL, 0, 5, NULL},
	{hybrid, "cpu_core/choose/", 0, 0, 0, 0, "ldlat=?: that is no number"},
	{hybrid, "cpu_atom/event=0x3c/p", 0, 0, 0, 0, "modifiers are u, k and h; 'p'"},
	{hybrid, "uncore_imc_0/cas_count_read/", 20, 0x304, 0, 0, NULL},
};

static void check_encoding(size_t i)
{
	struct perf_event_attr attr = {0};
	char why[200] = "";
	struct pmu pmu;
	bool ok;

	make(encodings[i].machine);
	ok = pmu_encode(folder, encodings[i].name, &pmu, &attr, why, sizeof(why));
	gone();
	if (ok != !encodings[i].why || (!ok && !strstr(why, encodings[i].why)))
		print_error("%s: %s\n", encodings[i].name, why);
	assert_int_equal(ok, !encodings[i].why);
	if (!ok) {
		assert_non_null(strstr(why, encodings[i].why));
		return;
	}
	assert_int_equal(attr.type, encodings[i].type);
	assert_int_equal(attr.config, encodings[i].config);
	assert_int_equal(attr.config1, encodings[i].config1);
	assert_int_equal(attr.exclude_user << 2 | attr.exclude_kernel << 1 | attr.exclude_hv,
			 encodings[i].excluded);
}

static void events_as_perf_names_them(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
		check_encoding(i);
}

/* The set of these names there, over JSON, as runs get it. names and json are to be freed. */
static void make_set(const struct file *machine, struct counter_set *set, json_t *names,
		     json_t **json)
{
	static struct counter_set first;

	make(machine);
	counter_set_init(&first, folder, names);
	gone();
	*json = counter_set_to_json(&first);
	assert_true(counter_set_from_json(set, *json));
	assert_int_equal(set->nr, json_array_size(names));
}

/* What `cycles` is for a worker on a CPU: {type, config} of each, or the reason. */
static void check_cycles(const struct file *machine, int cpu, size_t want_nr, uint64_t first,
			 uint64_t second)
{
	static struct counter_set set;
	json_t *names = json_pack("[s]", "cycles:k"), *json;
	struct perf_event_attr attr[PMU_MAX_CORES];
	char why[200] = "";
	size_t nr;

	make_set(machine, &set, names, &json);
	nr = counter_set_attrs(&set, 0, cpu, attr, why, sizeof(why));
	assert_int_equal(nr, want_nr);
	if (nr) {
		assert_int_equal(attr[0].type, PERF_TYPE_HARDWARE);
		assert_int_equal(attr[0].config, first);
	} else {
		assert_non_null(strstr(why, "no PMU counts on CPU"));
	}
	if (nr > 1)
		assert_int_equal(attr[1].config, second);
	json_decref(json);
	json_decref(names);
}

/* The core's, in the upper half; of a machine with one kind, whatever the kernel takes. */
static void cycles_of_the_core(void **state)
{
	(void)state;
	check_cycles(m2, 2, 1, 10ULL << 32, 0);
	check_cycles(m2, 5, 1, 11ULL << 32, 0);
	check_cycles(m2, -1, 2, 11ULL << 32, 10ULL << 32);
	check_cycles(m2, 8, 0, 0, 0);
	check_cycles(hybrid, 0, 1, 4ULL << 32, 0);
	check_cycles(hybrid, 16, 1, 9ULL << 32, 0);
	check_cycles(altra, 70, 1, 0, 0);
	check_cycles(altra, -1, 1, 0, 0);
}

/* Raw numbers, which libpfm4 gives for what the kernel has no name of its own for, likewise. */
static void raw_events_of_the_core(void **state)
{
	static struct counter_set set;
	json_t *names = json_pack("[s]", "perf_raw::r8c"), *json;
	struct perf_event_attr attr[PMU_MAX_CORES];
	char why[200] = "";

	(void)state;
	make_set(m2, &set, names, &json);
	assert_int_equal(counter_set_attrs(&set, 0, 6, attr, why, sizeof(why)), 1);
	assert_int_equal(attr[0].type, 11);
	assert_int_equal(attr[0].config, 0x8c);
	json_decref(json);
	make_set(altra, &set, names, &json);
	assert_int_equal(counter_set_attrs(&set, 0, 6, attr, why, sizeof(why)), 1);
	assert_int_equal(attr[0].type, PERF_TYPE_RAW);
	json_decref(json);
	json_decref(names);
}

/* An event of one kind of core is refused to a worker on another. */
static void events_of_other_cores(void **state)
{
	static struct counter_set set;
	static const int both[] = {3, 4, -1}, one[] = {6};
	json_t *names = json_pack("[s,s]", "apple_avalanche_pmu/cycles/", "apple_nothing_pmu/x/"),
	       *json;
	struct perf_event_attr attr[PMU_MAX_CORES];
	char text[256] = "";

	(void)state;
	make_set(m2, &set, names, &json);
	assert_int_equal(counter_set_attrs(&set, 0, 4, attr, text, sizeof(text)), 1);
	assert_int_equal(attr[0].type, 11);
	assert_int_equal(counter_set_attrs(&set, 0, -1, attr, text, sizeof(text)), 1);
	assert_int_equal(counter_set_attrs(&set, 0, 3, attr, text, sizeof(text)), 0);
	assert_string_equal(text, "apple_avalanche_pmu counts on CPUs 4-7; a worker is on another");
	assert_non_null(strstr(set.event[1].refused, "no PMU apple_nothing_pmu"));
	counter_set_kinds(&set, both, 3, text, sizeof(text));
	assert_string_equal(text, "apple_avalanche_pmu, apple_blizzard_pmu");
	counter_set_kinds(&set, one, 1, text, sizeof(text));
	assert_string_equal(text, "apple_avalanche_pmu");
	json_decref(json);
	json_decref(names);
	names = json_array();
	make_set(altra, &set, names, &json);
	counter_set_kinds(&set, one, 1, text, sizeof(text));
	assert_string_equal(text, "");
	json_decref(json);
	json_decref(names);
}

#define PAGES 64

static void fault(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), i;
	char *p = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	assert_true(p != MAP_FAILED);
	madvise(p, PAGES * page, MADV_NOHUGEPAGE);
	for (i = 0; i < PAGES; i++)
		((volatile char *)p)[i * page] = 1;
	munmap(p, PAGES * page);
}

static long value_of(const json_t *json, const char *name)
{
	const json_t *value = json_object_get(json_object_get(json, name), "value");

	if (!value)
		print_error(
			"%s: %s\n", name,
			json_string_value(json_object_get(json_object_get(json, name), "refused")));
	return value ? (long)json_integer_value(value) : -1;
}

/* Raw events, by number, are page faults of the kernel's software PMU here. */
static void opened_for_real(void **state)
{
	static struct counters counters[2];
	static struct counter_set set;
	struct counters *const workers[] = {&counters[0], &counters[1]};
	json_t *names = json_pack("[s,s,s]", "perf_raw::r2", "soft/pf/", "rest/pf/"), *json, *sum;

	(void)state;
	make_set(software, &set, names, &json);
	counters_open(&counters[0], &set, -1, true);
	counters_open(&counters[1], &set, 0, false);
	if (counters[0].counter[0].fd < 0)
		skip();
	fault(); /* the first one takes faults of its own */
	counters_enable(&counters[0]);
	fault();
	counters_disable(&counters[0]);
	counters_read(&counters[0]);
	sum = counters_to_json(&set, workers, 1);
	/* Both kinds count: they are the same here. */
	assert_int_equal(value_of(sum, "perf_raw::r2"), 2 * PAGES);
	assert_int_equal(value_of(sum, "soft/pf/"), PAGES);
	json_decref(sum);
	/* The second adds nothing to what the first one counts of the machine. */
	counters_read(&counters[1]);
	sum = counters_to_json(&set, workers, 2);
	if (counters[0].counter[2].fd >= 0) {
		assert_int_equal(counters[0].counter[2].nr_more, 1);
		assert_true(value_of(sum, "rest/pf/") >= 0);
		assert_string_equal(json_string_value(json_object_get(
					    json_object_get(sum, "rest/pf/"), "mode")),
				    "machine");
	}
	json_decref(sum);
	json_decref(json);
	json_decref(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_as_perf_names_them),
		cmocka_unit_test(cycles_of_the_core),
		cmocka_unit_test(raw_events_of_the_core),
		cmocka_unit_test(events_of_other_cores),
		cmocka_unit_test(opened_for_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
