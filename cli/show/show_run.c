// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/show/show_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/results/metric_text.h"
#include "analysis/results/point_names.h"
#include "analysis/stats/summary.h"
#include "analysis/tables/functions.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"
#include "cli/show/show_profile.h"
#include "common/hist.h"
#include "common/units.h"

/* The text of any JSON value, malloc'ed: strings bare. */
static char *plain(const json_t *value)
{
	if (json_is_string(value))
		return strdup(json_string_value(value));
	return json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
}

/* "  name    value", a long value wrapped under itself. */
static void show_value(const char *name, const json_t *value)
{
	char *text = plain(value);
	int width;

	width = printf("    %-20s ", name);
	text_wrap(stdout, (size_t)width, (size_t)width, text && *text ? text : "\"\"");
	free(text);
}

static void show_object(const char *head, const json_t *object)
{
	const char *name;
	json_t *value;

	if (!json_object_size(object))
		return;
	printf("  %s\n", head);
	json_object_foreach((json_t *)object, name, value)
		show_value(name, value);
}

static double number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

/* A boot of a VM: what was the kernel's own, what was ours, as common/record.h tells them apart. */
static void show_startup(const json_t *s)
{
	double total = number(s, "start_s") + number(s, "initramfs_s");
	double qemu = number(s, "start_s") - number(s, "vm_s"), init = number(s, "init_s");
	double unpack = number(s, "unpack_s"), ready = number(s, "ready_s");
	double ours = number(s, "initramfs_s") + unpack + ready - init;
	double port = number(s, "port_s") - init, settled = number(s, "settled_s");
	const char *clock = json_string_value(json_object_get(s, "clock"));

	if (!clock || strcmp(clock, "time") || !init || !number(s, "vm_s")) {
		printf("  startup: %.2f s, of which making the initramfs %.3f s\n", total,
		       number(s, "initramfs_s"));
		return;
	}
	text_wrapf(
		stdout, 4,
		"  startup: %.2f s: QEMU %.2f s, kernel %.2f s, ours %.2f s (initramfs made %.3f "
		"s, unpacked %.3f s; init and modules %.3f s; until idle %.3f s; facts %.3f s)",
		total, qemu, total - qemu - ours, ours, number(s, "initramfs_s"), unpack, port,
		settled, ready - init - port - settled);
}

void show_machine(const json_t *json)
{
	const char *label = json_string_value(json_object_get(json, "kernel"));
	const json_t *config = json_object_get(json, "config");
	const char *source = json_string_value(json_object_get(config, "source"));
	size_t symbols = json_object_size(json_object_get(config, "symbols"));
	const json_t *startup = json_object_get(json, "startup");

	printf("machine of %s, boot %lld\n", label ? label : "?",
	       (long long)json_integer_value(json_object_get(json, "boot")));
	if (startup)
		show_startup(startup);
	show_object("facts", json_object_get(json, "facts"));
	if (symbols)
		printf("  config: %zu symbols, from %s\n", symbols, source ? source : "?");
	putchar('\n');
}

static void show_identity(const struct run_record *rec)
{
	char op[POINT_TEXT], when[64] = "?";
	time_t started = (time_t)rec->started;
	json_t *point = rec->point;
	struct params params;
	char *list;
	struct tm tm;

	params_of(&params, &point, 1);
	list = params_common(&params, point);
	text_wrapf(stdout, 4, "%s: %s", point_op(point, op), list ? list : "");
	free(list);
	printf("  kernel %s, boot %d, run %d: %s\n", rec->kernel ? rec->kernel : "?", rec->boot,
	       rec->run, run_status_name(rec->status));
	if (rec->reason)
		text_wrapf(stdout, 4, "  reason: %s", rec->reason);
	if (rec->started > 0 && gmtime_r(&started, &tm))
		strftime(when, sizeof(when), "%F %T UTC", &tm);
	printf("  started %s, took %.3g s; warm-up %d iteration%s; %s\n", when, rec->wall_s,
	       rec->warmup, rec->warmup == 1 ? "" : "s",
	       rec->source ? run_source_name(rec->source) : "no source");
}

