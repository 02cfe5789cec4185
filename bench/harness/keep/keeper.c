// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/keep/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/harness/keep/items.h"
#include "common/io.h"
#include "common/keep.h"
#include "common/seconds.h"

#define ANSWER_S                                                                                  \
	30	     /* who does not say in that time that a record is safe is not there any more \
		      */
#define CLEANUP_S 10 /* how long a worker may take to clean up */

/* Whom it waits for, in poll(). */
enum {
	FD_LISTENER,
	FD_CLIENT,
	FD_RECORDS,
	FD_SAID,
	NR_FDS
};

struct keeper {
	int listener, patience_s;
	pid_t worker; /* 0: not started, -1: has ended */
	int to;	      /* its standard input; -1: closed */
	struct io_lines records, said;
	struct items items;
	size_t nr_records, nr_safe;
	size_t behind; /* the item behind the last record */
	double asked;  /* since when a record waits to be said to be safe; 0: none does */
	double stop;   /* when a worker that is to end is killed; 0: it is not to end */

	struct io_lines client; /* its fd: -1 if nobody is there, */
	double alone;		/* since then */
	bool greeted;		/* it has said what it has */
	size_t next;		/* item for it */
	char *out;		/* what is on the way to it */
	size_t out_used;
	bool over;
};

static void leave_client(struct keeper *k)
{
	if (k->client.fd >= 0)
		close(k->client.fd);
	io_lines_free(&k->client);
	k->client.fd = -1;
	k->alone = seconds_now();
	k->out_used = 0;
	k->greeted = false;
}

/* Puts a line behind what is on the way. */
static void put_out(struct keeper *k, const char *line)
{
	size_t len = strlen(line);
	char *more = realloc(k->out, k->out_used + len);

	if (!more)
		abort();
	memcpy(more + k->out_used, line, len);
	k->out = more;
	k->out_used += len;
}

