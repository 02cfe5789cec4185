// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From an INI file to single points. A section other than [plan] names a benchmark and gives its
 * parameters, each one value or a list; the section stands for every combination.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clean.h"
#include "common/ini_file.h"
#include "common/msg.h"
#include "common/plan.h"
#include "common/plan_head.h"
#include "common/plan_resolve.h"
#include "common/plan_values.h"
#include "common/units.h"

#define MAX_POINTS 100000

struct resolver {
	struct plan *plan;
	struct ini_file ini;
	const json_t *catalogue;
	json_t *seen; /* {point as text: the line of its section} */
};

/* A point that is there twice would be measured once, and missed for ever after. */
static bool is_new(struct resolver *r, const char *section, size_t line, const json_t *point)
{
	char *text = json_dumps(point, JSON_COMPACT | JSON_SORT_KEYS);
	json_t *first = json_object_get(r->seen, text ? text : "");

	if (first)
		err("%s:%zu: [%s]: this point is in the plan already, by %s:%lld: %s", r->ini.path,
		    line, section, r->ini.path, (long long)json_integer_value(first), text);
	else if (text)
		json_object_set_new(r->seen, text, json_integer((json_int_t)line));
	free(text);
	return !first;
}

/* Whether the machine has to say how large, or how many: the texts of
 * bench/harness/provide/resolve.h. */
static bool is_open(const struct resolver *r, const json_t *point)
{
	const char *name = json_string_value(json_object_get(point, "bench")), *kind;
	const json_t *bench = plan_by_name(r->catalogue, name);
	json_t *param;
	size_t i;

	json_array_foreach(json_object_get(bench, "params"), i, param) {
		kind = json_string_value(json_object_get(param, "kind"));
		name = json_string_value(json_object_get(param, "name"));
		if (strcmp(kind, "order") && strcmp(kind, "choice") &&
		    json_is_string(json_object_get(point, name)))
			return true;
	}
	return false;
}

static bool add_point(struct resolver *r, const char *section, size_t line, const json_t *point)
{
	struct plan *plan = r->plan;
	struct plan_point *more, p = {0};

	if (plan->nr_points >= MAX_POINTS)
		return err("%s:%zu: [%s] brings the plan over %d points", r->ini.path, line,
			   section, MAX_POINTS);
	if (!plan_int(&r->ini, section, "iterations", 1, 0, &p.iterations) ||
	    !plan_int(&r->ini, section, "warmup", 1, 0, &p.warmup) ||
	    !plan_int(&r->ini, section, "time-limit", 1, 0, &p.time_limit_s) ||
	    (!p.iterations && !plan_int(&r->ini, "plan", "iterations", 1, 10, &p.iterations)) ||
	    (!p.warmup && !plan_int(&r->ini, "plan", "warmup", 1, 1, &p.warmup)) ||
	    (!p.time_limit_s && !plan_int(&r->ini, "plan", "time-limit", 1, 120, &p.time_limit_s)))
		return false;
	if (!r->ini.words && !is_new(r, section, line, point))
		return false;
	p.point = json_deep_copy(point);
	p.asked = is_open(r, point) ? json_deep_copy(point) : NULL;
	if (!r->ini.words && asprintf(&p.origin, "%s:%zu: [%s]", r->ini.path, line, section) < 0)
		return err("out of memory");
	more = realloc(plan->points, (plan->nr_points + 1) * sizeof(*more));
	if (!more)
		return err("out of memory");
	plan->points = more;
	more[plan->nr_points++] = p;
	return true;
}

/* Adds every combination of names[i..] with values[i..] to point. */
static bool expand(struct resolver *r, const char *section, size_t line, json_t *point,
		   const json_t *axes, size_t i)
{
	const json_t *axis = json_array_get(axes, i);
	const char *name = json_string_value(json_object_get(axis, "name"));
	const json_t *values = json_object_get(axis, "values");
	json_t *value;
	size_t k;

	if (!axis)
		return add_point(r, section, line, point);
	json_array_foreach(values, k, value) {
		json_object_set(point, name, value);
		if (!expand(r, section, line, point, axes, i + 1))
			return false;
	}
	return true;
}

static void add_axis(json_t *axes, const char *name, json_t *values)
{
	json_array_append_new(axes, json_pack("{s:s,s:o}", "name", name, "values", values));
}

