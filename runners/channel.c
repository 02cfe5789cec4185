// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/clean.h"
#include "common/seconds.h"
#include "runners/signals.h"

void channel_init(struct channel *c, runner_record_fn *fn, void *arg)
{
	*c = (struct channel){
		.to = -1, .from.fd = -1, .console = -1, .news = -1, .fn = fn, .arg = arg};
}

/*
 * Bytes of a record beside its samples, with all there is to know of a machine; of all functions of
 * a kernel, which a guest sends that is not listening; and of a sample, in each of several arrays.
 */
#define RECORD_BYTES  (1u << 20)
#define SYMBOL_BYTES  (16u << 20)
#define SAMPLE_BYTES  64
#define RECORD_VALUES 200000 /* a configuration has 10,000; each takes some 40 bytes when read */
#define SAMPLE_VALUES 8
#define RUN_BYTES     (256u << 10)

/* The most iterations that a run of the request's plan has. */
static size_t most_iterations(const json_t *request)
{
	const json_t *plan = json_object_get(request, "plan");
	json_int_t most = 0, nr;
	json_t *point;
	size_t i;

	json_array_foreach(json_object_get(plan, "points"), i, point) {
		nr = json_integer_value(json_object_get(point, "iterations"));
		most = nr > most ? nr : most;
	}
	return (size_t)most;
}

/* So that what a worker sends has an end, and room in memory and on the disk. */
static void set_limits(struct channel *c, const json_t *request)
{
	size_t iterations = most_iterations(request);
	size_t runs = json_array_size(json_object_get(request, "todo"));

	c->from.most = RECORD_BYTES + iterations * SAMPLE_BYTES + (c->mute ? SYMBOL_BYTES : 0);
	c->most_values = RECORD_VALUES + iterations * SAMPLE_VALUES;
	c->most_bytes = c->from.most + runs * (RUN_BYTES + iterations * SAMPLE_BYTES);
}

/* Sends what goes out now. What waits for a reader that is gone is of no use. */
static void send_out(struct channel *c)
{
	ssize_t put = write(c->to, c->out, c->out_used);

	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	put = put < 0 ? (ssize_t)c->out_used : put;
	c->out_used -= (size_t)put;
	memmove(c->out, c->out + put, c->out_used);
}

/* Puts text behind what is still to be sent. */
static void put_out(struct channel *c, const char *text, size_t len)
{
	char *more = realloc(c->out, c->out_used + len);

	if (!more)
		return;
	memcpy(more + c->out_used, text, len);
	c->out = more;
	c->out_used += len;
	send_out(c);
}

void channel_begin(struct channel *c, const json_t *request, bool mute, double limit_s)
{
	char *text = mute ? NULL : json_dumps(request, JSON_COMPACT);

	c->deadline = limit_s > 0 ? seconds_now() + limit_s : 0;
	c->first = c->first_s > 0 ? seconds_now() + c->first_s : c->deadline;
	c->silence = c->silent_s > 0 ? seconds_now() + c->silent_s : 0;
	c->mute = mute;
	c->end = text || mute ? CHANNEL_OPEN : CHANNEL_CLOSED;
	set_limits(c, request);
	if (!text)
		return;
	fcntl(c->to, F_SETFL, fcntl(c->to, F_GETFL) | O_NONBLOCK);
	put_out(c, text, strlen(text));
	put_out(c, "\n", 1);
	free(text);
}

/* What a guest says may be anything: what is kept of it is text, in lines. */
static void make_text(char *block, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((block[i] < ' ' || block[i] > '~') && block[i] != '\n')
			block[i] = ' ';
}

/* One read() of the console; false at its end. */
static bool read_console(struct channel *c)
{
	char block[4096];
	size_t over;
	ssize_t got = read(c->console, block, sizeof(block));

	if (got <= 0)
		return false;
	make_text(block, (size_t)got);
	over = c->console_used + (size_t)got;
	over = over > CONSOLE_KEPT ? over - CONSOLE_KEPT : 0;
	memmove(c->console_end, c->console_end + over, c->console_used - over);
	c->console_used -= over;
	memcpy(c->console_end + c->console_used, block, (size_t)got);
	c->console_used += (size_t)got;
	c->console_end[c->console_used] = '\0';
	return true;
}

#define TURN_LINES 32 /* that are taken before signals and limits are looked at */

/* How many values a record of JSON has at most: each but the first is behind one of these. */
static size_t count_values(const char *line, size_t len)
{
	size_t nr = 1, i;

	for (i = 0; i < len; i++)
		nr += line[i] == ',' || line[i] == '[' || line[i] == '{';
	return nr;
}

