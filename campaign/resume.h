/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a journal already holds of a plan, so that a run can go on where it was cut off.
 */
#ifndef CAMPAIGN_RESUME_H
#define CAMPAIGN_RESUME_H

#include <jansson.h>
#include <stdbool.h>

#include "common/kernel_record.h"
#include "common/plan.h"

struct resume {
	const struct plan *plan;
	bool counted;	 /* it is the plan that is counted beside another one, and its boots */
	bool has_plan;	 /* the journal has it */
	json_t *index;	 /* {point as text: its number in the plan} */
	json_t *done;	 /* {"kernel\nboot run point": true} */
	json_t *boots;	 /* {kernel: [the boot_id of each of its boots]} */
	json_t *hosts;	 /* {kernel: [the host of each of its boots, null: not known]} */
	json_t *facts;	 /* {kernel: those of its first machine record, "": of the first} */
	json_t *kernels; /* {label: its last "kernel" record} */
	json_t *looks;	 /* [every "until" record] */
	int *enough;	 /* by point: its runs (or boots) from this number on are not owed */
	bool by_boot;	 /* it counts boots */
};

/*
 * Reads the journal at path (it may be empty) against the plan, which must outlive *r; counted:
 * that which is counted beside another one (record_is_counted()). Prints one line and returns false
 * if it is not a journal or holds another plan.
 */
bool resume_read(struct resume *r, const char *path, const struct plan *plan, bool counted);

/*
 * Whether a campaign of the plan can begin the journal at path, or go on with it: for who has long
 * to do before. Prints one line if not; leaves no file behind.
 */
bool resume_possible(const char *path, const struct plan *plan);

/* Takes note of a record that was added to the journal since. */
void resume_take(struct resume *r, const json_t *record);

/* How many runs a boot holds when it is complete. */
size_t resume_total(const struct resume *r, int boot);

/* Says how far an earlier session got with a boot of which todo is left, if it had begun it. */
void resume_say(const struct resume *r, const char *path, const char *kernel, int boot,
		const json_t *todo);

/* A new array: the steps of the plan's order that one boot of a kernel still owes; [] if none. */
json_t *resume_missing(const struct resume *r, const char *kernel, int boot);

/* The host that a boot of a kernel was measured on (the fact machine.host); NULL: not known. */
const char *resume_host(const struct resume *r, const char *kernel, size_t boot);

/*
 * Whether a machine's record, which is new, contradicts that it is of a host that equals the one of
 * the kernel's first: by CPU, architecture, page size, memory. Then why says it.
 */
bool resume_unequal(const struct resume *r, const json_t *machine, char *why, size_t room);

/*
 * Which boot of the kernel this machine's present one is, from 0: the one with this boot_id, or the
 * next. *ret_todo is what it owes: nothing, if as many boots as planned are complete without it.
 */
int resume_local_boot(const struct resume *r, const char *kernel, const char *boot_id,
		      json_t **ret_todo);

/*
 * Which of nr kernels this machine's present boot is for: the one that was measured in it, or the
 * next in the plan's order.
 */
size_t resume_local_turn(const struct resume *r, const char *const *kernels, size_t nr,
			 const char *boot_id);

/* Whether the journal holds this run (a record of type "run") already. */
bool resume_has(const struct resume *r, const json_t *run);

/* Whether the journal's kernel of that label, if any, has that image; prints one line if not. */
bool resume_same_kernel(const struct resume *r, const char *path,
			const struct kernel_record *about);

/* Whether the last record of that label in the journal is just this. */
bool resume_knows_kernel(const struct resume *r, const struct kernel_record *about);

void resume_free(struct resume *r);

#endif
