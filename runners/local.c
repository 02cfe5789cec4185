// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The worker as a child of this process, on this kernel. It has a process group of its own, so that
 * a ^C reaches us alone; we then close its input, and it cleans up.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/io.h"
#include "common/msg.h"
#include "runners/runner.h"

#define CLEANUP_S 10 /* how long a worker may take to clean up */

struct worker {
	pid_t pid;
	int to;		      /* its standard input */
	struct io_lines from; /* its standard output */
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	interrupted = sig;
}

/* Blocks the signals; they are let in only while waiting. *ret_open is the mask for that. */
static void catch_signals(sigset_t *ret_open)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGHUP);
	sigprocmask(SIG_BLOCK, &block, ret_open);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void release_signals(const sigset_t *open)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	sigprocmask(SIG_SETMASK, open, NULL);
}

static void become_worker(const char *path, int in, int out, const sigset_t *open)
{
	setpgid(0, 0);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	release_signals(open);
	signal(SIGPIPE, SIG_DFL);
	execl(path, "faultbench-worker", (char *)NULL);
	err_errno("%s: the worker cannot be run", path);
	_exit(127);
}

static bool start(struct worker *w, const sigset_t *open)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};
	char *path = worker_path();

	*w = (struct worker){.pid = -1, .to = -1, .from.fd = -1};
	if (!path)
		return false;
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)) {
		err_errno("the worker cannot be started");
		free(path);
		return false;
	}
	w->pid = fork();
	if (w->pid == 0)
		become_worker(path, in[0], out[1], open);
	close(in[0]);
	close(out[1]);
	w->to = in[1];
	w->from.fd = out[0];
	free(path);
	return w->pid > 0 || err_errno("the worker cannot be started");
}

/* Closes its input and waits until it has cleaned up; a worker that does not is killed. */
static int finish(struct worker *w)
{
	struct pollfd from = {.fd = w->from.fd, .events = POLLIN};
	bool ended = false;
	int status = -1;

	if (w->to >= 0)
		close(w->to);
	while (w->pid > 0 && !ended && poll(&from, 1, CLEANUP_S * 1000) > 0)
		ended = io_lines_fill(&w->from) <= 0;
	if (w->pid > 0) {
		if (!ended)
			kill(w->pid, SIGKILL);
		waitpid(w->pid, &status, 0);
	}
	if (w->from.fd >= 0)
		close(w->from.fd);
	io_lines_free(&w->from);
	return status;
}

static bool send_request(const struct worker *w, const json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	bool ok = text && io_write_all(w->to, text, strlen(text)) && io_write_all(w->to, "\n", 1);

	free(text);
	return ok;
}

/* Hands over every whole line there is. */
static enum runner_end take_lines(struct worker *w, runner_record_fn *fn, void *arg)
{
	json_t *record;
	char *line;
	bool progress, ok;

	while ((line = io_lines_next(&w->from))) {
		record = json_loads(line, 0, NULL);
		if (!json_is_string(json_object_get(record, "type"))) {
			err("the worker sent a line that is not a record: %.60s", line);
			json_decref(record);
			return RUNNER_BROKEN;
		}
		progress = !strcmp(json_string_value(json_object_get(record, "type")), "progress");
		ok = fn(arg, record);
		json_decref(record);
		if (!ok)
			return RUNNER_STOPPED;
		if (!progress && !io_write_all(w->to, "\n", 1))
			return RUNNER_BROKEN;
	}
	return RUNNER_DONE;
}

static enum runner_end exchange(struct worker *w, const sigset_t *open, runner_record_fn *fn,
				void *arg)
{
	struct pollfd from = {.fd = w->from.fd, .events = POLLIN};
	enum runner_end end;

	for (;;) {
		if (interrupted)
			return RUNNER_INTERRUPTED;
		if (ppoll(&from, 1, NULL, open) < 0)
			continue;
		if (io_lines_fill(&w->from) <= 0)
			return RUNNER_DONE;
		end = take_lines(w, fn, arg);
		if (end != RUNNER_DONE)
			return end;
	}
}

enum runner_end runner_local(const json_t *request, runner_record_fn *fn, void *arg,
			     int *ret_signal)
{
	enum runner_end end = RUNNER_BROKEN;
	struct worker w;
	sigset_t open;
	int status;

	interrupted = 0;
	catch_signals(&open);
	if (start(&w, &open)) {
		end = send_request(&w, request) ? exchange(&w, &open, fn, arg) : RUNNER_BROKEN;
		status = finish(&w);
		if (end == RUNNER_DONE && status != 0) {
			end = RUNNER_BROKEN;
			if (WIFSIGNALED(status))
				err("the worker was killed by SIG%s; what it measured is in the "
				    "journal, start again to finish the rest",
				    sigabbrev_np(WTERMSIG(status)));
			else
				err("the worker ended with status %d", WEXITSTATUS(status));
		}
	}
	release_signals(&open);
	*ret_signal = interrupted;
	return end;
}
