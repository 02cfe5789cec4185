/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make, as kernels are built: out of the source tree, with the compiler that fits the architecture,
 * and with everything fixed that would make two builds of the same source differ.
 */
#ifndef KERNELS_BUILD_MAKE_H
#define KERNELS_BUILD_MAKE_H

#include <stdbool.h>

#include "common/arch.h"
#include "common/exit.h"

struct build_make {
	const struct arch *arch;
	const char *label; /* for messages */
	bool clang;
	int jobs;
	int align;	/* of functions, bytes; 0: as the tree has it */
	bool debug;	/* with DWARF, which the config does not ask for */
	char *cross;	/* prefix of the tools, "" for this machine's own */
	char *compiler; /* the first line of its --version */
	bool ccache;	/* is installed, so the compiler is called through it */
	const char *src, *out;
	char *log;   /* all that make prints goes there */
	char *error; /* of the first make_run() that failed: its first error */
};

/*
 * Sets cross, compiler and ccache, and checks that what a kernel build calls is installed:
 * EXIT_CANNOT_RUN, with one line that names what is not.
 */
enum exit_status make_find_tools(struct build_make *make);

/*
 * Carries out the targets (separate words, up to a NULL), of which the output is added to the log;
 * says on stderr how far it is. False if that fails, with the first error printed in one line
 * unless child_interrupted().
 */
bool make_run(struct build_make *make, const char *const targets[]);

/*
 * The line of a build's log that says what went wrong: the first about a full disk, which makes
 * other errors, or the first with an error; malloc'ed, "" if there is none.
 */
char *make_first_error(const char *log);

void make_free(struct build_make *make);

#endif
