/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ^C and its kin while somebody works for us: they are let in only where we wait, and end the work
 * in good order.
 */
#ifndef RUNNERS_SIGNALS_H
#define RUNNERS_SIGNALS_H

#include <signal.h>

/* Holds SIGINT, SIGTERM and SIGHUP back. *ret_open is the mask for ppoll(). */
void signals_catch(sigset_t *ret_open);

/* The signal that came since then, or 0. */
int signals_came(void);

/* As it was before. Also for a child before it executes something. */
void signals_release(const sigset_t *open);

#endif
