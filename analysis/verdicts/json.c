// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/results/machine_facts.h"
#include "analysis/results/metric_text.h"
#include "analysis/verdicts/print.h"

/* A number, or null: JSON has no NaN. */
static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *diagnoses_json(const struct diagnoses *list)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < list->nr; i++)
		json_array_append_new(array, json_pack("{s:s,s:s?,s:o,s:s}", "kind",
						       diagnosis_name(list->of[i].kind), "kernel",
						       list->of[i].label, "value",
						       number(list->of[i].value), "text",
						       list->of[i].text));
	return array;
}

static json_t *failures_json(const struct failures *f)
{
	return json_pack("{s:s,s:[I,I],s:[I,I],s:[I,I],s:o}", "unit_is",
			 f->by_boot ? "boot" : "run", "trials", (json_int_t)f->trials[0],
			 (json_int_t)f->trials[1], "failed", (json_int_t)f->failed[0],
			 (json_int_t)f->failed[1], "lost", (json_int_t)f->lost[0],
			 (json_int_t)f->lost[1], "p", number(f->p));
}

static json_t *tail_json(const struct tail *t)
{
	return json_pack("{s:[I,I],s:[I,I],s:o,s:I,s:o,s:I}", "trials", (json_int_t)t->trials[0],
			 (json_int_t)t->trials[1], "slow", (json_int_t)t->slow[0],
			 (json_int_t)t->slow[1], "p", number(t->p), "apart", (json_int_t)t->apart,
			 "may_be_worse", number(t->may_be), "runs", (json_int_t)t->runs);
}

/* What stands behind the verdict. */
static json_t *row_json(const struct check *check, const struct check_row *row)
{
	const struct results *r = check->results;
	json_t *json;

	json = json_pack("{s:s,s:s,s:O,s:s?,s:s,s:s,s:s,s:s?,s:[o,o],s:[I,I],s:s,s:b}", "kernel",
			 r->kernels[row->kernel].label, "base", r->kernels[check->base].label,
			 "point", r->points[row->point], "role", row->metric->role, "quantity",
			 metric_what(row->metric), "unit", row->metric->unit, "verdict",
			 verdict_name(row->verdict), "why", row->why, "mean", number(row->mean[0]),
			 number(row->mean[1]), "units", (json_int_t)row->units[0],
			 (json_int_t)row->units[1], "unit_is", row->by_boot ? "boot" : "run",
			 "paired", row->paired);
	json_object_set_new(json, "metric", json_string(row->metric->name));
	json_object_set_new(json, "better", json_string(metric_better(row->metric)));
	json_object_set_new(json, "change", number(row->change));
	json_object_set_new(json, "interval",
			    json_pack("[o,o]", number(row->low), number(row->high)));
	json_object_set_new(json, "bounds",
			    json_pack("[o,o]", number(row->low_bound), number(row->high_bound)));
	json_object_set_new(json, "df", number(row->exact ? NAN : row->interval.df));
	json_object_set_new(json, "df_of_other_points", number(row->exact ? NAN : row->pooled));
	json_object_set_new(json, "p_holm", number(row->p));
	json_object_set_new(json, "p_mann_whitney", number(row->paired ? NAN : row->ranks.p));
	json_object_set_new(json, "p_signed_rank", number(row->paired ? row->ranks.p : NAN));
	json_object_set_new(json, "detectable", number(row->detectable));
	json_object_set_new(json, "needs",
			    row->needs ? json_integer((json_int_t)row->needs) : json_null());
	json_object_set_new(json, "failures", failures_json(&row->failures));
	json_object_set_new(json, "tail",
			    row->tail.trials[0] ? tail_json(&row->tail) : json_null());
	json_object_set_new(json, "diagnoses", diagnoses_json(&row->diagnoses));
	return json;
}

static void dump(FILE *out, json_t *json)
{
	json_dumpf(json, out, JSON_INDENT(1) | JSON_REAL_PRECISION(8));
	fputc('\n', out);
	json_decref(json);
}

/* In what else than the kernel the machines differ, as text; or null. */
static json_t *environment(const struct check *check)
{
	char *text = NULL;
	json_t *json;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return json_null();
	facts_differences(out, check->results, check->base);
	fclose(out);
	json = text && *text ? json_string(text) : json_null();
	free(text);
	return json;
}

