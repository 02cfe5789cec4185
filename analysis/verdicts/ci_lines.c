// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks as lines and XML for CI systems; check_json.c has those that are JSON.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/point_names.h"
#include "analysis/text/xml.h"
#include "analysis/verdicts/print.h"

const struct check_format check_formats[] = {
	{"text", "a table a family, for people", check_text},
	{"ktap", "the kernel's Test Anything Protocol", check_ktap},
	{"junit", "XML, as Jenkins and GitLab read it", check_junit},
	{"lava", "lines for a LAVA job's console", check_lava},
	{"kcidb", "a report for KCIDB, schema 5.3", check_kcidb},
	{"json", "all that a row holds", check_json},
	{0},
};

/* Puts a text on one line, without the character that has a meaning there. */
static void put_plain(FILE *out, const char *text, char meant)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == meant ? ' ' : *text, out);
}

static void put_number(FILE *out, const char *name, double value)
{
	if (isfinite(value))
		fprintf(out, " %s=%.8g", name, value);
}

static void put_ktap_numbers(FILE *out, const struct check_row *row, bool reason)
{
	size_t i;

	fprintf(out, "# verdict=%s unit=%s", verdict_name(row->verdict), row->metric->unit);
	put_number(out, "base", row->mean[0]);
	put_number(out, "this", row->mean[1]);
	put_number(out, "change", row->change);
	put_number(out, "low", row->low);
	put_number(out, "high", row->high);
	put_number(out, "p", row->p);
	put_number(out, row->paired ? "signed_rank" : "mann_whitney", row->ranks.p);
	put_number(out, "detectable", row->detectable);
	fprintf(out, " units=%zu,%zu\n", row->units[0], row->units[1]);
	if (reason && row->why) {
		fprintf(out, "# %s: ", verdict_name(row->verdict));
		put_plain(out, row->why, '#');
		fputc('\n', out);
	}
	for (i = 0; i < row->diagnoses.nr; i++) {
		fprintf(out, "# %s: ", diagnosis_name(row->diagnoses.of[i].kind));
		put_plain(out, row->diagnoses.of[i].text, '#');
		fputc('\n', out);
	}
}

static void put_ktap_row(FILE *out, const struct check *check, const struct check_row *row,
			 size_t number)
{
	enum check_result result = check_result(check, row);
	char *name = check_row_name(check, row);
	bool open = result == CHECK_OPEN || result == CHECK_SKIPPED;

	put_ktap_numbers(out, row, !open);
	fprintf(out, "%s %zu %s", result == CHECK_FAILS ? "not ok" : "ok", number,
		name ? name : "");
	if (open) {
		fprintf(out, " # SKIP %s: ", verdict_name(row->verdict));
		put_plain(out, row->why, '#');
	}
	fputc('\n', out);
	free(name);
}

void check_ktap(FILE *out, const struct check *checks, size_t nr, const struct check_origin *origin)
{
	size_t i, k, rows = 0, number = 0;

	(void)origin;
	for (i = 0; i < nr; i++)
		rows += checks[i].nr_rows;
	fprintf(out, "KTAP version 1\n1..%zu\n", rows);
	for (i = 0; i < nr; i++)
		for (k = 0; k < checks[i].nr_rows; k++)
			put_ktap_row(out, &checks[i], &checks[i].rows[k], ++number);
}

static void put_junit_case(FILE *out, const struct check *check, const struct check_row *row)
{
	char *name = check_row_name(check, row), *numbers = check_row_numbers(row);
	enum check_result result = check_result(check, row);

	fputs("    <testcase classname=\"faultbench.", out);
	xml_put(out, point_bench(check->results->points[row->point]));
	fprintf(out, "\" name=\"%s\">\n", name ? name : "");
	if (result == CHECK_FAILS) {
		fprintf(out, "      <failure type=\"%s\" message=\"", verdict_name(row->verdict));
		xml_put(out, row->verdict == VERDICT_FAILS ? row->why : numbers ? numbers : "");
		fputs("\"/>\n", out);
	} else if (result != CHECK_PASSES) {
		fprintf(out, "      <skipped message=\"%s: ", verdict_name(row->verdict));
		xml_put(out, row->why);
		fputs("\"/>\n", out);
	}
	fprintf(out, "      <system-out>%s: ", verdict_name(row->verdict));
	xml_put(out, numbers ? numbers : "");
	if (row->why) {
		fputs(numbers && *numbers ? "; " : "", out);
		xml_put(out, row->why);
	}
	fputs("</system-out>\n    </testcase>\n", out);
	free(name);
	free(numbers);
}

/* The rows of one kernel, from number `first` on; returns where they end. */
static size_t put_junit_suite(FILE *out, const struct check *check, size_t first)
{
	const struct results *r = check->results;
	size_t nr[NR_CHECK_RESULTS] = {0}, end, k;

	for (end = first;
	     end < check->nr_rows && check->rows[end].kernel == check->rows[first].kernel; end++)
		nr[check_result(check, &check->rows[end])]++;
	fputs("  <testsuite name=\"", out);
	xml_put(out, r->kernels[check->rows[first].kernel].label);
	fputs(" against ", out);
	xml_put(out, r->kernels[check->base].label);
	if (check->several)
		fprintf(out, ", %s", check_source(check));
	fprintf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
		end - first, nr[CHECK_FAILS], nr[CHECK_OPEN] + nr[CHECK_SKIPPED]);
	for (k = first; k < end; k++)
		put_junit_case(out, check, &check->rows[k]);
	fputs("  </testsuite>\n", out);
	return end;
}

void check_junit(FILE *out, const struct check *checks, size_t nr,
		 const struct check_origin *origin)
{
	size_t i, k;

	(void)origin;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	for (i = 0; i < nr; i++)
		for (k = 0; k < checks[i].nr_rows;)
			k = put_junit_suite(out, &checks[i], k);
	fputs("</testsuites>\n", out);
}

/* LAVA keeps a measurement as a decimal number of 20 digits, 10 of them behind the point. */
#define LAVA_MOST 1e10

static void put_measurement(FILE *out, const struct check_row *row)
{
	char text[64];
	size_t len;

	if (!isfinite(row->mean[1]) || fabs(row->mean[1]) >= LAVA_MOST)
		return;
	snprintf(text, sizeof(text), "%.4f", row->mean[1]);
	len = strlen(text);
	while (text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[--len] = '\0';
	fprintf(out, " UNITS=%s MEASUREMENT=%s", row->metric->unit, text);
}

static void put_lava_row(FILE *out, const struct check *check, const struct check_row *row)
{
	static const char *const results[NR_CHECK_RESULTS] = {
		[CHECK_PASSES] = "pass",
		[CHECK_FAILS] = "fail",
		[CHECK_OPEN] = "unknown",
		[CHECK_SKIPPED] = "skip",
	};
	char *name = check_row_name(check, row);

	/* The signal has no place for these; they stand before it on the console. */
	fprintf(out, "%s: %s%s", name ? name : "", verdict_name(row->verdict),
		row->why ? ": " : "");
	put_plain(out, row->why ? row->why : "", '<');
	fprintf(out, "\n<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=%s RESULT=%s", name ? name : "",
		results[check_result(check, row)]);
	put_measurement(out, row);
	fputs(">\n", out);
	free(name);
}

void check_lava(FILE *out, const struct check *checks, size_t nr, const struct check_origin *origin)
{
	size_t i, k;

	(void)origin;
	for (i = 0; i < nr; i++)
		for (k = 0; k < checks[i].nr_rows; k++)
			put_lava_row(out, &checks[i], &checks[i].rows[k]);
}
