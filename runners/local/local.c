// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The worker as a child of this process, on this kernel: the one that runs, or, with a switch, one
 * of those that this machine is told to start (runners/local/here.h).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/io.h"
#include "common/msg.h"
#include "runners/child.h"
#include "runners/local/here.h"
#include "runners/machine.h"
#include "runners/machine_keys.h"
#include "runners/switch/proof.h"

#define CLEANUP_S 10 /* how long a worker may take to clean up */

/* What it is, as far as a kernel of its own may not say otherwise. */
static bool read_machine(struct machine *m)
{
	struct utsname uts;

	m->arch = arch_here();
	m->here = true;
	if (m->starts_kernels) {
		m->memory = (int64_t)io_meminfo("MemTotal:");
		return m->arch || err("%s: no kernels of this architecture are known", m->path);
	}
	uname(&uts);
	m->release = strdup(uts.release);
	return true;
}

static bool local_read(struct machine *m, struct ini_file *ini)
{
	struct here_keys *k = m->own = calloc(1, sizeof(*k));

	if (!k)
		return err("out of memory");
	m->unit = UNIT_RUN;
	return here_keys_read(m, ini, k) && read_machine(m);
}

static void local_forget(struct machine *m)
{
	if (m->own)
		here_keys_free(m->own);
	free(m->own);
	m->own = NULL;
}

static char *local_boot_id(const struct machine *m)
{
	(void)m;
	return io_read_file("/proc/sys/kernel/random/boot_id");
}

/* By the worker's facts, as the record has them that is then measured under. */
static bool local_runs(const struct machine *m, const struct runner_kernel *kernel, char **ret_is)
{
	const struct here_keys *k = m->own;
	json_t *record = worker_ask("--facts", NULL);
	bool is = record && proof_is(kernel, &k->sw, json_object_get(record, "facts"), ret_is);

	json_decref(record);
	return is;
}

static bool local_leave(const struct machine *m, const struct runner_kernel *kernel, char **ret_why)
{
	return here_leave(m, m->own, kernel, ret_why);
}

static bool local_go_on(const struct machine *m, const char *folder, char **ret_todo,
			char **ret_why)
{
	return folder ? here_go_on(m, m->own, folder, ret_todo, ret_why)
		      : here_end(m, m->own, ret_why);
}

static size_t local_lacks(const struct machine *m, struct lack ret[LACKS_MOST])
{
	return m->alone ? here_lacks(m, m->own, ret) : 0;
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
	const struct here_keys *k = wanted->machine->own;

	if (boot && boot->kernel)
		proof_begin(boot, &k->sw);
	return boot;
}

static enum runner_end local_end(struct runner_boot *boot)
{
	bool proved = !boot->kernel || proof_end(boot);
	enum runner_end end = child_end(boot, CLEANUP_S);

	return end == RUNNER_STOPPED && !proved ? RUNNER_BROKEN : end;
}

static const char *const local_keys[] = {"switch", SWITCH_KEYS, "go-on", NULL};

const struct runner runner_local = {
	.kind = "local",
	.is = "this machine",
	.keys = local_keys,
	.read = local_read,
	.forget = local_forget,
	.boot_id = local_boot_id,
	.runs = local_runs,
	.leave = local_leave,
	.go_on = local_go_on,
	.start = local_start,
	.end = local_end,
	.lacks = local_lacks,
};
