// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/expected.h"

#include <stdio.h>
#include <string.h>

#include "common/record.h"

void expected_begin(struct expected *e, const struct plan *plan, const json_t *request,
		    const char *release)
{
	*e = (struct expected){.plan = plan, .request = request, .release = release};
}

static const json_t *asked(const struct expected *e, const char *key)
{
	return json_object_get(e->request, key);
}

static size_t nr_asked(const struct expected *e)
{
	return json_array_size(asked(e, "todo"));
}

static struct plan_step step_of(const struct expected *e)
{
	return plan_step(e->plan,
			 (size_t)json_integer_value(json_array_get(asked(e, "todo"), e->next)));
}

static const char *text_of(const json_t *record, const char *key)
{
	const char *text = json_string_value(json_object_get(record, key));

	return text ? text : "none";
}

/* The boot that the request was for. */
static bool is_this_boot(const struct expected *e, const json_t *record, char *why, size_t room)
{
	const json_t *boot = json_object_get(record, "boot");

	if (json_equal(boot, asked(e, "boot")))
		return true;
	snprintf(why, room, "a record of another boot (%lld)", (long long)json_integer_value(boot));
	return false;
}

static bool is_this_kernel(const struct expected *e, const json_t *machine, char *why, size_t room)
{
	const char *is = text_of(json_object_get(machine, "facts"), "kernel.release");

	if (!e->release || !strcmp(is, e->release))
		return is_this_boot(e, machine, why, room);
	snprintf(why, room, "facts of kernel %.80s, and %.80s was started", is, e->release);
	return false;
}

static bool is_this_run(const struct expected *e, const json_t *run, char *why, size_t room)
{
	size_t samples = json_array_size(json_object_get(run, "samples"));
	bool ok = !strcmp(text_of(run, "status"), run_status_name(RUN_OK));
	struct plan_step at = step_of(e);
	const struct plan_point *point = &e->plan->points[at.point];

	if (json_integer_value(json_object_get(run, "run")) != at.run ||
	    !json_equal(json_object_get(run, "point"), point->point))
		snprintf(why, room, "a run of %s/%s that is not the one asked for now",
			 text_of(json_object_get(run, "point"), "bench"),
			 text_of(json_object_get(run, "point"), "variant"));
	else if (samples > (size_t)point->iterations ||
		 (ok && samples != (size_t)point->iterations))
		snprintf(why, room, "a run of %zu iterations, where %d were asked for", samples,
			 point->iterations);
	else
		return is_this_boot(e, run, why, room);
	return false;
}

static bool is_progress(const struct expected *e, const json_t *progress)
{
	struct plan_step at = step_of(e);

	return json_integer_value(json_object_get(progress, "point")) == (json_int_t)at.point &&
	       json_integer_value(json_object_get(progress, "run")) == at.run;
}

bool expected_take(struct expected *e, const json_t *record, char *why, size_t room)
{
	const char *type = text_of(record, "type");
	bool more = e->next < nr_asked(e), ok = false;

	if (!e->machine && !strcmp(type, "machine"))
		return e->machine = is_this_kernel(e, record, why, room);
	if (e->machine && more && !strcmp(type, "progress") && is_progress(e, record))
		return true;
	if (e->machine && more && !strcmp(type, "run")) {
		ok = is_this_run(e, record, why, room);
		e->next += ok;
		return ok;
	}
	if (e->machine && !more && !strcmp(type, "end"))
		return is_this_boot(e, record, why, room);
	snprintf(why, room, "a record of type '%s' after %zu of %zu runs", type, e->next,
		 nr_asked(e));
	return false;
}
