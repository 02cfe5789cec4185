/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What about a machine would falsify or disturb measurements of its memory manager.
 */
#ifndef ANALYSIS_DOCTOR_DOCTOR_H
#define ANALYSIS_DOCTOR_DOCTOR_H

#include <jansson.h>
#include <stddef.h>

#include "analysis/doctor/rules.h"

#define DOCTOR_MOST 96 /* findings there can be: room for all */

struct doctor_finding {
	enum doctor_severity severity;
	const char *title; /* static */
	char *what;	   /* what was seen, with the value */
	char *mend;	   /* a command, to be run as root, or what to do; NULL if nothing helps */
};

/*
 * Examines a machine record, {"type": "machine", "facts": {name: value}, "config": {"source",
 * "symbols": {name: value}} or null}. Fills ret with at most room findings, the worst first, and
 * returns their number. A fact or configuration that is not in the record gives no finding.
 */
size_t doctor_examine(const json_t *machine, struct doctor_finding *ret, size_t room);

/* Frees what nr findings hold. */
void doctor_free(struct doctor_finding *findings, size_t nr);

/* "SPOILS", "DISTURBS" or "REMARK". */
const char *doctor_severity_name(enum doctor_severity severity);

#endif
