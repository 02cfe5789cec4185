// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/metric_text.h"
#include "analysis/results/point_names.h"
#include "analysis/verdicts/print.h"

static void put_word(FILE *out, const char *word)
{
	for (; *word; word++)
		fputc(isascii(*word) && (isalnum((unsigned char)*word) || *word == '-') ? *word
											: '_',
		      out);
}

char *check_row_name(const struct check *check, const struct check_row *row)
{
	json_t *point = check->results->points[row->point];
	char *name = NULL, text[POINT_TEXT];
	struct params params;
	size_t i, size;
	FILE *out = open_memstream(&name, &size);

	if (!out)
		return NULL;
	if (check->results->nr_kernels > 2) {
		put_word(out, check->results->kernels[row->kernel].label);
		fputc('.', out);
	}
	put_word(out, point_bench(point));
	fputc('.', out);
	put_word(out, point_variant(point));
	params_of(&params, &point, 1);
	for (i = 0; i < params.nr; i++) {
		if (!strcmp(params.name[i], "variant"))
			continue;
		fputc('.', out);
		put_word(out, params.name[i]);
		fputc('-', out);
		put_word(out, point_value(point, params.name[i], text));
	}
	if (row->metric->role) {
		fputc('.', out);
		put_word(out, row->metric->role);
	}
	if (!metric_is_time(row->metric)) {
		fputc('.', out);
		put_word(out, metric_what(row->metric));
	}
	if (check->several && check->results->source > SOURCE_TIMED)
		fprintf(out, ".%s", check_source(check));
	fclose(out);
	return name;
}

/* A mean with its unit: "14.2 ms", "641k ops/s", "6.897M insn". */
static void put_mean(FILE *out, const struct check_row *row, double mean)
{
	char text[NUMBER_TEXT];

	fprintf(out, "%s", value_text(row->metric, mean, text));
	if (strcmp(row->metric->unit, "ns") && strcmp(row->metric->unit, "fraction"))
		fprintf(out, " %s", row->metric->unit);
}

char *check_row_numbers(const struct check_row *row)
{
	char *numbers = NULL;
	size_t size;
	FILE *out = open_memstream(&numbers, &size);

	if (!out)
		return NULL;
	if (isfinite(row->change)) {
		fprintf(out, "%+.2f %%", row->change * 100);
		if (isfinite(row->low))
			fprintf(out, " (%+.2f %% .. %+.2f %%)", row->low * 100, row->high * 100);
		fprintf(out, ", base ");
		put_mean(out, row, row->mean[0]);
	} else if (isinf(row->change)) {
		fprintf(out, "from 0 to ");
		put_mean(out, row, row->mean[1]);
	}
	if (!isnan(row->change))
		fprintf(out, ", %zu and %zu %s", row->units[0], row->units[1],
			row->by_boot ? "boots" : "runs");
	fclose(out);
	return numbers;
}

enum check_result check_result(const struct check *check, const struct check_row *row)
{
	static const enum check_result results[NR_VERDICTS] = {
		[VERDICT_REGRESSION] = CHECK_FAILS, [VERDICT_FAILS] = CHECK_FAILS,
		[VERDICT_WITHIN_BAND] = CHECK_OPEN, [VERDICT_INCONCLUSIVE] = CHECK_OPEN,
		[VERDICT_SKIPPED] = CHECK_SKIPPED,
	};

	if (row->verdict == VERDICT_WITHIN_BAND && check->accept_band)
		return CHECK_PASSES;
	return results[row->verdict];
}
