// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/units.h"

/* Whether points of the same family differ in this parameter. */
static bool tells_apart(const struct plan *plan, const json_t *point, const char *key)
{
	const json_t *bench = json_object_get(point, "bench"), *other;
	size_t i;

	for (i = 0; i < plan->nr_points; i++) {
		other = plan->points[i].point;
		if (json_equal(json_object_get(other, "bench"), bench) &&
		    !json_equal(json_object_get(other, key), json_object_get(point, key)))
			return true;
	}
	return false;
}

char *progress_point_name(const struct plan *plan, const json_t *point)
{
	char *name = NULL, bytes[UNITS_TEXT];
	size_t size = 0;
	const char *key;
	FILE *out = open_memstream(&name, &size);
	json_t *value;

	fprintf(out, "%s/%s", json_string_value(json_object_get(point, "bench")),
		json_string_value(json_object_get(point, "variant")));
	json_object_foreach((json_t *)point, key, value) {
		if (!strcmp(key, "bench") || !strcmp(key, "variant") ||
		    !tells_apart(plan, point, key))
			continue;
		if (json_is_string(value))
			fprintf(out, " %s=%s", key, json_string_value(value));
		else
			fprintf(out, " %s=%s", key, units_bytes(json_integer_value(value), bytes));
	}
	fclose(out);
	return name;
}

void progress_init(struct progress *p, const struct plan *plan, const char *kernel, int boot,
		   const json_t *todo, size_t total)
{
	*p = (struct progress){
		.plan = plan,
		.kernel = kernel,
		.boot = boot,
		.todo = todo,
		.total = total,
		.done = total - json_array_size(todo),
		.wall_s = calloc(plan->nr_points + 1, sizeof(double)),
		.terminal = isatty(STDERR_FILENO),
	};
}

/* Seconds until the end: each run as long as its point's last one, or as the mean of all points. */
static double eta(const struct progress *p)
{
	double known = 0, left = 0, wall;
	size_t i, nr = 0;

	for (i = 0; i < p->plan->nr_points; i++) {
		known += p->wall_s[i];
		nr += p->wall_s[i] > 0;
	}
	if (!nr)
		return -1;
	for (i = p->next; i < json_array_size(p->todo); i++) {
		size_t step = (size_t)json_integer_value(json_array_get(p->todo, i));

		wall = p->wall_s[plan_step(p->plan, step).point];
		left += wall > 0 ? wall : known / (double)nr;
	}
	return left;
}

/* "[3/48] ", with kernel and boot in front where there are several. */
static void put_place(const struct progress *p, size_t nr)
{
	if (p->kernel)
		fprintf(stderr, "%s%s boot %d ", p->counted ? "counted: " : "", p->kernel, p->boot);
	fprintf(stderr, "[%zu/%zu] ", nr, p->total);
}

void progress_put_left(double left_s)
{
	if (left_s >= 0)
		fprintf(stderr, "  %.0f:%02.0f left", (left_s - (int)left_s % 60) / 60,
			(double)((int)left_s % 60));
}

void progress_put_run(const struct plan *plan, const struct run_record *rec)
{
	char *name = progress_point_name(plan, rec->point), text[UNITS_TEXT];
	bool ns = rec->unit && !strcmp(rec->unit, "ns");
	double sum = 0, mean;
	size_t i;

	for (i = 0; i < rec->nr_samples; i++)
		sum += (double)rec->samples[i];
	mean = sum / (double)rec->nr_samples;
	fprintf(stderr, "run %d of %s: ", rec->run, name);
	if (rec->status != RUN_OK)
		fprintf(stderr, "%s: %s\n", run_status_name(rec->status), rec->reason);
	else
		fprintf(stderr, "%s%s\n", ns ? units_ns(mean, text) : units_count(mean, text),
			ns ? "" : " kernel instructions");
	free(name);
}

void progress_start(struct progress *p, size_t point, int run)
{
	char *name;

	if (!p->terminal || point >= p->plan->nr_points)
		return;
	name = progress_point_name(p->plan, p->plan->points[point].point);
	fprintf(stderr, "\r\033[K");
	put_place(p, p->done + 1);
	fprintf(stderr, "run %d of %s", run, name);
	progress_put_left(eta(p));
	fflush(stderr);
	free(name);
}

void progress_end(struct progress *p, const struct run_record *rec)
{
	size_t step = (size_t)json_integer_value(json_array_get(p->todo, p->next));

	p->wall_s[plan_step(p->plan, step).point] =
		rec->wall_s + json_number_value(json_object_get(rec->profile, "wall_s"));
	p->next++;
	p->done++;
	progress_clear(p);
	if (rec->status == RUN_OK && p->terminal)
		return;
	put_place(p, p->done);
	progress_put_run(p->plan, rec);
}

void progress_known(const struct progress *p, double measured, const char *host)
{
	char when[UNITS_TEXT];

	if (p->terminal)
		return;
	if (p->kernel)
		fprintf(stderr, "%s boot %d ", p->kernel, p->boot);
	fprintf(stderr, "is known: measured %s on %s\n", units_when(measured, when), host);
}

void progress_clear(const struct progress *p)
{
	if (p->terminal)
		fprintf(stderr, "\r\033[K");
	fflush(stderr);
}

void progress_free(struct progress *p)
{
	free(p->wall_s);
}
