/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the config of a kernel that is built is made of: a complete config or nothing, fragments
 * over it, and what variants say last.
 */
#ifndef KERNELS_BUILD_WANTED_H
#define KERNELS_BUILD_WANTED_H

#include <jansson.h>
#include <stdbool.h>

#include "common/arch.h"
#include "kernels/build/variant.h"

struct wanted {
	json_t *symbols;  /* of the fragments (config.h), which the config has to keep */
	json_t *features; /* [NAME] of those that kernels are measured for */
	char *base;	  /* text of a complete config, or NULL */
};

/*
 * Reads the shipped fragments, which are in the folder configs; over the complete config in the
 * file `config`, if that is not NULL, only what a guest cannot do without. Then one fragment more,
 * if `fragment` is not NULL. False with a message.
 */
bool wanted_read(const char *configs, const struct arch *arch, const char *config,
		 const char *fragment, struct wanted *ret);

/* What a variant asks for comes last and has to be kept, whatever a fragment says. */
void wanted_add(struct wanted *wanted, const struct variant *variant);

/* All of it as a .config, malloc'ed. */
char *wanted_text(const struct wanted *wanted);

/*
 * Says which features the tree in the folder src has and the .config of the kernel `label`, given
 * as text, has not, and why.
 */
void wanted_say_features(const struct wanted *wanted, const char *label, const char *src,
			 const struct arch *arch, const char *config);

void wanted_free(struct wanted *wanted);

#endif
