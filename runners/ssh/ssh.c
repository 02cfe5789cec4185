// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A host that is reached over ssh, measured as it is, or with kernels that it is switched to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"
#include "common/msg.h"
#include "runners/child.h"
#include "runners/machine.h"
#include "runners/ssh/carrier.h"
#include "runners/ssh/keys.h"
#include "runners/ssh/remote.h"
#include "runners/switch/host.h"
#include "runners/switch/lacks.h"
#include "runners/switch/proof.h"
#include "runners/switch/switch.h"

#define CLEANUP_S 30 /* how long a carrier may take to have the host clean up */

static bool is_here(const struct host *host)
{
	char *own = io_read_file("/proc/sys/kernel/random/boot_id");
	bool same = own && !strncmp(own, host->boot_id, strlen(host->boot_id));

	free(own);
	return same;
}

/* What a host says of itself holds for all its kernels, but for the size of their pages. */
static bool take_host(struct machine *m, const struct host *host)
{
	struct ssh_keys *k = m->own;

	m->arch = arch_need(m->name, host->uname);
	if (!m->arch)
		return false;
	if (!arch_pages_sized(m->arch, host->page_size) || host->cpus < 1)
		return err("%s: %s: pages of %lld bytes and %d CPUs cannot be", m->name, k->host,
			   host->page_size, host->cpus);
	m->here |= is_here(host);
	m->cpus = host->cpus;
	m->memory = host->memory_kib * 1024;
	if (m->starts_kernels)
		return true;
	m->page_size = host->page_size;
	free(m->release);
	m->release = strdup(host->release);
	free(k->boot_id);
	k->boot_id = strdup(host->boot_id);
	return true;
}

static bool ssh_ask(struct machine *m)
{
	const struct reach reach = ssh_reach(m);
	char why[256];
	struct host host;

	if (m->starts_kernels && m->arch && m->cpus)
		return true;
	if (host_ask(&reach, &host, why))
		return take_host(m, &host);
	return err("%s: %s: %s%s", m->name, ssh_keys(m)->host, why,
		   m->starts_kernels ? "; where arch and cpus are told, it need not run yet" : "");
}

static char *ssh_boot_id(const struct machine *m)
{
	return ssh_keys(m)->boot_id ? strdup(ssh_keys(m)->boot_id) : NULL;
}

static struct runner_boot *ssh_start(const struct runner_boot *wanted)
{
	struct runner_boot *boot = child_start(wanted, carry);
	struct ssh_keys *k = wanted->machine->own;

	if (boot && boot->kernel) {
		k->begun = true;
		proof_begin(boot, &k->switching);
	}
	return boot;
}

static enum runner_end ssh_end(struct runner_boot *boot)
{
	bool proved = !boot->kernel || proof_end(boot);
	enum runner_end end = child_end(boot, CLEANUP_S);

	return end == RUNNER_STOPPED && !proved ? RUNNER_BROKEN : end;
}

static size_t ssh_lacks(const struct machine *m, struct lack ret[LACKS_MOST])
{
	const struct switching switching = ssh_switching(m);

	return switch_lacks(&switching, ssh_keys(m)->host, ret);
}

static void ssh_finish(const struct machine *m)
{
	const struct switching switching = ssh_switching(m);
	struct ssh_keys *k = m->own;

	if (m->installs_kernels && k->begun)
		switch_back(&switching);
	k->begun = false;
}

const struct runner runner_ssh = {
	.kind = "ssh",
	.is = "a host that ssh reaches",
	.keys = ssh_keys_names,
	.read = ssh_keys_read,
	.forget = ssh_keys_forget,
	.ask = ssh_ask,
	.boot_id = ssh_boot_id,
	.start = ssh_start,
	.end = ssh_end,
	.lacks = ssh_lacks,
	.finish = ssh_finish,
};