/* Sends what goes out now. */
static void send_out(struct keeper *k)
{
	const char *line;
	ssize_t put;

	while (k->greeted) {
		line = k->out_used ? NULL : items_line(&k->items, k->next);
		if (line)
			put_out(k, line);
		k->next += line != NULL;
		if (!k->out_used)
			return;
		put = send(k->client.fd, k->out, k->out_used, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (put < 0 && errno == EAGAIN)
			return;
		if (put < 0) {
			leave_client(k);
			return;
		}
		k->out_used -= (size_t)put;
		memmove(k->out, k->out + put, k->out_used);
	}
}

static void become_worker(const int to[2], const int records[2], const int said[2])
{
	setpgid(0, 0);
	dup2(to[0], STDIN_FILENO);
	dup2(records[1], STDOUT_FILENO);
	dup2(said[1], STDERR_FILENO);
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	execl("/proc/self/exe", KEEP_WORKER, (char *)NULL);
	_exit(127);
}

static void start_worker(struct keeper *k)
{
	int to[2], records[2], said[2];

	if (pipe2(to, O_CLOEXEC) || pipe2(records, O_CLOEXEC) || pipe2(said, O_CLOEXEC))
		abort();
	k->worker = fork();
	if (k->worker == 0)
		become_worker(to, records, said);
	close(to[0]);
	close(records[1]);
	close(said[1]);
	k->to = to[1];
	k->records.fd = records[0];
	k->said.fd = said[0];
}

/* The worker, if there is one, is to end. */
static void stop_worker(struct keeper *k)
{
	if (k->worker == 0)
		k->over = true;
	if (k->to >= 0)
		close(k->to);
	k->to = -1;
	k->asked = 0;
	if (!k->stop)
		k->stop = seconds_now() + CLEANUP_S;
}

/*
 * The worker goes on when its record is safe: there, or here, where nobody is to take it.
 */
static void answer(struct keeper *k)
{
	if (!k->asked || (k->client.fd >= 0 && k->nr_safe < k->nr_records))
		return;
	k->asked = 0;
	if (k->to >= 0)
		io_write_all(k->to, "\n", 1);
}

/* Who connects says what has come. False if that cannot be. */
static bool greet(struct keeper *k, const char *line)
{
	size_t items, safe;

	if (k->greeted || sscanf(line, "from %zu %zu", &items, &safe) != 2 ||
	    items < k->items.gone || items > k->items.nr || safe > k->nr_records)
		return false;
	k->greeted = true;
	k->next = items;
	k->nr_safe = safe;
	return true;
}

/* One line of the client's; false: it is none that is understood. */
static bool take_line(struct keeper *k, const char *line, size_t len)
{
	if (!k->greeted)
		return greet(k, line);
	if (!*line) {
		k->nr_safe++;
		/* What was sent in front of a record that is safe has come, what was behind it may
		 * not have. */
		if (k->nr_safe == k->nr_records)
			items_forget(&k->items, k->behind);
		answer(k); /* before it is told to stop: it may have said its last */
	} else if (*line == '{' && k->worker == 0) {
		start_worker(k);
		return io_write_all(k->to, line, len) && io_write_all(k->to, "\n", 1);
	} else if (!strcmp(line, "stop")) {
		stop_worker(k);
	} else if (!strcmp(line, "over")) {
		k->over = true;
	}
	return true;
}

static void read_client(struct keeper *k)
{
	bool there = io_lines_fill(&k->client) > 0;
	char *line;

	while (there && (line = io_lines_next(&k->client)))
		there = take_line(k, line, k->client.len);
	if (!there)
		leave_client(k);
}

static void accept_client(struct keeper *k)
{
	int fd = accept4(k->listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	/* The one before may not have noticed that its connection is no more. */
	leave_client(k);
	k->client.fd = fd;
}

static bool is_progress(const char *line)
{
	return !strncmp(line, "{\"type\":\"progress\"", 18);
}

static void take_record(struct keeper *k, const char *line, size_t len)
{
	if (is_progress(line))
		return;
	items_add(&k->items, KEEP_RECORD, line, len);
	k->nr_records++;
	k->behind = k->items.nr;
	k->asked = seconds_now();
}

/* False when the worker has closed its side. */
static bool read_records(struct keeper *k)
{
	char *line;

	if (io_lines_fill(&k->records) <= 0)
		return false;
	while ((line = io_lines_next(&k->records)))
		take_record(k, line, k->records.len);
	return true;
}

static bool read_said(struct keeper *k)
{
	char *line;

	if (io_lines_fill(&k->said) <= 0)
		return false;
	while ((line = io_lines_next(&k->said)))
		items_add(&k->items, KEEP_SAID, line, k->said.len);
	return true;
}

/* What is left of it when both of its pipes have ended. */
static void bury_worker(struct keeper *k)
{
	char text[64];
	int status = 0;

	waitpid(k->worker, &status, 0);
	kill(-k->worker, SIGKILL);
	k->worker = -1;
	k->asked = 0;
	if (k->to >= 0)
		close(k->to);
	k->to = -1;
	snprintf(text, sizeof(text), "%d %d", WIFEXITED(status) ? WEXITSTATUS(status) : 0,
		 WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	items_add(&k->items, KEEP_ENDED, text, strlen(text));
}

static void read_worker(struct keeper *k, const struct pollfd fds[NR_FDS])
{
	struct io_lines *both[] = {&k->records, &k->said};
	bool there[] = {true, true};
	int i;

	if (fds[FD_RECORDS].revents)
		there[0] = read_records(k);
	if (fds[FD_SAID].revents)
		there[1] = read_said(k);
	for (i = 0; i < 2; i++) {
		if (there[i])
			continue;
		close(both[i]->fd);
		both[i]->fd = -1;
	}
	if (k->worker > 0 && k->records.fd < 0 && k->said.fd < 0)
		bury_worker(k);
}

/* Whether an instant, 0: never, has come. */
static bool is_due(double at)
{
	return at > 0 && at <= seconds_now();
}

/* Milliseconds until the first of the instants, 0: never, has come; -1 if none will. */
static int time_until(const double at[3])
{
	double now = seconds_now(), next = 0;
	int i;

	for (i = 0; i < 3; i++)
		if (at[i] > 0 && (!next || at[i] < next))
			next = at[i];
	return !next		   ? -1
	       : next < now	   ? 0
	       : next - now > 3600 ? 3600000
				   : (int)((next - now) * 1000) + 1;
}

/* Does what is due; returns for how long poll() may wait. */
static int look_at_clock(struct keeper *k)
{
	double alone = k->client.fd < 0 ? k->alone + k->patience_s : 0;
	double asked = k->asked && k->client.fd >= 0 ? k->asked + ANSWER_S : 0;

	if (is_due(alone)) {
		k->over = k->worker <= 0;
		stop_worker(k);
		alone = 0;
	}
	if (is_due(asked)) {
		leave_client(k);
		return 0;
	}
	if (k->worker > 0 && is_due(k->stop)) {
		kill(-k->worker, SIGKILL);
		k->stop = -1;
	}
	if (k->over)
		return 0;
	return time_until((const double[3]){alone, asked, k->worker > 0 ? k->stop : 0});
}

void keeper_serve(int listener, int patience_s)
{
	struct keeper k = {.listener = listener,
			   .patience_s = patience_s,
			   .to = -1,
			   .records.fd = -1,
			   .said.fd = -1,
			   .client.fd = -1,
			   .alone = seconds_now()};
	struct pollfd fds[NR_FDS];

	while (!k.over) {
		send_out(&k);
		answer(&k);
		fds[FD_LISTENER] = (struct pollfd){listener, POLLIN, 0};
		fds[FD_CLIENT] = (struct pollfd){k.client.fd,
						 (short)(POLLIN | (k.out_used ? POLLOUT : 0)), 0};
		fds[FD_RECORDS] = (struct pollfd){k.records.fd, POLLIN, 0};
		fds[FD_SAID] = (struct pollfd){k.said.fd, POLLIN, 0};
		if (poll(fds, NR_FDS, look_at_clock(&k)) < 0 && errno != EINTR)
			break;
		if (fds[FD_CLIENT].revents & ~POLLOUT)
			read_client(&k);
		read_worker(&k, fds);
		if (fds[FD_LISTENER].revents)
			accept_client(&k);
	}
}
