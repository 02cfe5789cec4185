/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One boot of a campaign: what its worker says is checked, stamped and put into the journal.
 */
#ifndef CAMPAIGN_BOOT_H
#define CAMPAIGN_BOOT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "campaign/asked.h"
#include "campaign/deal.h"
#include "campaign/expected.h"
#include "campaign/progress.h"
#include "campaign/resume.h"
#include "common/journal.h"

/* What is open while a campaign is carried out. */
struct session {
	const struct campaign *campaign;
	struct plan plan; /* the campaign's, with as many boots and runs as it has come to */
	struct journal *journal;
	struct resume resume;
	struct deal deal;
	struct session *beside; /* what is counted beside it; NULL: nothing */
	size_t boots_failed;
	bool begun;	   /* a boot was */
	bool told;	   /* the journal has the command of this session */
	size_t taken;	   /* runs that are new in the journal */
	size_t known;	   /* boots whose results were in the cache */
	json_t *unsampled; /* {why runs could not be sampled: true}, once that was said */
};

/* One boot of one kernel, under way. */
struct boot {
	struct session *session;
	const struct campaign_kernel *kernel;
	const struct machine *machine; /* where it is */
	bool dealt;		       /* it is a turn of session->deal, */
	size_t turn, host;	       /* this one, on this host */
	char what[256];		       /* for messages */
	json_t *todo, *request;
	struct progress progress;
	struct runner_boot *there; /* on its machine */
	struct expected expected;
	bool ending;   /* nothing more comes from its worker */
	bool broken;   /* it sent what it was not asked for */
	bool unequal;  /* its host is not what the others are */
	char *key;     /* of its unit in the campaign's cache; NULL: it has no place there */
	json_t *kept;  /* what goes there */
	bool known;    /* it was there */
	double began;  /* seconds_now() */
	char why[512]; /* it is broken; "": that was not said */
};

/* A record into the journal; before the first of a session, the command that began it. */
bool session_put(struct session *s, const json_t *record);

/*
 * A boot to be started, on the campaign's machine. todo: the steps of the plan that are missing.
 * NULL: no memory.
 */
struct boot *boot_begin(struct session *s, const struct campaign_kernel *kernel, int nr,
			json_t *todo);

/* It is this turn of the session's deal, which is over when it ends, and so on that host. */
void boot_dealt(struct boot *boot, size_t turn, size_t host);

/* By what its results are known in the campaign's cache; NULL if they have no place there. */
const char *boot_key(struct boot *boot);

/*
 * Has its machine start it, unless its results are known. True: it is under way, boot->there.
 * Either way boot_end() ends it.
 */
bool boot_start(struct boot *boot);

/* Frees it. Returns EXIT_OK also if the boot failed: others may go on. */
int boot_end(struct boot *boot, enum runner_end end);

#endif
