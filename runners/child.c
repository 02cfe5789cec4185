// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/msg.h"
#include "common/seconds.h"
#include "runners/signals.h"

static void become(const struct runner_boot *boot, child_fn *fn, int in, int out)
{
	setpgid(0, 0);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	signals_release();
	fn(boot);
	_exit(EXIT_FAILED);
}

/* Returns the child's pid, or -1 with a message printed. */
static pid_t start(const struct runner_boot *boot, struct channel *c, child_fn *fn)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};
	pid_t pid = -1;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || (pid = fork()) < 0)
		err_errno("the worker cannot be started");
	c->to = in[1];
	c->from.fd = out[0];
	if (pid == 0) {
		/* What is open of our side would keep its input open. */
		close(in[1]);
		close(out[0]);
		become(boot, fn, in[0], out[1]);
	}
	close(in[0]);
	close(out[1]);
	return pid;
}

struct runner_boot *child_start(const struct runner_boot *wanted, child_fn *fn)
{
	struct child *child = calloc(1, sizeof(*child));
	struct channel *c;

	if (!child)
		return NULL;
	child->boot = *wanted;
	child->boot.source = SOURCE_TIMED;
	c = &child->boot.channel;
	channel_init(c, wanted->fn, wanted->arg);
	child->pid = start(&child->boot, c, fn);
	if (child->pid > 0) {
		channel_begin(c, wanted->request, false, 0);
		return &child->boot;
	}
	channel_close(c);
	free(child);
	return NULL;
}

/* Closes its input and waits until it has cleaned up; a child that does not is killed. */
static int finish(struct channel *c, pid_t pid, int cleanup_s)
{
	struct pollfd from = {.fd = c->from.fd, .events = POLLIN};
	double end = seconds_now() + cleanup_s, left;
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

void child_say_killed(const char *machine, int sig)
{
	err("%s%sthe worker was killed by SIG%s; what it measured is in the journal, start again "
	    "to finish the rest",
	    machine ? machine : "", machine ? ": " : "", sigabbrev_np(sig) ?: "?");
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
		child_say_killed(NULL, WTERMSIG(status));
	else if (WEXITSTATUS(status) != CHILD_SAID)
		err("the worker ended with status %d", WEXITSTATUS(status));
	return RUNNER_BROKEN;
}

enum runner_end child_end(struct runner_boot *boot, int cleanup_s)
{
	struct child *child = (struct child *)boot;
	struct channel *c = &boot->channel;
	enum runner_end end = judge(c, finish(c, child->pid, cleanup_s));

	channel_close(c);
	free(child);
	return end;
}