static json_t *check_object(const struct check *check)
{
	json_t *rows = json_array(), *warnings = json_array();
	size_t i;

	for (i = 0; i < check->nr_rows; i++)
		json_array_append_new(rows, row_json(check, &check->rows[i]));
	for (i = 0; i < check->results->warnings.nr; i++)
		json_array_append_new(warnings, json_string(check->results->warnings.text[i]));
	return json_pack("{s:f,s:b,s:f,s:I,s:o,s:o,s:o}", "threshold", check->threshold,
			 "accept_band", check->accept_band, "confidence", INTERVAL_CONFIDENCE,
			 "judged", (json_int_t)check->judged, "environment", environment(check),
			 "warnings", warnings, "rows", rows);
}

/* Of one source it is that object, of several a list of them, each with its source. */
void check_json(FILE *out, const struct check *checks, size_t nr, const struct check_origin *origin)
{
	json_t *sections = json_array(), *one;
	size_t i;

	(void)origin;
	for (i = 0; i < nr; i++) {
		one = check_object(&checks[i]);
		if (checks[i].several)
			json_object_set_new(one, "source", json_string(check_source(&checks[i])));
		json_array_append_new(sections, one);
	}
	dump(out, nr > 1 ? json_pack("{s:O}", "sections", sections)
			 : json_incref(json_array_get(sections, 0)));
	json_decref(sections);
}

/* When the first run of the row's kernel started, s since 1970; 0 if no run says. */
static double started(const struct check *check, const struct check_row *row)
{
	const struct result_cell *cell = results_cell(check->results, row->kernel, row->point);
	double first = INFINITY;
	size_t i;

	for (i = 0; cell && i < cell->nr; i++)
		if (cell->runs[i].started > 0)
			first = fmin(first, cell->runs[i].started);
	return isfinite(first) ? first : 0;
}

static const char *kcidb_status(const struct check *check, const struct check_row *row)
{
	static const char *const results[NR_CHECK_RESULTS] = {
		[CHECK_PASSES] = "PASS",
		[CHECK_FAILS] = "FAIL",
		[CHECK_SKIPPED] = "SKIP",
	};
	const char *status = results[check_result(check, row)];

	if (status)
		return status;
	return isfinite(row->mean[1]) ? "DONE" : "MISS";
}

static json_t *kcidb_number(const struct check_row *row)
{
	if (!strcmp(row->metric->unit, "ns"))
		return json_pack("{s:f,s:s,s:s}", "value", row->mean[1] / 1e9, "unit", "s",
				 "prefix", "metric");
	return json_pack("{s:f,s:s}", "value", row->mean[1], "unit", row->metric->unit);
}

static void put_format(json_t *json, const char *key, char *text)
{
	if (text)
		json_object_set_new(json, key, json_string(text));
	free(text);
}

static json_t *kcidb_test(const struct check *check, const struct check_row *row,
			  const struct check_origin *origin)
{
	const char *label = check->results->kernels[row->kernel].label;
	char *name = check_row_name(check, row), *numbers = check_row_numbers(row), *text, date[32];
	double start = started(check, row);
	time_t second = (time_t)start;
	struct tm tm;
	json_t *test;

	test = json_pack("{s:s,s:s,s:o}", "origin", origin->name, "status",
			 kcidb_status(check, row), "misc",
			 json_pack("{s:o}", "faultbench", row_json(check, row)));
	if (asprintf(&text, "%s:%s-%s-%.0f", origin->name, label, name ? name : "", start * 1e6) >=
	    0)
		put_format(test, "id", text);
	if (asprintf(&text, "%s:%s", origin->name, label) >= 0)
		put_format(test, "build_id", text);
	if (origin->build_id)
		json_object_set_new(test, "build_id", json_string(origin->build_id));
	if (asprintf(&text, "faultbench.%s", name ? name : "") >= 0)
		put_format(test, "path", text);
	if (asprintf(&text, "%s: %s%s%s", verdict_name(row->verdict), numbers,
		     row->why && *numbers ? "; " : "", row->why ? row->why : "") >= 0)
		put_format(test, "comment", text);
	if (isfinite(row->mean[1]))
		json_object_set_new(test, "number", kcidb_number(row));
	if (start > 0 && gmtime_r(&second, &tm) &&
	    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S+00:00", &tm))
		json_object_set_new(test, "start_time", json_string(date));
	free(name);
	free(numbers);
	return test;
}

void check_kcidb(FILE *out, const struct check *checks, size_t nr,
		 const struct check_origin *origin)
{
	json_t *tests = json_array();
	size_t i, k;

	for (i = 0; i < nr; i++)
		for (k = 0; k < checks[i].nr_rows; k++)
			json_array_append_new(tests,
					      kcidb_test(&checks[i], &checks[i].rows[k], origin));
	dump(out,
	     json_pack("{s:{s:i,s:i},s:o}", "version", "major", 5, "minor", 3, "tests", tests));
}