static void show_series(const struct run_record *rec)
{
	char *list = NULL;
	size_t i, size;
	FILE *out = open_memstream(&list, &size);

	if (!out)
		return;
	for (i = 0; i < rec->nr_samples; i++)
		fprintf(out, "%llu ", (unsigned long long)rec->samples[i]);
	fclose(out);
	fputs("    ", stdout);
	text_wrap(stdout, 4, 4, list);
	free(list);
}

static bool is_exact(const struct run_record *rec)
{
	return rec->source == SOURCE_EXACT;
}

static const char *per_of(const struct run_record *rec)
{
	return rec->per ? rec->per : "unit";
}

static const char *sample_text(const struct run_record *rec, double value, char text[NUMBER_TEXT])
{
	return is_exact(rec) ? number_count(value, text) : units_ns(value, text);
}

/*
 * Of one of what an op consists of, inside the op, summed over its workers, as tables have it. Of
 * contended ops that is the time of the first role.
 */
static double mean_of_unit(const struct run_record *rec, double mean)
{
	double all = record_sum(rec->workers_ns), n = (double)rec->nr_samples;

	return (json_array_size(rec->workers_ns) && !json_object_size(rec->sides) ? all / n
										  : mean) /
	       rec->per_count;
}

static void show_samples(const struct run_record *rec)
{
	char text[4][NUMBER_TEXT], many[POINT_TEXT];
	size_t i, n = rec->nr_samples;
	double *sorted, mean;
	const char *unit;

	if (!n)
		return;
	sorted = calloc(n, sizeof(*sorted));
	if (!sorted)
		return;
	for (i = 0; i < n; i++)
		sorted[i] = (double)rec->samples[i];
	mean = stats_mean(sorted, n);
	stats_sort(sorted, n);
	printf("  samples: %zu, each one op of %.10g %s\n", n, rec->per_count,
	       rec->per_count == 1 ? per_of(rec) : per_many(per_of(rec), many));
	printf("    min %s, median %s, mean %s, max %s", sample_text(rec, sorted[0], text[0]),
	       sample_text(rec, stats_quantile(sorted, n, 0.5), text[1]),
	       sample_text(rec, mean, text[2]), sample_text(rec, sorted[n - 1], text[3]));
	if (rec->per_count > 1)
		printf("; mean a %s %s", per_of(rec),
		       sample_text(rec, mean_of_unit(rec, mean), text[0]));
	unit = is_exact(rec) ? "kernel instructions" : rec->unit;
	printf("\n    in %s:\n", unit ? unit : "?");
	show_series(rec);
	free(sorted);
}

static void show_verified(const json_t *verified)
{
	const char *name, *wanted, *seen;
	json_t *promise;

	if (json_object_size(verified))
		printf("  promises\n");
	json_object_foreach((json_t *)verified, name, promise) {
		wanted = json_string_value(json_object_get(promise, "wanted"));
		seen = json_string_value(json_object_get(promise, "seen"));
		printf("    %-20s wanted %s, seen %s\n", name, wanted ? wanted : "?",
		       seen ? seen : "?");
	}
}

static void show_per_op(const struct run_record *rec, double total)
{
	double ops = rec->nr_samples ? (double)rec->nr_samples : 1;

	printf("%14.10g  %12.6g an iteration", total, total / ops);
	if (rec->per_count > 1)
		printf("  %10.4g a %s", total / ops / rec->per_count, per_of(rec));
}

