// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runners/qemu/keys.h"

#define LOGLEVEL 5 /* warnings, and what is worse */

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
	const struct qemu_keys *k = qemu_keys(m);
	int64_t share = m->memory / k->nodes >> 20;
	int i, cpus = k->vcpus / k->nodes;

	for (i = 0; k->nodes > 1 && i < k->nodes; i++) {
		add(w, "-object");
		add(w, "memory-backend-ram,id=ram%d,size=%lldM", i, (long long)share);
		add(w, "-numa");
		add(w, "node,nodeid=%d,memdev=ram%d,cpus=%d-%d", i, i, i * cpus,
		    i == k->nodes - 1 ? k->vcpus - 1 : (i + 1) * cpus - 1);
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
	return (m->memory >> 20) + (m->counts ? 8LL * perturbation : 0);
}

static int perturbed_seed(int perturbation)
{
	return perturbation + 1;
}

json_t *qemu_perturbation(const struct machine *m, int perturbation)
{
	json_t *json =
		json_pack("{s:I,s:i}", "memory_MiB", (json_int_t)perturbed_mib(m, perturbation),
			  "seed", perturbed_seed(perturbation));

	/* Where vCPUs take turns, the seed is also theirs. */
	if (qemu_keys(m)->vcpus > 1)
		json_object_set_new(json, "schedule", json_integer(perturbed_seed(perturbation)));
	return json;
}

static void add_exact(struct words *w, const struct machine *m, const struct qemu_fds *fds,
		      const char *plugin, int perturbation)
{
	char calls[48] = "", schedule[32] = "";

	/* The virtual clock is the number of instructions, and does not wait when idle. */
	add_all(w, "-icount shift=0,sleep=off -rtc base=2025-01-01,clock=vm");
	add(w, "-seed");
	add(w, "%d", perturbed_seed(perturbation));
	add(w, "-plugin");
	if (fds->functions)
		snprintf(calls, sizeof(calls), ",calls=1,functions=%d", fds->functions);
	if (qemu_keys(m)->vcpus > 1)
		snprintf(schedule, sizeof(schedule), ",schedule=%d", perturbed_seed(perturbation));
	add(w, "%s,counts=%d,entries=%d%s%s%s%s%s", plugin, fds->counts, fds->entries, schedule,
	    fds->lines ? ",lines=1" : "", calls, fds->caches ? ",caches=" : "",
	    fds->caches ? fds->caches : "");
}

static void add_accel(struct words *w, const struct machine *m, bool kvm)
{
	add(w, "-accel");
	add(w, "%s", kvm ? "kvm" : m->counts ? "tcg" : "tcg,thread=multi");
	add(w, "-cpu");
	add(w, "%s", kvm ? "host" : qemu_keys(m)->cpu);
	if (kvm)
		add(w, "-mem-prealloc"); /* the host's faults happen before anything is measured */
}

char *qemu_append(const struct machine *m, int loglevel)
{
	const char *more = qemu_keys(m)->cmdline;
	char *text;

	if (asprintf(&text, "console=%s rdinit=/init panic=-1 oops=panic loglevel=%d%s%s%s%s",
		     m->arch->console, loglevel, m->counts ? " " : "",
		     m->counts ? m->arch->exact : "", more ? " " : "", more ? more : "") < 0)
		abort();
	return text;
}

static void add_kernel(struct words *w, const struct machine *m, const char *image, int initrd)
{
	char *append = qemu_append(m, LOGLEVEL);

	add(w, "-kernel");
	add(w, "%s", image);
	add(w, "-initrd");
	add(w, "/proc/self/fd/%d", initrd);
	add(w, "-append");
	add(w, "%s", append);
	free(append);
}

void qemu_command(struct words *w, const struct machine *m, const char *image, bool kvm,
		  const struct qemu_fds *fds, const char *plugin, int perturbation)
{
	add(w, "qemu-system-%s", m->arch->uname);
	add_all(w,
		"-nodefaults -no-user-config -display none -monitor none -no-reboot -serial stdio");
	add(w, "-name");
	add(w, "faultbench,debug-threads=on"); /* so that vCPU threads can be told */
	add(w, "-machine");
	add(w, "%s", m->arch->board);
	add_accel(w, m, kvm);
	if (m->counts)
		add_exact(w, m, fds, plugin, perturbation);
	add(w, "-smp");
	add(w, "%d", qemu_keys(m)->vcpus);
	add(w, "-m");
	add(w, "%lldM", perturbed_mib(m, perturbation));
	add_nodes(w, m);
	add_kernel(w, m, image, fds->initrd);
	add(w, "-device");
	/*
	 * Without an ioeventfd the port works while the vCPU waits, and a file takes everything at
	 * once: so the guest never waits for the host, which takes another time each time.
	 */
	add(w, "virtio-serial-pci%s", m->counts ? ",ioeventfd=off" : "");
	add(w, "-chardev");
	if (m->counts)
		add(w, "file,id=channel,append=on,path=/proc/self/fd/%d", fds->channel);
	else
		add(w, "socket,id=channel,fd=%d", fds->channel);
	add(w, "-device");
	add(w, "virtserialport,chardev=channel,name=faultbench");
	add_all(w, qemu_keys(m)->options);
}

bool qemu_installed(const struct arch *arch)
{
	const char *folders = getenv("PATH");
	char *copy = strdup(folders ? folders : "/usr/bin:/bin"), *rest = copy, *folder, *path;
	bool found = false;

	while (!found && (folder = strsep(&rest, ":"))) {
		if (asprintf(&path, "%s/qemu-system-%s", folder, arch->uname) < 0)
			break;
		found = !access(path, X_OK);
		free(path);
	}
	free(copy);
	return found;
}
