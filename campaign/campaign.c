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
		if (about->label && !resume_same_kernel(&s->resume, s->journal->path, about))
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
		if (c->counted)
			json_object_set_new(json, "counted", json_true());
		ok = journal_append(s->journal, json);
		json_decref(json);
	}
	/* The kernels that are counted are those that are timed. */
	return !ok ? EXIT_USAGE : c->counted ? EXIT_OK : put_kernels(s);
}

/* The boots under way, of one session or of two: what is measured, and what is counted beside. */
struct fleet {
	struct session *sessions[2];
	size_t nr_sessions;
	struct boot **boots;
	struct runner_boot **there;
	size_t nr;
	int status; /* of a boot that ended before another could begin */
};

/* `until` adds runs of one boot: an earlier session's may not have been in another. */
static bool is_same_boot(const struct session *s, const struct turn *turn)
{
	return !(s->plan.until > 0) || s->campaign->machine->starts_kernels || !turn->boot ||
	       err("%s: was begun in another boot of this machine, and until counts runs of one; "
		   "give another --out",
		   s->journal->path);
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

static void begin(struct session *s, struct fleet *f, const struct turn *turn, size_t number,
		  size_t host)
{
	const struct campaign_kernel *kernel = &s->campaign->kernels[turn->kernel];
	struct boot *boot = boot_begin(s, kernel, turn->boot, turn->todo);

	s->begun = true;
	if (boot)
		boot_dealt(boot, number, host);
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

/* Starts that boot, if it has something to do. Returns an exit status. */
static int start_one(struct session *s, struct fleet *f, size_t number, size_t host)
{
	const struct campaign *c = s->campaign;
	const char *labels[PLAN_MAX_KERNELS];
	struct turn turn;
	bool ok = true;
	size_t i;

	for (i = 0; i < c->nr_kernels; i++)
		labels[i] = c->kernels[i].label;
	if (c->machine->starts_kernels)
		turn_planned(&s->resume, labels, c->nr_kernels, number, &turn);
	else
		turn_present(&s->resume, labels, c->nr_kernels, c->machine, &turn);
	if (is_ours(c, number) && json_array_size(turn.todo) &&
	    !c->kernels[turn.kernel].about.skip) {
		if (!s->taken)
			resume_say(&s->resume, s->journal->path, labels[turn.kernel], turn.boot,
				   turn.todo);
		ok = is_same_boot(s, &turn);
		if (ok)
			begin(s, f, &turn, number, host);
	}
	json_decref(turn.todo);
	return ok ? f->status : EXIT_USAGE;
}

/* Nothing of ours runs on this machine while it is what is measured. */
static bool has_to_wait(const struct fleet *f, size_t session)
{
	return session && f->sessions[0]->campaign->machine->here &&
	       !deal_is_over(&f->sessions[0]->deal);
}

/* Starts as many boots of a session as may be. */
static int start_all(struct fleet *f, size_t session)
{
	struct session *s = f->sessions[session];
	int status = EXIT_OK;
	size_t turn, host;

	while (status == EXIT_OK && !signals_came() && !has_to_wait(f, session) &&
	       deal_next(&s->deal, &turn, &host))
		status = start_one(s, f, turn, host);
	return status;
}

static bool is_over(const struct fleet *f)
{
	return deal_is_over(&f->sessions[0]->deal) &&
	       (f->nr_sessions == 1 || deal_is_over(&f->sessions[1]->deal));
}

/* After the last boot. Signals are held back, and one that came ends what it waits for. */
static void finish_machines(const struct campaign *c)
{
	size_t i;

	for (i = 0; i < c->nr_hosts; i++)
		machine_finish(&c->hosts[i]);
	if (!c->nr_hosts)
		machine_finish(c->machine);
}

/* Keeps as many boots under way as may be, until all are done or one says stop. */
static int run_fleet(struct fleet *f)
{
	int status = EXIT_OK, sig;
	size_t i;

	signals_catch();
	while (status == EXIT_OK && !signals_came() && !is_over(f)) {
		for (i = 0; i < f->nr_sessions && status == EXIT_OK; i++)
			status = start_all(f, i);
		if (f->nr)
			status = end_one(f, machine_serve(f->there, f->nr));
	}
	while (f->nr)
		end_one(f, 0);
	sig = signals_came();
	if (sig)
		finish_machines(f->sessions[0]->campaign);
	signals_release();
	return sig ? signals_die(sig) : status;
}

/* What more it takes, or that there is nothing left to do. */
static void say_rest(const struct session *s)
{
	const struct campaign *c = s->campaign;
	bool here = !c->machine->starts_kernels;

	if (s->known)
		note("%zu boot%s not carried out: %s has %s results", s->known,
		     s->known == 1 ? " was" : "s were",
		     c->images ? "another of the same image" : c->cache,
		     s->known == 1 ? "its" : "their");
	if (!c->shard.of && !s->begun && !(s->plan.until > 0))
		note("%s: all %s%s are there, nothing is left to measure%s; another --out measures "
		     "anew",
		     s->journal->path, c->counted ? "counted " : "", here ? "runs" : "boots",
		     here && c->nr_kernels > 1 ? " in this boot" : "");
	if (here && c->nr_kernels > 1)
		note("one kernel as two takes %zu boots of this machine: the same command after "
		     "each",
		     c->nr_kernels * (size_t)s->plan.boots);
}

/* Boots from number `first` on; where the machine starts no kernels, the one it is in. */
static bool deal_out(struct session *s, int first)
{
	const struct campaign *c = s->campaign;
	size_t nr = c->machine->starts_kernels ? c->nr_kernels : 0;

	s->begun = false;
	return deal_begin(&s->deal, c, &s->resume, nr * (size_t)first,
			  nr ? nr * (size_t)s->plan.boots : 1);
}

/* How it went: of several hosts, what one did not do another may have done. */
static void settle(struct session *s, int status)
{
	if (status == EXIT_OK && s->campaign->nr_hosts)
		s->boots_failed = deal_say_missing(&s->deal);
	if (status == EXIT_OK)
		say_rest(s);
	deal_free(&s->deal);
}

/* The boots of both sessions, the second of which may be NULL. */
static int carry_out(struct session *s, struct session *beside, int first)
{
	struct fleet f = {.sessions = {s, beside}, .nr_sessions = beside ? 2 : 1};
	size_t room = 0, i;
	int status = EXIT_FAILED;
	bool ok = true;

	for (i = 0; i < f.nr_sessions; i++) {
		ok = ok && deal_out(f.sessions[i], i ? 0 : first);
		room += f.sessions[i]->deal.nr_hosts * (size_t)f.sessions[i]->campaign->jobs;
	}
	f.boots = calloc(room + 1, sizeof(*f.boots));
	f.there = calloc(room + 1, sizeof(*f.there));
	if (ok && f.boots && f.there)
		status = run_fleet(&f);
	for (i = 0; i < f.nr_sessions; i++)
		settle(f.sessions[i], status);
	free(f.boots);
	free(f.there);
	return status;
}

/* The plan, then more and more until it is enough. A boot that fails ends it. */
static int carry_out_until(struct session *s, struct session *beside)
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
		status = carry_out(s, beside, first_boot);
		first_boot = s->plan.boots;
		beside = NULL;
	} while (status == EXIT_OK && !s->boots_failed &&
		 until_goes_on(&until, s->journal, s->taken, &status));
	return status;
}

