// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernels and machines in the words of the kernel test robot.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/machine_facts.h"
#include "analysis/results/point_names.h"
#include "analysis/tables/published/lkp.h"
#include "common/files.h"
#include "common/sha256.h"

#define SHORT	   10 /* digits of a commit */
#define SUM_DIGITS 12 /* of a config */
#define GIB_IN_KB  (1024.0 * 1024)

void lkp_put_point(FILE *out, const json_t *point, const char *key)
{
	char op[POINT_TEXT], value[POINT_TEXT];

	fprintf(out, "%s.", point_op(point, op));
	if (key)
		fprintf(out, "%s-%s.", key, point_value(point, key, value));
}

void lkp_put_kernel(FILE *out, const struct result_kernel *kernel, int digits)
{
	const struct kernel_record *about = &kernel->about;
	char *release = about->release ? strdup(about->release)
				       : fact_text(kernel->machine, "kernel.release");
	bool named = release && strcmp(release, kernel->label) != 0;

	if (about->commit)
		fprintf(out, "%.*s (\"%s\")%s%s", digits, about->commit,
			about->subject ? about->subject : "", about->layout ? ", " : "",
			about->layout ? kernel->label : "");
	else
		fprintf(out, "%s%s%s%s%s%s", kernel->label, named || about->source ? " (" : "",
			named ? release : "", named && about->source ? ", " : "",
			about->source ? about->source : "", named || about->source ? ")" : "");
	free(release);
}

char *lkp_compiler(const struct result_kernel *kernel)
{
	return fact_text(kernel->machine, "kernel.compiler");
}

char *lkp_governor(const struct result_kernel *kernel)
{
	return fact_text(kernel->machine, "cpu.governor");
}

/* A config has no name here; what is in it gives it one. */
char *lkp_config(const struct result_kernel *kernel)
{
	const json_t *config = json_object_get(kernel->machine, "config");
	const json_t *symbols = json_object_get(config, "symbols");
	char *text = json_object_size(symbols) ? json_dumps(symbols, JSON_COMPACT | JSON_SORT_KEYS)
					       : NULL;
	char sum[SHA256_TEXT];

	if (!text)
		return NULL;
	sha256_data(text, strlen(text), sum);
	free(text);
	return files_text("%.*s", SUM_DIGITS, sum);
}

/* "8" of "2 packages, 1 NUMA node, 8 PUs": how many there are of a level; 0 if it is not said. */
static long count_of(const char *topology, const char *level)
{
	const char *at = topology;
	char *end;
	long nr;

	for (; at; at = strchr(at, ',')) {
		at += strspn(at, ", ");
		nr = strtol(at, &end, 10);
		end += strspn(end, " ");
		if (!strncmp(end, level, strlen(level)))
			return nr;
	}
	return 0;
}

/* "8 threads 1 sockets Neoverse-N1 with 16G memory" */
char *lkp_machine(const struct result_kernel *kernel)
{
	char *topology = fact_text(kernel->machine, "topology"), title[FACTS_TITLE], *text = NULL;
	long threads = topology ? count_of(topology, "PU") : 0;
	long sockets = topology ? count_of(topology, "package") : 0;
	double memory = fact_number(kernel->machine, "mem.total_kB") / GIB_IN_KB;
	size_t size;
	FILE *out = kernel->machine ? open_memstream(&text, &size) : NULL;

	free(topology);
	if (!out)
		return NULL;
	if (threads > 0)
		fprintf(out, "%ld threads ", threads);
	if (sockets > 0)
		fprintf(out, "%ld sockets ", sockets);
	fprintf(out, "%s", facts_title(kernel->machine, title));
	if (memory > 0)
		fprintf(out, " with %.*fG memory", memory < 10 ? 1 : 0, memory);
	fclose(out);
	return text;
}

/* An axis of the table: it ends at a '/' and has no blanks. */
struct axis {
	const char *name;
	char *value;
};

#define AXES (POINT_PARAMS + 8)

static void add_axis(struct axis axes[AXES], size_t *nr, const char *name, char *value)
{
	char *at;

	if (!value || *nr == AXES) {
		free(value);
		return;
	}
	for (at = value; *at; at++)
		if (*at == ' ' || *at == '/')
			*at = '-';
	axes[(*nr)++] = (struct axis){name, value};
}

/* One of a fact that both kernels have in common. */
static void add_fact(const struct cover *c, size_t row, struct axis axes[AXES], size_t *nr,
		     const char *name, lkp_fact *fact)
{
	char *base = fact(&c->r->kernels[c->base]), *other = fact(&c->r->kernels[c->row[row]]);
	bool same = base && other && !strcmp(base, other);

	add_axis(axes, nr, name, same ? strdup(base) : NULL);
	free(base);
	free(other);
}

/* "gcc-12" of "gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld ..." */
static char *short_compiler(const struct result_kernel *kernel)
{
	char *text = lkp_compiler(kernel);

	if (text)
		text[strcspn(text, " ,")] = '\0';
	return text;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct axis *)a)->name, ((const struct axis *)b)->name);
}

static size_t take_axes(const struct cover *c, size_t row, struct axis axes[AXES])
{
	json_t *point = c->r->points[c->group[0].point], *value;
	char text[POINT_TEXT];
	const char *name;
	size_t nr = 0;

	add_fact(c, row, axes, &nr, "compiler", short_compiler);
	add_fact(c, row, axes, &nr, "cpufreq_governor", lkp_governor);
	add_fact(c, row, axes, &nr, "kconfig", lkp_config);
	add_axis(axes, &nr, "tbox_group", strdup(c->title));
	add_axis(axes, &nr, "test", strdup(point_variant(point)));
	add_axis(axes, &nr, "testcase", strdup(point_bench(point)));
	json_object_foreach(point, name, value)
		if (strcmp(name, "bench") && strcmp(name, "variant") &&
		    !(c->key && !strcmp(name, c->key)))
			add_axis(axes, &nr, name, strdup(point_value(point, name, text)));
	qsort(axes, nr, sizeof(*axes), by_name);
	return nr;
}

void lkp_put_axes(const struct cover *c, size_t row)
{
	struct axis axes[AXES];
	size_t nr = take_axes(c, row, axes), i;

	for (i = 0; i < nr; i++)
		fprintf(c->out, "%s%s", i ? "/" : "", axes[i].name);
	fputs(":\n  ", c->out);
	for (i = 0; i < nr; i++) {
		fprintf(c->out, "%s%s", i ? "/" : "", axes[i].value);
		free(axes[i].value);
	}
	fputs("\n\ncommit:\n  ", c->out);
	lkp_put_kernel(c->out, &c->r->kernels[c->base], SHORT);
	fputs("\n  ", c->out);
	lkp_put_kernel(c->out, &c->r->kernels[c->row[row]], SHORT);
	fputs("\n\n", c->out);
}