/* A multiplexed counter's value is extended to the whole time, and marked so. */
static void show_counter(const struct run_record *rec, const char *name, const json_t *counter)
{
	const char *refused = json_string_value(json_object_get(counter, "refused"));
	double value = json_number_value(json_object_get(counter, "value"));
	double enabled = json_number_value(json_object_get(counter, "enabled"));
	double running = json_number_value(json_object_get(counter, "running"));
	const char *mode = json_string_value(json_object_get(counter, "mode"));

	printf("    %-20s ", name);
	if (refused) {
		text_wrapf(stdout, 25, "refused: %s", refused);
		return;
	}
	if (running <= 0) {
		printf("never ran%s\n", enabled > 0 ? ": multiplexed away" : "");
		return;
	}
	show_per_op(rec, running < enabled ? value * enabled / running : value);
	if (running < enabled)
		printf("  multiplexed: counted %.0f%% of the time, extended",
		       100 * running / enabled);
	if (mode)
		printf("  %s", !strcmp(mode, "user") ? "user space alone" : "whole machine");
	putchar('\n');
}

static void show_counters(const struct run_record *rec)
{
	const char *name;
	json_t *value;

	if (json_object_size(rec->counters))
		printf("  counters: all iterations\n");
	json_object_foreach(rec->counters, name, value)
		show_counter(rec, name, value);
	if (json_object_size(rec->vmstat))
		printf("  vmstat: change over all iterations\n");
	json_object_foreach(rec->vmstat, name, value) {
		printf("    %-20s ", name);
		show_per_op(rec, json_number_value(value));
		putchar('\n');
	}
}

static void show_latency(const json_t *latency)
{
	static const double quantiles[] = {0.5, 0.9, 0.99, 0.999};
	static const char *const names[] = {"median", "p90", "p99", "p99.9"};
	char text[UNITS_TEXT];
	const char *role;
	struct hist hist;
	json_t *json;
	unsigned int q;

	if (json_object_size(latency))
		printf("  latency of single ops, one clock read included\n");
	json_object_foreach((json_t *)latency, role, json) {
		if (!hist_from_json(&hist, json)) {
			printf("    %-20s not a histogram\n", role);
			continue;
		}
		printf("    %-20s ", role);
		for (q = 0; q < sizeof(quantiles) / sizeof(quantiles[0]); q++)
			printf("%s %s, ", names[q],
			       units_ns(hist_quantile(&hist, quantiles[q]), text));
		printf("max %s; ", units_ns((double)hist.max_ns, text));
		printf("%llu ops, steps of %llu ns\n", (unsigned long long)hist.count,
		       (unsigned long long)hist.unit_ns);
	}
}

/* What exact runs count beside the samples. */
static void show_counts(const struct run_record *rec)
{
	static const char *const labels[2] = {"per op", NULL};
	struct functions f = {0};
	double total[2] = {0};
	size_t i;

	show_object("counts: an iteration each", rec->counts);
	show_object("lines of memory: an iteration each", rec->lines);
	show_object("modelled, not measured: an iteration each", rec->modelled);
	if (!json_object_size(rec->functions) || !rec->nr_samples)
		return;
	for (i = 0; i < rec->nr_samples; i++)
		total[0] += (double)rec->samples[i] / (double)rec->nr_samples;
	functions_add(&f, 0, rec->functions, 1 / (double)rec->nr_samples);
	printf("  functions: kernel instructions\n");
	functions_print(stdout, &f, labels, total, FUNCTIONS_SHOWN, 4);
	functions_free(&f);
}

void show_run(const struct run_record *rec)
{
	json_t *note_text;
	char *text;
	size_t i;

	show_identity(rec);
	show_samples(rec);
	if (json_array_size(rec->workers_ns) && (text = plain(rec->workers_ns))) {
		fputs("  workers_ns: ", stdout);
		text_wrap(stdout, 14, 4, text);
		free(text);
	}
	show_object("sides: an iteration each", rec->sides);
	show_latency(rec->latency);
	show_verified(rec->verified);
	show_counts(rec);
	show_counters(rec);
	show_profile(rec->profile);
	show_object("placement", rec->placement);
	show_object("conditions", rec->conditions);
	json_array_foreach(rec->notes, i, note_text)
		if (json_is_string(note_text))
			text_wrapf(stdout, 4, "  note: %s", json_string_value(note_text));
	putchar('\n');
}
