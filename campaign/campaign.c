// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/campaign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/command.h"
#include "campaign/expected.h"
#include "campaign/progress.h"
#include "campaign/resume.h"
#include "campaign/stamp.h"
#include "campaign/turn.h"
#include "campaign/until.h"
#include "common/exit.h"
#include "common/journal.h"
#include "common/msg.h"
#include "kernels/sums.h"
#include "runners/machine.h"
#include "runners/signals.h"

/* What is open while a campaign is carried out. */
struct session {
	const struct campaign *campaign;
	struct plan plan; /* the campaign's, with as many boots and runs as it has come to */
	struct journal journal;
	struct resume resume;
	size_t boots_failed;
	bool told;    /* the journal has the command of this session */
	size_t taken; /* runs that are new in the journal */
};

/* One boot of one kernel, under way. */
struct boot {
	struct session *session;
	const struct campaign_kernel *kernel;
	char what[256]; /* for messages */
	json_t *todo, *request;
	struct progress progress;
	struct runner_boot *there; /* on its machine */
	struct expected expected;
	bool ending; /* nothing more comes from its worker */
	bool broken; /* it sent what it was not asked for */
};

/* A record into the journal; before the first of a session, the command that began it. */
static bool put(struct session *s, const json_t *record)
{
	if (!s->told && !command_tell(s->campaign->command, s->campaign->machine, &s->journal))
		return false;
	s->told = true;
	return journal_append(&s->journal, record);
}

/* A boot that failed, in the journal; others go on. Always false. */
static bool put_failed(struct boot *boot, const char *reason)
{
	json_t *record = stamp_failed(boot->request, boot->kernel->label, reason);

	boot->broken = true;
	put(boot->session, record);
	json_decref(record);
	return false;
}

/* Nothing more is taken from a worker that sent what it was not asked for. */
static bool refuse(struct boot *boot, const char *why)
{
	char reason[512];

	snprintf(reason, sizeof(reason), "the worker sent %s", why);
	err("%s: %s; nothing more is taken from it", boot->what, reason);
	return put_failed(boot, reason);
}

/* What is started is what was put into the cache, and what the campaign began with. */
static bool is_as_named(struct boot *boot)
{
	const struct campaign_kernel *k = boot->kernel;
	char *changed = k->sums ? sums_changed(k->dir, k->sums) : NULL;

	if (changed) {
		err("%s: in %s %s; fetch or build it again", boot->what, k->dir, changed);
		put_failed(boot, changed);
	}
	free(changed);
	return !boot->broken;
}

/* A stamped record: into the journal, and onto the user's screen. */
static bool keep(struct boot *boot, const json_t *json)
{
	bool run = !strcmp(json_string_value(json_object_get(json, "type")), "run"), ok;
	struct run_record rec = {0};
	const char *why;

	if (run && resume_has(&boot->session->resume, json))
		return true;
	if (run && !run_record_from_json(&rec, json, &why))
		return refuse(boot, why);
	ok = put(boot->session, json);
	if (ok)
		resume_take(&boot->session->resume, json);
	if (ok && run) {
		boot->session->taken++;
		progress_end(&boot->progress, &rec);
	}
	run_record_free(&rec);
	return ok;
}

/* A record from the worker or, when it has ended, of type "boot" from its runner. */
static bool take_stamped(struct boot *boot, const json_t *json)
{
	const char *fault = record_fault(json);
	char why[256];

	if (boot->ending)
		return put(boot->session, json);
	if (fault) {
		snprintf(why, sizeof(why), "what is no record (%s); is it of this faultbench?",
			 fault);
		return refuse(boot, why);
	}
	if (!expected_take(&boot->expected, json, why, sizeof(why)))
		return refuse(boot, why);
	if (strcmp(json_string_value(json_object_get(json, "type")), "progress"))
		return keep(boot, json);
	progress_start(&boot->progress, (size_t)json_integer_value(json_object_get(json, "point")),
		       (int)json_integer_value(json_object_get(json, "run")));
	return true;
}

static bool take_record(void *arg, const json_t *json)
{
	struct boot *boot = arg;
	json_t *stamped = stamp_title(stamp(json, boot->kernel->label, boot->there->source),
				      boot->session->campaign->title);
	bool ok = take_stamped(boot, stamped);

	json_decref(stamped);
	return ok;
}

static json_t *make_request(const struct session *s, int boot, json_t *todo)
{
	return json_pack("{s:o,s:i,s:b,s:O,s:o*}", "plan", plan_to_json(&s->plan), "boot", boot,
			 "counted", s->campaign->machine->counts, "todo", todo, "wait",
			 s->campaign->wait ? json_true() : NULL);
}

