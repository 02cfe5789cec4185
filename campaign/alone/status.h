/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a campaign is, as told by its journal.
 */
#ifndef CAMPAIGN_ALONE_STATUS_H
#define CAMPAIGN_ALONE_STATUS_H

#include <stdbool.h>
#include <sys/types.h>

#include "campaign/alone/state.h"
#include "common/plan.h"

struct alone_status {
	struct plan plan;
	json_t *names; /* behind labels */
	const char *labels[PLAN_MAX_KERNELS];
	int complete[PLAN_MAX_KERNELS]; /* boots, of plan.boots */
	struct alone_state state;
};

/* Reads it. False with one line printed. */
bool alone_status_read(struct alone_status *ret, const char *journal);

void alone_status_free(struct alone_status *s);

#endif
