// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/keys.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg.h"
#include "runners/machine_keys.h"

#define EXACT_VCPUS 4

const char *const qemu_keys_names[] = {"arch",	"cpu",	      "memory",	    "page-size", "vcpus",
				       "nodes", "accel",      "options",    "cmdline",	 "perturb",
				       "runs",	"iterations", "time-limit", NULL};

static const char *const accels[] = {"auto", "kvm", "tcg", "exact", NULL};

/* What cannot be, whatever the plan. */
static bool check_sense(const struct machine *m, const struct qemu_keys *k)
{
	if (k->accel == ACCEL_KVM && m->arch != arch_here())
		return err("%s: accel = kvm cannot run %s here; use tcg or auto", m->path,
			   m->arch->name);
	if (!strcmp(k->cpu, "host") && k->accel != ACCEL_KVM)
		return err("%s: cpu = host needs accel = kvm", m->path);
	if (k->nodes > k->vcpus)
		return err("%s: %d NUMA nodes, but only %d vCPUs to share out", m->path, k->nodes,
			   k->vcpus);
	if (k->accel == ACCEL_EXACT && k->vcpus > EXACT_VCPUS)
		return err("%s: accel = exact counts at most %d vCPUs, and here are %d", m->path,
			   EXACT_VCPUS, k->vcpus);
	return true;
}

/* What counts is of no use to a machine that does not, but no fault of its file. */
static bool read_counts(struct machine *m, struct ini_file *ini, bool counts)
{
	int boots, runs, iterations;

	if (!machine_key_int(ini, "perturb", 20, 5, &boots) ||
	    !machine_key_int(ini, "runs", 1000, 1, &runs) ||
	    !machine_key_int(ini, "iterations", 1000000, 3, &iterations))
		return false;
	m->counts = counts;
	m->boots = counts ? boots : 0;
	m->runs = counts ? runs : 0;
	m->iterations = counts ? iterations : 0;
	return true;
}

bool qemu_keys_read(struct machine *m, struct ini_file *ini)
{
	struct qemu_keys *k = m->own = calloc(1, sizeof(*k));
	int accel;

	if (!k)
		return err("out of memory");
	m->starts_kernels = m->side_by_side = m->here = true;
	m->unit = UNIT_BOOT;
	k->cpu = machine_key_text(ini, "cpu", "max");
	k->options = machine_key_text(ini, "options", NULL);
	k->cmdline = machine_key_text(ini, "cmdline", NULL);
	if (!machine_key_arch(ini, "arch", arch_find("x86_64"), &m->arch) ||
	    !machine_key_choice(ini, "accel", accels, ACCEL_AUTO, &accel) ||
	    !machine_key_memory(ini, "memory", 128 << 20, 2LL << 30, &m->memory) ||
	    !machine_key_pages(ini, "page-size", m->arch, &m->page_size) ||
	    !machine_key_int(ini, "vcpus", 512, 1, &k->vcpus) ||
	    !machine_key_int(ini, "nodes", 64, 1, &k->nodes) ||
	    !machine_key_int(ini, "time-limit", 1000000, 600, &k->time_limit_s) ||
	    !read_counts(m, ini, accel == ACCEL_EXACT))
		return false;
	m->cpus = k->vcpus;
	if (!m->page_size && !m->arch->pages[1].name)
		m->page_size = m->arch->pages[0].bytes; /* there is no other */
	k->accel = (enum qemu_accel)accel;
	return check_sense(m, k);
}

void qemu_keys_forget(struct machine *m)
{
	struct qemu_keys *k = m->own;

	if (!k)
		return;
	free(k->cpu);
	free(k->options);
	free(k->cmdline);
	free(k);
	m->own = NULL;
}
