/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's folder of the campaign that this machine goes on with by itself,
 * $XDG_STATE_HOME/faultbench/campaign (default: in ~/.local/state):
 *
 *   campaign.json   the command that goes on with it: struct alone_task
 *   faultbench      the program, a link; what the service starts
 *   stop            its end is wanted, whoever comes next
 *   lock            locked by who carries it out
 *
 * There is one at a time. How far it is stands in its journal, and nowhere else.
 */
#ifndef CAMPAIGN_ALONE_FOLDER_H
#define CAMPAIGN_ALONE_FOLDER_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

struct alone_folder {
	char *path;
	int lock; /* -1: it is not ours */
};

/* The command, in the folder that it was given in. */
struct alone_task {
	json_t *json; /* "words" as of the command line, and "env", what it had of alone_env */
	const char *program, *cwd, *journal, *plan; /* absolute paths; the plan's name */
	const char *at_end;			    /* NULL: nothing */
	const char *machine;			    /* the machine's file, absolute */
};

/* Variables that change what the command does; then NULL. */
extern const char *const alone_env[];

/*
 * The folder, made if it is to be; path NULL: the user's. False with one line printed if it cannot
 * be, or is not the user's alone. If it is not there, ret->path is set all the same.
 */
bool alone_folder_open(struct alone_folder *ret, const char *path, bool make);

/*
 * Locks it, for this process alone and until it ends. False if somebody has it, *ret_holder being
 * who.
 */
bool alone_folder_lock(struct alone_folder *f, pid_t *ret_holder);

/* Which other process has it locked; 0: none. Nobody who wants it is kept from it meanwhile. */
pid_t alone_folder_holder(const struct alone_folder *f);

/*
 * Reads the task. False if there is none, or, with one line printed and *ret_bad set, one that is
 * not to be trusted.
 */
bool alone_task_read(const struct alone_folder *f, struct alone_task *ret, bool *ret_bad);

/* Puts it there for good, and the link to its program. False with one line printed. */
bool alone_task_write(const struct alone_folder *f, const json_t *task);

/* Whether it is into that journal. */
bool alone_task_is_into(const struct alone_task *task, const char *journal);

void alone_task_free(struct alone_task *task);

/* A mark that is there for good. False with one line printed. */
bool alone_folder_want_stop(const struct alone_folder *f);
bool alone_folder_stopping(const struct alone_folder *f);

/* Nothing is to be gone on with any more. */
void alone_folder_clear(struct alone_folder *f);

void alone_folder_close(struct alone_folder *f);

#endif
