// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine that is alone with its plan: made-up machines whose power is cut at any moment, and
 * whose kernels do not come up. What is decided is carried out as campaign/alone/steps.c does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "campaign/alone/decide.h"
#include "common/journal.h"

#include "tests/unit/campaign/alone_plan.h"

/* What a machine does; chances are in percent. */
struct machine_model {
	int cut;    /* that its power is cut, at each of the moments at which that can matter */
	int killed; /* that only the program is killed then */
	bool dead[KERNELS]; /* kernels that do not come up */
	int panics;	    /* chance that a run takes the machine down */
	int own;	    /* the kernel that comes up by itself; -1: another one */
	int tries;
};

struct made {
	struct machine_model is;
	unsigned int random;
	char path[64];
	FILE *journal;
	struct plan plan;
	int boot, running; /* the boot that it is in, from 0; its kernel */
	int starts;	   /* in which kernels were started */
	int next;	   /* the kernel of the next boot: -2: its own */
	bool off;	   /* power or program has gone: nothing more is done in this session */
};

static bool chance(struct made *m, int percent)
{
	m->random = m->random * 1664525u + 1013904223u;
	return (int)((m->random >> 16) % 100) < percent;
}

/* The machine goes down and comes up again, with the kernel that was asked for or its own. */
static void reboot(struct made *m)
{
	int kernel = m->next == -2 || m->is.dead[m->next] ? m->is.own : m->next;

	m->running = kernel;
	m->next = -2;
	m->boot++;
	m->off = true;
}

/* A moment at which it may be cut off. */
static void moment(struct made *m)
{
	if (m->off)
		return;
	if (chance(m, m->is.cut)) {
		m->next = -2;
		reboot(m);
	} else if (chance(m, m->is.killed)) {
		m->off = true;
	}
}

static void boot_id(const struct made *m, char id[ALONE_ID])
{
	snprintf(id, ALONE_ID, "boot-%d", m->boot);
}

#define PUT(m, ...)                                         \
	do {                                                \
		moment(m);                                  \
		if (!(m)->off) {                            \
			fprintf((m)->journal, __VA_ARGS__); \
			fprintf((m)->journal, "\n");        \
			fflush((m)->journal);               \
		}                                           \
		moment(m);                                  \
	} while (0)

static void put_boot(struct made *m, const struct turn *t, const char *why, bool given_up)
{
	PUT(m,
	    "{\"type\":\"boot\",\"kernel\":\"%s\",\"boot\":%d,\"status\":\"failed\",\"reason\":"
	    "\"%s\"%s}",
	    labels[t->kernel], t->boot, why, given_up ? ",\"given_up\":true" : "");
}

static void measure(struct made *m, const struct turn *t)
{
	struct plan_step at;
	char id[ALONE_ID], *point;
	json_t *step;
	size_t i;

	boot_id(m, id);
	assert_int_equal(m->running, t->kernel);
	PUT(m,
	    "{\"type\":\"machine\",\"kernel\":\"%s\",\"boot\":%d,\"facts\":{\"kernel.boot_id\":"
	    "\"%s\"}}",
	    labels[t->kernel], t->boot, id);
	json_array_foreach(t->todo, i, step) {
		at = plan_step(&m->plan, (size_t)json_integer_value(step));
		point = json_dumps(m->plan.points[at.point].point, JSON_COMPACT);
		if (!m->off && chance(m, m->is.panics))
			reboot(m);
		PUT(m,
		    "{\"type\":\"run\",\"kernel\":\"%s\",\"boot\":%d,\"run\":%d,\"point\":%s,"
		    "\"status\":\"ok\",\"source\":\"timed\",\"unit\":\"ns\",\"samples\":[1],"
		    "\"in\":\"%s\"}",
		    labels[t->kernel], t->boot, at.run, point, id);
		free(point);
	}
	PUT(m, "{\"type\":\"end\",\"kernel\":\"%s\",\"boot\":%d}", labels[t->kernel], t->boot);
}

