// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/alone/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "campaign/alone/decide.h"
#include "campaign/campaign.h"
#include "common/exit.h"
#include "common/msg.h"
#include "runners/machine.h"
#include "runners/signals.h"

struct steps {
	struct session *session;
	const struct campaign *c;
	const char *labels[PLAN_MAX_KERNELS];
	bool skip[PLAN_MAX_KERNELS];
	struct alone_where where;
	struct alone_state state;
	struct alone_outcome *outcome;
};

static const struct campaign_kernel *kernel_of(const struct steps *st, const struct turn *turn)
{
	return &st->c->kernels[turn->kernel];
}

/* Into the journal; frees the record. */
static bool put(struct steps *st, json_t *record)
{
	bool ok = session_put(st->session, record);

	json_decref(record);
	return ok;
}

static json_t *record_of(const struct steps *st, const char *type, const struct turn *turn)
{
	return json_pack("{s:s,s:s,s:i}", "type", type, "kernel", st->labels[turn->kernel], "boot",
			 turn->boot);
}

static json_t *event(const struct steps *st, const char *name)
{
	return json_pack("{s:s,s:s,s:o,s:s}", "type", "campaign", "event", name, "when",
			 json_integer((json_int_t)time(NULL)), "from", st->where.boot_id);
}

static bool put_lost(struct steps *st, const struct turn *turn, const char *why, bool given_up)
{
	json_t *record = record_of(st, "boot", turn);

	json_object_set_new(record, "status", json_string("failed"));
	json_object_set_new(record, "reason", json_string(why));
	if (given_up)
		json_object_set_new(record, "given_up", json_true());
	note("boot %d of %s: %s", turn->boot, st->labels[turn->kernel], why);
	return put(st, record);
}

static bool runs(void *arg, size_t kernel, char **ret_is)
{
	struct steps *st = arg;

	return machine_runs(st->c->machine, &st->c->kernels[kernel].start, ret_is);
}

/* Carries out a turn in this boot; *ret_more: all went well. */
static int measure(struct steps *st, const struct turn *turn, bool *ret_more)
{
	struct session *s = st->session;
	struct boot *boot = boot_begin(s, kernel_of(st, turn), turn->boot, turn->todo);
	enum runner_end end = RUNNER_BROKEN;
	size_t failed = s->boots_failed;
	int status;

	if (!boot)
		return EXIT_FAILED;
	resume_say(&s->resume, s->journal->path, st->labels[turn->kernel], turn->boot, turn->todo);
	if (boot_start(boot)) {
		machine_serve(&boot->there, 1);
		boot->ending = true;
		end = machine_end(boot->there);
	}
	status = boot_end(boot, end);
	*ret_more = s->boots_failed == failed;
	return status;
}

static bool read_state(struct steps *st)
{
	return alone_state_read(&st->state, st->session->journal->path, st->labels,
				st->c->nr_kernels);
}

/* What went wrong was said; unless the journal has it, the try came to nothing by that. */
static bool put_broken(struct steps *st, const struct turn *turn)
{
	return read_state(st) && (!st->state.last.open ||
				  put_lost(st, turn, "it ended before all was measured", false));
}

/* Has the machine start a kernel; NULL: its own. False, with why, only if it does not. */
static bool leave(struct steps *st, const struct runner_kernel *kernel, char why[ALONE_WHY])
{
	char *text = NULL;
	bool left = machine_leave(st->c->machine, kernel, &text);

	snprintf(why, ALONE_WHY, "%s", text ? text : "");
	free(text);
	return left;
}

/* The try is on the disk before anything of it happens: a kernel that takes it down counts. */
static bool start(struct steps *st, const struct turn *turn)
{
	json_t *record = record_of(st, "try", turn);
	char why[ALONE_WHY];

	json_object_set_new(record, "nr", json_integer(st->state.of[turn->kernel].tries + 1));
	json_object_set_new(record, "from", json_string(st->where.boot_id));
	json_object_set_new(record, "when", json_integer((json_int_t)time(NULL)));
	if (!put(st, record))
		return false;
	note("boot %d of %s is next, try %d of %d", turn->boot, st->labels[turn->kernel],
	     st->state.of[turn->kernel].tries + 1, st->where.tries);
	return leave(st, &kernel_of(st, turn)->start, why) || put_lost(st, turn, why, false);
}

