/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a plan is carried out. A runner moves the request to a worker and the worker's records
 * back; what they say is none of its business.
 */
#ifndef RUNNERS_RUNNER_H
#define RUNNERS_RUNNER_H

#include <jansson.h>
#include <stdbool.h>

#include "common/arch.h"

enum runner_end {
	RUNNER_DONE,	    /* the worker did all it was asked to */
	RUNNER_STOPPED,	    /* the receiver refused a record (it has said why) */
	RUNNER_INTERRUPTED, /* SIGINT, SIGTERM or SIGHUP came; the worker has cleaned up */
	RUNNER_CANNOT,	    /* it cannot be done here and now (the worker has said why) */
	RUNNER_BROKEN,	    /* the worker died or could not be started (a message was printed) */
};

/* Receives each record. Returns true once it is safe, false to stop everything. */
typedef bool runner_record_fn(void *arg, const json_t *record);

/*
 * Carries out a request (bench/harness/main.c says what it holds) on this machine. *ret_signal is
 * the signal that interrupted it, else 0.
 */
enum runner_end runner_local(const json_t *request, runner_record_fn *fn, void *arg,
			     int *ret_signal);

/*
 * What the worker prints when started with one option and, if input is not NULL, that as its
 * standard input. NULL, with a message printed, if it cannot be started or does not answer.
 */
json_t *worker_ask(const char *option, const json_t *input);

/*
 * The worker for an architecture (NULL: this machine's): $FAULTBENCH_WORKER, or the one beside this
 * program, another architecture's in a folder of its name. malloc'ed; NULL with a message printed
 * if there is none.
 */
char *worker_path(const struct arch *arch);

#endif
