/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the doctor knows, as data; included by doctor.c only.
 *
 * A rule fires if all its conditions hold, and a condition on a fact that is not there does not.
 * In its texts {name} stands for the value of a fact, {*} for the names that the first condition
 * found. Commands are for a shell of root, and only for interfaces whose fact was read.
 */
#ifndef ANALYSIS_DOCTOR_RULES_H
#define ANALYSIS_DOCTOR_RULES_H

#include "analysis/doctor.h"

enum test {
	NO_TEST,
	TEST_IS,     /* the fact's text is one of text's words, which '|' separates */
	TEST_IS_NOT, /* it is there, and none of them */
	TEST_ABOVE,  /* number, times the fact `per` if that is given */
	TEST_BELOW,
	TEST_BITS,	 /* has any of the bits of number */
	TEST_BEGIN_WITH, /* the text of any fact whose name begins so does */
	TEST_HAS_WORD,	 /* the fact, words with blanks between, has one of text's words */
	TEST_HAS_NOT_WORD,
	TEST_SET, /* a configuration symbol is y or m */
	TEST_NOT_SET,
};

struct condition {
	enum test test;
	const char *name;
	const char *text;
	double number;
	const char *per;
};

#define MAX_CONDITIONS 4

struct rule {
	enum doctor_severity severity;
	const char *title;
	const char *what;
	const char *mend;
	struct condition when[MAX_CONDITIONS];
};

/* Macros of braces, which the formatter takes for code. */
/* clang-format off */
#define IS(name, words)			{TEST_IS, name, words, 0, NULL}
#define IS_NOT(name, words)		{TEST_IS_NOT, name, words, 0, NULL}
#define HAS_WORD(name, words)		{TEST_HAS_WORD, name, words, 0, NULL}
#define HAS_NOT_WORD(name, words)	{TEST_HAS_NOT_WORD, name, words, 0, NULL}
#define BEGIN_WITH(name, text)		{TEST_BEGIN_WITH, name, text, 0, NULL}
#define ABOVE(name, number)		{TEST_ABOVE, name, NULL, number, NULL}
#define BELOW(name, number)		{TEST_BELOW, name, NULL, number, NULL}
#define ABOVE_PER(name, number, per)	{TEST_ABOVE, name, NULL, number, per}
#define BELOW_PER(name, number, per)	{TEST_BELOW, name, NULL, number, per}
#define BITS(name, number)		{TEST_BITS, name, NULL, number, NULL}
#define SET(symbol)			{TEST_SET, symbol, NULL, 0, NULL}
#define NOT_SET(symbol)			{TEST_NOT_SET, symbol, NULL, 0, NULL}
/* clang-format on */
#define ROOT	 IS("process.uid", "0")
#define NOT_ROOT IS_NOT("process.uid", "0")

#define THP   "/sys/kernel/mm/transparent_hugepage/"
#define CLOCK "/sys/devices/system/clocksource/clocksource0"
#define CPU   "/sys/devices/system/cpu/"

