/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The channel to a worker, wherever it is: a request goes out, records come in, and each is
 * acknowledged once it is safe. Beside it there may be a console, which is only kept for the case
 * that something goes wrong.
 */
#ifndef RUNNERS_CHANNEL_H
#define RUNNERS_CHANNEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/io.h"

#define CONSOLE_KEPT 16384 /* bytes of the console's end that are kept */

enum channel_end {
	CHANNEL_OPEN,	 /* it goes on */
	CHANNEL_CLOSED,	 /* the worker closed it */
	CHANNEL_ENDED,	 /* a record of type "end" was acknowledged */
	CHANNEL_REFUSED, /* fn returned false */
	CHANNEL_GARBLED, /* what came is no record, or too much: why */
	CHANNEL_SIGNAL,	 /* signals_came() */
	CHANNEL_TIMEOUT, /* limit_s passed */
	CHANNEL_GAVE_UP, /* give_up() said so */
};

/* Receives each record. Returns true once it is safe, false to stop everything. */
typedef bool runner_record_fn(void *arg, const json_t *record);

struct channel {
	int to;		      /* where requests and acknowledgements go */
	struct io_lines from; /* where records come from */
	int console;	      /* -1 if there is none */
	char *console_end;    /* the last of it, NUL-terminated; room for CONSOLE_KEPT + 1 */
	size_t console_used;
	bool (*give_up)(const struct channel *c); /* looks at the console; NULL: never */
	double first_s;	 /* seconds in which the first record must come; 0: no such limit */
	double silent_s; /* seconds after which silent() hears that nothing came at all; 0: never */
	void (*silent)(const struct channel *c);
	int news; /* -1, or an inotify descriptor: from.fd is a file that the worker appends to, and
		     the console's end is its end */
	bool spoken; /* a record has come */
	bool mute;   /* nothing is ever sent: the worker does not listen */
	bool gone;   /* nothing more will come */
	bool more;   /* lines are there that have not been taken */
	char *out;   /* what is still to be sent */
	size_t out_used;
	size_t most_values;	     /* in a record */
	size_t most_bytes, received; /* in all */
	char why[160];		     /* CHANNEL_GARBLED */
	runner_record_fn *fn;	     /* takes each record */
	void *arg;
	double deadline, first, silence; /* on seconds_now(); 0: none */
	enum channel_end end;
};

/*
 * Sends the request, unless the worker does not listen (mute): then it has it already, and is not
 * told that a record is safe either. Each record that answers it will go to c->fn. limit_s is for
 * everything, 0 is none; how much may come follows from what is asked for. Neither the other side
 * nor what it sends keeps us from noticing a signal or the limit.
 */
void channel_begin(struct channel *c, const json_t *request, bool mute, double limit_s);

/*
 * Serves all channels until at least one of them is not CHANNEL_OPEN any more; a signal ends all
 * of them. Between signals_catch() and signals_release().
 */
void channels_wait(struct channel *const *channels, size_t nr);

/* A channel that is not open to anybody yet. */
void channel_init(struct channel *c, runner_record_fn *fn, void *arg);

/* Reads what is left of the console, without waiting. */
void channel_drain_console(struct channel *c);

void channel_close(struct channel *c);

#endif
