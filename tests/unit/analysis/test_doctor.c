// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The doctor's rules, on machines that are made up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/doctor/doctor.h"

/* What nothing can be said against. Each test changes one or two facts of it. */
static const char clean[] =
	"{'type': 'machine', 'kernel': 'a', 'boot': 0, 'config': {'source': '/proc/config.gz', "
	" 'symbols': {'CONFIG_MMU': 'y', 'CONFIG_HZ': '250'}}, 'facts': {"
	" 'kernel.machine': 'x86_64', 'kernel.cmdline': 'root=/dev/vda quiet', 'kernel.tainted': 0,"
	" 'kernel.uptime_s': 3600, 'load.1min': 0.05, 'cpu.online_count': 8, 'cpu.isolated': '2-7',"
	" 'cpu.governor': 'performance', 'cpu.boost': 0, 'cpu.no_turbo': 1, 'cpu.smt_active': 0,"
	" 'cpu.smt_control': 'off', 'cpu.steal_ms': 0, 'hypervisor': 'none', 'process.uid': 0,"
	" 'process.kpageflags': 'yes', 'process.seccomp': 0, 'counters.cycles': 'yes',"
	" 'mitigation.meltdown': 'Not affected', 'ksm.run': 0, 'damon.threads': 0, 'numa.nodes': 2,"
	" 'sysctl.kernel.numa_balancing': 0, 'sysctl.kernel.perf_event_paranoid': 2,"
	" 'sysctl.kernel.dmesg_restrict': 1, 'sysctl.kernel.nmi_watchdog': 0,"
	" 'mem.total_kB': 16777216, 'mem.available_kB': 12582912, 'swap.total_kB': 0,"
	" 'swap.used_kB': 0, 'thp.enabled': 'madvise', 'mthp.64kB': 'madvise',"
	" 'thp.khugepaged_defrag': 0, 'thp.khugepaged_scan_sleep_ms': 10000, 'clock.source': 'tsc',"
	" 'clock.sources': 'tsc hpet acpi_pm', 'clock.resolution_ns': 1, 'clock.cost_ns': 28.5}}";

static json_t *parse(const char *quoted)
{
	char text[4096], *p;
	json_t *json;

	assert_true(strlen(quoted) < sizeof(text));
	strcpy(text, quoted);
	for (p = text; (p = strchr(p, '\'')); p++)
		*p = '"';
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	return json;
}

/* The clean machine with these facts and configuration symbols put over its own. */
static json_t *machine(const char *facts, const char *symbols)
{
	json_t *m = parse(clean), *part = parse(facts);

	json_object_update(json_object_get(m, "facts"), part);
	json_decref(part);
	part = parse(symbols);
	json_object_update(json_object_get(json_object_get(m, "config"), "symbols"), part);
	json_decref(part);
	return m;
}

