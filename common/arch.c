// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/arch.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "common/msg.h"

/*
 * Exact mode wants addresses as they were linked, and no watchdog, whose thread comes before any
 * other task. Of x86 also LOCK prefixes kept although there is one CPU; no string instructions that
 * stand for a whole page, which another version of QEMU's -cpu max has more of (395 is FSRS, which
 * has no name); and, since under icount time is instructions, nothing of what calibrates
 * clocks. What a kernel says of its functions to BPF and to kprobes, and its test of a source of
 * random numbers, is a tenth of a boot under emulation, and nobody asks for it. And no DAMON, which
 * Debian's 7.2 starts by itself: its thread marks some pages as not accessed every few
 * milliseconds, so that each fork does more than the one before, and it does so under the lock of
 * an anon_vma, for which an op has to wait if it is preempted there.
 */
#define EXACT_ANY                                                             \
	"nokaslr norandmaps nowatchdog damon_stat.enabled=0 "                 \
	"initcall_blacklist=bpf_tcp_ca_kfunc_init,bpf_dummy_struct_ops_init," \
	"init_kprobe_trace,jent_mod_init"

const struct arch arch_list[] = {
	{
		.name = "arm64",
		.uname = "aarch64",
		.debian = "arm64",
		.triplet = "aarch64-linux-gnu",
		.kbuild = "arm64",
		.tree = "arm64",
		.elf = EM_AARCH64,
		.magic = "ARM\x64",
		.images = {"arch/arm64/boot/Image", "arch/arm64/boot/Image.gz",
			   "arch/arm64/boot/vmlinuz.efi"},
		.lean = "arch/arm64/boot/Image",
		.pages = {{"4K", 4 << 10, "ARM64_4K_PAGES"},
			  {"16K", 16 << 10, "ARM64_16K_PAGES"},
			  {"64K", 64 << 10, "ARM64_64K_PAGES"}},
		.pmu = {{"HW_PERF_EVENTS", 0, 0}, {"ARM_PMUV3", 6, 5}},
		.contpte = "ARM64_CONTPTE",
		.board = "virt,gic-version=max",
		.console = "ttyAMA0",
		.tame_cpu = "max,lpa2=off, or neoverse-n1",
		.exact = EXACT_ANY,
	},
	{
		.name = "x86_64",
		.uname = "x86_64",
		.debian = "amd64",
		.triplet = "x86_64-linux-gnu",
		.kbuild = "x86_64",
		.tree = "x86",
		.elf = EM_X86_64,
		.starts_elf = true,
		.images = {"arch/x86/boot/bzImage", "vmlinux"},
		.lean = "vmlinux",
		.pages = {{"4K", 4 << 10, NULL}},
		.pmu = {{"PERF_EVENTS", 0, 0}},
		.board = "q35",
		.console = "ttyS0",
		.tame_cpu = "max,la57=off",
		.exact = EXACT_ANY " noreplace-smp clearcpuid=rep_good,erms,fsrm,395 nolapic_timer "
				   "tsc=reliable no_timer_check tsc_early_khz=1000000",
	},
	{0},
};

/* Architectures that kernels are met of and that have no row: only their names. */
static const struct {
	const char *name, *debian;
	unsigned int elf;
	const char *magic;
} others[] = {
	{"riscv64", "riscv64", EM_RISCV, "RSC\x05"},
	{"loongarch64", "loong64", 258, NULL},
	{"ppc64", "ppc64el", EM_PPC64, NULL},
	{"powerpc64le", "powerpc64le", EM_PPC64, NULL},
	{"s390x", "s390x", EM_S390, NULL},
	{"mips64", "mips64el", EM_MIPS, NULL},
	{"arm", "armmp", EM_ARM, NULL},
	{"i386", "686", EM_386, NULL},
};

#define NR_OTHERS (sizeof(others) / sizeof(others[0]))

const struct arch *arch_find(const char *name)
{
	const struct arch *a;

	for (a = arch_list; a->name; a++)
		if (!strcmp(name, a->name) || !strcmp(name, a->uname) || !strcmp(name, a->debian))
			return a;
	return NULL;
}

const struct arch *arch_need(const char *what, const char *name)
{
	const struct arch *arch = arch_find(name);

	if (!arch)
		err("%s: '%s' is no architecture of kernels here: %s", what, name, arch_names());
	return arch;
}

const struct arch *arch_here(void)
{
	static struct utsname machine;

	return uname(&machine) ? NULL : arch_find(machine.machine);
}

const char *arch_names(void)
{
	static char text[128];
	const struct arch *a;
	size_t used = 0;

	for (a = arch_list; a->name; a++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
					 a == arch_list ? ""
					 : a[1].name	? ", "
							: " or ",
					 a->name);
	return text;
}

/* Whether one of the words between the dashes of a name is, or begins with, the word. */
static bool has_word(const char *name, const char *word)
{
	const char *at = name;

	while ((at = strstr(at, word))) {
		if (at > name && at[-1] == '-')
			return true;
		at++;
	}
	return false;
}

const char *arch_of_package(const char *package)
{
	const struct arch *a;
	size_t i;

	for (a = arch_list; a->name; a++)
		if (has_word(package, a->debian))
			return a->name;
	for (i = 0; i < NR_OTHERS; i++)
		if (has_word(package, others[i].debian))
			return others[i].name;
	return NULL;
}

const char *arch_of_elf(unsigned int machine)
{
	const struct arch *a;
	size_t i;

	for (a = arch_list; a->name; a++)
		if (a->elf == machine)
			return a->name;
	for (i = 0; i < NR_OTHERS; i++)
		if (others[i].elf == machine)
			return others[i].name;
	return NULL;
}

const char *arch_of_magic(const void *magic)
{
	const struct arch *a;
	size_t i;

	for (a = arch_list; a->name; a++)
		if (a->magic && !memcmp(magic, a->magic, 4))
			return a->name;
	for (i = 0; i < NR_OTHERS; i++)
		if (others[i].magic && !memcmp(magic, others[i].magic, 4))
			return others[i].name;
	return NULL;
}

const struct arch_pages *arch_pages_named(const struct arch *arch, const char *name)
{
	size_t i;

	for (i = 0; i < ARCH_PAGES && arch->pages[i].name; i++)
		if (!strcmp(arch->pages[i].name, name))
			return &arch->pages[i];
	return NULL;
}

const struct arch_pages *arch_pages_sized(const struct arch *arch, int64_t bytes)
{
	size_t i;

	for (i = 0; i < ARCH_PAGES && arch->pages[i].name; i++)
		if (arch->pages[i].bytes == bytes)
			return &arch->pages[i];
	return NULL;
}

const char *arch_pages_names(const struct arch *arch, char text[32])
{
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; i < ARCH_PAGES && arch->pages[i].name; i++)
		used += (size_t)snprintf(text + used, 32 - used, "%s%s",
					 i == 0						 ? ""
					 : i + 1 < ARCH_PAGES && arch->pages[i + 1].name ? ", "
											 : " or ",
					 arch->pages[i].name);
	return text;
}
