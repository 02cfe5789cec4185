/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Variants: small named changes that turn one feature of memory management off in a source tree, as
 * data. An INI file has
 *
 *   [variant]  summary (one sentence), arch (only for that one), feature (of `kernel list`: is off)
 *   [config]   SYMBOL = value, any number
 *   [any name] file, function, find, replace: the one line in that function that is replaced;
 *              blanks around it do not count. As many such sections as there are edits. With arch
 *              only for that; of those with the same either the first that fits is made.
 */
#ifndef KERNELS_BUILD_VARIANT_H
#define KERNELS_BUILD_VARIANT_H

#include <jansson.h>
#include <stdbool.h>

#include "common/arch.h"
#include "common/ini_file.h"

struct variant {
	char *name;
	const char *summary; /* of ini, as the next two, which may be NULL */
	const char *arch;    /* its name in common/arch.h; NULL: any */
	const char *feature;
	struct ini_file ini;
};

/*
 * Reads folder/NAME.ini, or a name with a / in it or .ini behind it as a file of its own, whose
 * name is the variant's. False with a message if there is none, or it is not as above.
 */
bool variant_read(const char *folder, const char *name, struct variant *ret);
void variant_free(struct variant *variant);

/*
 * Carries out the edits for an architecture below the folder src. False with a message if one does
 * not fit, none of several or, of a variant without edits, none of its config symbols.
 */
bool variant_apply(const struct variant *variant, const struct arch *arch, const char *src);

/*
 * Text with the one line `find` of the C function (kernel style: its braces are in column 0)
 * replaced, malloc'ed. NULL if it is not there exactly once; *ret_found is how often it is, -1 if
 * there is no such function.
 */
char *variant_edit(const char *text, const char *function, const char *find, const char *replace,
		   int *ret_found);

#endif
