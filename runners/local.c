// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The worker as a child of this process, on this kernel: the one that runs, or, with a switch, one
 * of those that this machine is told to start, by which we end.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "runners/child.h"
#include "runners/machine.h"
#include "runners/signals.h"
#include "runners/switch/command.h"
#include "runners/switch/keys.h"
#include "runners/switch/proof.h"

#define CLEANUP_S 10 /* how long a worker may take to clean up */

static const struct switch_keys *local_switch(const struct machine *m)
{
	return m->own;
}

static bool local_read(struct machine *m, struct ini_file *ini)
{
	struct switch_keys *k = m->own = calloc(1, sizeof(*k));
	struct utsname uts;

	if (!k)
		return err("out of memory");
	m->arch = arch_here();
	m->unit = UNIT_RUN;
	m->alone = true;
	if (!switch_keys_read(m, ini, k))
		return false;
	if (m->starts_kernels) {
		m->memory = (int64_t)io_meminfo("MemTotal:");
		return m->arch || err("%s: no kernels of this architecture are known", m->path);
	}
	uname(&uts);
	m->alone = false;
	m->release = strdup(uts.release);
	return true;
}

static void local_forget(struct machine *m)
{
	if (m->own)
		switch_keys_free(m->own);
	free(m->own);
	m->own = NULL;
}

static char *local_boot_id(const struct machine *m)
{
	(void)m;
	return io_read_file("/proc/sys/kernel/random/boot_id");
}

static bool local_runs(const struct machine *m, const struct runner_kernel *kernel, char **ret_is)
{
	json_t *record = worker_ask("--facts", NULL), *facts = json_object_get(record, "facts");
	bool is = record && proof_is(kernel, facts, NULL);

	(void)m;
	*ret_is = record ? proof_name(kernel, facts) : NULL;
	json_decref(record);
	return is;
}

static bool local_leave(const struct machine *m, const struct runner_kernel *kernel, char **ret_why)
{
	const struct switch_keys *k = local_switch(m);
	struct timespec limit = {.tv_sec = k->boot_limit_s};

	if (!switch_command(k, kernel, ret_why))
		return false;
	if (ppoll(NULL, 0, &limit, signals_open()))
		return true;
	*ret_why =
		files_text("the machine did not go down within %d s (boot-limit)", k->boot_limit_s);
	return false;
}

static void become_worker(const struct runner_boot *boot)
{
	char *path = worker_path(NULL);

	(void)boot;
	if (!path)
		_exit(CHILD_SAID);
	execl(path, "faultbench-worker", (char *)NULL);
	err_errno("%s: the worker cannot be run", path);
	_exit(127);
}

static struct runner_boot *local_start(const struct runner_boot *wanted)
{
	struct runner_boot *boot = child_start(wanted, become_worker);

	if (boot && boot->kernel)
		proof_begin(boot, local_switch(boot->machine)->boot_kind);
	return boot;
}

static enum runner_end local_end(struct runner_boot *boot)
{
	bool proved = !boot->kernel || proof_end(boot);
	enum runner_end end = child_end(boot, CLEANUP_S);

	return end == RUNNER_STOPPED && !proved ? RUNNER_BROKEN : end;
}

static const char *const local_keys[] = {SWITCH_KEYS, NULL};

const struct runner runner_local = {
	.kind = "local",
	.is = "this machine",
	.keys = local_keys,
	.read = local_read,
	.forget = local_forget,
	.boot_id = local_boot_id,
	.runs = local_runs,
	.leave = local_leave,
	.start = local_start,
	.end = local_end,
};
