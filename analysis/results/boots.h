/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which boot a run of a journal is of. The numbers that a journal gives its boots are its own;
 * across journals a boot is one by the id that its machine record has (kernel.boot_id, of a guest
 * that counts the same for the same kernel and perturbation), so that a copy of a journal brings
 * nothing new and another journal's boot 0 is another boot. Within a part of a journal what has
 * another number is another boot. Where there is no machine record, boots of one number are one
 * unless a run says otherwise.
 */
#ifndef ANALYSIS_RESULTS_BOOTS_H
#define ANALYSIS_RESULTS_BOOTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* One boot of a kernel. */
struct result_boot {
	char *label;
	char *id;	/* NULL: no record says */
	char *host;	/* that it was on, of several or another one; likewise */
	int journal;	/* that tells of it first, */
	size_t part;	/* the part of it, */
	size_t met;	/* the part that last told of it */
	int number;	/* its number there; once all is read the one of the tables */
	double started; /* of its first run, s since 1970; 0 if not known */
	double known; /* its results were in a cache: since when, s since 1970; 0: they were not */
	/* Of a guest that counts: MiB of memory, and seed; -1: no record says. */
	json_int_t memory, seed;
	bool lone; /* others have that, and of this it is not known, or another has the same */

	size_t runs, ok; /* of all points */
};

struct boots {
	struct result_boot *of; /* in order of appearance; their index is what add says */
	size_t nr;
	json_t *ids; /* {label and id, or label and number: index} */
	json_t *now; /* of the part that is read: {label and number: index} */
	size_t part; /* a part begins with a journal, and with each plan in it */
	int journal;
};

/* False without memory. Zero it to start. */
bool boots_part(struct boots *boots, int journal);
void boots_free(struct boots *boots);

/*
 * What a machine record says, with the id and the host in it, each of which may be NULL. False
 * without memory.
 */
bool boots_machine(struct boots *boots, const char *label, int number, const char *id,
		   const char *host, const json_t *machine);

/* The boot of a run of the part that is read; -1 without memory. */
long boots_find(struct boots *boots, const char *label, int number);

/*
 * A run has shown that a boot, which no machine record names, is another than that of the same
 * number in an earlier part. The one that it is; -1 without memory.
 */
long boots_split(struct boots *boots, const char *label, int number);

/* How many boots of a kernel there are in the part that is read, and how many of them are new. */
void boots_count(const struct boots *boots, const char *label, size_t *seen, size_t *fresh);

/*
 * When all is read: gives boots the numbers of the tables where there are several parts, or numbers
 * of one stand for several perturbations. Boots of
 * counting guests are numbered by perturbation, the same for all kernels, since pairs are made of
 * these, and a number is another perturbation in a part whose plan or machine is another; a boot
 * of which it is not known then, or that a kernel has twice, is of no pair; others
 * are numbered by time, kernel by kernel, those that come from several parts, and of several hosts
 * in turn.
 */
void boots_number(struct boots *boots);

#endif
