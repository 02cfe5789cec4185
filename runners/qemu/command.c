// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * What a kernel is told so that its instructions can be counted and named: addresses as they were
 * linked; no watchdog, whose thread comes before any other task; LOCK prefixes kept although there
 * is one CPU; no string instructions that stand for a whole page, which another version of QEMU's
 * -cpu max has more of (395 is FSRS, which has no name); and, since under icount time
 * is instructions, nothing of what calibrates clocks.
 */
#define EXACT_ARM64 " nokaslr norandmaps nowatchdog"
#define EXACT_X86_64                                                                      \
	" nokaslr norandmaps nowatchdog noreplace-smp clearcpuid=rep_good,erms,fsrm,395 " \
	"nolapic_timer "                                                                  \
	"tsc=reliable no_timer_check tsc_early_khz=1000000"

static void add(struct words *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct words *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (w->nr < MAX_WORDS && vasprintf(&w->word[w->nr], fmt, ap) >= 0)
		w->nr++;
	va_end(ap);
}

/* Adds several words, which are separated by blanks. */
static void add_all(struct words *w, const char *text)
{
	char *copy = text ? strdup(text) : NULL, *rest = copy, *word;

	while ((word = strsep(&rest, " ")))
		if (*word)
			add(w, "%s", word);
	free(copy);
}

void words_free(struct words *w)
{
	size_t i;

	for (i = 0; i < w->nr; i++)
		free(w->word[i]);
}

/* Memory and CPUs in equal shares. */
static void add_nodes(struct words *w, const struct machine *m)
{
	int64_t share = m->memory / m->nodes >> 20;
	int i, cpus = m->vcpus / m->nodes;

	for (i = 0; m->nodes > 1 && i < m->nodes; i++) {
		add(w, "-object");
		add(w, "memory-backend-ram,id=ram%d,size=%lldM", i, (long long)share);
		add(w, "-numa");
		add(w, "node,nodeid=%d,memdev=ram%d,cpus=%d-%d", i, i, i * cpus,
		    i == m->nodes - 1 ? m->vcpus - 1 : (i + 1) * cpus - 1);
	}
}

/*
 * Perturbation 0 is the machine as described. Each other one has 8 MiB more memory than the one
 * before, and other random numbers wherever the guest asks for some. Larger steps are not better:
 * the kernel's lists of free pages grow with memory, and a munmap gets cheaper by what fits into
 * them.
 */
static long long perturbed_mib(const struct machine *m, int perturbation)
{
	return (m->memory >> 20) + (m->accel == ACCEL_EXACT ? 8LL * perturbation : 0);
}

static void add_exact(struct words *w, const struct qemu_fds *fds, const char *plugin,
		      int perturbation)
{
	/* The virtual clock is the number of instructions, and does not wait when idle. */
	add_all(w, "-icount shift=0,sleep=off -rtc base=2025-01-01,clock=vm");
	add(w, "-seed");
	add(w, "%d", perturbation + 1);
	add(w, "-plugin");
	add(w, "%s,counts=%d,entries=%d", plugin, fds->counts, fds->entries);
}

static void add_accel(struct words *w, const struct machine *m, bool kvm)
{
	add(w, "-accel");
	add(w, "%s", kvm ? "kvm" : m->accel == ACCEL_EXACT ? "tcg" : "tcg,thread=multi");
	add(w, "-cpu");
	add(w, "%s", kvm ? "host" : m->cpu);
	if (kvm)
		add(w, "-mem-prealloc"); /* the host's faults happen before anything is measured */
}

static void add_kernel(struct words *w, const struct guest *g, int initrd)
{
	const struct machine *m = g->machine;
	bool arm = !strcmp(m->arch, "arm64");

	add(w, "-kernel");
	add(w, "%s", g->image);
	add(w, "-initrd");
	add(w, "/proc/self/fd/%d", initrd);
	add(w, "-append");
	add(w, "console=%s rdinit=/init panic=-1 oops=panic loglevel=5%s%s%s",
	    arm ? "ttyAMA0" : "ttyS0",
	    m->accel != ACCEL_EXACT ? ""
	    : arm		    ? EXACT_ARM64
				    : EXACT_X86_64,
	    m->cmdline ? " " : "", m->cmdline ? m->cmdline : "");
}

void qemu_command(struct words *w, const struct guest *g, bool kvm, const struct qemu_fds *fds,
		  const char *plugin, int perturbation)
{
	const struct machine *m = g->machine;

	add(w, "qemu-system-%s", machine_uname(m));
	add_all(w,
		"-nodefaults -no-user-config -display none -monitor none -no-reboot -serial stdio");
	add(w, "-name");
	add(w, "faultbench,debug-threads=on"); /* so that vCPU threads can be told */
	add(w, "-machine");
	add(w, "%s", !strcmp(m->arch, "arm64") ? "virt,gic-version=max" : "q35");
	add_accel(w, m, kvm);
	if (m->accel == ACCEL_EXACT)
		add_exact(w, fds, plugin, perturbation);
	add(w, "-smp");
	add(w, "%d", m->vcpus);
	add(w, "-m");
	add(w, "%lldM", perturbed_mib(m, perturbation));
	add_nodes(w, m);
	add_kernel(w, g, fds->initrd);
	add(w, "-device");
	/*
	 * Without an ioeventfd the port works while the vCPU waits, and a file takes everything at
	 * once: so the guest never waits for the host, which takes another time each time.
	 */
	add(w, "virtio-serial-pci%s", m->accel == ACCEL_EXACT ? ",ioeventfd=off" : "");
	add(w, "-chardev");
	if (m->accel == ACCEL_EXACT)
		add(w, "file,id=channel,append=on,path=/proc/self/fd/%d", fds->channel);
	else
		add(w, "socket,id=channel,fd=%d", fds->channel);
	add(w, "-device");
	add(w, "virtserialport,chardev=channel,name=faultbench");
	add_all(w, m->options);
}

bool vm_installed(const char *uname)
{
	const char *folders = getenv("PATH");
	char *copy = strdup(folders ? folders : "/usr/bin:/bin"), *rest = copy, *folder, *path;
	bool found = false;

	while (!found && (folder = strsep(&rest, ":"))) {
		if (asprintf(&path, "%s/qemu-system-%s", folder, uname) < 0)
			break;
		found = !access(path, X_OK);
		free(path);
	}
	free(copy);
	return found;
}