static void start(struct made *m, const struct turn *t)
{
	char id[ALONE_ID];

	boot_id(m, id);
	PUT(m, "{\"type\":\"try\",\"kernel\":\"%s\",\"boot\":%d,\"from\":\"%s\"}",
	    labels[t->kernel], t->boot, id);
	if (m->off)
		return;
	m->starts++;
	m->next = (int)t->kernel;
	moment(m);
	if (!m->off)
		reboot(m);
}

static void home(struct made *m)
{
	char id[ALONE_ID];

	boot_id(m, id);
	PUT(m, "{\"type\":\"campaign\",\"event\":\"home\",\"from\":\"%s\"}", id);
	if (!m->off)
		reboot(m);
}

static bool runs(void *arg, size_t kernel, char **ret_is)
{
	const struct made *m = arg;

	*ret_is = strdup("another");
	return m->running == (int)kernel;
}

static bool step(struct made *m, const struct alone_move *move)
{
	switch (move->act) {
	case ALONE_MEASURE:
		measure(m, &move->turn);
		break;
	case ALONE_ENDED:
		PUT(m, "{\"type\":\"end\",\"kernel\":\"%s\",\"boot\":%d}",
		    labels[move->turn.kernel], move->turn.boot);
		break;
	case ALONE_START:
		start(m, &move->turn);
		break;
	case ALONE_LOST:
		put_boot(m, &move->turn, move->why, false);
		break;
	case ALONE_GIVE_UP:
		put_boot(m, &move->turn, move->why, true);
		break;
	case ALONE_HOME:
		home(m);
		break;
	default:
		return false;
	}
	return true;
}

/* What goes on after each boot. Returns whether there is more to do. */
static bool session(struct made *m)
{
	struct alone_state state;
	struct alone_move move;
	char id[ALONE_ID];
	struct resume r;
	bool more = true;

	boot_id(m, id);
	m->off = false;
	while (more && !m->off) {
		struct alone_where where = {labels, NULL, KERNELS, id, m->is.tries, runs, m};

		assert_true(resume_read(&r, m->path, &m->plan, false));
		assert_true(alone_state_read(&state, m->path, labels, KERNELS));
		alone_decide(&r, &state, &where, &move);
		more = step(m, &move);
		json_decref(move.turn.todo);
		resume_free(&r);
	}
	return more;
}

static void begin(struct made *m, struct machine_model is, int seed)
{
	*m = (struct made){.is = is, .random = (unsigned int)seed, .running = is.own, .next = -2};
	m->journal = begin_journal(m->path, &m->plan, seed);
}

static void end(struct made *m)
{
	fclose(m->journal);
	unlink(m->path);
	plan_free(&m->plan);
}

/* What was measured, and in which boots. */
struct measured {
	int runs[KERNELS][BOOTS];
	char in[KERNELS][BOOTS][ALONE_ID]; /* of the last run */
	json_t *seen;			   /* each run as text */
	bool given_up[KERNELS];
	char order[64];
};

static bool take(void *arg, const json_t *json, size_t lineno)
{
	const char *type = json_string_value(json_object_get(json, "type"));
	const char *label = json_string_value(json_object_get(json, "kernel"));
	int k = label ? *label - 'A' : 0;
	int boot = (int)json_integer_value(json_object_get(json, "boot"));
	struct measured *all = arg;
	char *key;

	(void)lineno;
	if (!strcmp(type, "boot"))
		all->given_up[k] |= json_is_true(json_object_get(json, "given_up"));
	if (!strcmp(type, "end"))
		snprintf(all->order + strlen(all->order), 3, "%s", label);
	if (strcmp(type, "run") != 0)
		return true;
	assert_true(asprintf(&key, "%s %d %d %s", label, boot,
			     (int)json_integer_value(json_object_get(json, "run")),
			     json_string_value(json_object_get(json_object_get(json, "point"),
							       "bench"))) > 0);
	assert_null(json_object_get(all->seen, key)); /* nothing twice */
	json_object_set_new(all->seen, key, json_true());
	free(key);
	all->runs[k][boot]++;
	snprintf(all->in[k][boot], ALONE_ID, "%s", json_string_value(json_object_get(json, "in")));
	return true;
}

