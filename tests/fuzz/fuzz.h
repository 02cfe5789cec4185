/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer targets for what comes from outside, a function each; FUZZ_TARGET names the one that is
 * run. tests/fuzz/corpus has a folder for each. A target aborts where what has to hold does not;
 * crashes, leaks and hangs are found by the sanitizers and by libFuzzer.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

typedef void fuzz_fn(const unsigned char *data, size_t size);

/* text.c: plans, machines, variants, configs, mails, symbols, names, what git and apt print, words
 * of reports */
fuzz_fn fuzz_plan, fuzz_machine, fuzz_variant, fuzz_config, fuzz_mail, fuzz_symbols, fuzz_clean;
fuzz_fn fuzz_mailinfo, fuzz_apt, fuzz_lkp;

/* records.c: journals, what a guest sends, what the plugin counts, entries of the cache */
fuzz_fn fuzz_journal, fuzz_channel, fuzz_counts, fuzz_layout, fuzz_entry;

/* kernels.c: images, modules of a kernel, packages */
fuzz_fn fuzz_image, fuzz_modules, fuzz_package;

/* The data as a file in memory; its path, valid until the next call. */
const char *fuzz_file(const unsigned char *data, size_t size);

/* The data as text, malloc'ed: up to a NUL, what follows in *ret_rest and *ret_left. */
char *fuzz_text(const unsigned char *data, size_t size, const unsigned char **ret_rest,
		size_t *ret_left);

/* A folder that goes when the program ends. */
const char *fuzz_folder(void);

/* Writes a file below it. */
void fuzz_put(const char *name, const void *data, size_t size);

/* Aborts, with what has to hold. */
void fuzz_must(bool holds, const char *what);

#endif
