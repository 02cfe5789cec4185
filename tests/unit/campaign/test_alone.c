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
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "campaign/alone/decide.h"
#include "campaign/alone/folder.h"
#include "common/journal.h"

#define KERNELS 3
#define BOOTS	3
#define RUNS	2
#define POINTS	2

static const char *const labels[KERNELS] = {"A", "B", "C"};

#define A_PLAN                                                                    \
	"{\"type\":\"plan\",\"schema\":1,\"name\":\"p\",\"runs\":2,\"boots\":3,"  \
	"\"seed\":%d,\"counters\":[],\"points\":["                                \
	"{\"point\":{\"bench\":\"fork\",\"variant\":\"fork\"},\"iterations\":1,"  \
	"\"warmup\":1,\"time_limit_s\":9},"                                       \
	"{\"point\":{\"bench\":\"zap\",\"variant\":\"munmap\"},\"iterations\":1," \
	"\"warmup\":1,\"time_limit_s\":9}]}\n"

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

		assert_true(resume_read(&r, m->path, &m->plan));
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
	char text[1024];
	json_t *json;
	int fd;

	*m = (struct made){.is = is, .random = (unsigned int)seed, .running = is.own, .next = -2};
	snprintf(m->path, sizeof(m->path), "/tmp/test_alone-XXXXXX");
	fd = mkstemp(m->path);
	assert_true(fd >= 0);
	m->journal = fdopen(fd, "w");
	snprintf(text, sizeof(text), A_PLAN, seed);
	json = json_loads(text, 0, NULL);
	assert_true(plan_from_json(&m->plan, json));
	json_decref(json);
	fprintf(m->journal, "%s{\"type\":\"campaign\",\"event\":\"begun\"}\n", text);
	fflush(m->journal);
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

static enum alone_act decide(const char *text, const char *id, int running, int tries,
			     char why[ALONE_WHY])
{
	struct alone_state state;
	struct alone_move move;
	struct resume r;
	struct made m;

	begin(&m, (struct machine_model){.own = running, .tries = tries}, 1);
	fprintf(m.journal, "%s", text);
	fflush(m.journal);
	assert_true(resume_read(&r, m.path, &m.plan));
	assert_true(alone_state_read(&state, m.path, labels, KERNELS));
	alone_decide(&r, &state, &(struct alone_where){labels, NULL, KERNELS, id, tries, runs, &m},
		     &move);
	snprintf(why, ALONE_WHY, "%s", move.why);
	json_decref(move.turn.todo);
	resume_free(&r);
	end(&m);
	return move.act;
}

/* The first of the plan's order. */
#define FIRST "C"
#define TRY   "{\"type\":\"try\",\"kernel\":\"" FIRST "\",\"boot\":0,\"from\":\"x\"}\n"
#define IN(id)                                                                 \
	"{\"type\":\"machine\",\"kernel\":\"" FIRST "\",\"boot\":0,\"facts\":" \
	"{\"kernel.boot_id\":\"" id "\"}}\n"
#define FORK "{\"bench\":\"fork\",\"variant\":\"fork\"}"
#define ZAP  "{\"bench\":\"zap\",\"variant\":\"munmap\"}"
#define RUN(run, point)                                                                           \
	"{\"type\":\"run\",\"kernel\":\"" FIRST "\",\"boot\":0,\"run\":" #run ",\"point\":" point \
	",\"status\":\"void\",\"reason\":\"x\",\"samples\":[]}\n"
#define OTHER                                                           \
	"{\"type\":\"machine\",\"kernel\":\"A\",\"boot\":2,\"facts\":{" \
	"\"kernel.boot_id\":\"y\"}}\n"
#define IS_FIRST (FIRST[0] - 'A')

