/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a worker is not told: which kernel it runs on, and what its numbers are. So it cannot depend
 * on it.
 */
#ifndef CAMPAIGN_STAMP_H
#define CAMPAIGN_STAMP_H

#include <jansson.h>

#include "common/record.h"

/* A record, new, with the kernel's label, which stands behind its type. */
json_t *stamp_label(const json_t *record, const char *label);

/*
 * A worker's record as it goes into the journal, a new reference: with the kernel's label, and a
 * run that measured something with the source of its samples, whatever the record said of these;
 * and a note in a timed run whose memory went cold meanwhile.
 */
json_t *stamp(const json_t *record, const char *label, enum run_source source);

/* Adds a fact to a record, if it is a machine's and value is not NULL. Returns the record. */
json_t *stamp_fact(json_t *record, const char *name, const char *value);
#define STAMP_TITLE "machine.title" /* what tables are to call it */
#define STAMP_HOST  "machine.host"  /* of several, or another one: where it was */

/* The record, new, of a boot that failed for that reason. */
json_t *stamp_failed(const json_t *request, const char *label, const char *reason);

#endif