/* todo: the steps of the plan that are missing. */
static struct boot *boot_begin(struct session *s, const struct campaign_kernel *kernel, int nr,
			       json_t *todo)
{
	struct boot *boot = calloc(1, sizeof(*boot));
	const struct campaign *c = s->campaign;

	if (!boot)
		return NULL;
	*boot = (struct boot){.session = s, .kernel = kernel, .todo = json_incref(todo)};
	snprintf(boot->what, sizeof(boot->what), "boot %d of %s", nr, kernel->label);
	progress_init(&boot->progress, &s->plan,
		      c->nr_kernels * (size_t)s->plan.boots > 1 ? kernel->label : NULL, nr, todo,
		      resume_total(&s->resume, nr));
	/*
	 * What a counted guest did before is part of what it does next: it does everything, and
	 * what is in the journal stays as it is.
	 */
	todo = c->machine->counts ? plan_all_steps(&s->plan) : json_incref(todo);
	boot->request = make_request(s, nr, todo);
	json_decref(todo);
	boot->expected = (struct expected){.plan = &s->plan, .request = boot->request};
	return boot;
}

static void boot_free(struct boot *boot)
{
	progress_free(&boot->progress);
	json_decref(boot->request);
	json_decref(boot->todo);
	free(boot);
}

/* Returns EXIT_OK also if the boot failed: others may go on. */
static int boot_end(struct boot *boot, enum runner_end end)
{
	struct session *s = boot->session;

	if (boot->broken)
		end = RUNNER_BROKEN;
	progress_clear(&boot->progress);
	if (end == RUNNER_INTERRUPTED)
		note("interrupted in %s with %zu of its %zu runs in %s; the same command finishes "
		     "the rest",
		     boot->what, boot->progress.done, boot->progress.total, s->journal.path);
	s->boots_failed += end == RUNNER_BROKEN;
	boot_free(boot);
	return end == RUNNER_STOPPED  ? EXIT_USAGE
	       : end == RUNNER_CANNOT ? EXIT_CANNOT_RUN
				      : EXIT_OK;
}

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
		ok = put(s, json);
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

static void begin(struct session *s, struct fleet *f, const struct turn *turn)
{
	const struct campaign_kernel *kernel = &s->campaign->kernels[turn->kernel];
	struct boot *boot = boot_begin(s, kernel, turn->boot, turn->todo);
	const struct machine *machine = s->campaign->machine;
	struct runner_boot wanted = {
		.machine = machine,
		.kernel = machine->starts_kernels ? &kernel->start : NULL,
		.what = boot ? boot->what : "",
		.request = boot ? boot->request : NULL,
		.fn = take_record,
		.arg = boot,
	};

	f->anything = true;
	if (boot && is_as_named(boot))
		boot->there = machine_start(&wanted);
	if (boot && boot->there) {
		f->there[f->nr] = boot->there;
		f->boots[f->nr++] = boot;
	} else if (boot) {
		boot_end(boot, RUNNER_BROKEN);
	}
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
	if ((!c->shard.of || nr % c->shard.of == c->shard.nr - 1) && json_array_size(turn.todo) &&
	    !c->kernels[turn.kernel].about.skip) {
		if (!s->taken)
			resume_say(&s->resume, s->journal.path, labels[turn.kernel], turn.boot,
				   turn.todo);
		ok = is_same_boot(s, &turn);
		if (ok)
			begin(s, f, &turn);
	}
	json_decref(turn.todo);
	return ok ? EXIT_OK : EXIT_USAGE;
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
	signals_release();
	return sig ? signals_die(sig) : status;
}

/* What more it takes, or that there is nothing left to do. */
static void say_rest(const struct session *s, const struct fleet *f)
{
	const struct campaign *c = s->campaign;
	bool here = !c->machine->starts_kernels;

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

int campaign_run(const struct campaign *campaign)
{
	struct session s = {.campaign = campaign, .plan = *campaign->plan};
	int status = EXIT_USAGE;

	if (!journal_open(&s.journal, campaign->path))
		return EXIT_USAGE;
	if (resume_read(&s.resume, campaign->path, &s.plan)) {
		status = begin_journal(&s);
		if (status == EXIT_OK)
			status = s.plan.until > 0 ? carry_out_until(&s) : carry_out(&s, 0);
		resume_free(&s.resume);
	}
	journal_close(&s.journal);
	return status == EXIT_OK && s.boots_failed ? EXIT_FAILED : status;
}
