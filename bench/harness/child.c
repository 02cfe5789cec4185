// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/harness/kernel/clock.h"
#include "bench/harness/provide/memcg.h"
#include "bench/harness/timing/run.h"
#include "common/io.h"
#include "common/record.h"

/* A started run process. */
struct child {
	pid_t pid;
	int result_fd; /* its record comes from here */
	int stderr_fd; /* a memfd with what it said */
};

static void become_run(int in, int out, int log, clockid_t clock, const char *group)
{
	char id[16], now[32];

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
	    dup2(log, STDERR_FILENO) < 0)
		_exit(127);
	/* dup2() of a descriptor onto itself would leave it close-on-exec. */
	if (out == RUN_RESULT_FD ? fcntl(out, F_SETFD, 0) : dup2(out, RUN_RESULT_FD) < 0)
		_exit(127);
	if (group[0] && !memcg_join(group)) {
		perror(group);
		_exit(127);
	}
	/* The same addresses in every run: address bits decide which page tables are shared. */
	personality(ADDR_NO_RANDOMIZE);
	snprintf(id, sizeof(id), "%d", (int)clock);
	snprintf(now, sizeof(now), "%" PRIu64, clock_now(clock));
	execl("/proc/self/exe", "faultbench-run", "--run", id, now, (char *)NULL);
	perror("execl");
	_exit(127);
}

static bool start(struct child *child, const char *request, const struct child_way *way)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};

	child->pid = -1;
	child->stderr_fd = memfd_create("run", MFD_CLOEXEC);
	if (child->stderr_fd < 0 || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return false;
	child->pid = fork();
	if (child->pid == 0)
		become_run(in[0], out[1], child->stderr_fd, way->clock, way->group);
	close(in[0]);
	close(out[1]);
	child->result_fd = out[0];
	if (child->pid < 0)
		return false;
	if (!io_write_all(in[1], request, strlen(request)))
		errno = EPIPE; /* it died at once; the wait will say how */
	close(in[1]);
	return true;
}

enum waited {
	ENDED,
	TIMED_OUT,
	ABANDONED
};

/* Waits for the record, at most limit_s; ABANDONED if control_fd closes. */
static enum waited wait_for(const struct child_way *way, struct io_lines *lines)
{
	double deadline = clock_seconds(CLOCK_MONOTONIC) + way->limit_s, left;
	struct pollfd fds[2] = {{lines->fd, POLLIN, 0}, {way->control_fd, POLLIN, 0}};

	for (;;) {
		left = deadline - clock_seconds(CLOCK_MONOTONIC);
		if (left <= 0)
			return TIMED_OUT;
		if (poll(fds, 2, (int)(left * 1000) + 1) < 0 && errno != EINTR)
			return ENDED;
		/* Nothing is sent to us during a run, so anything here is the end. */
		if (fds[1].revents)
			return ABANDONED;
		if (fds[0].revents && io_lines_fill(lines) <= 0)
			return ENDED;
	}
}

/* The last line the run process printed, for the reason. */
static void last_words(int fd, char *text, size_t room)
{
	off_t size = lseek(fd, 0, SEEK_END), from = size > 2048 ? size - 2048 : 0;
	char buf[2049], *line;
	ssize_t got = pread(fd, buf, 2048, from);

	text[0] = '\0';
	if (got <= 0)
		return;
	buf[got] = '\0';
	while (got && buf[got - 1] == '\n')
		buf[--got] = '\0';
	line = strrchr(buf, '\n');
	snprintf(text, room, ": %.200s", line ? line + 1 : buf);
}

void child_outcome(struct run_record *rec, enum run_status status, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	free(rec->reason);
	rec->status = status;
	rec->reason = text;
}

/* From how the process ended and what it wrote to a record. */
static void read_outcome(struct run_record *rec, struct io_lines *lines, const struct child *child,
			 int wait_status)
{
	char *line = io_lines_next(lines), words[256];
	json_t *json = line ? json_loads(line, 0, NULL) : NULL;
	const char *why;

	last_words(child->stderr_fd, words, sizeof(words));
	if (json && !run_record_from_json(rec, json, &why))
		child_outcome(rec, RUN_FAILED, "the run's record is not one: %s", why);
	else if (WIFSIGNALED(wait_status))
		child_outcome(rec, RUN_FAILED, "killed by SIG%s (%s)%s",
			      sigabbrev_np(WTERMSIG(wait_status)), strsignal(WTERMSIG(wait_status)),
			      words);
	else if (!json || WEXITSTATUS(wait_status))
		child_outcome(rec, RUN_FAILED, "the run ended with status %d and %s record%s",
			      WEXITSTATUS(wait_status), json ? "a" : "no", words);
	json_decref(json);
}

bool child_run(const struct child_way *way, const json_t *request, struct run_record *rec)
{
	struct io_lines lines = {0};
	struct child child = {0};
	char *text = record_line(request);
	enum waited waited;
	bool ok;
	int status;

	ok = text && start(&child, text, way);
	free(text);
	if (!ok) {
		child_outcome(rec, RUN_FAILED, "a process cannot be started: %s", strerror(errno));
		return true;
	}
	lines.fd = child.result_fd;
	waited = wait_for(way, &lines);
	if (waited != ENDED)
		kill(-child.pid, SIGKILL);
	waitpid(child.pid, &status, 0);
	kill(-child.pid, SIGKILL); /* whatever it forked and forgot */
	if (waited == ENDED)
		read_outcome(rec, &lines, &child, status);
	else
		child_outcome(rec, RUN_FAILED, "no end within the time limit of %d s",
			      way->limit_s);
	io_lines_free(&lines);
	close(child.result_fd);
	close(child.stderr_fd);
	return waited != ABANDONED;
}
