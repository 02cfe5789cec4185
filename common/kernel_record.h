/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The "kernel" record of a journal: a kernel that was started to be measured, or that has its place
 * among the others without being there.
 */
#ifndef COMMON_KERNEL_RECORD_H
#define COMMON_KERNEL_RECORD_H

#include <jansson.h>
#include <stdbool.h>

/* Texts are NULL where they are not known, or do not apply. */
struct kernel_record {
	char *label; /* its name in runs and tables */
	char *arch, *release;
	char *source; /* where it comes from; paths short, as in the "command" record */
	char *sha256; /* of its image */
	char *skip;   /* why there is no such kernel; NULL if there is */

	bool in_series;
	int patch;		/* its last one; 0: the base of the series */
	int layout;		/* functions are aligned to so many bytes; 0: as the tree has it */
	char *commit, *subject; /* of that patch */
	char *title; /* of the base: what the series is called, the cover letter's subject */
};

/* A new object with "type": "kernel". */
json_t *kernel_record_to_json(const struct kernel_record *rec);

/*
 * Fills *rec from one parsed line; what is missing or of another type is not known. Returns false,
 * *rec empty, if there is no label.
 */
bool kernel_record_from_json(struct kernel_record *rec, const json_t *json);

/* Is it what the patches of its series are compared with? Another layout of it is not. */
bool kernel_record_is_base(const struct kernel_record *rec);

/* Frees what rec holds and empties it. */
void kernel_record_free(struct kernel_record *rec);

#endif
