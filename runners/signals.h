/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ^C and its kin while somebody works for us: they are let in only where we wait, and end the work
 * in good order.
 */
#ifndef RUNNERS_SIGNALS_H
#define RUNNERS_SIGNALS_H

#include <signal.h>

/* Holds SIGINT, SIGTERM and SIGHUP back. Does not nest. */
void signals_catch(void);

/* The mask for ppoll(), which lets them in. */
const sigset_t *signals_open(void);

/* The signal that came since then, or 0. */
int signals_came(void);

/* Dies of a signal, as whoever waits for us expects; if it cannot, returns a shell's status of it.
 */
int signals_die(int sig);

/* As it was before. Also for a child before it executes something. */
void signals_release(void);

#endif
