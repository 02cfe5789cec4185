// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/campaign.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/progress.h"
#include "cli/resume.h"
#include "common/exit.h"
#include "common/io.h"
#include "common/journal.h"
#include "common/msg.h"
#include "runners/runner.h"

/* What is open while a campaign is carried out. */
struct session {
	const struct campaign *campaign;
	struct journal journal;
	struct resume resume;
	struct progress progress;
	size_t boots_failed;
};

/* A record from the worker: into the journal, and onto the user's screen. */
static bool take_record(void *arg, const json_t *json)
{
	const char *type = json_string_value(json_object_get(json, "type")), *why;
	struct session *session = arg;
	struct run_record rec;

	if (!strcmp(type, "progress")) {
		progress_start(&session->progress,
			       (size_t)json_integer_value(json_object_get(json, "point")),
			       (int)json_integer_value(json_object_get(json, "run")));
		return true;
	}
	if (!journal_append(&session->journal, json))
		return false;
	if (strcmp(type, "run"))
		return true;
	if (!run_record_from_json(&rec, json, &why))
		return err("the worker sent a run that is not one: %s", why);
	progress_end(&session->progress, &rec);
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
	return json_pack("{s:o,s:s,s:i,s:s,s:O}", "plan", plan_to_json(s->campaign->plan), "kernel",
			 kernel, "boot", boot, "source", "timed", "todo", todo);
}

/* One boot of one kernel. Returns EXIT_OK also if the boot failed: others may go on. */
static int carry_out(struct session *s, const struct campaign_kernel *kernel, int boot,
		     json_t *todo)
{
	json_t *request = make_request(s, kernel->label, boot, todo);
	const struct plan *plan = s->campaign->plan;
	char what[256];
	enum runner_end end;
	int sig = 0;

	snprintf(what, sizeof(what), "boot %d of %s", boot, kernel->label);
	progress_init(&s->progress, plan, s->campaign->nr_kernels > 1 ? kernel->label : NULL, boot,
		      todo);
	if (s->campaign->machine->kind == MACHINE_QEMU)
		end = runner_qemu(&kernel->guest, what, request, take_record, s, &sig);
	else
		end = runner_local(request, take_record, s, &sig);
	progress_clear(&s->progress);
	json_decref(request);
	if (end == RUNNER_INTERRUPTED)
		note("interrupted in %s with %zu of its %zu runs in %s; the same command finishes "
		     "the rest",
		     what, s->progress.done, s->progress.total, s->journal.path);
	progress_free(&s->progress);
	s->boots_failed += end == RUNNER_BROKEN;
	if (end == RUNNER_INTERRUPTED)
		return die_of(sig);
	return end == RUNNER_STOPPED ? EXIT_USAGE : EXIT_OK;
}

static bool begin_journal(struct session *s)
{
	json_t *json, *labels = json_array();
	bool ok;
	size_t i;

	for (i = 0; i < s->campaign->nr_kernels; i++)
		json_array_append_new(labels, json_string(s->campaign->kernels[i].label));
	if (s->resume.has_plan) {
		json_decref(labels);
		return true;
	}
	json = plan_to_json(s->campaign->plan);
	/* The order of tables: kernels are started in another one. */
	json_object_set_new(json, "kernels", labels);
	ok = journal_append(&s->journal, json);
	json_decref(json);
	return ok;
}

/* How far an earlier session got. */
static void say_resumed(const struct session *s, const char *kernel, int boot, const json_t *todo)
{
	size_t total = (size_t)s->campaign->plan->runs * s->campaign->plan->nr_points;
	size_t left = json_array_size(todo);

	if (left && left < total)
		note("%s: going on with boot %d of %s, %zu runs are there, %zu to go",
		     s->journal.path, boot, kernel, total - left, left);
}

static int run_local(struct session *s)
{
	char *boot_id = io_read_file("/proc/sys/kernel/random/boot_id");
	const struct campaign_kernel *kernel = &s->campaign->kernels[0];
	int status = EXIT_OK, boot;
	json_t *todo;

	boot = resume_local_boot(&s->resume, kernel->label, boot_id ? boot_id : "", &todo);
	if (!json_array_size(todo))
		note("%s: all runs of %s are there, nothing is left to measure; another --out "
		     "measures anew",
		     s->journal.path, kernel->label);
	say_resumed(s, kernel->label, boot, todo);
	if (json_array_size(todo))
		status = carry_out(s, kernel, boot, todo);
	json_decref(todo);
	free(boot_id);
	return status;
}

static int run_boots(struct session *s)
{
	const struct campaign *c = s->campaign;
	const struct campaign_kernel *kernel;
	int status = EXIT_OK, boot;
	bool anything = false;
	json_t *todo;
	size_t place;

	for (boot = 0; boot < c->plan->boots; boot++) {
		for (place = 0; place < c->nr_kernels && status == EXIT_OK; place++) {
			kernel = &c->kernels[plan_kernel(c->plan, c->nr_kernels, boot, place)];
			todo = resume_missing(&s->resume, kernel->label, boot);
			say_resumed(s, kernel->label, boot, todo);
			if (json_array_size(todo)) {
				anything = true;
				status = carry_out(s, kernel, boot, todo);
			}
			json_decref(todo);
		}
	}
	if (!anything)
		note("%s: all boots are there, nothing is left to measure; another --out measures "
		     "anew",
		     s->journal.path);
	return status;
}

int campaign_run(const struct campaign *campaign)
{
	struct session s = {.campaign = campaign};
	int status = EXIT_USAGE;

	if (!journal_open(&s.journal, campaign->path))
		return EXIT_USAGE;
	if (resume_read(&s.resume, campaign->path, campaign->plan)) {
		if (begin_journal(&s))
			status = campaign->machine->kind == MACHINE_QEMU ? run_boots(&s)
									 : run_local(&s);
		resume_free(&s.resume);
	}
	journal_close(&s.journal);
	return status == EXIT_OK && s.boots_failed ? EXIT_FAILED : status;
}