/* Symbols that cost time wherever they are set, whatever the command line says. */
static const struct {
	enum doctor_severity severity;
	const char *symbol;
	const char *what;
} debug_symbols[] = {
	{DOCTOR_SPOILS, "CONFIG_KASAN_GENERIC", "the kernel checks each of its memory accesses"},
	{DOCTOR_SPOILS, "CONFIG_KASAN_SW_TAGS", "the kernel checks each of its memory accesses"},
	{DOCTOR_DISTURBS, "CONFIG_KASAN_HW_TAGS", "the CPU checks memory tags, if it has them"},
	{DOCTOR_SPOILS, "CONFIG_KCSAN", "the kernel watches its memory accesses for races"},
	{DOCTOR_SPOILS, "CONFIG_KMSAN", "the kernel tracks what is uninitialised, byte by byte"},
	{DOCTOR_SPOILS, "CONFIG_UBSAN", "the kernel checks its arithmetic and array indices"},
	{DOCTOR_SPOILS, "CONFIG_KCOV", "every basic block of the kernel calls a tracer"},
	{DOCTOR_SPOILS, "CONFIG_GCOV_KERNEL", "every branch of the kernel is counted in memory"},
	{DOCTOR_SPOILS, "CONFIG_PROVE_LOCKING", "every lock taken is proved against all others"},
	{DOCTOR_SPOILS, "CONFIG_LOCKDEP", "every lock taken is recorded"},
	{DOCTOR_SPOILS, "CONFIG_LOCK_STAT", "every lock taken is timed"},
	{DOCTOR_SPOILS, "CONFIG_DEBUG_SPINLOCK", "spinlocks, so also PTE locks, carry checks"},
	{DOCTOR_SPOILS, "CONFIG_DEBUG_RWSEMS", "mmap_lock carries checks"},
	{DOCTOR_SPOILS, "CONFIG_DEBUG_VM", "assertions in every path of the memory manager"},
	{DOCTOR_SPOILS, "CONFIG_DEBUG_VM_MAPLE_TREE", "VMA trees are validated on every change"},
	{DOCTOR_SPOILS, "CONFIG_DEBUG_MAPLE_TREE", "VMA tree operations carry checks"},
	{DOCTOR_SPOILS, "CONFIG_DEBUG_PAGE_REF", "every page reference passes a tracepoint"},
	{DOCTOR_SPOILS, "CONFIG_DEBUG_VIRTUAL", "every virt_to_phys() is checked"},
	{DOCTOR_SPOILS, "CONFIG_PAGE_TABLE_CHECK_ENFORCED", "every PTE written is accounted"},
	{DOCTOR_SPOILS, "CONFIG_DEBUG_PREEMPT", "every per-CPU access checks preemption"},
	{DOCTOR_SPOILS, "CONFIG_DEBUG_ATOMIC_SLEEP", "every might_sleep() is checked"},
	{DOCTOR_SPOILS, "CONFIG_DEBUG_OBJECTS", "the life of kernel objects is tracked"},
	{DOCTOR_DISTURBS, "CONFIG_FAULT_INJECTION", "allocations ask whether they should fail"},
	{DOCTOR_DISTURBS, "CONFIG_DEBUG_LIST", "list operations call checks out of line"},
	{DOCTOR_REMARK, "CONFIG_KFENCE", "one slab allocation in a sample interval is guarded"},
};