/* Reads what the journal has of a campaign, and begins it there. Returns an exit status. */
static int session_begin(struct session *s, const struct campaign *c, struct journal *journal)
{
	int status;

	*s = (struct session){.campaign = c, .plan = *c->plan, .journal = journal};
	if (!resume_read(&s->resume, c->path, &s->plan, c->counted))
		return EXIT_USAGE;
	status = begin_journal(s);
	if (status != EXIT_OK)
		resume_free(&s->resume);
	return status;
}

/* What of the plan is to be done, and beside it, by which means. */
static int with_journal(const struct campaign *c, struct journal *journal, campaign_fn *fn,
			void *arg)
{
	struct session s, beside = {0};
	int status = session_begin(&s, c, journal);

	if (status != EXIT_OK)
		return status;
	if (c->beside)
		status = session_begin(&beside, c->beside, journal);
	if (status == EXIT_OK) {
		s.beside = c->beside ? &beside : NULL;
		status = fn(&s, arg);
		if (c->beside)
			resume_free(&beside.resume);
		json_decref(beside.unsampled);
	}
	json_decref(s.unsampled);
	resume_free(&s.resume);
	return status == EXIT_OK && (s.boots_failed || beside.boots_failed) ? EXIT_FAILED : status;
}

static int carry_out_plan(struct session *s, void *arg)
{
	(void)arg;
	return s->plan.until > 0 ? carry_out_until(s, s->beside) : carry_out(s, s->beside, 0);
}

int campaign_session(const struct campaign *campaign, campaign_fn *fn, void *arg)
{
	struct journal journal;
	int status;

	if (!journal_open(&journal, campaign->path))
		return EXIT_USAGE;
	if (campaign->cache)
		mkdir(campaign->cache, 0777); /* where that is not enough, unit_store() says so */
	status = with_journal(campaign, &journal, fn, arg);
	journal_close(&journal);
	signals_catch();
	finish_machines(campaign);
	signals_release();
	return status;
}

int campaign_run(const struct campaign *campaign)
{
	if (!campaign->machine->alone)
		return campaign_session(campaign, carry_out_plan, NULL);
	err("%s: starting a kernel on this machine ends this program; `run` goes on after that",
	    campaign->machine->path);
	return EXIT_USAGE;
}
