// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/campaign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "campaign/boot.h"
#include "campaign/turn.h"
#include "campaign/until.h"
#include "common/exit.h"
#include "common/msg.h"
#include "runners/machine.h"
#include "runners/signals.h"

/* Each kernel's own record, unless the journal has it. Runs of another image are not gone on with.
 */
static int put_kernels(struct session *s)
{
	const struct campaign *c = s->campaign;
	const struct kernel_record *about;
	json_t *json;
	bool ok = true;
	size_t i;

	for (i = 0; i < c->nr_kernels; i++) {
		about = &c->kernels[i].about;
		if (about->label && !resume_same_kernel(&s->resume, s->journal.path, about))
			return EXIT_USAGE;
	}
	for (i = 0; ok && i < c->nr_kernels; i++) {
		about = &c->kernels[i].about;
		if (!about->label || resume_knows_kernel(&s->resume, about))
			continue;
		json = kernel_record_to_json(about);
		ok = session_put(s, json);
		json_decref(json);
	}
	return ok ? EXIT_OK : EXIT_FAILED;
}

static int begin_journal(struct session *s)
{
	const struct campaign *c = s->campaign;
	json_t *json, *labels;
	bool ok = true;
	size_t i;

	if (!s->resume.has_plan) {
		json = plan_to_json(c->plan);
		/* The rows of tables, also of kernels that are not there; they are started in
		 * another order. */
		labels = json_array();
		for (i = 0; i < c->nr_kernels; i++)
			json_array_append_new(labels, json_string(c->kernels[i].label));
		json_object_set_new(json, "kernels", labels);
		ok = journal_append(&s->journal, json);
		json_decref(json);
	}
	return ok ? put_kernels(s) : EXIT_USAGE;
}

/* The boots under way. */
struct fleet {
	struct boot **boots;
	struct runner_boot **there;
	size_t nr;
	size_t next, total; /* turns */
	int status;	    /* of a boot that ended before another could begin */
	bool anything;
};

/* `until` adds runs of one boot: an earlier session's may not have been in another. */
static bool is_same_boot(const struct session *s, const struct turn *turn)
{
	return !(s->plan.until > 0) || s->campaign->machine->starts_kernels || !turn->boot ||
	       err("%s: was begun in another boot of this machine, and until counts runs of one; "
		   "give another --out",
		   s->journal.path);
}

/* Takes down boot i of those under way. */
static int end_one(struct fleet *f, size_t i)
{
	struct boot *boot = f->boots[i];
	int status;

	boot->ending = true;
	status = boot_end(boot, machine_end(boot->there));

	f->nr--;
	f->boots[i] = f->boots[f->nr];
	f->there[i] = f->there[f->nr];
	return status;
}

static bool is_under_way(const struct fleet *f, const char *key)
{
	size_t i;

	for (i = 0; key && i < f->nr; i++)
		if (f->boots[i]->key && !strcmp(f->boots[i]->key, key))
			return true;
	return false;
}

/* Of a machine that counts: what is being counted is waited for, not counted twice. */
static void wait_for_same(const struct session *s, struct fleet *f, struct boot *boot)
{
	while (s->campaign->machine->counts && f->status == EXIT_OK && !signals_came() &&
	       is_under_way(f, boot_key(boot)))
		f->status = end_one(f, machine_serve(f->there, f->nr));
}

static void begin(struct session *s, struct fleet *f, const struct turn *turn)
{
	const struct campaign_kernel *kernel = &s->campaign->kernels[turn->kernel];
	struct boot *boot = boot_begin(s, kernel, turn->boot, turn->todo);

	f->anything = true;
	if (boot)
		wait_for_same(s, f, boot);
	if (boot && boot_start(boot)) {
		f->there[f->nr] = boot->there;
		f->boots[f->nr++] = boot;
	} else if (boot) {
		boot_end(boot, boot->known ? RUNNER_DONE : RUNNER_BROKEN);
	}
}

/* Whether the boot at a place in the order is one of those asked for. */
static bool is_ours(const struct campaign *c, size_t place)
{
	return (!c->shard.of || place % c->shard.of == c->shard.nr - 1) &&
	       (!c->only || c->only[place]);
}

/* Starts the next boot, if it has something to do. Returns an exit status. */
static int start_next(struct session *s, struct fleet *f)
{
	const struct campaign *c = s->campaign;
	const char *labels[PLAN_MAX_KERNELS];
	struct turn turn;
	size_t nr = f->next++, i;
	bool ok = true;

	for (i = 0; i < c->nr_kernels; i++)
		labels[i] = c->kernels[i].label;
	if (c->machine->starts_kernels)
		turn_planned(&s->resume, labels, c->nr_kernels, nr, &turn);
	else
		turn_present(&s->resume, labels, c->nr_kernels, c->machine, &turn);
	if (is_ours(c, nr) && json_array_size(turn.todo) && !c->kernels[turn.kernel].about.skip) {
		if (!s->taken)
			resume_say(&s->resume, s->journal.path, labels[turn.kernel], turn.boot,
				   turn.todo);
		ok = is_same_boot(s, &turn);
		if (ok)
			begin(s, f, &turn);
	}
	json_decref(turn.todo);
	return ok ? f->status : EXIT_USAGE;
}

