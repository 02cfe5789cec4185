// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/channel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/msg.h"
#include "runners/signals.h"

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

bool channel_send(const struct channel *c, const json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	bool ok = text && io_write_all(c->to, text, strlen(text)) && io_write_all(c->to, "\n", 1);

	free(text);
	return ok;
}

/* One read() of the console; false at its end. */
static bool read_console(struct channel *c)
{
	char block[4096];
	size_t over;
	ssize_t got = read(c->console, block, sizeof(block));

	if (got <= 0)
		return false;
	over = c->console_used + (size_t)got;
	over = over > CONSOLE_KEPT ? over - CONSOLE_KEPT : 0;
	memmove(c->console_end, c->console_end + over, c->console_used - over);
	c->console_used -= over;
	memcpy(c->console_end + c->console_used, block, (size_t)got);
	c->console_used += (size_t)got;
	c->console_end[c->console_used] = '\0';
	return true;
}

/* Hands over every whole line there is. CHANNEL_CLOSED here means: go on. */
static enum channel_end take_lines(struct channel *c, runner_record_fn *fn, void *arg)
{
	const char *type;
	json_t *record;
	bool last, ok;
	char *line;

	while ((line = io_lines_next(&c->from))) {
		c->spoken = true;
		record = json_loads(line, 0, NULL);
		type = json_string_value(json_object_get(record, "type"));
		if (!type) {
			err("the worker sent a line that is not a record: %.60s", line);
			json_decref(record);
			return CHANNEL_GARBLED;
		}
		last = !strcmp(type, "end");
		ok = fn(arg, record);
		/* Nobody waits after progress. A reader that is gone shows as a closed channel. */
		if (ok && strcmp(type, "progress") && !io_write_all(c->to, "\n", 1))
			last = false;
		json_decref(record);
		if (!ok)
			return CHANNEL_REFUSED;
		if (last)
			return CHANNEL_ENDED;
	}
	return CHANNEL_CLOSED;
}

static int wait_ms(double deadline, const struct timespec **ret, struct timespec *room)
{
	double left = deadline - now();

	*ret = NULL;
	if (!deadline)
		return 1;
	if (left <= 0)
		return 0;
	*room = (struct timespec){(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
	*ret = room;
	return 1;
}

enum channel_end channel_exchange(struct channel *c, const sigset_t *open, double limit_s,
				  runner_record_fn *fn, void *arg)
{
	struct pollfd fds[2] = {{c->from.fd, POLLIN, 0}, {c->console, POLLIN, 0}};
	double deadline = limit_s > 0 ? now() + limit_s : 0;
	double first = c->first_s > 0 ? now() + c->first_s : deadline;
	const struct timespec *timeout;
	struct timespec room;
	enum channel_end end;

	for (;;) {
		if (signals_came())
			return CHANNEL_SIGNAL;
		if (!wait_ms(c->spoken ? deadline : first, &timeout, &room))
			return CHANNEL_TIMEOUT;
		if (ppoll(fds, 2, timeout, open) < 0)
			continue;
		if (fds[1].revents && !read_console(c))
			fds[1].fd = -1;
		if (fds[1].revents && c->give_up && c->give_up(c))
			return CHANNEL_GAVE_UP;
		if (!fds[0].revents)
			continue;
		if (io_lines_fill(&c->from) <= 0)
			return CHANNEL_CLOSED;
		end = take_lines(c, fn, arg);
		if (end != CHANNEL_CLOSED)
			return end;
	}
}

void channel_drain_console(struct channel *c)
{
	struct pollfd console = {c->console, POLLIN, 0};

	while (c->console >= 0 && poll(&console, 1, 0) > 0 && read_console(c))
		;
}

void channel_close(struct channel *c)
{
	if (c->to >= 0)
		close(c->to);
	if (c->from.fd >= 0 && c->from.fd != c->to)
		close(c->from.fd);
	if (c->console >= 0)
		close(c->console);
	io_lines_free(&c->from);
	free(c->console_end);
	*c = (struct channel){.to = -1, .from.fd = -1, .console = -1};
}
