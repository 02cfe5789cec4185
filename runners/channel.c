// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/channel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/msg.h"
#include "common/seconds.h"
#include "runners/signals.h"

void channel_init(struct channel *c, runner_record_fn *fn, void *arg)
{
	*c = (struct channel){
		.to = -1, .from.fd = -1, .console = -1, .news = -1, .fn = fn, .arg = arg};
}

void channel_begin(struct channel *c, const json_t *request, double limit_s)
{
	char *text = request ? json_dumps(request, JSON_COMPACT) : strdup("");

	c->deadline = limit_s > 0 ? seconds_now() + limit_s : 0;
	c->first = c->first_s > 0 ? seconds_now() + c->first_s : c->deadline;
	c->silence = c->silent_s > 0 ? seconds_now() + c->silent_s : 0;
	c->mute = !request;
	c->end = text && (c->mute ||
			  (io_write_all(c->to, text, strlen(text)) && io_write_all(c->to, "\n", 1)))
			 ? CHANNEL_OPEN
			 : CHANNEL_CLOSED;
	free(text);
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

/* Hands over every whole line there is. */
static enum channel_end take_lines(struct channel *c)
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
		ok = c->fn(c->arg, record);
		/* Nobody waits after progress. A reader that is gone shows as a closed channel. */
		if (ok && !c->mute && strcmp(type, "progress") && !io_write_all(c->to, "\n", 1))
			last = false;
		json_decref(record);
		if (!ok)
			return CHANNEL_REFUSED;
		if (last)
			return CHANNEL_ENDED;
	}
	return CHANNEL_OPEN;
}

static bool is_silent(const struct channel *c)
{
	return c->silence && !c->spoken && !c->console_used;
}

/* Seconds until something has to be done with c; negative if nothing has. */
static double time_to_wait(const struct channel *c, double left)
{
	double quiet = c->silence - seconds_now();

	if (!is_silent(c) || (left >= 0 && left < quiet))
		return left;
	return quiet > 0 ? quiet : 0;
}

/* Seconds until c is out of time; negative without a limit. */
static double time_left(const struct channel *c)
{
	double deadline = c->spoken ? c->deadline : c->first, left = deadline - seconds_now();

	return !deadline ? -1 : left > 0 ? left : 0;
}

/* Reads what came. False at the end. */
static bool read_records(struct channel *c)
{
	char events[4096];
	ssize_t got;

	if (c->news < 0)
		return io_lines_fill(&c->from) > 0;
	/* Only that there were any counts; they are not blocking. */
	while (read(c->news, events, sizeof(events)) > 0)
		;
	while ((got = io_lines_fill(&c->from)) > 0)
		;
	return got == 0;
}

/* What poll() found for one channel: its worker's end, then its console. */
static void serve(struct channel *c, const struct pollfd fds[2])
{
	if (fds[1].revents && !read_console(c)) {
		close(c->console);
		c->console = -1;
	}
	if (fds[1].revents && c->give_up && c->give_up(c))
		c->end = CHANNEL_GAVE_UP;
	else if (fds[0].revents && !read_records(c))
		c->end = CHANNEL_CLOSED;
	else if (fds[0].revents)
		c->end = take_lines(c);
	if (c->end == CHANNEL_OPEN && c->news >= 0 && c->console < 0)
		c->end = CHANNEL_CLOSED;
	if (c->end == CHANNEL_OPEN && is_silent(c) && c->silence <= seconds_now()) {
		c->silence = 0;
		c->silent(c);
	}
	if (c->end == CHANNEL_OPEN && time_left(c) == 0)
		c->end = CHANNEL_TIMEOUT;
}

/* One turn: waits for anything to happen on any channel. */
static void turn(struct channel *const *channels, size_t nr, struct pollfd *fds)
{
	double left, least = -1;
	struct timespec room;
	size_t i;

	for (i = 0; i < nr; i++) {
		fds[2 * i] = (struct pollfd){channels[i]->news >= 0 ? channels[i]->news
								    : channels[i]->from.fd,
					     POLLIN, 0};
		fds[2 * i + 1] = (struct pollfd){channels[i]->console, POLLIN, 0};
		left = time_to_wait(channels[i], time_left(channels[i]));
		if (left >= 0 && (least < 0 || left < least))
			least = left;
	}
	room.tv_sec = (time_t)least;
	room.tv_nsec = (long)((least - (double)room.tv_sec) * 1e9);
	if (ppoll(fds, 2 * nr, least < 0 ? NULL : &room, signals_open()) < 0)
		return;
	for (i = 0; i < nr; i++)
		serve(channels[i], fds + 2 * i);
}

static bool any_ended(struct channel *const *channels, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (channels[i]->end != CHANNEL_OPEN)
			return true;
	return false;
}

void channels_wait(struct channel *const *channels, size_t nr)
{
	struct pollfd *fds = calloc(2 * nr + 1, sizeof(*fds));
	size_t i;

	while (fds && !signals_came() && !any_ended(channels, nr))
		turn(channels, nr, fds);
	for (i = 0; i < nr && (signals_came() || !fds); i++)
		channels[i]->end = CHANNEL_SIGNAL;
	free(fds);
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
	if (c->news >= 0)
		close(c->news);
	io_lines_free(&c->from);
	free(c->console_end);
	channel_init(c, NULL, NULL);
}
