/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keeper's own life.
 */
#ifndef BENCH_HARNESS_KEEP_KEEPER_H
#define BENCH_HARNESS_KEEP_KEEPER_H

/* Serves those who connect to the listener, one at a time, until it is over. */
void keeper_serve(int listener, int patience_s);

#endif
