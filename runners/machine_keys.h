/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of a machine file's keys. Each function leaves *ret at dflt if the key is not there, and
 * prints one line that names file, line and what is wanted if its value is wrong. False then.
 */
#ifndef RUNNERS_MACHINE_KEYS_H
#define RUNNERS_MACHINE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arch.h"
#include "common/ini_file.h"

struct ini_setting *machine_key(struct ini_file *ini, const char *key);

/* Says what a setting must be. Returns false. */
bool machine_key_wrong(const struct ini_file *ini, const struct ini_setting *s, const char *wanted);

/* names ends with NULL; *ret is an index in it. */
bool machine_key_choice(struct ini_file *ini, const char *key, const char *const *names, int dflt,
			int *ret);

/* From 1 to max. */
bool machine_key_int(struct ini_file *ini, const char *key, int max, int dflt, int *ret);

/* Bytes. */
bool machine_key_memory(struct ini_file *ini, const char *key, int64_t least, int64_t dflt,
			int64_t *ret);

/* An architecture by any of its names. */
bool machine_key_arch(struct ini_file *ini, const char *key, const struct arch *dflt,
		      const struct arch **ret);

/* Bytes of a page of that architecture; 0 if the key is not there. */
bool machine_key_pages(struct ini_file *ini, const char *key, const struct arch *arch,
		       int64_t *ret);

/* malloc'ed, or NULL if there is neither key nor dflt. */
char *machine_key_text(struct ini_file *ini, const char *key, const char *dflt);

#endif
