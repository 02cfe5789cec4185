// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The worker as a child of this process, on this kernel. It has a process group of its own, so that
 * a ^C reaches us alone; we then close its input, and it cleans up.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/seconds.h"
#include "runners/machine.h"
#include "runners/signals.h"

#define CLEANUP_S 10 /* how long a worker may take to clean up */

struct child {
	struct runner_boot boot;
	pid_t pid;
};

static bool local_read(struct machine *m, struct ini_file *ini)
{
	(void)ini;
	m->arch = arch_here();
	m->unit = UNIT_RUN;
	return true;
}

static char *local_boot_id(const struct machine *m)
{
	(void)m;
	return io_read_file("/proc/sys/kernel/random/boot_id");
}

static void become_worker(const char *path, int in, int out)
{
	setpgid(0, 0);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	signals_release();
	execl(path, "faultbench-worker", (char *)NULL);
	err_errno("%s: the worker cannot be run", path);
	_exit(127);
}

/* Returns the worker's pid, or -1 with a message printed. */
static pid_t start(struct channel *c)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};
	char *path = worker_path(NULL);
	pid_t pid = -1;

	if (!path)
		return -1;
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || (pid = fork()) < 0)
		err_errno("the worker cannot be started");
	if (pid == 0)
		become_worker(path, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	c->to = in[1];
	c->from.fd = out[0];
	free(path);
	return pid;
}

static struct runner_boot *local_start(const struct runner_boot *wanted)
{
	struct child *child = calloc(1, sizeof(*child));
	struct channel *c = &child->boot.channel;

	if (!child)
		return NULL;
	child->boot = *wanted;
	child->boot.source = SOURCE_TIMED;
	channel_init(c, wanted->fn, wanted->arg);
	child->pid = start(c);
	if (child->pid > 0) {
		channel_begin(c, wanted->request, false, 0);
		return &child->boot;
	}
	channel_close(c);
	free(child);
	return NULL;
}

/* Closes its input and waits until it has cleaned up; a worker that does not is killed. */
static int finish(struct channel *c, pid_t pid)
{
	struct pollfd from = {.fd = c->from.fd, .events = POLLIN};
	double end = seconds_now() + CLEANUP_S, left;
	bool ended = false;
	char rest[4096]; /* nobody waits for it any more */
	int status = -1;

	close(c->to);
	c->to = -1;
	while (!ended && (left = end - seconds_now()) > 0 &&
	       poll(&from, 1, (int)(left * 1000) + 1) > 0)
		ended = read(c->from.fd, rest, sizeof(rest)) <= 0;
	if (!ended)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return status;
}

static enum runner_end judge(const struct channel *c, int status)
{
	if (c->end == CHANNEL_SIGNAL)
		return RUNNER_INTERRUPTED;
	if (c->end == CHANNEL_REFUSED)
		return RUNNER_STOPPED;
	if (c->end == CHANNEL_ENDED && status == 0)
		return RUNNER_DONE;
	if (c->end == CHANNEL_GARBLED) {
		err("%s", c->why);
		return RUNNER_BROKEN;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CANNOT_RUN)
		return RUNNER_CANNOT;
	if (WIFSIGNALED(status))
		err("the worker was killed by SIG%s; what it measured is in the journal, start "
		    "again to finish the rest",
		    sigabbrev_np(WTERMSIG(status)));
	else
		err("the worker ended with status %d", WEXITSTATUS(status));
	return RUNNER_BROKEN;
}

static enum runner_end local_end(struct runner_boot *boot)
{
	struct child *child = (struct child *)boot;
	struct channel *c = &boot->channel;
	enum runner_end end = judge(c, finish(c, child->pid));

	channel_close(c);
	free(child);
	return end;
}

static const char *const no_keys[] = {NULL};

const struct runner runner_local = {
	.kind = "local",
	.is = "this machine as it is",
	.keys = no_keys,
	.read = local_read,
	.boot_id = local_boot_id,
	.start = local_start,
	.end = local_end,
};