static enum channel_end garbled(struct channel *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static enum channel_end garbled(struct channel *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	make_text(c->why, strlen(c->why));
	return CHANNEL_GARBLED;
}

/* One line; CHANNEL_OPEN to go on. */
static enum channel_end take_line(struct channel *c, const char *line, size_t len)
{
	enum channel_end end = CHANNEL_OPEN;
	const char *type;
	json_t *record;

	if (c->from.cut || count_values(line, len) > c->most_values)
		return garbled(c, "the worker sent a record that is too large");
	record = json_loadb(line, len, 0, NULL);
	type = json_string_value(json_object_get(record, "type"));
	/* Lines of one text, whose names are cleaned where a journal is read. */
	if (!type || strcmp(type, "symbols") != 0)
		clean_json(record);
	type = json_string_value(json_object_get(record, "type"));
	if (!type)
		end = garbled(c, "the worker sent a line that is not a record: %.60s", line);
	else if (!c->fn(c->arg, record))
		end = CHANNEL_REFUSED;
	else if (!strcmp(type, "end"))
		end = CHANNEL_ENDED;
	/* Nobody waits after progress. A reader that is gone shows as a closed channel. */
	if (type && end != CHANNEL_REFUSED && !c->mute && strcmp(type, "progress"))
		put_out(c, "\n", 1);
	c->spoken = true;
	json_decref(record);
	return end;
}

/* Hands over whole lines that there are, up to some. */
static enum channel_end take_lines(struct channel *c)
{
	enum channel_end end = CHANNEL_OPEN;
	char *line = NULL;
	int i;

	for (i = 0; i < TURN_LINES && end == CHANNEL_OPEN && (line = io_lines_next(&c->from)); i++)
		end = take_line(c, line, c->from.len);
	c->more = end == CHANNEL_OPEN && line;
	if (end == CHANNEL_OPEN && c->from.cut)
		end = garbled(c, "the worker sent a record that is too large");
	if (end == CHANNEL_OPEN && c->received > c->most_bytes)
		end = garbled(c, "the worker sent more than it was asked for: %zu bytes",
			      c->received);
	if (end == CHANNEL_OPEN && c->gone && !c->more)
		end = CHANNEL_CLOSED;
	return end;
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

/* Reads some of what came. */
static void read_records(struct channel *c)
{
	ssize_t got = io_lines_fill(&c->from);

	if (got > 0)
		c->received += (size_t)got;
	else if (got == 0 || c->from.error != EAGAIN)
		c->gone = true;
}

/* The same of a file that is appended to. */
static void read_file(struct channel *c)
{
	size_t before;
	char events[4096];

	/* Only that there were any counts; they are not blocking. */
	while (read(c->news, events, sizeof(events)) > 0)
		;
	do {
		before = c->received;
		read_records(c);
	} while (c->received > before && c->received <= c->most_bytes);
	c->gone = c->console < 0; /* its end is for now only, as long as somebody writes */
}

/* What poll() is asked for one channel: what comes, its console, and what goes out. */
enum {
	FD_FROM,
	FD_CONSOLE,
	FD_TO,
	NR_FDS
};

static void ask(const struct channel *c, struct pollfd fds[NR_FDS])
{
	fds[FD_FROM] = (struct pollfd){c->gone	      ? -1
				       : c->news >= 0 ? c->news
						      : c->from.fd,
				       POLLIN, 0};
	fds[FD_CONSOLE] = (struct pollfd){c->console, POLLIN, 0};
	fds[FD_TO] = (struct pollfd){c->out_used ? c->to : -1, POLLOUT, 0};
}

/* Carries out what poll() found. */
static void serve(struct channel *c, const struct pollfd fds[NR_FDS])
{
	if (fds[FD_CONSOLE].revents && !read_console(c)) {
		close(c->console);
		c->console = -1;
	}
	if (fds[FD_TO].revents)
		send_out(c);
	if (c->news >= 0 && (fds[FD_FROM].revents || c->console < 0))
		read_file(c);
	else if (fds[FD_FROM].revents)
		read_records(c);
	if (fds[FD_CONSOLE].revents && c->give_up && c->give_up(c))
		c->end = CHANNEL_GAVE_UP;
	else
		c->end = take_lines(c);
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
		ask(channels[i], fds + NR_FDS * i);
		left = channels[i]->more ? 0 : time_to_wait(channels[i], time_left(channels[i]));
		if (left >= 0 && (least < 0 || left < least))
			least = left;
	}
	room.tv_sec = (time_t)least;
	room.tv_nsec = (long)((least - (double)room.tv_sec) * 1e9);
	if (ppoll(fds, NR_FDS * nr, least < 0 ? NULL : &room, signals_open()) < 0)
		return;
	for (i = 0; i < nr; i++)
		serve(channels[i], fds + NR_FDS * i);
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
	struct pollfd *fds = calloc(NR_FDS * nr + 1, sizeof(*fds));
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
	free(c->out);
	free(c->console_end);
	channel_init(c, NULL, NULL);
}
