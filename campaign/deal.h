/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which boot is begun next, and on which host. Hosts that are equal share the boots of a plan, in
 * whole blocks: boot k of every kernel is started on one host, so that what differs from host to
 * host is never in a difference of kernels. Which host that is, the journal says from the first
 * record on.
 */
#ifndef CAMPAIGN_DEAL_H
#define CAMPAIGN_DEAL_H

#include <stdbool.h>
#include <stddef.h>

#include "campaign/asked.h"
#include "campaign/resume.h"

struct deal_host {
	const struct machine *machine;
	size_t under_way; /* boots */
	long failed;	  /* the kernel whose boot here failed last, if that was the last; -1 */
	bool lost;	  /* it gets no more */
};

struct deal {
	const struct campaign *campaign;
	const struct resume *resume;
	struct deal_host *hosts; /* one of a campaign without several */
	size_t nr_hosts;
	size_t from, total;  /* turns (plan_turn()) */
	bool *begun;	     /* by turn: it was, or needs not be */
	long *host_of;	     /* by block: its host; DEAL_NOBODYS, or DEAL_OTHERS' */
	size_t nr_under_way; /* of all hosts */
};

#define DEAL_NOBODYS (-1L)
#define DEAL_OTHERS  (-2L)

/* Turns from number `from` to total - 1; both must outlive it. False without memory. */
bool deal_begin(struct deal *d, const struct campaign *c, const struct resume *resume, size_t from,
		size_t total);

/*
 * The next turn of a host that has room for one. False: there is none, for now or (deal_is_over())
 * at all. It is under way if deal_take() says so.
 */
bool deal_next(struct deal *d, size_t *ret_turn, size_t *ret_host);
void deal_take(struct deal *d, size_t turn, size_t host);

/*
 * A boot has ended. Of several hosts, one where boots of two kernels in a row failed, or that is
 * not equal, gets no more, which is said; what it has not begun is the others'.
 */
void deal_end(struct deal *d, size_t turn, size_t host, bool failed, bool unequal);

/* Nothing is under way and nothing can be begun. */
bool deal_is_over(const struct deal *d);

/* Of several hosts: says which boots nobody here could carry out; how many they are. */
size_t deal_say_missing(const struct deal *d);

void deal_free(struct deal *d);

#endif
