// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/batch/follow.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "campaign/progress.h"
#include "common/files.h"
#include "common/msg.h"
#include "common/record.h"
#include "runners/signals.h"

#define LOOK_S 1 /* how often at the journals; */
#define ASK_S  5 /* and how often the controller is asked */

struct following {
	const struct batch *batch;
	char *squeue;	  /* command */
	off_t *read;	  /* bytes of each part's journal */
	json_t *seen;	  /* {which run: true} */
	size_t total;	  /* runs of the plan */
	size_t begun;	  /* how many were there before, */
	time_t since;	  /* then */
	size_t run, wait; /* tasks, as last heard */
	bool terminal, silent;
};

static size_t nr_kernels(const struct asked *a)
{
	return a->aa ? 2 : a->kernels.nr;
}

static void say_run(const struct following *f, const struct run_record *rec)
{
	if (f->terminal)
		fputs("\r\033[K", stderr);
	if (f->terminal && rec->status == RUN_OK)
		return;
	fprintf(stderr, "%s boot %d [%zu/%zu] ", rec->kernel, rec->boot, json_object_size(f->seen),
		f->total);
	progress_put_run(&f->batch->asked.plan, rec);
}

/* A line of a journal. Each run counts once, also where a boot was begun again. */
static void take_line(struct following *f, const char *line)
{
	json_t *json = json_loads(line, 0, NULL);
	struct run_record rec;
	const char *why;
	char *key, *point;

	if (json && !strcmp(json_string_value(json_object_get(json, "type")) ?: "", "run") &&
	    run_record_from_json(&rec, json, &why)) {
		point = json_dumps(rec.point, JSON_COMPACT | JSON_SORT_KEYS);
		key = files_text("%s\n%d %d %s", rec.kernel, rec.boot, rec.run, point);
		if (!json_object_get(f->seen, key)) {
			json_object_set_new(f->seen, key, json_true());
			if (!f->silent)
				say_run(f, &rec);
		}
		free(key);
		free(point);
		run_record_free(&rec);
	}
	json_decref(json);
}

/* What is new in a part's journal, as far as its lines are whole. */
static void look_at(struct following *f, unsigned int part)
{
	char *path = files_text("%s.parts/%u.jsonl", f->batch->name, part + 1), *line = NULL;
	FILE *in = fopen(path, "re");
	size_t room = 0;
	ssize_t len;

	if (in && !fseeko(in, f->read[part], SEEK_SET)) {
		while ((len = getline(&line, &room, in)) > 0 && line[len - 1] == '\n') {
			f->read[part] += len;
			take_line(f, line);
		}
	}
	if (in)
		fclose(in);
	free(line);
	free(path);
}

static void look(struct following *f)
{
	unsigned int i;

	for (i = 0; i < f->batch->parts; i++)
		look_at(f, i);
}

/* A line of squeue's, the state of a task. */
static void count(struct following *f, const char *state)
{
	if (!strncmp(state, "PD", 2))
		f->wait++;
	else
		f->run++;
}

/* Whether jobs are in the queue, or it cannot be asked. */
static bool are_there(struct following *f)
{
	char *line = NULL;
	FILE *in = popen(f->squeue, "r");
	size_t room = 0;
	bool gone = false;
	int status;

	f->run = f->wait = 0;
	while (in && getline(&line, &room, in) > 0) {
		gone = gone || strstr(line, "Invalid job id");
		count(f, line);
	}
	free(line);
	status = in ? pclose(in) : -1;
	return !gone && (status != 0 || f->run + f->wait);
}

static void say_place(const struct following *f)
{
	size_t done = json_object_size(f->seen), new = done - f->begun;
	double left =
		new ? (double)(time(NULL) - f->since) / (double)new *(double)(f->total - done) : -1;

	if (!f->terminal)
		return;
	fprintf(stderr, "\r\033[K[%zu/%zu] %zu jobs run, %zu wait", done, f->total, f->run,
		f->wait);
	progress_put_left(left);
	fflush(stderr);
}

/* Until a moment later, or a signal. */
static void rest(void)
{
	const struct timespec moment = {.tv_sec = LOOK_S};

	ppoll(NULL, 0, &moment, signals_open());
}

static void follow_jobs(struct following *f)
{
	unsigned int i;

	for (i = 0; !signals_came(); i += LOOK_S) {
		if (i % ASK_S == 0 && !are_there(f))
			break;
		look(f);
		say_place(f);
		rest();
	}
	look(f);
	if (f->terminal)
		fputs("\r\033[K", stderr);
}

static void begin(struct following *f, const struct batch *b, const char *ids)
{
	const struct plan *plan = &b->asked.plan;
	char *list = strdup(ids), *c;

	for (c = list; *c; c++)
		if (*c == ' ')
			*c = c[1] ? ',' : '\0';
	*f = (struct following){
		.batch = b,
		.squeue = files_text("squeue --noheader --array --format=%%t --jobs=%s 2>&1", list),
		.read = calloc(b->parts, sizeof(*f->read)),
		.seen = json_object(),
		.total = nr_kernels(&b->asked) * (size_t)plan->boots * (size_t)plan->runs *
			 plan->nr_points,
		.since = time(NULL),
		.terminal = isatty(STDERR_FILENO),
		.silent = true,
	};
	if (!f->read)
		abort();
	free(list);
	look(f);
	f->begun = json_object_size(f->seen);
	f->silent = false;
}

bool follow(const struct batch *batch, const char *ids, size_t *ret_missing, int *ret_status)
{
	struct following f;
	int sig;

	begin(&f, batch, ids);
	signals_catch();
	follow_jobs(&f);
	sig = signals_came();
	signals_release();
	*ret_missing = f.total - json_object_size(f.seen);
	free(f.squeue);
	free(f.read);
	json_decref(f.seen);
	if (!sig)
		return true;
	note("%s: the jobs go on; to cancel: scancel %s", batch->out, ids);
	note("the same command goes on following them");
	*ret_status = signals_die(sig);
	return false;
}
