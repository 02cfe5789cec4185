/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Config fragments: symbols that a kernel's .config has to have. A line is CONFIG_NAME=value,
 * "# CONFIG_NAME is not set", or any other comment. A comment that begins with "# optional" allows
 * the symbol in the line right below it to be lost, as older or newer trees do not know it; one
 * that begins with "# optional feature" also says that kernels are measured for it, so that a tree
 * that has it and a config that does not are worth a word.
 */
#ifndef KERNELS_BUILD_CONFIG_H
#define KERNELS_BUILD_CONFIG_H

#include <jansson.h>
#include <stdbool.h>

/*
 * Symbols are an object {NAME: {"value": "y", "optional": false, "feature": false}} in the order
 * they came; "n" is "not set". One that is there already gets the new value.
 */
void fragment_set(json_t *symbols, const char *name, const char *value);

/* Adds a fragment's symbols from its text. False with a message about name. */
bool fragment_parse(json_t *symbols, const char *name, const char *text);

/* Likewise from a file. */
bool fragment_read(json_t *symbols, const char *path);

/* The symbols as a .config has them; malloc'ed. */
char *fragment_text(const json_t *symbols);

/* The value of each symbol that is set in a .config, given as text: a new object {NAME: "value"}.
 */
json_t *config_values(const char *config);

/*
 * What a .config, given as text, lacks: "NAME=wanted (is value)" for each, optional ones left out;
 * a new array.
 */
json_t *fragment_lost(const json_t *symbols, const char *config);

#endif
