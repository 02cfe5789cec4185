/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the keeper of a worker on another host (bench/harness/keep/) and who talks to it over a
 * connection (runners/ssh/) say to each other. A connection may end at any byte, and another one
 * goes on where that was.
 *
 * To the keeper, lines:
 *
 *   from ITEMS SAFE   the first of a connection: so many items have come, and so many of the
 *                     records among them have been said to be safe
 *   {...}             the request, once
 *   (nothing)         one record more is safe
 *   stop              ends the worker
 *   over              all has come: nothing is kept any more
 *
 * From it, items, lines whose first byte says what they are. They are kept until they have come,
 * and come once. The worker's "progress" is none: it would be sent while a run begins, and what is
 * next is known to who has asked for it.
 */
#ifndef COMMON_KEEP_H
#define COMMON_KEEP_H

#define KEEP_RECORD 'r' /* a record of the worker, which waits until it is safe */
#define KEEP_SAID   's' /* a line that the worker printed for the user */
#define KEEP_ENDED  'x' /* the worker has: "STATUS SIGNAL", one of them 0 */

/* In the folder that is the keeper's, and its current one. */
#define KEEP_PREFIX "faultbench-host-" /* its name begins so */
#define KEEP_WORKER "faultbench-worker"
#define KEEP_SOCKET "socket" /* where it listens */
#define KEEP_LOCK   "lock"   /* locked as long as it is there */

/* The first line of who passes on what the keeper says. */
#define KEEP_HERE "faultbench-here"

/* Exit status of who would go back to it: it is not there any more. */
#define KEEP_GONE 44

#endif
