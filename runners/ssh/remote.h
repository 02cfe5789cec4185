/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program on another host, by plain OpenSSH as its user has configured it. What a shell there
 * reads is one of the texts here, the same for everybody, without a quote in it; whatever has a
 * name goes to standard input, in lines, and is a variable from then on.
 */
#ifndef RUNNERS_SSH_REMOTE_H
#define RUNNERS_SSH_REMOTE_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/io.h"
#include "runners/machine.h"
#include "runners/switch/reach.h"
#include "runners/switch/switch.h"

/*
 * Reads the folder above (empty: its own choice), a name, bytes, seconds and who it is for, each a
 * line. Makes a folder of that name, prints REMOTE_READY, reads a tar archive of so many bytes and
 * starts the worker that is in it to be kept (common/keep.h). REMOTE_NO_FOLDER: that cannot be.
 */
extern const char remote_begin[];
#define REMOTE_READY	 "faultbench-ready"
#define REMOTE_NO_FOLDER 45

/* Reads the folder above and the name, and goes back to the worker there, or ends with KEEP_GONE.
 */
extern const char remote_go_back[];

/* The way to a machine of this kind. */
struct reach ssh_reach(const struct machine *m);

/* How its kernels are switched. */
struct switching ssh_switching(const struct machine *m);

/* A connection. */
struct remote {
	pid_t pid;	      /* of ssh; 0: there is none */
	int to;		      /* its standard input, */
	struct io_lines from; /* output, */
	struct io_lines said; /* and what it says */
	char why[256];	      /* the last of that */
};

/* Starts one. False with a message printed. */
bool remote_open(struct remote *r, const struct machine *m, const char *script);

/* Reads what ssh says. */
void remote_hear(struct remote *r);

/* Ends it, at once unless it is ending. Returns its exit status, or -1 if a signal ended it. */
int remote_close(struct remote *r, bool ending);

#endif