static const struct rule rules[] = {
	/* Debugging that the command line, or another symbol, switches. */
	{DOCTOR_SPOILS,
	 "pages unmapped when freed",
	 "CONFIG_DEBUG_PAGEALLOC_ENABLE_DEFAULT is set",
	 "boot with debug_pagealloc=off",
	 {SET("CONFIG_DEBUG_PAGEALLOC_ENABLE_DEFAULT"),
	  HAS_NOT_WORD("kernel.cmdline", "debug_pagealloc=off")}},
	{DOCTOR_SPOILS,
	 "pages zeroed when allocated",
	 "CONFIG_INIT_ON_ALLOC_DEFAULT_ON is set",
	 "boot with init_on_alloc=0",
	 {SET("CONFIG_INIT_ON_ALLOC_DEFAULT_ON"), HAS_NOT_WORD("kernel.cmdline", "init_on_alloc")}},
	{DOCTOR_SPOILS,
	 "pages zeroed when freed",
	 "CONFIG_INIT_ON_FREE_DEFAULT_ON is set",
	 "boot with init_on_free=0",
	 {SET("CONFIG_INIT_ON_FREE_DEFAULT_ON"), HAS_NOT_WORD("kernel.cmdline", "init_on_free")}},
	{DOCTOR_SPOILS,
	 "debugging on the command line",
	 "{*}",
	 "boot without {*}",
	 {HAS_WORD("kernel.cmdline",
		   "init_on_alloc=1|init_on_alloc=y|init_on_alloc=on|init_on_free=1|init_on_free=y|"
		   "init_on_free=on|debug_pagealloc=on|page_poison=1|page_poison=on|page_owner=on|"
		   "page_table_check=on|page_table_check=1|kmemleak=on")}},
	{DOCTOR_SPOILS,
	 "slab debugging",
	 "{*}",
	 "boot without {*}",
	 {HAS_WORD("kernel.cmdline", "slub_debug|slab_debug"),
	  HAS_NOT_WORD("kernel.cmdline", "slab_debug=-|slub_debug=-")}},
	{DOCTOR_SPOILS,
	 "slab debugging",
	 "CONFIG_SLUB_DEBUG_ON is set",
	 "boot with slab_debug=-",
	 {SET("CONFIG_SLUB_DEBUG_ON"),
	  HAS_NOT_WORD("kernel.cmdline", "slab_debug=-|slub_debug=-")}},
	{DOCTOR_SPOILS,
	 "kmemleak",
	 "CONFIG_DEBUG_KMEMLEAK is set: every allocation is tracked",
	 "boot with kmemleak=off",
	 {SET("CONFIG_DEBUG_KMEMLEAK"), NOT_SET("CONFIG_DEBUG_KMEMLEAK_DEFAULT_OFF"),
	  HAS_NOT_WORD("kernel.cmdline", "kmemleak=off")}},
	{DOCTOR_DISTURBS,
	 "allocation profiling",
	 "CONFIG_MEM_ALLOC_PROFILING_ENABLED_BY_DEFAULT is set: allocations are counted by caller",
	 "boot with sysctl.vm.mem_profiling=0",
	 {SET("CONFIG_MEM_ALLOC_PROFILING_ENABLED_BY_DEFAULT"),
	  HAS_NOT_WORD("kernel.cmdline",
		       "sysctl.vm.mem_profiling=0|sysctl.vm.mem_profiling=never")}},

	/* What has happened to the kernel: bits of Documentation/admin-guide/tainted-kernels.rst.
	 */
	{DOCTOR_SPOILS,
	 "kernel tainted",
	 "it has oopsed or found bad pages (taint {kernel.tainted})",
	 "reboot",
	 {BITS("kernel.tainted", 1 << 5 | 1 << 7)}},
	{DOCTOR_DISTURBS,
	 "kernel tainted",
	 "it has warned, locked up or seen a machine check (taint {kernel.tainted})",
	 "look at the kernel log; reboot",
	 {BITS("kernel.tainted", 1 << 4 | 1 << 9 | 1 << 14)}},
	{DOCTOR_REMARK,
	 "kernel tainted",
	 "{kernel.tainted}: modules of others, a patch or a forced setting",
	 NULL,
	 {BITS("kernel.tainted", ~(1 << 4 | 1 << 5 | 1 << 7 | 1 << 9 | 1 << 14))}},

	/* The host below. */
	{DOCTOR_SPOILS,
	 "free page reporting",
	 "the host takes free memory back ({balloon.device}), so the next touch pays for a fault "
	 "there "
	 "too: 7.9 us against 1.5 us a fault on one VM",
	 "start the VM without free page reporting, or here:\n"
	 "echo {balloon.device} > /sys/bus/virtio/drivers/virtio_balloon/unbind",
	 {IS("balloon.page_reporting", "yes")}},
	{DOCTOR_DISTURBS,
	 "balloon",
	 "the host can take memory at any time ({balloon.device})",
	 "start the VM without a balloon, or leave it deflated",
	 {IS("balloon.active", "yes"), IS("balloon.page_reporting", "no")}},
	{DOCTOR_DISTURBS,
	 "virtual machine",
	 "{hypervisor}: the host's faults, nested page tables and neighbours are in the numbers",
	 "measure on hardware, or back the VM with huge pages and pin its CPUs",
	 {IS_NOT("hypervisor", "none")}},
	{DOCTOR_DISTURBS,
	 "stolen time",
	 "the host ran others for {cpu.steal_ms} ms since boot",
	 "pin the VM's CPUs to CPUs of their own",
	 {ABOVE_PER("cpu.steal_ms", 1, "kernel.uptime_s")}},

	/* CPUs. */
	{DOCTOR_DISTURBS,
	 "frequency governor",
	 "{cpu.governor}",
	 "cpupower frequency-set -g performance",
	 {IS_NOT("cpu.governor", "performance")}},
	{DOCTOR_DISTURBS,
	 "boost",
	 "the frequency depends on load and temperature",
	 "echo 0 > " CPU "cpufreq/boost",
	 {IS("cpu.boost", "1")}},
	{DOCTOR_DISTURBS,
	 "turbo",
	 "the frequency depends on load and temperature",
	 "echo 1 > " CPU "intel_pstate/no_turbo",
	 {IS("cpu.no_turbo", "0")}},
	{DOCTOR_DISTURBS,
	 "SMT",
	 "siblings share a core's pipeline, caches and TLBs",
	 "echo off > " CPU "smt/control",
	 {IS("cpu.smt_active", "1"), IS("cpu.smt_control", "on")}},
	{DOCTOR_DISTURBS,
	 "SMT",
	 "siblings share a core's pipeline, caches and TLBs",
	 "place one worker a core",
	 {IS("cpu.smt_active", "1"), IS_NOT("cpu.smt_control", "on")}},
	{DOCTOR_DISTURBS,
	 "load",
	 "{load.1min} processes were running on {cpu.online_count} CPUs",
	 "stop what else runs; the average takes minutes to fall",
	 {ABOVE_PER("load.1min", 0.5, "cpu.online_count")}},
	{DOCTOR_DISTURBS,
	 "just booted",
	 "up for {kernel.uptime_s} s: free lists are still in order",
	 "sleep 60",
	 {BELOW("kernel.uptime_s", 60)}},
	{DOCTOR_REMARK,
	 "no isolated CPUs",
	 "the scheduler may put other tasks on all of them",
	 "boot with isolcpus=LIST nohz_full=LIST and measure there",
	 {IS("cpu.isolated", ""), ABOVE("cpu.online_count", 1)}},
	{DOCTOR_REMARK,
	 "mitigations",
	 "on for {*}",
	 "boot with mitigations=off to compare",
	 {BEGIN_WITH("mitigation.", "Mitigation")}},

	/* The memory manager's own threads and limits. */
	{DOCTOR_DISTURBS,
	 "KSM",
	 "pages are scanned and merged",
	 "echo 0 > /sys/kernel/mm/ksm/run",
	 {IS("ksm.run", "1")}},
	{DOCTOR_DISTURBS,
	 "NUMA balancing",
	 "PTEs are made inaccessible to take hinting faults",
	 "sysctl kernel.numa_balancing=0",
	 {ABOVE("sysctl.kernel.numa_balancing", 0), ABOVE("numa.nodes", 1)}},
	{DOCTOR_REMARK,
	 "khugepaged",
	 "looks for pages to collapse every {thp.khugepaged_scan_sleep_ms} ms, and compacts for "
	 "them",
	 "cd " THP "khugepaged\n"
	 "echo 0 > defrag; echo 3600000 > scan_sleep_millisecs",
	 {IS("thp.khugepaged_defrag", "1"), IS_NOT("thp.enabled", "never"),
	  BELOW("thp.khugepaged_scan_sleep_ms", 3600000)}},
	{DOCTOR_DISTURBS,
	 "swap in use",
	 "{swap.used_kB} kB are out",
	 "swapoff -a",
	 {ABOVE("swap.used_kB", 0)}},
	{DOCTOR_REMARK,
	 "swap",
	 "{swap.total_kB} kB, none used yet",
	 "swapoff -a",
	 {ABOVE("swap.total_kB", 0), BELOW("swap.used_kB", 1)}},
	{DOCTOR_DISTURBS,
	 "little memory",
	 "{mem.available_kB} kB are available; reclaim is near",
	 "stop what uses it, or use a larger machine",
	 {BELOW("mem.available_kB", 2 << 20)}},
	{DOCTOR_DISTURBS,
	 "cgroup memory limit",
	 "{cgroup.memory_max_kB} kB: reclaim comes at it",
	 "measure outside the container or slice",
	 {BELOW_PER("cgroup.memory_max_kB", 1, "mem.total_kB")}},
	{DOCTOR_DISTURBS,
	 "THP never",
	 "folio orders above 0 cannot be measured without root",
	 "echo madvise > " THP "enabled",
	 {IS("thp.enabled", "never"), NOT_ROOT}},
	{DOCTOR_REMARK,
	 "mTHP never",
	 "folio orders below the PMD's cannot be measured without root",
	 "cd " THP "\nfor f in hugepages-*/enabled; do echo madvise > $f; done",
	 {IS("mthp.64kB", "never"), NOT_ROOT}},

	/* The clock. */
	{DOCTOR_DISTURBS,
	 "coarse clock",
	 "it ticks every {clock.resolution_ns} ns",
	 "take operations much longer than that",
	 {ABOVE("clock.resolution_ns", 40)}},
	{DOCTOR_DISTURBS,
	 "dear clock",
	 "{clock.cost_ns} ns a reading: a system call, not the vDSO?",
	 "choose another clock source, of {clock.sources}",
	 {ABOVE("clock.cost_ns", 200)}},
	{DOCTOR_DISTURBS,
	 "clock source",
	 "{clock.source}",
	 "cd " CLOCK "\necho tsc > current_clocksource",
	 {IS_NOT("clock.source", "tsc"), HAS_WORD("clock.sources", "tsc")}},
	{DOCTOR_DISTURBS,
	 "clock source",
	 "{clock.source}, and the TSC is not offered",
	 "see what the kernel log says of the TSC",
	 {IS_NOT("clock.source", "tsc"), IS("kernel.machine", "x86_64|i686"),
	  HAS_NOT_WORD("clock.sources", "tsc")}},
	{DOCTOR_DISTURBS,
	 "clock source",
	 "{clock.source}",
	 NULL,
	 {IS_NOT("clock.source", "arch_sys_counter"), IS("kernel.machine", "aarch64")}},

	/* Privilege and what is kept from us. */
	{DOCTOR_DISTURBS,
	 "not root",
	 "no kpageflags to prove folio orders, no THP and CPU knobs, no SCHED_FIFO",
	 "run as root",
	 {NOT_ROOT}},
	{DOCTOR_DISTURBS,
	 "no kpageflags",
	 "{process.kpageflags}: folio orders are harder to prove",
	 "set CONFIG_PROC_PAGE_MONITOR; in a container, run outside",
	 {IS_NOT("process.kpageflags", "yes"), ROOT}},
	{DOCTOR_REMARK,
	 "counters restricted",
	 "kernel.perf_event_paranoid is {sysctl.kernel.perf_event_paranoid}: no counts of kernel "
	 "mode",
	 "sysctl kernel.perf_event_paranoid=1",
	 {ABOVE("sysctl.kernel.perf_event_paranoid", 1), NOT_ROOT}},
	{DOCTOR_REMARK,
	 "no hardware counters",
	 "perf_event_open of cycles: {counters.cycles}",
	 "give the VM a PMU, or measure on hardware",
	 {IS("counters.cycles",
	     "No such file or directory|Operation not supported|No such device")}},
	{DOCTOR_REMARK,
	 "NMI watchdog",
	 "it holds one hardware counter",
	 "sysctl kernel.nmi_watchdog=0",
	 {IS("sysctl.kernel.nmi_watchdog", "1"), IS("counters.cycles", "yes")}},
	{DOCTOR_REMARK,
	 "kernel log unreadable",
	 "kernel.dmesg_restrict is {sysctl.kernel.dmesg_restrict}: warnings during a run go unseen",
	 "sysctl kernel.dmesg_restrict=0",
	 {ABOVE("sysctl.kernel.dmesg_restrict", 0), NOT_ROOT}},
	{DOCTOR_REMARK,
	 "system calls filtered",
	 "seccomp adds to each: a container?",
	 "run outside the container",
	 {IS("process.seccomp", "2")}},
	{DOCTOR_REMARK,
	 "lockdown",
	 "{kernel.lockdown}: counters and kernel memory are kept from root",
	 "boot without lockdown=",
	 {IS("kernel.lockdown", "confidentiality")}},
};

#endif
