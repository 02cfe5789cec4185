/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a request means for who has it carried out elsewhere.
 */
#ifndef RUNNERS_SSH_REQUEST_H
#define RUNNERS_SSH_REQUEST_H

#include <jansson.h>

#include "common/plan.h"

/* What others on the host are told: "boot 0 of v6.12, for USER@HOST", a line, malloc'ed. */
char *request_who(const char *what);

/* Seconds without a word after which a host is not there: its longest run, and some more. */
double request_silence(const json_t *request);

/* The "progress" record of the run that is the next-th, a line, malloc'ed; NULL if there is none.
 */
char *request_progress(const json_t *request, const struct plan *plan, size_t next);

#endif