static const struct {
	const char *facts, *symbols;
	enum doctor_severity severity;
	const char *title;
	const char *what; /* part of it */
	const char *mend; /* part of it, or NULL */
} cases[] = {
	{"{}", "{'CONFIG_KASAN_GENERIC': 'y'}", DOCTOR_SPOILS, "CONFIG_KASAN_GENERIC", "checks",
	 "without CONFIG_KASAN_GENERIC"},
	{"{}", "{'CONFIG_PROVE_LOCKING': 'y'}", DOCTOR_SPOILS, "CONFIG_PROVE_LOCKING", "lock",
	 NULL},
	{"{}", "{'CONFIG_DEBUG_VM': 'y'}", DOCTOR_SPOILS, "CONFIG_DEBUG_VM", "assertions", NULL},
	{"{}", "{'CONFIG_INIT_ON_ALLOC_DEFAULT_ON': 'y'}", DOCTOR_SPOILS,
	 "pages zeroed when allocated", "CONFIG_INIT_ON_ALLOC", "init_on_alloc=0"},
	{"{'kernel.cmdline': 'quiet init_on_alloc=1 page_owner=on'}", "{}", DOCTOR_SPOILS,
	 "debugging on the command line", "init_on_alloc=1, page_owner=on", "boot without init_on"},
	{"{'kernel.cmdline': 'slub_debug=FZP'}", "{}", DOCTOR_SPOILS, "slab debugging",
	 "slub_debug=FZP", NULL},
	{"{}", "{'CONFIG_DEBUG_KMEMLEAK': 'y'}", DOCTOR_SPOILS, "kmemleak", "tracked",
	 "kmemleak=off"},
	{"{'kernel.tainted': 32}", "{}", DOCTOR_SPOILS, "kernel tainted", "taint 32", "reboot"},
	{"{'kernel.tainted': 512}", "{}", DOCTOR_DISTURBS, "kernel tainted", "warned", "reboot"},
	{"{'kernel.tainted': 4097}", "{}", DOCTOR_REMARK, "kernel tainted", "4097", NULL},
	{"{'balloon.page_reporting': 'yes', 'balloon.active': 'yes', 'balloon.device': 'virtio3'}",
	 "{}", DOCTOR_SPOILS, "free page reporting", "virtio3",
	 "echo virtio3 > /sys/bus/virtio/drivers/virtio_balloon/unbind"},
	{"{'hypervisor': 'KVM'}", "{}", DOCTOR_DISTURBS, "virtual machine", "KVM", NULL},
	{"{'cpu.steal_ms': 4000}", "{}", DOCTOR_DISTURBS, "stolen time", "4000 ms", NULL},
	{"{'cpu.governor': 'schedutil'}", "{}", DOCTOR_DISTURBS, "frequency governor", "schedutil",
	 "cpupower frequency-set -g performance"},
	{"{'cpu.governor': 'performance, powersave'}", "{}", DOCTOR_DISTURBS, "frequency governor",
	 "powersave", NULL},
	{"{'cpu.boost': 1}", "{}", DOCTOR_DISTURBS, "boost", "", "echo 0 >"},
	{"{'cpu.no_turbo': 0}", "{}", DOCTOR_DISTURBS, "turbo", "", "echo 1 >"},
	{"{'cpu.smt_active': 1, 'cpu.smt_control': 'on'}", "{}", DOCTOR_DISTURBS, "SMT", "",
	 "echo off >"},
	{"{'load.1min': 4.5}", "{}", DOCTOR_DISTURBS, "load", "4.5 processes", NULL},
	{"{'kernel.uptime_s': 12}", "{}", DOCTOR_DISTURBS, "just booted", "12 s", NULL},
	{"{'cpu.isolated': ''}", "{}", DOCTOR_REMARK, "no isolated CPUs", "", "isolcpus"},
	{"{'mitigation.meltdown': 'Mitigation: PTI'}", "{}", DOCTOR_REMARK, "mitigations",
	 "on for meltdown", NULL},
	{"{'ksm.run': 1}", "{}", DOCTOR_DISTURBS, "KSM", "", "echo 0 > /sys/kernel/mm/ksm/run"},
	{"{'damon.threads': 1}", "{}", DOCTOR_DISTURBS, "DAMON", "1 of its threads", "kdamonds"},
	{"{'sysctl.kernel.numa_balancing': 1}", "{}", DOCTOR_DISTURBS, "NUMA balancing", "",
	 "sysctl kernel.numa_balancing=0"},
	{"{'thp.khugepaged_defrag': 1}", "{}", DOCTOR_REMARK, "khugepaged", "10000 ms", "defrag"},
	{"{'swap.total_kB': 4096, 'swap.used_kB': 96}", "{}", DOCTOR_DISTURBS, "swap in use",
	 "96 kB", "swapoff -a"},
	{"{'swap.total_kB': 4096}", "{}", DOCTOR_REMARK, "swap", "4096 kB", "swapoff -a"},
	{"{'mem.available_kB': 1048576}", "{}", DOCTOR_DISTURBS, "little memory", "1048576", NULL},
	{"{'cgroup.memory_max_kB': 524288}", "{}", DOCTOR_DISTURBS, "cgroup memory limit", "524288",
	 NULL},
	{"{'cgroup.cpu_max': 1.5}", "{}", DOCTOR_SPOILS, "CPU quota", "1.5 CPUs", "outside"},
	{"{'clock.resolution_ns': 52}", "{}", DOCTOR_DISTURBS, "coarse clock", "52 ns", NULL},
	{"{'clock.cost_ns': 310.25}", "{}", DOCTOR_DISTURBS, "dear clock", "310.2 ns", NULL},
	{"{'clock.source': 'hpet'}", "{}", DOCTOR_DISTURBS, "clock source", "hpet", "echo tsc >"},
	{"{'process.kpageflags': 'Permission denied'}", "{}", DOCTOR_DISTURBS, "no kpageflags",
	 "Permission denied", NULL},
	{"{'counters.cycles': 'No such file or directory'}", "{}", DOCTOR_REMARK,
	 "no hardware counters", "No such file", NULL},
};

#define NR_CASES (sizeof(cases) / sizeof(cases[0]))

static void clean_machine_is_silent(void **state)
{
	struct doctor_finding found[DOCTOR_MOST];
	json_t *m = parse(clean);

	(void)state;
	assert_int_equal(doctor_examine(m, found, DOCTOR_MOST), 0);
	json_decref(m);
}