/* Until there is nothing to do any more; a boot is never two boots of the plan. */
static void carry_out(struct made *m, struct measured *ret)
{
	int sessions = 0, a, b;

	while (session(m))
		assert_true(++sessions < 5000);
	*ret = (struct measured){.seen = json_object()};
	assert_true(journal_read(m->path, take, ret));
	for (a = 0; a < KERNELS * BOOTS; a++)
		for (b = 0; b < a; b++)
			assert_true(!*ret->in[a / BOOTS][a % BOOTS] ||
				    strcmp(ret->in[a / BOOTS][a % BOOTS],
					   ret->in[b / BOOTS][b % BOOTS]) != 0);
	json_decref(ret->seen);
}

static void assert_complete(const struct measured *all, int kernel)
{
	int boot;

	for (boot = 0; boot < BOOTS; boot++)
		assert_int_equal(all->runs[kernel][boot], RUNS * POINTS);
}

/* Nothing goes wrong: each boot once, in the plan's order, and the machine's own in the end. */
static void goes_well(void **state)
{
	struct measured all;
	struct made m;
	int own;

	(void)state;
	for (own = -1; own < KERNELS; own++) {
		begin(&m, (struct machine_model){.own = own, .tries = 2}, 1);
		carry_out(&m, &all);
		assert_complete(&all, 0);
		assert_complete(&all, 1);
		assert_complete(&all, 2);
		assert_int_equal(m.starts, KERNELS * BOOTS);
		assert_int_equal(m.boot, KERNELS * BOOTS + 1);
		assert_int_equal(m.running, own);
		assert_int_equal(strlen(all.order), KERNELS * BOOTS);
		assert_true(all.order[0] == all.order[5] && all.order[1] == all.order[4]);
		end(&m);
	}
}

/* Power is cut, and the program killed, at any moment: nothing is lost, nothing doubled. */
static void cut_off(void **state)
{
	struct measured all;
	struct made m;
	int seed;

	(void)state;
	for (seed = 0; seed < 40; seed++) {
		begin(&m,
		      (struct machine_model){.cut = seed % 2 ? 5 : 0,
					     .killed = seed % 3 ? 5 : 0,
					     .panics = seed % 5 ? 0 : 5,
					     .own = seed % 4 - 1,
					     .tries = 100},
		      seed);
		carry_out(&m, &all);
		assert_complete(&all, 0);
		assert_complete(&all, 1);
		assert_complete(&all, 2);
		/* It is not told so more often than twice. */
		assert_true(m.running == m.is.own || m.is.killed);
		end(&m);
	}
}

/* A kernel that does not come up is given up after so many tries; others are none the worse. */
static void gives_up(void **state)
{
	struct measured all;
	struct made m;
	int tries;

	(void)state;
	for (tries = 1; tries <= 3; tries++) {
		begin(&m, (struct machine_model){.own = 0, .tries = tries, .dead = {[1] = true}},
		      tries);
		carry_out(&m, &all);
		assert_complete(&all, 0);
		assert_complete(&all, 2);
		assert_true(all.given_up[1] && !all.given_up[0] && !all.given_up[2]);
		assert_int_equal(all.runs[1][0] + all.runs[1][1] + all.runs[1][2], 0);
		assert_int_equal(m.starts, 2 * BOOTS + tries);
		end(&m);
	}
}

/* One that always goes down while it is measured as well, and what it has measured is there. */
static void goes_down(void **state)
{
	struct measured all;
	struct made m;

	(void)state;
	begin(&m, (struct machine_model){.own = -1, .tries = 2, .panics = 100}, 1);
	carry_out(&m, &all);
	assert_true(all.given_up[0] && all.given_up[1] && all.given_up[2]);
	assert_int_equal(m.starts, 2 * KERNELS);
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_well),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(gives_up),
		cmocka_unit_test(goes_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
