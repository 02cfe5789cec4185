// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/ssh/carrier.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/files.h"
#include "common/io.h"
#include "common/keep.h"
#include "common/msg.h"
#include "common/plan.h"
#include "common/seconds.h"
#include "runners/child.h"
#include "runners/ssh/keys.h"
#include "runners/ssh/payload.h"
#include "runners/ssh/remote.h"
#include "runners/ssh/request.h"
#include "runners/switch/switch.h"

#define GREETING_S  60	/* that a host may take for what it does before it serves */
#define OVER_S	    10	/* until a folder has gone */
#define STOPPED_S   15	/* that a host is looked for which has to be told to stop */
#define SSH_FAILED  255 /* ssh's own exit status */
#define ATTEMPTS    3
#define WAIT_MOST_S 15		/* between two attempts */
#define LINE_MOST   (256 << 20) /* the receiver knows better what is too much */

enum stage {
	GREETING, /* ssh has been started; the script there has not said anything yet */
	SENDING,  /* the archive is on its way, or being unpacked */
	SERVING,
	LOST, /* there is no connection */
	OVER, /* the worker has ended, and the host knows that we know */
};

struct carrier {
	const struct runner_boot *boot;
	const char *name; /* of the machine */
	char *request;	  /* what is to be said to a keeper when it is there; NULL: it was */
	struct plan plan;
	char folder[64];
	int archive;
	size_t archive_size, archive_sent;

	struct remote remote;
	enum stage stage;
	bool begun;		  /* the worker was kept: there is something to go back to */
	double deadline, silence; /* when a stage, or a silence, has lasted too long; and for how
				     long one may last, in seconds */
	size_t items, records;	  /* that have come */
	size_t nr_safe;		  /* records that we were told of that they are */
	int attempts;		  /* that ended before anything had begun */
	bool stopped;		  /* nobody wants any more */
	bool said_lost;
	double lost, wait; /* when it was, and seconds until the next attempt */
	int status;	   /* of this process */
};

/* Ends it all: why was said. */
static void give_up(struct carrier *c)
{
	c->stage = OVER;
	c->status = CHILD_SAID;
}

static bool write_out(struct carrier *c, const char *text, size_t len)
{
	return io_write_all(c->remote.to, text, len);
}

static bool write_line(struct carrier *c, const char *line)
{
	return write_out(c, line, strlen(line)) && write_out(c, "\n", 1);
}

/* One that nobody has. */
static void name_folder(struct carrier *c)
{
	unsigned long long number = 0;

	if (getrandom(&number, sizeof(number), 0) < 0)
		abort();
	snprintf(c->folder, sizeof(c->folder), KEEP_PREFIX "%016llx", number);
}

/* Opens a connection and says what the script reads. */
static void connect_to(struct carrier *c)
{
	const struct ssh_keys *keys = ssh_keys(c->boot->machine);
	char *name, *head;

	c->archive_sent = 0;
	if (!c->begun)
		name_folder(c);
	if (!remote_open(&c->remote, c->boot->machine, c->begun ? remote_go_back : remote_begin)) {
		give_up(c);
		return;
	}
	c->stage = GREETING;
	c->remote.from.most = LINE_MOST;
	name = c->begun ? NULL : request_who(c->boot->what);
	head = c->begun ? files_text("%s\n%s\n", keys->folder, c->folder)
			: files_text("%s\n%s\n%zu\n%d\n%s\n", keys->folder, c->folder,
				     c->archive_size, keys->patience_s, name);
	write_out(c, head,
		  strlen(head)); /* if nobody takes it, it shows as the end of what comes */
	c->deadline = seconds_now() + GREETING_S;
	free(head);
	free(name);
}

/* The keeper is there: it is told what has come, and the request if it has not got it. */
static void greet(struct carrier *c)
{
	char from[64];

	snprintf(from, sizeof(from), "from %zu %zu", c->items, c->nr_safe);
	write_line(c, from);
	if (!c->begun)
		write_line(c, c->request);
	if (c->stopped)
		write_line(c, "stop");
	if (c->said_lost)
		note("%s: the connection is back", c->name);
	c->said_lost = false;
	c->begun = true;
	c->stage = SERVING;
	c->deadline = c->stopped ? seconds_now() + STOPPED_S : 0;
}

/* What the worker printed for the user. */
static void say(const struct carrier *c, const char *line)
{
	static const char front[] = KEEP_WORKER ": ", noted[] = "note: ";

	if (!strncmp(line, front, sizeof(front) - 1))
		line += sizeof(front) - 1;
	if (!strncmp(line, noted, sizeof(noted) - 1))
		note("%s: %s", c->name, line + sizeof(noted) - 1);
	else
		err("%s: %s", c->name, line);
}

