// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/deal.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg.h"
#include "runners/machine.h"

static size_t block_of(const struct deal *d, size_t turn)
{
	return turn / d->campaign->nr_kernels;
}

static const char *label_of(const struct deal *d, size_t turn, int *ret_boot)
{
	const struct campaign *c = d->campaign;

	return c->kernels[plan_turn(d->resume->plan, c->nr_kernels, turn, ret_boot)].label;
}

/* The host of that name among ours. */
static long find_host(const struct deal *d, const char *name)
{
	size_t i;

	for (i = 0; i < d->nr_hosts; i++)
		if (d->hosts[i].machine->host && !strcmp(d->hosts[i].machine->host, name))
			return (long)i;
	return DEAL_OTHERS;
}

/* Where any boot of the block was begun, by the journal; NULL: none was. */
static const char *name_of_block(const struct deal *d, size_t block)
{
	const char *name = NULL;
	size_t i;

	for (i = 0; i < d->campaign->nr_kernels && !name; i++)
		name = resume_host(d->resume, d->campaign->kernels[i].label, block);
	return name;
}

static long host_of_block(const struct deal *d, size_t block)
{
	const char *name = name_of_block(d, block);

	return name ? find_host(d, name) : DEAL_NOBODYS;
}

bool deal_begin(struct deal *d, const struct campaign *c, const struct resume *resume, size_t from,
		size_t total)
{
	size_t i;

	*d = (struct deal){.campaign = c,
			   .resume = resume,
			   .nr_hosts = c->nr_hosts ? c->nr_hosts : 1,
			   .from = from,
			   .total = total};
	d->hosts = calloc(d->nr_hosts, sizeof(*d->hosts));
	d->begun = calloc(total + 1, sizeof(*d->begun));
	d->host_of = calloc(total + 1, sizeof(*d->host_of));
	if (!d->hosts || !d->begun || !d->host_of) {
		deal_free(d);
		return err("out of memory");
	}
	for (i = 0; i < d->nr_hosts; i++)
		d->hosts[i] =
			(struct deal_host){c->nr_hosts ? &c->hosts[i] : c->machine, 0, -1, false};
	for (i = 0; i < total; i++)
		d->host_of[i] = c->nr_hosts ? host_of_block(d, i) : DEAL_NOBODYS;
	return true;
}

static bool has_room(const struct deal *d, size_t host)
{
	return !d->hosts[host].lost && d->hosts[host].under_way < (size_t)d->campaign->jobs;
}

/* Its own blocks come before those of nobody. */
static bool find_turn(const struct deal *d, size_t host, size_t *ret_turn)
{
	long wanted[] = {(long)host, DEAL_NOBODYS};
	size_t i, turn;

	for (i = 0; i < 2; i++)
		for (turn = d->from; turn < d->total; turn++)
			if (!d->begun[turn] && d->host_of[block_of(d, turn)] == wanted[i]) {
				*ret_turn = turn;
				return true;
			}
	return false;
}

bool deal_next(struct deal *d, size_t *ret_turn, size_t *ret_host)
{
	size_t i;

	while (d->from < d->total && d->begun[d->from])
		d->from++;
	for (i = 0; i < d->nr_hosts; i++) {
		if (!has_room(d, i) || !find_turn(d, i, ret_turn))
			continue;
		d->begun[*ret_turn] = true;
		*ret_host = i;
		return true;
	}
	return false;
}

void deal_take(struct deal *d, size_t turn, size_t host)
{
	if (d->campaign->nr_hosts)
		d->host_of[block_of(d, turn)] = (long)host;
	d->hosts[host].under_way++;
	d->nr_under_way++;
}

/* Blocks of which the journal has nothing are anybody's again. */
static void give_back(struct deal *d, size_t host)
{
	size_t nr = d->campaign->nr_kernels, turn;

	for (turn = 0; turn < d->total; turn++) {
		if (d->host_of[block_of(d, turn)] != (long)host ||
		    host_of_block(d, block_of(d, turn)) != DEAL_NOBODYS)
			continue;
		d->begun[turn] = false;
		d->from = turn < d->from ? turn : d->from;
		if (turn % nr == nr - 1)
			d->host_of[block_of(d, turn)] = DEAL_NOBODYS;
	}
}

static void lose(struct deal *d, size_t host, const char *why)
{
	d->hosts[host].lost = true;
	give_back(d, host);
	note("%s: gets no more boots: %s; what it has not begun is the others'",
	     d->hosts[host].machine->name, why);
}

void deal_end(struct deal *d, size_t turn, size_t host, bool failed, bool unequal)
{
	struct deal_host *h = &d->hosts[host];
	int boot;
	long kernel = (long)plan_turn(d->resume->plan, d->campaign->nr_kernels, turn, &boot);

	h->under_way--;
	d->nr_under_way--;
	if (d->nr_hosts > 1 && !h->lost && unequal)
		lose(d, host, "it is not what the others are");
	else if (d->nr_hosts > 1 && !h->lost && failed && h->failed >= 0 && h->failed != kernel)
		lose(d, host, "boots of two kernels in a row failed there");
	h->failed = failed ? kernel : -1;
}

bool deal_is_over(const struct deal *d)
{
	size_t i, turn;

	for (i = 0; i < d->nr_hosts; i++)
		if (!d->hosts[i].lost && find_turn(d, i, &turn))
			return false;
	return !d->nr_under_way;
}

static void say_missing(const struct deal *d, size_t turn)
{
	const char *host = name_of_block(d, block_of(d, turn));
	int boot;
	const char *label = label_of(d, turn, &boot);

	if (host)
		note("boot %d of %s is missing: boot %d of another kernel was on %s, and only one "
		     "there can stand beside it; the same command goes on there",
		     boot, label, boot, host);
	else
		note("boot %d of %s is missing: it failed, or no host was left for it", boot,
		     label);
}

size_t deal_say_missing(const struct deal *d)
{
	size_t turn, nr = 0;
	const char *label;
	json_t *todo;
	int boot;

	for (turn = 0; d->campaign->nr_hosts && turn < d->total; turn++) {
		label = label_of(d, turn, &boot);
		todo = resume_missing(d->resume, label, boot);
		if (json_array_size(todo)) {
			say_missing(d, turn);
			nr++;
		}
		json_decref(todo);
	}
	return nr;
}

void deal_free(struct deal *d)
{
	free(d->hosts);
	free(d->begun);
	free(d->host_of);
	*d = (struct deal){0};
}