/* The keys of every benchmark that points are without unless they are named. */
static bool add_optional(struct resolver *r, const char *section, json_t *axes)
{
	static const struct {
		const char *key;
		int64_t most;
		const char *wanted;
	} keys[] = {
		{"node", 1023, "must be the number of a NUMA node"},
		{"sharers", 64, "must be a whole number from 0 to 64"},
	};
	json_t *values;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!plan_optional_values(&r->ini, section, keys[i].key, keys[i].most,
					  keys[i].wanted, &values))
			return false;
		if (values)
			add_axis(axes, keys[i].key, values);
	}
	if (!plan_memcg_values(&r->ini, section, &values))
		return false;
	if (values)
		add_axis(axes, "memcg", values);
	return true;
}

/* A parameter that is no part of points whose section does not set it. */
static bool is_unsaid(struct resolver *r, const char *section, const json_t *param)
{
	const char *name = json_string_value(json_object_get(param, "name"));

	return json_object_get(param, "number") && !ini_file_find(&r->ini, section, name);
}

static bool resolve_section(struct resolver *r, const char *section, size_t line)
{
	struct ini_setting *s = ini_file_find(&r->ini, section, "bench");
	json_t *axes = json_array(), *point = json_object(), *values, *param;
	const json_t *bench = s ? plan_by_name(r->catalogue, s->value) : NULL;
	char names[512], wanted[600];
	bool ok = false;
	size_t i;

	if (!s) {
		err("%s:%zu: [%s] has no 'bench = NAME'", r->ini.path, line, section);
		goto out;
	}
	if (!bench) {
		snprintf(wanted, sizeof(wanted), "no such benchmark; there are %s",
			 plan_all_names(r->catalogue, names));
		plan_bad_value(&r->ini, s, s->value, wanted);
		goto out;
	}
	json_object_set_new(point, "bench", json_string(s->value));
	values = plan_variant_values(&r->ini, section, bench);
	if (!values)
		goto out;
	add_axis(axes, "variant", values);
	json_array_foreach(json_object_get(bench, "params"), i, param) {
		if (is_unsaid(r, section, param))
			continue;
		values = plan_param_values(&r->ini, section, param);
		if (!values)
			goto out;
		add_axis(axes, json_string_value(json_object_get(param, "name")), values);
	}
	values = plan_place_values(&r->ini, section);
	if (!values)
		goto out;
	add_axis(axes, "place", values);
	if (!add_optional(r, section, axes))
		goto out;
	ok = expand(r, section, line, point, axes, 0);
out:
	json_decref(axes);
	json_decref(point);
	return ok;
}

/* What the catalogue says of the benchmark a section names; NULL if it names none that is known. */
static const json_t *section_bench(struct resolver *r, const char *section)
{
	const struct ini_setting *s = ini_file_find(&r->ini, section, "bench");

	return s ? plan_by_name(r->catalogue, s->value) : NULL;
}

/* Whether a benchmark's section may hold the key. */
static bool section_knows(struct resolver *r, const char *section, const char *key)
{
	static const char *const own[] = {"bench", "variant", "place",	    "node",	 "sharers",
					  "memcg", "warmup",  "iterations", "time-limit"};
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!strcmp(own[i], key))
			return true;
	if (!strcmp(key, "bytes"))
		key = "order";
	return plan_by_name(json_object_get(section_bench(r, section), "params"), key);
}

/* Calls fn once for each section but [plan], in the order of the file. */
static bool
each_section(struct resolver *r,
	     bool (*fn)(struct resolver *r, const char *section, size_t line, void *arg), void *arg)
{
	size_t i, k;

	for (i = 0; i < r->ini.nr; i++) {
		const char *section = r->ini.settings[i].section;

		for (k = 0; k < i && strcmp(r->ini.settings[k].section, section); k++)
			;
		if (k == i && strcmp(section, "plan") &&
		    !fn(r, section, r->ini.settings[i].line, arg))
			return false;
	}
	return true;
}

struct override {
	const char *only; /* section, or NULL for all */
	const char *key;
	const char *value;
	int taken; /* sections that knew the key */
};

static bool override_section(struct resolver *r, const char *section, size_t line, void *arg)
{
	struct override *o = arg;

	(void)line;
	if (o->only ? strcmp(o->only, section) : !section_knows(r, section, o->key))
		return true;
	o->taken++;
	return ini_file_set(&r->ini, section, o->key, o->value, 0);
}

/*
 * "--key=value" goes to [plan]; "key=value" if it is a key of it, and to every section whose family
 * has it.
 */