static void take_end(struct carrier *c, const char *line)
{
	int status = EXIT_FAILED, sig = 0;

	sscanf(line, "%d %d", &status, &sig);
	if (sig)
		child_say_killed(c->name, sig);
	c->status = sig ? CHILD_SAID : status & 0xff;
	write_line(c, "over");
	c->stage = OVER;
}

/* Says which run is next: the first is behind the first record. */
static void say_progress(const struct carrier *c, size_t next)
{
	char *line = request_progress(c->boot->request, &c->plan, next);

	if (line)
		io_write_all(STDOUT_FILENO, line, strlen(line));
	free(line);
}

/* A line of the keeper's. */
static void take_kept(struct carrier *c, char *line, size_t len)
{
	char kind = *line;

	c->items += kind == KEEP_RECORD || kind == KEEP_SAID || kind == KEEP_ENDED;
	if (kind == KEEP_RECORD) {
		line[len] = '\n';
		/* Who does not read any more has closed our input as well. */
		io_write_all(STDOUT_FILENO, line + 1, len);
		say_progress(c, c->records++);
	} else if (kind == KEEP_SAID) {
		say(c, line + 1);
	} else if (kind == KEEP_ENDED) {
		take_end(c, line + 1);
	}
}

static void take_line(struct carrier *c, char *line, size_t len)
{
	if (c->stage == SERVING && len)
		take_kept(c, line, len);
	else if (c->stage == GREETING && !c->begun && !strcmp(line, REMOTE_READY))
		c->stage = SENDING;
	else if (c->stage < SERVING && !strcmp(line, KEEP_HERE))
		greet(c);
	/* Whatever else a login prints. */
}

/* Says why a connection that was to be the first is none. */
static void say_none(struct carrier *c, int status)
{
	const char *host = ssh_keys(c->boot->machine)->host, *why = c->remote.why;

	if (status == REMOTE_NO_FOLDER)
		err("%s: no folder for the worker on %s: %s; folder = PATH names another place",
		    c->name, host, why);
	else if (status == 126 || status == 127)
		err("%s: the worker cannot be started on %s: %s; folder = PATH names another "
		    "place, where programs may be",
		    c->name, host, why);
	else
		err("%s: %s: %s", c->name, host,
		    *why ? why : "the connection ended before anything was there");
}

/* A host that has just come up may end a connection before anything has begun. */
static bool is_young(struct carrier *c, int status)
{
	return c->boot->kernel && c->stage == GREETING && (status < 0 || status == SSH_FAILED) &&
	       c->attempts++ < ATTEMPTS;
}

/* The connection has ended, or is ended. */
static void lose(struct carrier *c, bool ended, const char *because)
{
	int status = remote_close(&c->remote, ended);

	if (because)
		snprintf(c->remote.why, sizeof(c->remote.why), "%s", because);
	if (!c->begun && !c->stopped && is_young(c, status)) {
		c->stage = LOST;
		c->lost = seconds_now();
		c->wait = 1;
		return;
	}
	if (!c->begun) {
		if (!c->stopped)
			say_none(c, status);
		give_up(c);
		return;
	}
	c->stage = LOST;
	if (status == KEEP_GONE) {
		err("%s: %s: the worker is not there any more: the host was booted, or its folder "
		    "removed; what came is in the journal, start again to finish the rest",
		    c->name, c->boot->what);
		give_up(c);
		return;
	}
	if (c->said_lost)
		return;
	c->lost = seconds_now();
	c->wait = 0;
	c->said_lost = true;
	note("%s: the connection was lost%s%s; the worker goes on, and is gone back to", c->name,
	     *c->remote.why ? ": " : "", c->remote.why);
}

static void read_remote(struct carrier *c)
{
	bool there = io_lines_fill(&c->remote.from) > 0;
	char *line;

	while (c->stage < LOST && (line = io_lines_next(&c->remote.from)))
		take_line(c, line, c->remote.from.len);
	if (c->remote.from.cut && c->stage < LOST)
		lose(c, false, "a line that has no end came");
	else if (!there && c->stage < LOST)
		lose(c, true, NULL);
}

/* Some more of the archive; whoever does not take it will say why. */
static void send_archive(struct carrier *c)
{
	char block[65536];
	ssize_t got = pread(c->archive, block, sizeof(block), (off_t)c->archive_sent);

	if (got > 0)
		got = write(c->remote.to, block, (size_t)got);
	if (got > 0)
		c->archive_sent += (size_t)got;
	else if (got < 0 && errno != EAGAIN)
		c->archive_sent = c->archive_size;
	if (got > 0)
		c->deadline = seconds_now() + GREETING_S;
}