/* What a boot is found to be. */
static void decisions(void **state)
{
	char why[ALONE_WHY];

	(void)state;
	/* It was not asked for: that it runs does not make it one. */
	assert_int_equal(decide("", "y", IS_FIRST, 2, why), ALONE_START);
	assert_int_equal(decide(TRY, "y", IS_FIRST, 2, why), ALONE_MEASURE);
	assert_int_equal(decide(TRY, "x", IS_FIRST, 2, why), ALONE_LOST);
	assert_non_null(strstr(why, "was not left"));
	assert_int_equal(decide(TRY, "y", -1, 2, why), ALONE_LOST);
	assert_non_null(strstr(why, "the machine runs another"));
	/* In the middle: the same boot goes on, another one is not it, though its kernel runs. */
	assert_int_equal(decide(TRY IN("y"), "y", IS_FIRST, 2, why), ALONE_MEASURE);
	assert_int_equal(decide(TRY IN("y"), "z", IS_FIRST, 2, why), ALONE_LOST);
	assert_non_null(strstr(why, "went down while"));
	/* All is there but the word that it is. */
	assert_int_equal(decide(TRY IN("y") RUN(0, FORK) RUN(0, ZAP) RUN(1, ZAP) RUN(1, FORK), "z",
				-1, 2, why),
			 ALONE_ENDED);
	assert_int_equal(decide(TRY IN("y") RUN(0, FORK) RUN(0, ZAP) RUN(1, ZAP), "z", -1, 2, why),
			 ALONE_LOST);
	/* A boot of the plan is no other boot of it. */
	assert_int_equal(decide(OTHER TRY, "y", IS_FIRST, 2, why), ALONE_LOST);
	assert_int_equal(decide(OTHER, "y", IS_FIRST, 0, why), ALONE_WAIT);
	/* A campaign that begins owes nothing to the tries of one before. */
	assert_int_equal(decide(TRY TRY TRY "{\"type\":\"campaign\",\"event\":\"begun\"}\n", "y",
				IS_FIRST, 2, why),
			 ALONE_START);
	/* With somebody there: what runs is measured if it is its turn. */
	assert_int_equal(decide("", "y", IS_FIRST, 0, why), ALONE_MEASURE);
	assert_int_equal(decide("", "y", -1, 0, why), ALONE_WAIT);
	assert_int_equal(decide(IN("y"), "z", IS_FIRST, 0, why), ALONE_MEASURE);
}

/* --- the folder ---------------------------------------------------------------------------------
 */

#define TASK                                                                                    \
	"{\"schema\":1,\"program\":\"/p\",\"cwd\":\"/\",\"journal\":\"/j\",\"machine\":\"/m\"," \
	"\"plan\":\"p\",\"words\":[\"run\",\"x y\"],\"env\":{\"HOME\":\"/h\"}}"

static bool reads(const char *folder, const char *text, mode_t mode, bool *ret_bad)
{
	struct alone_folder f = {.path = (char *)folder, .lock = -1};
	struct alone_task task;
	char path[128];
	FILE *out;
	bool ok;

	snprintf(path, sizeof(path), "%s/campaign.json", folder);
	unlink(path);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	chmod(path, mode);
	ok = alone_task_read(&f, &task, ret_bad);
	alone_task_free(&task);
	return ok;
}

/* What is gone on with is what we wrote, where nobody else can. */
static void tasks(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{\"schema\":1}",
		"{\"schema\":2,\"program\":\"/p\",\"cwd\":\"/\",\"journal\":\"/j\",\"machine\":\"/"
		"m\","
		"\"plan\":\"p\",\"words\":[\"run\"],\"env\":{}}",
		"{\"schema\":1,\"program\":\"p\",\"cwd\":\"/\",\"journal\":\"/j\",\"machine\":\"/"
		"m\","
		"\"plan\":\"p\",\"words\":[\"run\"],\"env\":{}}",
		"{\"schema\":1,\"program\":\"/p\",\"cwd\":\"/\",\"journal\":\"/j\",\"machine\":\"/"
		"m\","
		"\"plan\":\"p\",\"words\":[1],\"env\":{}}",
		"{\"schema\":1,\"program\":\"/p\",\"cwd\":\"/\",\"journal\":\"/j\",\"machine\":\"/"
		"m\","
		"\"plan\":\"p\",\"words\":[\"run\"],\"env\":{\"HOME\":7}}",
	};
	char folder[] = "/tmp/test_alone-XXXXXX", path[128];
	struct alone_folder f, other;
	pid_t holder;
	bool is_bad;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_true(reads(folder, TASK, 0600, &is_bad));
	assert_false(is_bad);
	assert_false(reads(folder, TASK, 0620, &is_bad));
	assert_true(is_bad);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(reads(folder, bad[i], 0600, &is_bad));
		assert_true(is_bad);
	}
	assert_true(alone_folder_open(&f, folder, false) && alone_folder_lock(&f, &holder));
	assert_true(alone_folder_open(&other, folder, false));
	assert_false(alone_folder_lock(&other, &holder));
	assert_int_equal(holder, getpid());
	assert_true(alone_folder_want_stop(&f) && alone_folder_stopping(&other));
	alone_folder_clear(&f);
	assert_false(alone_folder_stopping(&f));
	alone_folder_close(&other);
	alone_folder_close(&f);
	chmod(folder, 0777);
	assert_false(alone_folder_open(&f, folder, false));
	alone_folder_close(&f);
	snprintf(path, sizeof(path), "%s/lock", folder);
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_well), cmocka_unit_test(cut_off),
		cmocka_unit_test(gives_up),  cmocka_unit_test(goes_down),
		cmocka_unit_test(decisions), cmocka_unit_test(tasks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
