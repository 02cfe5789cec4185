// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machines and kernels of a report: a row a fact, and in it each kernel that differs.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/report.h"
#include "analysis/results/machine_facts.h"
#include "analysis/text/grid.h"

#define IMAGE_TEXT 12 /* digits of a sum */

/* Facts of one row: names, or all that begin with what stands before a '*'. */
static const struct row {
	const char *head;
	const char *facts[6];
} rows[] = {
	{"release", {"kernel.release"}},
	{"version", {"kernel.version"}},
	{"compiler", {"kernel.compiler"}},
	{"image", {NULL}}, /* of the kernel record */
	{"command line", {"kernel.cmdline"}},
	{"tainted", {"kernel.tainted"}},
	{"machine", {"machine.vendor", "machine.model", "machine.bios"}},
	{"hypervisor", {"hypervisor"}},
	{"CPU", {"cpu.model"}},
	{"microcode", {"cpu.microcode"}},
	{"topology", {"topology"}},
	{"CPUs used", {"process.cpus_allowed"}},
	{"frequency", {"cpu.freq_driver", "cpu.governor", "cpu.boost", "cpu.no_turbo"}},
	{"SMT", {"cpu.smt_control"}},
	{"mitigations", {"mitigation.*"}},
	{"memory", {"mem.total_kB"}},
	{"page size", {"mem.page_size"}},
	{"THP", {"thp.enabled", "thp.defrag", "thp.use_zero_page"}},
	{"mTHP", {"mthp.*"}},
	{"swap", {"swap.total_kB"}},
	{"NUMA", {"numa.nodes", "sysctl.kernel.numa_balancing"}},
	{"KSM", {"ksm.run"}},
	{"DAMON", {"damon.threads"}},
	{"clock", {"clock.source", "clock.resolution_ns"}},
	{"root", {"process.uid", "process.kpageflags"}},
};

#define NR_ROWS (sizeof(rows) / sizeof(rows[0]))

/* "kB": what follows the last '_' if that is a unit, else "". */
static const char *unit_of(const char *name)
{
	const char *unit = strrchr(name, '_');

	return unit && (!strcmp(unit, "_kB") || !strcmp(unit, "_ns")) ? unit + 1 : "";
}

/* Of a row with one fact its value, else "name value": the name without what the row says. */
static void put_fact(FILE *out, const json_t *machine, const char *fact, bool named)
{
	char *text = fact_text(machine, fact);
	const char *name = strrchr(fact, '.'), *unit = unit_of(fact);
	int length;

	name = name ? name + 1 : fact;
	length = (int)(strlen(name) - (*unit ? strlen(unit) + 1 : 0));
	if (text && *text && strcmp(text, "null"))
		fprintf(out, "%s%.*s%s%s%s%s", ftell(out) ? ", " : "", named ? length : 0, name,
			named ? " " : "", text, *unit ? " " : "", unit);
	free(text);
}

/* All facts that begin so, but those that say that there is nothing to say. */
static void put_facts(FILE *out, const json_t *machine, const char *prefix)
{
	size_t len = strlen(prefix) - 1, idle = 0;
	const char *name;
	json_t *value;
	bool same;

	json_object_foreach(json_object_get(machine, "facts"), name, value) {
		if (strncmp(name, prefix, len))
			continue;
		same = json_is_string(value) && !strcmp(json_string_value(value), "Not affected");
		idle += same;
		if (!same)
			put_fact(out, machine, name, true);
	}
	if (idle)
		fprintf(out, "%s%zu not affected", ftell(out) ? ", " : "", idle);
}

/* "debian:linux-image-cloud-arm64, sha256 0123456789ab" */
static void put_image(FILE *out, const struct kernel_record *about)
{
	if (about->sha256)
		fprintf(out, "%s, sha256 %.*s", about->source ? about->source : "?", IMAGE_TEXT,
			about->sha256);
}

/* What a kernel's row says, malloc'ed; NULL if nothing. */
static char *value_of(const struct result_kernel *kernel, const struct row *row)
{
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (!row->facts[0])
		put_image(out, &kernel->about);
	for (i = 0; row->facts[i]; i++) {
		if (strchr(row->facts[i], '*'))
			put_facts(out, kernel->machine, row->facts[i]);
		else
			put_fact(out, kernel->machine, row->facts[i], row->facts[1]);
	}
	if (fclose(out) || !*text) {
		free(text);
		text = NULL;
	}
	return text;
}

/* "base, other: value": the kernels whose value is that of kernel k, unless all that were measured
 * have it; marks them. */
static char *with_labels(const struct results *r, char **values, size_t k, bool *done)
{
	char *text = NULL;
	size_t size, i, nr = 0, measured = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (i = 0; i < r->nr_kernels; i++)
		measured += r->kernels[i].machine != NULL;
	for (i = k; i < r->nr_kernels; i++) {
		if (!values[i] || strcmp(values[i], values[k]))
			continue;
		done[i] = true;
		fprintf(out, "%s%s", nr++ ? ", " : "", r->kernels[i].label);
	}
	if (nr >= measured)
		rewind(out);
	fprintf(out, "%s%s", nr >= measured ? "" : ": ", values[k]);
	if (fclose(out)) {
		free(text);
		text = NULL;
	}
	return text;
}

static void put_row(struct grid *g, const struct results *r, const struct row *row, char **values,
		    bool *done)
{
	const char *head = row->head;
	size_t k;
	char *text;

	memset(done, 0, r->nr_kernels * sizeof(*done));
	for (k = 0; k < r->nr_kernels; k++)
		values[k] = value_of(&r->kernels[k], row);
	for (k = 0; k < r->nr_kernels; k++) {
		if (done[k] || !values[k])
			continue;
		text = with_labels(r, values, k, done);
		grid_row(g);
		grid_put(g, "%s", head);
		grid_span(g, text ? text : "");
		free(text);
		head = "";
	}
	for (k = 0; k < r->nr_kernels; k++)
		free(values[k]);
}

void report_environment(FILE *out, const struct report *report, size_t part)
{
	const struct tables *t = &report->part[part].tables;
	const struct results *r = t->results;
	char **values = calloc(r->nr_kernels + 1, sizeof(*values));
	bool *done = calloc(r->nr_kernels + 1, sizeof(*done));
	struct grid g = {0};
	size_t i;

	grid_column(&g, "", true);
	grid_column(&g, "", true);
	for (i = 0; values && done && i < NR_ROWS; i++)
		put_row(&g, r, &rows[i], values, done);
	if (g.nr_rows)
		grid_print(&g, out);
	else
		fprintf(out, "The journals do not say on which machine they were measured.\n");
	facts_differences(out, r, t->base);
	grid_free(&g);
	free(values);
	free(done);
}