static void stop(struct carrier *c)
{
	c->stopped = true;
	if (c->stage == SERVING)
		write_line(c, "stop");
	else if (!c->begun)
		lose(c, false, NULL);
	c->deadline = seconds_now() + STOPPED_S;
}

/* Answers to records; its end: nobody wants any more. */
static void read_answers(struct carrier *c)
{
	char answers[256];
	ssize_t got = read(STDIN_FILENO, answers, sizeof(answers)), i;

	for (i = 0; i < got; i++) {
		c->nr_safe++;
		if (c->stage == SERVING)
			write_out(c, "\n", 1);
	}
	if (got <= 0)
		stop(c);
}

/* One turn with a connection, at most until the time at end. */
static void turn(struct carrier *c, double end)
{
	double left = end > 0 ? end - seconds_now() : 3600;
	bool sending = c->stage == SENDING && c->archive_sent < c->archive_size;
	bool there = c->stage < LOST;
	struct pollfd fds[] = {
		{c->stopped ? -1 : STDIN_FILENO, POLLIN, 0},
		{there ? c->remote.from.fd : -1, POLLIN, 0},
		{there ? c->remote.said.fd : -1, POLLIN, 0},
		{sending ? c->remote.to : -1, POLLOUT, 0},
	};

	if (poll(fds, 4, left > 0 ? (int)(left * 1000) + 1 : 0) < 0)
		return;
	if (fds[2].revents)
		remote_hear(&c->remote);
	if (fds[3].revents)
		send_archive(c);
	if (fds[1].revents)
		read_remote(c);
	if (fds[0].revents)
		read_answers(c);
}

/* Passes on what comes until the connection is lost or all is over. */
static void serve(struct carrier *c)
{
	double heard = seconds_now(), limit;
	size_t before;

	while (c->stage < LOST) {
		before = c->items;
		limit = c->deadline > 0 ? c->deadline : heard + c->silence;
		turn(c, limit);
		if (c->items != before)
			heard = seconds_now();
		else if (c->stage < LOST &&
			 seconds_now() >= (c->deadline > 0 ? c->deadline : limit))
			lose(c, false, "nothing came any more");
	}
}

/* Tries to go back to a worker, unless there was patience enough. */
static void go_back(struct carrier *c)
{
	double patience = ssh_keys(c->boot->machine)->patience_s;
	double next = seconds_now() + c->wait;

	while (c->stage == LOST && seconds_now() < next)
		turn(c, next);
	c->wait = c->wait > 0 ? 2 * c->wait : 0.5;
	c->wait = c->wait > WAIT_MOST_S ? WAIT_MOST_S : c->wait;
	if (seconds_now() - c->lost > (c->stopped ? STOPPED_S : patience)) {
		err("%s: %s: %s; the worker there ends by itself after %.0f s, start again then",
		    c->name, ssh_keys(c->boot->machine)->host, c->remote.why, patience);
		give_up(c);
		return;
	}
	connect_to(c);
}

/* Waits until the host has cleaned up, as far as it says so by ending the connection. */
static void leave(struct carrier *c)
{
	double end = seconds_now() + OVER_S;
	struct pollfd from = {c->remote.from.fd, POLLIN, 0};

	while (c->remote.pid > 0 && seconds_now() < end && poll(&from, 1, 1000) >= 0)
		if (from.revents && io_lines_fill(&c->remote.from) <= 0)
			break;
	remote_close(&c->remote, true);
}

void carry(const struct runner_boot *boot)
{
	const struct switching switching = ssh_switching(boot->machine);
	struct carrier c = {.boot = boot,
			    .name = boot->machine->name,
			    .silence = request_silence(boot->request)};
	struct io_lines in = {.fd = STDIN_FILENO};

	/* A journal that is locked, say, is no business of ours. */
	close_range(3, ~0U, 0);
	signal(SIGPIPE, SIG_IGN);
	c.archive = payload_make(boot->machine->arch, &c.archive_size);
	c.request = c.archive < 0 ? NULL : io_lines_wait(&in);
	if (!c.request || !plan_from_json(&c.plan, json_object_get(boot->request, "plan")))
		_exit(CHILD_SAID);
	if (boot->kernel && !switch_kernel(&switching, boot))
		_exit(CHILD_SAID);
	connect_to(&c);
	while (c.stage != OVER) {
		serve(&c);
		if (c.stage == LOST)
			go_back(&c);
	}
	leave(&c);
	_exit(c.status);
}