/* Each case gives its finding and no other. */
static void each_rule_fires(void **state)
{
	struct doctor_finding found[DOCTOR_MOST];
	size_t i, nr;
	json_t *m;

	(void)state;
	for (i = 0; i < NR_CASES; i++) {
		m = machine(cases[i].facts, cases[i].symbols);
		nr = doctor_examine(m, found, DOCTOR_MOST);
		if (nr != 1)
			print_error("case %zu: %s: %zu findings\n", i, cases[i].title, nr);
		assert_int_equal(nr, 1);
		assert_string_equal(found[0].title, cases[i].title);
		assert_int_equal(found[0].severity, cases[i].severity);
		assert_non_null(strstr(found[0].what, cases[i].what));
		if (cases[i].mend)
			assert_non_null(strstr(found[0].mend, cases[i].mend));
		doctor_free(found, nr);
		json_decref(m);
	}
}

static void unprivileged_user_learns_what_is_missing(void **state)
{
	static const char *const titles[] = {"not root", "THP never", "counters restricted",
					     "kernel log unreadable"};
	struct doctor_finding found[DOCTOR_MOST];
	size_t nr, i, k, seen = 0;
	json_t *m = machine("{'process.uid': 1000, 'thp.enabled': 'never',"
			    " 'process.kpageflags': 'Permission denied',"
			    " 'counters.cycles': 'Permission denied'}",
			    "{}");

	(void)state;
	nr = doctor_examine(m, found, DOCTOR_MOST);
	for (i = 0; i < nr; i++)
		for (k = 0; k < 4; k++)
			seen += !strcmp(found[i].title, titles[k]);
	assert_int_equal(seen, 4);
	assert_int_equal(nr, 4);
	doctor_free(found, nr);
	json_decref(m);
}

static void worst_comes_first(void **state)
{
	struct doctor_finding found[DOCTOR_MOST];
	json_t *m = machine("{'cpu.isolated': '', 'cpu.boost': 1, 'kernel.tainted': 160}",
			    "{'CONFIG_KFENCE': 'y', 'CONFIG_KASAN_SW_TAGS': 'y'}");
	size_t nr = doctor_examine(m, found, DOCTOR_MOST), i;

	(void)state;
	assert_int_equal(nr, 5);
	for (i = 1; i < nr; i++)
		assert_true(found[i - 1].severity <= found[i].severity);
	assert_int_equal(found[0].severity, DOCTOR_SPOILS);
	doctor_free(found, nr);
	assert_int_equal(doctor_examine(m, found, 2), 2);
	assert_int_equal(found[1].severity, DOCTOR_SPOILS);
	doctor_free(found, 2);
	json_decref(m);
}

static void absent_facts_are_silent(void **state)
{
	static const char *const records[] = {
		"{}",
		"{'facts': {}, 'config': null}",
		"{'facts': {'kernel.cmdline': null, 'mem.available_kB': null, 'cpu.model': null},"
		" 'config': {}}",
		"{'facts': {'mem.available_kB': 'much', 'kernel.tainted': 'no', 'load.1min': 99},"
		" 'config': {'symbols': {'CONFIG_KASAN_GENERIC': 'n', 'CONFIG_DEBUG_VM': 1}}}",
	};
	struct doctor_finding found[DOCTOR_MOST];
	json_t *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		m = parse(records[i]);
		assert_int_equal(doctor_examine(m, found, DOCTOR_MOST), 0);
		json_decref(m);
	}
}

/* What the command line switches off again, or what cannot act here, is no finding. */
static void exceptions_hold(void **state)
{
	static const struct {
		const char *facts, *symbols;
	} quiet[] = {
		{"{'kernel.cmdline': 'init_on_alloc=0'}",
		 "{'CONFIG_INIT_ON_ALLOC_DEFAULT_ON': 'y'}"},
		{"{'kernel.cmdline': 'slab_debug=-'}", "{'CONFIG_SLUB_DEBUG_ON': 'y'}"},
		{"{}", "{'CONFIG_DEBUG_KMEMLEAK': 'y', 'CONFIG_DEBUG_KMEMLEAK_DEFAULT_OFF': 'y'}"},
		{"{'sysctl.kernel.numa_balancing': 1, 'numa.nodes': 1}", "{}"},
		{"{'cgroup.memory_max_kB': 33554432}", "{}"},
		{"{'cgroup.cpu_max': 8}", "{}"},
		{"{'kernel.machine': 'aarch64', 'clock.source': 'arch_sys_counter',"
		 " 'clock.sources': 'arch_sys_counter', 'clock.resolution_ns': 40}",
		 "{}"},
		{"{'cpu.isolated': '', 'cpu.online_count': 1}", "{}"},
	};
	struct doctor_finding found[DOCTOR_MOST];
	json_t *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++) {
		m = machine(quiet[i].facts, quiet[i].symbols);
		assert_int_equal(doctor_examine(m, found, DOCTOR_MOST), 0);
		json_decref(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_machine_is_silent),
		cmocka_unit_test(each_rule_fires),
		cmocka_unit_test(unprivileged_user_learns_what_is_missing),
		cmocka_unit_test(worst_comes_first),
		cmocka_unit_test(absent_facts_are_silent),
		cmocka_unit_test(exceptions_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
