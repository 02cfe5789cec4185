// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/campaign.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/command.h"
#include "campaign/progress.h"
#include "campaign/resume.h"
#include "campaign/until.h"
#include "common/exit.h"
#include "common/io.h"
#include "common/journal.h"
#include "common/msg.h"
#include "runners/runner.h"
#include "runners/signals.h"

/* What is open while a campaign is carried out. */
struct session {
	const struct campaign *campaign;
	struct plan
		plan; /* the campaign's, with as many boots and runs as it has come to (until.h) */
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
	struct vm *vm;
};

/* The command of this session, and what starts its VMs: exact counts depend on that. */
static bool tell_command(struct session *s)
{
	const struct machine *machine = s->campaign->machine;
	json_t *record = json_copy(s->campaign->command);
	bool ok;

	if (machine->kind == MACHINE_QEMU)
		command_add_qemu(record, machine->arch->uname);
	ok = journal_append(&s->journal, record);
	json_decref(record);
	return ok;
}

/* A record into the journal; before the first of a session, the command that began it. */
static bool put(struct session *s, const json_t *record)
{
	if (!s->told && !tell_command(s))
		return false;
	s->told = true;
	return journal_append(&s->journal, record);
}

/* A record from the worker: into the journal, and onto the user's screen. */
static bool take_record(void *arg, const json_t *json)
{
	const char *type = json_string_value(json_object_get(json, "type")), *why;
	struct boot *boot = arg;
	struct run_record rec;

	if (!strcmp(type, "progress")) {
		progress_start(&boot->progress,
			       (size_t)json_integer_value(json_object_get(json, "point")),
			       (int)json_integer_value(json_object_get(json, "run")));
		return true;
	}
	if (!strcmp(type, "run") && resume_has(&boot->session->resume, json))
		return true;
	if (!put(boot->session, json))
		return false;
	resume_take(&boot->session->resume, json);
	if (strcmp(type, "run"))
		return true;
	boot->session->taken++;
	if (!run_record_from_json(&rec, json, &why))
		return err("the worker sent a run that is not one: %s", why);
	progress_end(&boot->progress, &rec);
	run_record_free(&rec);
	return true;
}

/* Dies of the signal that came, as whoever waits for us expects. */
static int die_of(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
	return 128 + sig;
}

static json_t *make_request(const struct session *s, const char *kernel, int boot, json_t *todo)
{
	return json_pack("{s:o,s:s,s:i,s:s,s:O}", "plan", plan_to_json(&s->plan), "kernel", kernel,
			 "boot", boot, "source", "timed", "todo", todo);
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
	if (c->machine->accel == ACCEL_EXACT)
		todo = plan_all_steps(&s->plan);
	else
		json_incref(todo);
	boot->request = make_request(s, kernel->label, nr, todo);
	json_decref(todo);
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
	const json_t *about;
	bool known;
	size_t i;

	for (i = 0; i < c->nr_kernels; i++) {
		about = c->kernels[i].about;
		if (about && !resume_same_kernel(&s->resume, s->journal.path, about, &known))
			return EXIT_USAGE;
	}
	for (i = 0; i < c->nr_kernels; i++) {
		about = c->kernels[i].about;
		if (!about ||
		    (resume_same_kernel(&s->resume, s->journal.path, about, &known) && known))
			continue;
		if (!put(s, about))
			return EXIT_FAILED;
	}
	return EXIT_OK;
}

/* Whose rows a table has: also kernels that are not there. */
static json_t *labels_of(const struct campaign *c)
{
	json_t *labels = json_array();
	size_t i;

	for (i = 0; i < c->nr_kernels; i++)
		json_array_append_new(labels, json_string(c->kernels[i].label));
	return labels;
}

static int begin_journal(struct session *s)
{
	json_t *json;
	bool ok = true;

	if (!s->resume.has_plan) {
		json = plan_to_json(s->campaign->plan);
		/* The order of tables: kernels are started in another one. */
		json_object_set_new(json, "kernels", labels_of(s->campaign));
		ok = journal_append(&s->journal, json);
		json_decref(json);
	}
	return ok ? put_kernels(s) : EXIT_USAGE;
}

/* How far an earlier session got. */
static void say_resumed(const struct session *s, const char *kernel, int boot, const json_t *todo)
{
	size_t total = resume_total(&s->resume, boot), left = json_array_size(todo);

	if (left && left < total && !s->taken)
		note("%s: going on with boot %d of %s, %zu runs are there, %zu to go",
		     s->journal.path, boot, kernel, total - left, left);
}

/* The kernel of this machine, under the label whose turn it is. */
static const struct campaign_kernel *local_kernel(const struct session *s, const char *boot_id)
{
	const struct campaign *c = s->campaign;
	const char *labels[PLAN_MAX_KERNELS];
	size_t i;

	for (i = 0; i < c->nr_kernels; i++)
		labels[i] = c->kernels[i].label;
	return &c->kernels[resume_local_turn(&s->resume, labels, c->nr_kernels, boot_id)];
}

