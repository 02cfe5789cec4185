// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/describe.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/harness/provide/folio_orders.h"
#include "bench/harness/provide/needs.h"
#include "bench/harness/provide/point.h"
#include "bench/harness/provide/resolve.h"
#include "bench/services/pages.h"
#include "bench/services/run.h"
#include "common/plan.h"
#include "common/plan_values.h"
#include "common/units.h"

static void add_need(void *arg, const char *name)
{
	json_array_append_new(arg, json_string(name));
}

/* What is needed and, of this machine, in "lacking", what of it it has not. */
static void add_needs(json_t *json, unsigned long needs, bool here)
{
	json_t *array = json_array();
	char why[256];

	needs_each(needs, add_need, array);
	json_object_set_new(json, "needs", array);
	if (here)
		json_object_set_new(json, "lacking",
				    needs_met(needs, 0, why, sizeof(why)) ? json_null()
									  : json_string(why));
}

static json_t *describe_variants(const struct bench_variant *v, bool here)
{
	json_t *array = json_array(), *json;

	for (; v->name; v++) {
		json = json_pack("{s:s,s:s}", "name", v->name, "help", v->help);
		add_needs(json, v->needs, here);
		json_array_append_new(array, json);
	}
	return array;
}

static json_t *describe_params(const struct bench *bench)
{
	const struct bench_param *p = bench->params;
	json_t *array = json_array(), *json, *choices;
	unsigned int i;

	for (; p->name; p++) {
		json = json_pack("{s:s,s:s,s:s,s:I,s:I,s:s}", "name", p->name, "kind",
				 point_kind_name(p->kind), "default", p->value, "min",
				 (json_int_t)p->min, "max", (json_int_t)p->max, "help", p->help);
		if (point_is_tacit(bench, p))
			json_object_set_new(json, "number", json_integer(atol(p->value)));
		choices = json_array();
		for (i = 0; p->choices && p->choices[i]; i++)
			json_array_append_new(choices, json_string(p->choices[i]));
		if (p->choices)
			json_object_set(json, "choices", choices);
		json_decref(choices);
		json_array_append_new(array, json);
	}
	return array;
}

/* What a plan has that names nothing but the variant and the order; sizes are as large as need be.
 */
static json_t *least_point(const struct bench *bench, const struct bench_variant *v, json_t *order)
{
	json_t *point =
		json_pack("{ss ss ss}", "bench", bench->name, "variant", v->name, "place", "none");
	const struct bench_param *p;
	int64_t bytes;

	for (p = bench->params; p->name; p++) {
		if (p->kind == BENCH_ORDER)
			json_object_set(point, p->name, order);
		else if (p->kind == BENCH_CHOICE)
			json_object_set_new(point, p->name, json_string(p->value));
		else if (p->kind == BENCH_SIZE && units_parse_bytes(p->value, &bytes))
			json_object_set_new(point, p->name,
					    json_sprintf("%lld" PLAN_LEAST, (long long)bytes));
		else
			json_object_set_new(point, p->name, json_integer(atol(p->value)));
	}
	return point;
}

/* Whether the variant takes the order, on this kernel, for this user. */
static bool has_order(const struct bench *bench, const struct bench_variant *v, json_t *order,
		      char *why, size_t room)
{
	json_t *point = least_point(bench, v, order);
	struct bench_run run;
	bool none, ok;

	ok = resolve_point(&run, point, 0, &none, why, room) &&
	     needs_met(point_needs(&run), 0, why, room) &&
	     point_enable_order(&run, true, why, room);
	json_decref(point);
	return ok;
}

/* null if any variant does, else why the first one does not. */
static json_t *describe_order(const struct bench *bench, json_t *order)
{
	const struct bench_variant *v;
	char first[256], why[256];

	for (v = bench->variants; v->name; v++)
		if (has_order(bench, v, order, v == bench->variants ? first : why, sizeof(why)))
			break;
	json_decref(order);
	return v->name ? json_null() : json_string(first);
}

/* Which folio orders the family takes, and this kernel and user can have. */
static json_t *describe_orders(const struct bench *bench)
{
	json_t *orders = json_object();
	char name[16];
	int order;

	for (order = 0; order <= thp_pmd_order(); order++) {
		if (order == 1)
			continue; /* no anonymous folio has order 1 */
		snprintf(name, sizeof(name), "%d", order);
		json_object_set_new(orders, name, describe_order(bench, json_integer(order)));
	}
	json_object_set_new(orders, "pmd", describe_order(bench, json_string("pmd")));
	return orders;
}

json_t *describe_benches(bool here)
{
	json_t *array = json_array(), *json;
	const struct bench *const *b;

	for (b = bench_list; *b; b++) {
		json = json_pack("{s:s,s:s,s:o,s:o}", "name", (*b)->name, "path", (*b)->path,
				 "variants", describe_variants((*b)->variants, here), "params",
				 describe_params(*b));
		add_needs(json, (*b)->needs, here);
		if (here && point_param(*b, BENCH_ORDER))
			json_object_set_new(json, "orders", describe_orders(*b));
		json_array_append_new(array, json);
	}
	return array;
}

static json_t *describe_point(const json_t *asked, unsigned int cpus)
{
	json_t *point = json_deep_copy(asked), *json;
	struct bench_run run;
	char why[256];
	bool none, ok;

	ok = resolve_point(&run, point, cpus, &none, why, sizeof(why));
	json = json_pack("{s:I,s:s?,s:o}", "memory",
			 (json_int_t)(ok && !none ? run_memory(&run) : 0), "why", ok ? NULL : why,
			 "point", none ? json_null() : json_incref(point));
	json_decref(point);
	return json;
}

json_t *describe_points(const json_t *request)
{
	json_int_t page = json_integer_value(json_object_get(request, "page_size"));
	json_int_t cpus = json_integer_value(json_object_get(request, "cpus"));
	json_t *array = json_array();
	struct plan plan;
	size_t i;

	if (!plan_from_json(&plan, json_object_get(request, "plan")))
		return array;
	if (page > 0)
		pages_assume((size_t)page);
	for (i = 0; i < plan.nr_points; i++)
		json_array_append_new(array,
				      describe_point(plan.points[i].point, (unsigned int)cpus));
	plan_free(&plan);
	return array;
}