static bool apply_override(struct resolver *r, const char *text)
{
	char *key = strdup(text), *value = strchr(key, '='), *dot;
	struct override o = {0};
	bool ok = false;

	if (!strncmp(text, "--", 2) && value) {
		*value++ = '\0';
		ok = ini_file_set(&r->ini, "plan", key + 2, value, PLAN_OPTION);
		goto out;
	}
	if (!value || value == key || !value[1]) {
		err("--set %s: must be key=value or section.key=value", text);
		goto out;
	}
	*value++ = '\0';
	dot = strrchr(key, '.');
	if (dot) {
		*dot = '\0';
		o.only = key;
	}
	o.key = dot ? dot + 1 : key;
	o.value = value;
	if ((!o.only || !strcmp(o.only, "plan")) && plan_head_knows(o.key)) {
		o.taken++;
		if (!ini_file_set(&r->ini, "plan", o.key, value, 0))
			goto out;
	}
	if (!each_section(r, override_section, &o))
		goto out;
	ok = o.taken || (o.only ? err("--set %s: the plan has no section [%s]", text, o.only)
				: err("--set %s: no section of the plan knows '%s'", text, o.key));
out:
	free(key);
	return ok;
}

static bool check_keys(struct resolver *r)
{
	char where[256];
	size_t i;

	for (i = 0; i < r->ini.nr; i++) {
		struct ini_setting *s = &r->ini.settings[i];

		if (!strcmp(s->section, "plan")) {
			if (!plan_head_knows(s->key))
				return err("%s: [plan] has no key '%s'",
					   plan_origin(&r->ini, s, where), s->key);
		} else if (section_bench(r, s->section) && !section_knows(r, s->section, s->key)) {
			return err("%s: %s has no parameter '%s' (faultbench list shows them)",
				   plan_origin(&r->ini, s, where),
				   ini_file_find(&r->ini, s->section, "bench")->value, s->key);
		}
	}
	return true;
}

static bool resolve_each(struct resolver *r, const char *section, size_t line, void *arg)
{
	(void)arg;
	return resolve_section(r, section, line);
}

/* The file's name without folders and ending. */
static char *plan_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *start = slash ? slash + 1 : path;
	const char *dot = strrchr(start, '.');
	char *name = strndup(start, dot && dot > start ? (size_t)(dot - start) : strlen(start));
	char *shown = name ? clean_text(name) : NULL;

	free(name);
	return shown;
}

/* All that is set becomes the plan. */
static bool resolve(struct resolver *r)
{
	return check_keys(r) && plan_head_read(r->plan, &r->ini) &&
	       each_section(r, resolve_each, NULL);
}

/* Goes on as long as a section's benchmark is in the catalogue. */
static bool is_known(struct resolver *r, const char *section, size_t line, void *arg)
{
	(void)line;
	(void)arg;
	return !ini_file_find(&r->ini, section, "bench") || section_bench(r, section);
}

bool plan_resolve(struct plan *plan, struct ini_file *ini, const json_t *catalogue,
		  char *const *overrides, size_t nr_overrides)
{
	struct resolver r = {
		.plan = plan, .ini = *ini, .catalogue = catalogue, .seen = json_object()};
	bool ok = true;
	size_t i;

	for (i = 0; i < nr_overrides && ok; i++)
		ok = apply_override(&r, overrides[i]);
	ok = ok && resolve(&r);
	*ini = r.ini;
	json_decref(r.seen);
	if (!ok)
		plan_free(plan);
	return ok;
}

bool plan_read_known(struct plan *plan, const char *path, const json_t *catalogue,
		     char *const *overrides, size_t nr_overrides, bool *ret_foreign)
{
	struct resolver r = {.plan = plan, .catalogue = catalogue};
	bool ok = false, may_be_foreign = *ret_foreign;

	*ret_foreign = false;
	*plan = (struct plan){.name = plan_name(path)};
	if (!ini_file_read(&r.ini, path))
		goto out;
	if (may_be_foreign && !each_section(&r, is_known, NULL)) {
		/* Overrides win, and where they go only the other catalogue knows. */
		*ret_foreign = check_keys(&r) && (nr_overrides || plan_head_read(plan, &r.ini));
		goto out;
	}
	ok = plan_resolve(plan, &r.ini, catalogue, overrides, nr_overrides) &&
	     (plan->nr_points || err("%s: no section names a benchmark", path));
out:
	ini_file_free(&r.ini);
	if (!ok)
		plan_free(plan);
	return ok;
}

bool plan_read(struct plan *plan, const char *path, const json_t *catalogue, char *const *overrides,
	       size_t nr_overrides)
{
	bool foreign = false;

	return plan_read_known(plan, path, catalogue, overrides, nr_overrides, &foreign);
}