static int run_local(struct session *s)
{
	char *boot_id = io_read_file("/proc/sys/kernel/random/boot_id");
	const struct campaign_kernel *kernel = local_kernel(s, boot_id ? boot_id : "");
	int status = EXIT_OK, nr, sig = 0;
	enum runner_end end;
	struct boot *boot;
	json_t *todo;

	nr = resume_local_boot(&s->resume, kernel->label, boot_id ? boot_id : "", &todo);
	say_resumed(s, kernel->label, nr, todo);
	if (s->plan.until > 0 && nr && json_array_size(todo)) {
		err("%s: was begun in another boot of this machine, and until counts runs of one; "
		    "give another --out",
		    s->journal.path);
		status = EXIT_USAGE;
		goto out;
	}
	boot = json_array_size(todo) ? boot_begin(s, kernel, nr, todo) : NULL;
	if (boot) {
		end = runner_local(boot->request, take_record, boot, &sig);
		status = boot_end(boot, end);
	} else if (!(s->plan.until > 0)) {
		note("%s: all runs of %s are there, nothing is left to measure%s; another --out "
		     "measures anew",
		     s->journal.path, kernel->label,
		     s->campaign->nr_kernels > 1 ? " in this boot" : "");
	}
	if (s->campaign->nr_kernels > 1)
		note("one kernel as two takes %zu boots of this machine: the same command after "
		     "each",
		     s->campaign->nr_kernels * (size_t)s->plan.boots);
out:
	json_decref(todo);
	free(boot_id);
	return sig ? die_of(sig) : status;
}

/* The boots under way. */
struct fleet {
	struct boot **boots;
	struct vm **vms;
	size_t nr;
	size_t next,
		total; /* in the plan's order: every kernel's boot 0, then every kernel's boot 1 */
	bool anything;
};

/* Starts the next boot that has something to do, if there is one. */
static void start_next(struct session *s, struct fleet *f)
{
	const struct campaign *c = s->campaign;
	const struct campaign_kernel *kernel;
	int nr = (int)(f->next / c->nr_kernels);
	size_t place = f->next % c->nr_kernels;
	struct boot *boot;
	json_t *todo;

	f->next++;
	kernel = &c->kernels[plan_kernel(&s->plan, c->nr_kernels, nr, place)];
	if (kernel->skipped)
		return;
	todo = resume_missing(&s->resume, kernel->label, nr);
	say_resumed(s, kernel->label, nr, todo);
	boot = json_array_size(todo) ? boot_begin(s, kernel, nr, todo) : NULL;
	json_decref(todo);
	if (!boot)
		return;
	f->anything = true;
	boot->vm = vm_start(&kernel->guest, boot->what, boot->request, take_record, boot);
	if (!boot->vm) {
		boot_end(boot, RUNNER_BROKEN);
		return;
	}
	f->vms[f->nr] = boot->vm;
	f->boots[f->nr++] = boot;
}

/* Takes down boot i of those under way. */
static int end_one(struct fleet *f, size_t i)
{
	struct boot *boot = f->boots[i];
	int status = boot_end(boot, vm_end(boot->vm));

	f->nr--;
	f->boots[i] = f->boots[f->nr];
	f->vms[i] = f->vms[f->nr];
	return status;
}

/* Keeps as many boots under way as may be, until all are done or one says stop. */
static int run_fleet(struct session *s, struct fleet *f)
{
	int status = EXIT_OK, sig;
	sigset_t open;

	signals_catch(&open);
	while (status == EXIT_OK && !signals_came() && (f->next < f->total || f->nr)) {
		while (f->next < f->total && f->nr < (size_t)s->campaign->jobs)
			start_next(s, f);
		if (f->nr)
			status = end_one(f, vm_wait(f->vms, f->nr, &open));
	}
	while (f->nr)
		end_one(f, 0);
	sig = signals_came();
	signals_release(&open);
	return sig ? die_of(sig) : status;
}

/* Boots from number `first` on. */
static int run_boots(struct session *s, int first)
{
	const struct campaign *c = s->campaign;
	struct fleet f = {
		.next = c->nr_kernels * (size_t)first,
		.total = c->nr_kernels * (size_t)s->plan.boots,
	};
	int status = EXIT_FAILED;

	f.boots = calloc((size_t)c->jobs, sizeof(*f.boots));
	f.vms = calloc((size_t)c->jobs, sizeof(*f.vms));
	if (f.boots && f.vms)
		status = run_fleet(s, &f);
	if (!f.anything && !(s->plan.until > 0))
		note("%s: all boots are there, nothing is left to measure; another --out measures "
		     "anew",
		     s->journal.path);
	free(f.boots);
	free(f.vms);
	return status;
}

static int carry_out(struct session *s, int first_boot)
{
	return s->campaign->machine->kind == MACHINE_QEMU ? run_boots(s, first_boot) : run_local(s);
}

/* The plan, then more and more until it is enough. A boot that fails ends it. */
static int carry_out_until(struct session *s)
{
	int status, first_boot = 0;
	struct until until;

	if (!until_begin(&until, s->campaign->plan, s->campaign->path,
			 s->campaign->nr_kernels == 1 ? s->campaign->kernels[0].label : NULL,
			 s->campaign->machine->kind == MACHINE_QEMU,
			 s->campaign->machine->accel == ACCEL_EXACT, &s->resume))
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
