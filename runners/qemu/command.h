/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line that starts a guest.
 */
#ifndef RUNNERS_QEMU_COMMAND_H
#define RUNNERS_QEMU_COMMAND_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "runners/machine.h"

#define MAX_WORDS 96

/* Words of a command line, each malloc'ed; the last is followed by NULL. */
struct words {
	char *word[MAX_WORDS + 1];
	size_t nr;
};

/* What the guest is given of ours: descriptors that QEMU inherits. */
struct qemu_fds {
	int initrd;	    /* a file */
	int channel;	    /* a socket; exact: a file */
	int counts;	    /* exact: where the plugin writes */
	int entries;	    /* exact: where it reads */
	int functions;	    /* exact: where it reads what functions there are; 0: nobody asked */
	bool lines;	    /* exact: it looks at memory as well */
	const char *caches; /* exact: it has a model of these (common/caches/model.h); NULL: none */
};

/* Whether QEMU is there for an architecture. */
bool qemu_installed(const struct arch *arch);

/*
 * Composes the command that starts an image. kvm says whether to use it. For an exact machine,
 * plugin is the path of the one that counts and perturbation the number of this boot's.
 */
void qemu_command(struct words *w, const struct machine *m, const char *image, bool kvm,
		  const struct qemu_fds *fds, const char *plugin, int perturbation);

/* What of a machine a perturbation changes: {"memory_MiB", "seed"}, a new reference. */
json_t *qemu_perturbation(const struct machine *m, int perturbation);

/* What its kernel is told, malloc'ed; of the console up to this level of messages. */
char *qemu_append(const struct machine *m, int loglevel);

void words_free(struct words *w);

#endif
