// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/machine/console.h"

#include <ctype.h>
#include <string.h>

#define MOST 1e10 /* no measurement of LAVA's is as large */

void console_mark(const char *mark)
{
	printf("faultbench: %s\n", mark);
	fflush(stdout);
}

static void put_value(FILE *out, const char *name, const char *role, double value, const char *unit)
{
	const char *c;

	fprintf(out, "faultbench: case %s%s", name, role ? "_" : "");
	for (c = role; c && *c; c++)
		fputc(isalnum((unsigned char)*c) ? tolower((unsigned char)*c) : '_', out);
	fprintf(out, " pass %.4f %s;\n", value, unit);
}

static void put_time(FILE *out, const char *name, const struct run_record *rec)
{
	double us = 0;
	size_t i;

	for (i = 0; i < rec->nr_samples; i++)
		us += (double)rec->samples[i] / 1e3 / (double)rec->nr_samples;
	if (us < MOST)
		put_value(out, name, NULL, us, "us");
	else
		put_value(out, name, NULL, us / 1e6, "s");
}

static void put_role(FILE *out, const char *name, const char *role, const json_t *side)
{
	double busy = record_sum(json_object_get(side, "busy_ns"));
	double workers = json_number_value(json_object_get(side, "workers"));
	double ops = record_sum(json_object_get(side, "ops"));

	put_value(out, name, role, busy > 0 ? ops / (busy / workers) * 1e9 : 0, "ops_per_s");
}

void console_run(FILE *out, const char *name, const struct run_record *rec)
{
	const char *role;
	json_t *side;

	if (rec->status != RUN_OK) {
		fprintf(out, "faultbench: %s: %s: %s\n", name, run_status_name(rec->status),
			rec->reason ? rec->reason : "");
		fprintf(out, "faultbench: case %s %s - none;\n", name,
			rec->status == RUN_SKIPPED ? "skip" : "fail");
	} else if (json_object_size(rec->sides)) {
		json_object_foreach(rec->sides, role, side)
			put_role(out, name, role, side);
	} else {
		put_time(out, name, rec);
	}
	fflush(out);
}