/* Whatever comes of it: what was measured is there. */
static bool go_home(struct steps *st)
{
	char why[ALONE_WHY];

	if (!put(st, event(st, "home")))
		return false;
	note("all is measured; this machine's own kernel is started");
	if (!leave(st, NULL, why))
		note("that was not done: %s", why);
	return true;
}

static void say_next(const struct steps *st, const struct turn *turn)
{
	const struct campaign_kernel *k = kernel_of(st, turn);

	if (st->c->machine->installs_kernels)
		note("next is boot %d of %s, %s; with --unattended this machine boots it by itself",
		     turn->boot, k->label, k->start.release);
	else
		note("next is boot %d of %s: boot %s (%s) and give the same command again; with "
		     "--unattended all this is done for you",
		     turn->boot, k->label, k->start.release, k->start.image);
}

static bool finish(struct steps *st)
{
	json_t *record = event(st, "ended");
	size_t i;

	st->outcome->over = true;
	for (i = 0; i < st->state.nr; i++) {
		if (!st->state.of[i].given_up)
			continue;
		st->outcome->given_up++;
		snprintf(st->outcome->why, sizeof(st->outcome->why), "%.60s: %.440s", st->labels[i],
			 st->state.of[i].why);
	}
	json_object_set_new(record, "status",
			    json_string(st->outcome->given_up ? "given-up" : "complete"));
	return put(st, record);
}

/* One step; *ret_more says whether there is another. Returns an exit status. */
static int step(struct steps *st, const struct alone_move *move, bool *ret_more)
{
	int status = EXIT_OK;
	bool ok = true;

	*ret_more = true;
	switch (move->act) {
	case ALONE_MEASURE:
		status = measure(st, &move->turn, ret_more);
		if (st->c->alone && status == EXIT_OK && !*ret_more && !signals_came()) {
			ok = put_broken(st, &move->turn);
			*ret_more = true;
		}
		break;
	case ALONE_ENDED:
		ok = put(st, record_of(st, "end", &move->turn));
		break;
	case ALONE_START:
		ok = start(st, &move->turn);
		break;
	case ALONE_LOST:
	case ALONE_GIVE_UP:
		ok = put_lost(st, &move->turn, move->why, move->act == ALONE_GIVE_UP);
		break;
	case ALONE_HOME:
		ok = go_home(st);
		break;
	case ALONE_WAIT:
		say_next(st, &move->turn);
		*ret_more = false;
		break;
	case ALONE_DONE:
		ok = !st->c->alone || finish(st);
		*ret_more = false;
		break;
	}
	return ok ? status : EXIT_USAGE;
}

/* The journal is the state: it is looked at anew for each step. */
static int take_steps(struct steps *st)
{
	struct session *s = st->session;
	struct alone_move move;
	int status = EXIT_OK;
	bool more = true;

	while (more && status == EXIT_OK && !signals_came()) {
		if (!read_state(st))
			return EXIT_USAGE;
		alone_decide(&s->resume, &st->state, &st->where, &move);
		status = step(st, &move, &more);
		json_decref(move.turn.todo);
	}
	return status;
}

static bool begin(struct steps *st)
{
	if (!read_state(st))
		return false;
	return !st->c->alone || (st->state.begun && !st->c->alone->begins) ||
	       put(st, event(st, "begun"));
}

static int carry_out(struct session *s, void *arg)
{
	const struct campaign *c = s->campaign;
	char *id = machine_boot_id(c->machine);
	struct steps st = {.session = s, .c = c, .outcome = arg};
	int status, sig;
	size_t i;

	for (i = 0; i < c->nr_kernels; i++) {
		st.labels[i] = c->kernels[i].label;
		st.skip[i] = c->kernels[i].about.skip;
	}
	st.where = (struct alone_where){
		.labels = st.labels,
		.skip = st.skip,
		.nr = c->nr_kernels,
		.boot_id = id ? id : "",
		.tries = c->alone ? c->alone->tries : 0,
		.runs = runs,
		.arg = &st,
	};
	signals_catch();
	status = begin(&st) ? take_steps(&st) : EXIT_USAGE;
	sig = signals_came();
	signals_release();
	free(id);
	return sig ? signals_die(sig) : status;
}

int alone_steps(const struct campaign *campaign, struct alone_outcome *ret)
{
	int status;

	*ret = (struct alone_outcome){0};
	status = campaign_session(campaign, carry_out, ret);
	return status == EXIT_OK && ret->given_up ? EXIT_FAILED : status;
}