/* Keeps as many boots under way as may be, until all are done or one says stop. */
static int run_fleet(struct session *s, struct fleet *f)
{
	int status = EXIT_OK, sig;

	signals_catch();
	while (status == EXIT_OK && !signals_came() && (f->next < f->total || f->nr)) {
		while (status == EXIT_OK && f->next < f->total && f->nr < (size_t)s->campaign->jobs)
			status = start_next(s, f);
		if (f->nr)
			status = end_one(f, machine_serve(f->there, f->nr));
	}
	while (f->nr)
		end_one(f, 0);
	sig = signals_came();
	if (sig)
		machine_finish(s->campaign->machine);
	signals_release();
	return sig ? signals_die(sig) : status;
}

/* What more it takes, or that there is nothing left to do. */
static void say_rest(const struct session *s, const struct fleet *f)
{
	const struct campaign *c = s->campaign;
	bool here = !c->machine->starts_kernels;

	if (s->known)
		note("%zu boot%s not carried out: %s has %s results", s->known,
		     s->known == 1 ? " was" : "s were",
		     c->images ? "another of the same image" : c->cache,
		     s->known == 1 ? "its" : "their");
	if (!c->shard.of && !f->anything && !(s->plan.until > 0))
		note("%s: all %s are there, nothing is left to measure%s; another --out measures "
		     "anew",
		     s->journal.path, here ? "runs" : "boots",
		     here && c->nr_kernels > 1 ? " in this boot" : "");
	if (here && c->nr_kernels > 1)
		note("one kernel as two takes %zu boots of this machine: the same command after "
		     "each",
		     c->nr_kernels * (size_t)s->plan.boots);
}

/* Boots from number `first` on; where the machine starts no kernels, the one it is in. */
static int carry_out(struct session *s, int first)
{
	const struct campaign *c = s->campaign;
	struct fleet f = {.total = 1};
	int status = EXIT_FAILED;

	if (c->machine->starts_kernels) {
		f.next = c->nr_kernels * (size_t)first;
		f.total = c->nr_kernels * (size_t)s->plan.boots;
	}
	f.boots = calloc((size_t)c->jobs, sizeof(*f.boots));
	f.there = calloc((size_t)c->jobs, sizeof(*f.there));
	if (f.boots && f.there)
		status = run_fleet(s, &f);
	if (status == EXIT_OK)
		say_rest(s, &f);
	free(f.boots);
	free(f.there);
	return status;
}

/* The plan, then more and more until it is enough. A boot that fails ends it. */
static int carry_out_until(struct session *s)
{
	int status, first_boot = 0;
	struct until until;

	if (!until_begin(&until, s->campaign->plan, s->campaign->path,
			 s->campaign->nr_kernels == 1 ? s->campaign->kernels[0].label : NULL,
			 s->campaign->machine->unit == UNIT_BOOT, s->campaign->machine->counts,
			 &s->resume))
		return EXIT_USAGE;
	do {
		*(until.by_boot ? &s->plan.boots : &s->plan.runs) = until.units;
		status = carry_out(s, first_boot);
		first_boot = s->plan.boots;
	} while (status == EXIT_OK && !s->boots_failed &&
		 until_goes_on(&until, &s->journal, s->taken, &status));
	return status;
}

static int carry_out_plan(struct session *s, void *arg)
{
	(void)arg;
	return s->plan.until > 0 ? carry_out_until(s) : carry_out(s, 0);
}

int campaign_session(const struct campaign *campaign, campaign_fn *fn, void *arg)
{
	struct session s = {.campaign = campaign, .plan = *campaign->plan};
	int status = EXIT_USAGE;

	if (!journal_open(&s.journal, campaign->path))
		return EXIT_USAGE;
	if (campaign->cache)
		mkdir(campaign->cache, 0777); /* where that is not enough, unit_store() says so */
	if (resume_read(&s.resume, campaign->path, &s.plan)) {
		status = begin_journal(&s);
		if (status == EXIT_OK)
			status = fn(&s, arg);
		resume_free(&s.resume);
	}
	journal_close(&s.journal);
	signals_catch();
	machine_finish(campaign->machine);
	signals_release();
	return status == EXIT_OK && s.boots_failed ? EXIT_FAILED : status;
}

int campaign_run(const struct campaign *campaign)
{
	if (!campaign->machine->alone)
		return campaign_session(campaign, carry_out_plan, NULL);
	err("%s: starting a kernel on this machine ends this program; `run` goes on after that",
	    campaign->machine->path);
	return EXIT_USAGE;
}
