// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/boot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/command.h"
#include "campaign/request.h"
#include "campaign/stamp.h"
#include "campaign/units/mark.h"
#include "campaign/units/unit.h"
#include "common/calls/profile.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/seconds.h"
#include "kernels/sums.h"
#include "runners/machine.h"

bool session_put(struct session *s, const json_t *record)
{
	json_t *marked = json_copy((json_t *)record);
	bool ok = s->told || command_tell(s->campaign->command, s->campaign->machine, s->journal);

	s->told |= ok;
	if (s->campaign->counted)
		json_object_set_new(marked, "counted", json_true());
	ok = ok && journal_append(s->journal, marked);
	json_decref(marked);
	return ok;
}

/* A boot that failed, in the journal; others go on. Always false. */
static bool put_failed(struct boot *boot, const char *reason)
{
	json_t *record = stamp_failed(boot->request, boot->kernel->label, reason);

	boot->broken = true;
	snprintf(boot->why, sizeof(boot->why), "%s", reason);
	session_put(boot->session, record);
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

/* The runs go on without; so that is said once. */
static void say_unsampled(struct boot *boot, const struct run_record *rec)
{
	const char *why = rec->profile ? profile_why_not(rec->profile) : NULL;
	json_t **said = &boot->session->unsampled;
	char *name;

	if (!why || json_object_get(*said, why))
		return;
	if (!*said)
		*said = json_object();
	json_object_set_new(*said, why, json_true());
	name = progress_point_name(boot->progress.plan, rec->point);
	note("%s: timed, and not sampled: %s", name, why);
	free(name);
}

/* A stamped record: into the journal, and onto the user's screen. */
static bool keep(struct boot *boot, const json_t *json)
{
	bool run = !strcmp(json_string_value(json_object_get(json, "type")), "run"), ok;
	struct run_record rec = {0};
	const char *why;

	if (boot->kept)
		json_array_append(boot->kept, (json_t *)json);
	if (run && resume_has(&boot->session->resume, json))
		return true;
	if (run && !run_record_from_json(&rec, json, &why))
		return refuse(boot, why);
	ok = session_put(boot->session, json);
	if (ok)
		resume_take(&boot->session->resume, json);
	if (ok && run)
		boot->session->taken++;
	if (ok && run && !boot->known)
		progress_end(&boot->progress, &rec);
	if (ok && run && !boot->known)
		say_unsampled(boot, &rec);
	run_record_free(&rec);
	return ok;
}

/* How a run or boot did not end well; NULL if it did. */
static const char *reason_of(const json_t *record)
{
	const char *status = json_string_value(json_object_get(record, "status"));
	const char *reason = json_string_value(json_object_get(record, "reason"));

	if (!status || !strcmp(status, "ok") || !strcmp(status, "skipped"))
		return NULL;
	return reason ? reason : status;
}

/* Whether its host is what those are that the other boots were on. */
static bool is_equal(struct boot *boot, const json_t *json)
{
	char why[256];

	if (!boot->session->campaign->nr_hosts ||
	    strcmp(json_string_value(json_object_get(json, "type")), "machine") ||
	    !resume_unequal(&boot->session->resume, json, why, sizeof(why)))
		return true;
	boot->unequal = true;
	err("%s: its host is not equal to the others of its group: %s", boot->what, why);
	return put_failed(boot, why);
}

/* A record from the worker or, when it has ended, of type "boot" from its runner. */
static bool take_stamped(struct boot *boot, const json_t *json)
{
	const char *fault = record_fault(json);
	char why[256];

	if (boot->ending) {
		snprintf(boot->why, sizeof(boot->why), "%s", reason_of(json) ?: "");
		return session_put(boot->session, json);
	}
	if (fault) {
		snprintf(why, sizeof(why), "what is no record (%s); is it of this faultbench?",
			 fault);
		return refuse(boot, why);
	}
	if (!expected_take(&boot->expected, json, why, sizeof(why)))
		return refuse(boot, why);
	if (!is_equal(boot, json))
		return false;
	if (strcmp(json_string_value(json_object_get(json, "type")), "progress"))
		return keep(boot, json);
	progress_start(&boot->progress, (size_t)json_integer_value(json_object_get(json, "point")),
		       (int)json_integer_value(json_object_get(json, "run")));
	return true;
}

static bool take_record(void *arg, const json_t *json)
{
	struct boot *boot = arg;
	json_t *stamped = stamp(json, boot->kernel->label, boot->there->source);
	bool ok;

	stamp_fact(stamped, STAMP_TITLE, boot->session->campaign->title);
	stamp_fact(stamped, STAMP_HOST, boot->machine->host);
	ok = take_stamped(boot, stamped);

	json_decref(stamped);
	return ok;
}

struct boot *boot_begin(struct session *s, const struct campaign_kernel *kernel, int nr,
			json_t *todo)
{
	struct boot *boot = calloc(1, sizeof(*boot));
	const struct campaign *c = s->campaign;

	if (!boot)
		return NULL;
	*boot = (struct boot){
		.session = s, .kernel = kernel, .machine = c->machine, .todo = json_incref(todo)};
	snprintf(boot->what, sizeof(boot->what), "%sboot %d of %s", c->counted ? "counted " : "",
		 nr, kernel->label);
	progress_init(&boot->progress, &s->plan,
		      c->nr_kernels * (size_t)s->plan.boots > 1 ? kernel->label : NULL, nr, todo,
		      resume_total(&s->resume, nr));
	boot->progress.counted = c->counted;
	/*
	 * What a counted guest did before is part of what it does next: it does everything, and
	 * what is in the journal stays as it is.
	 */
	todo = c->machine->counts ? plan_all_steps(&s->plan) : json_incref(todo);
	boot->request = request_make(c, &s->plan, nr, todo);
	json_decref(todo);
	expected_begin(&boot->expected, &s->plan, boot->request, kernel->start.release);
	return boot;
}

void boot_dealt(struct boot *boot, size_t turn, size_t host)
{
	struct deal *deal = &boot->session->deal;
	size_t used = strlen(boot->what);

	boot->dealt = true;
	boot->turn = turn;
	boot->host = host;
	boot->machine = deal->hosts[host].machine;
	if (boot->session->campaign->nr_hosts)
		snprintf(boot->what + used, sizeof(boot->what) - used, " on %s",
			 boot->machine->name);
	deal_take(deal, turn, host);
}

static void boot_free(struct boot *boot)
{
	json_decref(boot->kept);
	free(boot->key);
	progress_free(&boot->progress);
	json_decref(boot->request);
	json_decref(boot->todo);
	free(boot);
}

/* Says in the journal that what follows was not measured now, but when and where. */
static bool tell_origin(struct boot *boot, const struct unit_origin *origin)
{
	json_t *record =
		json_pack("{s:s,s:s,s:O,s:s,s:o,s:s}", "type", "unit", "kernel",
			  boot->kernel->label, "boot", json_object_get(boot->request, "boot"),
			  "key", boot->key, "measured", record_seconds(origin->measured), "host",
			  origin->host);
	bool ok = session_put(boot->session, record);

	json_decref(record);
	boot->session->known++;
	return ok;
}

/* The records of a unit, as if the worker said them. */
static bool take_unit(struct boot *boot, const json_t *records, const struct unit_origin *origin)
{
	const char *title = boot->session->campaign->title;
	json_t *record, *named;
	bool ok = true;
	size_t i;

	boot->known = true;
	progress_known(&boot->progress, origin->measured, origin->host);
	json_array_foreach(records, i, record) {
		named = stamp_fact(stamp_label(record, boot->kernel->label), STAMP_TITLE, title);
		/* Behind what the boot is known by. */
		ok = ok && take_stamped(boot, named) && (i || tell_origin(boot, origin));
		json_decref(named);
	}
	return ok;
}

const char *boot_key(struct boot *boot)
{
	const struct campaign *c = boot->session->campaign;

	if (!boot->key && c->cache)
		boot->key = request_key(c, boot->kernel, boot->request);
	return boot->key;
}

/*
 * Whether the cache has all of it, which then is in the journal. What is in the journal already of
 * a boot whose runs do not repeat goes on there.
 */
static bool is_known(struct boot *boot)
{
	const struct session *s = boot->session;
	const struct campaign *c = s->campaign;
	size_t total = resume_total(
		&s->resume, (int)json_integer_value(json_object_get(boot->request, "boot")));
	struct unit_origin origin = {0};
	json_t *records;

	if (!c->cache || (!c->machine->counts && json_array_size(boot->todo) < total))
		return false;
	boot_key(boot);
	records = boot->key ? unit_load(c->cache, boot->key, &origin) : NULL;
	if (boot->key && !records)
		boot->kept = json_array();
	boot->known = records && take_unit(boot, records, &origin);
	json_decref(records);
	return boot->known;
}

bool boot_start(struct boot *boot)
{
	const struct machine *machine = boot->machine;
	struct runner_boot wanted = {
		.machine = machine,
		.kernel = machine->starts_kernels ? &boot->kernel->start : NULL,
		.what = boot->what,
		.request = boot->request,
		.fn = take_record,
		.arg = boot,
	};

	if (is_known(boot) || boot->broken || !is_as_named(boot))
		return false;
	if (boot->kept)
		mark_begin(boot->session->campaign->cache, boot->key);
	boot->began = seconds_now();
	boot->there = machine_start(&wanted);
	return boot->there;
}

/* Results that are whole and good go into the cache, for whoever wants the same. */
static void keep_unit(const struct boot *boot, enum runner_end end)
{
	const char *cache = boot->session->campaign->cache, *why = NULL;
	const json_t *record;
	bool whole = false;
	size_t i;

	json_array_foreach(boot->kept, i, record) {
		why = why ? why : reason_of(record);
		whole = whole || !strcmp(json_string_value(json_object_get(record, "type")), "end");
	}
	if (!why && end == RUNNER_BROKEN)
		why = *boot->why ? boot->why : "it was not started";
	if (end == RUNNER_DONE && !why && whole)
		unit_store(cache, boot->key, boot->kept, seconds_now() - boot->began);
	mark_end(cache, boot->key, end == RUNNER_DONE || end == RUNNER_BROKEN ? why : NULL);
}

int boot_end(struct boot *boot, enum runner_end end)
{
	struct session *s = boot->session;

	if (boot->broken)
		end = RUNNER_BROKEN;
	if (boot->kept)
		keep_unit(boot, end);
	progress_clear(&boot->progress);
	if (end == RUNNER_INTERRUPTED)
		note("interrupted in %s with %zu of its %zu runs in %s; the same command finishes "
		     "the rest",
		     boot->what, boot->progress.done, boot->progress.total, s->journal->path);
	s->boots_failed += end == RUNNER_BROKEN;
	if (boot->dealt)
		deal_end(&s->deal, boot->turn, boot->host, end == RUNNER_BROKEN, boot->unequal);
	boot_free(boot);
	return end == RUNNER_STOPPED  ? EXIT_USAGE
	       : end == RUNNER_CANNOT ? EXIT_CANNOT_RUN
				      : EXIT_OK;
}
