// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/emit/program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/emit/chunks.h"
#include "cli/emit/embedded.h"
#include "common/msg.h"
#include "common/plan_values.h"
#include "common/units.h"

#define MAX_FILES 64
#define COLUMNS	  98

#define DRIVER "bench/standalone/"
#define SOLO   DRIVER "solo.c"
#define CREW   DRIVER "crew.c"
#define ONCE   DRIVER "main.c"
#define EXEC   DRIVER "main_exec.c"

/* The point, and the files that its program may be made of. */
struct program {
	const struct plan_point *point;
	const json_t *bench, *params;
	const char *variant;
	char *stem; /* the family's file and symbol: "fault_vma" */
	bool crew;  /* more than one worker, or one that is timed op by op */
	bool exec;  /* executed for each iteration */
	struct emit_file files[MAX_FILES];
	size_t nr;
};

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* What a point does not say has its default; it is not said in words either. */
static const json_t *value_of(const struct program *p, const json_t *param, bool *ret_said)
{
	const json_t *value = json_object_get(p->point->point, text(param, "name"));

	*ret_said = value != NULL;
	return value ? value : json_object_get(param, "number");
}

/* Workers of a kind that a point asks for, all parameters of that kind together. */
static long workers(const struct program *p, const char *kind)
{
	json_t *param;
	bool any = false, said;
	long sum = 0;
	size_t i;

	json_array_foreach(p->params, i, param) {
		if (strcmp(text(param, "kind"), kind))
			continue;
		any = true;
		sum += (long)json_integer_value(value_of(p, param, &said));
	}
	return any ? sum : 1;
}

/* Whether it is the bytes of a folio, which are an order here: for programs of this machine. */
static bool is_bytes(const json_t *param, const json_t *value, long *ret_order)
{
	const char *name = json_string_value(value);
	int64_t bytes;

	if (strcmp(text(param, "kind"), "order") || !name || !units_parse_bytes(name, &bytes))
		return false;
	*ret_order = 63 - __builtin_clzl((unsigned long)(bytes / sysconf(_SC_PAGESIZE)));
	return true;
}

/* As a user writes it. */
static void put_value(FILE *out, const json_t *param, const json_t *value)
{
	char bytes[UNITS_TEXT];
	long order;

	if (is_bytes(param, value, &order))
		fprintf(out, "%ld", order);
	else if (json_is_string(value))
		fprintf(out, "%s", json_string_value(value));
	else if (!strcmp(text(param, "kind"), "size"))
		fprintf(out, "%s", units_bytes(json_integer_value(value), bytes));
	else
		fprintf(out, "%lld", (long long)json_integer_value(value));
}

/* As the family reads it. */
static void put_number(FILE *out, const json_t *param, const json_t *value)
{
	const json_t *choices = json_object_get(param, "choices");
	size_t i = 0;
	long order;

	if (is_bytes(param, value, &order)) {
		fprintf(out, "%ld", order);
	} else if (!strcmp(text(param, "kind"), "order") && json_is_string(value)) {
		fprintf(out, "ORDER_PMD");
	} else if (json_is_string(value)) {
		while (strcmp(json_string_value(json_array_get(choices, i)),
			      json_string_value(value)))
			i++;
		fprintf(out, "%zu", i);
	} else {
		fprintf(out, "%lld", (long long)json_integer_value(value));
	}
}

/* "fork/fork size=1G order=9" */
static void put_words(FILE *out, const struct program *p)
{
	const json_t *value;
	json_t *param;
	bool said;
	size_t i;

	fprintf(out, "%s/%s", text(p->bench, "name"), p->variant);
	json_array_foreach(p->params, i, param) {
		value = value_of(p, param, &said);
		if (!said)
			continue;
		fprintf(out, " %s=", text(param, "name"));
		put_value(out, param, value);
	}
}

/* A sentence or more as lines of a comment. */
static void put_wrapped(FILE *out, const char *words)
{
	size_t column = 2, len;

	fprintf(out, " *");
	for (; *words; words += strspn(words, " ")) {
		len = strcspn(words, " ");
		if (column + 1 + len > COLUMNS) {
			fprintf(out, "\n *");
			column = 2;
		}
		fprintf(out, " %.*s", (int)len, words);
		column += 1 + len;
		words += len;
	}
	fprintf(out, "\n");
}

#define TASKS "other tasks"
#define CHILD "a child"
#define OWN   "a program of its own"

static void put_names(FILE *out, const json_t *names, bool *any)
{
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name) {
		/* Any machine has these. */
		if (!strcmp(json_string_value(name), TASKS) ||
		    !strcmp(json_string_value(name), CHILD) ||
		    !strcmp(json_string_value(name), OWN))
			continue;
		fprintf(out, "%s%s", *any ? ", " : "", json_string_value(name));
		*any = true;
	}
}

/* What the family and the variant need of a machine: "io_uring, locked memory". */
static char *needs(const struct program *p)
{
	const json_t *variant = plan_by_name(json_object_get(p->bench, "variants"), p->variant);
	char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);
	bool any = false;

	put_names(out, json_object_get(p->bench, "needs"), &any);
	put_names(out, json_object_get(variant, "needs"), &any);
	fclose(out);
	return words;
}

/* Whether it is executed for each iteration. */
static bool executes(const struct program *p)
{
	const json_t *variant = plan_by_name(json_object_get(p->bench, "variants"), p->variant);
	json_t *name;
	size_t i;

	json_array_foreach(json_object_get(variant, "needs"), i, name) {
		if (!strcmp(json_string_value(name), OWN))
			return true;
	}
	return false;
}

/* Headers of the system, as keys, that what is kept includes. */
static json_t *includes(const struct program *p)
{
	json_t *all = json_object();
	size_t i, k;

	for (i = 0; i < p->nr; i++)
		for (k = 0; k < p->files[i].nr; k++)
			if (p->files[i].chunks[k].kept)
				json_object_update(all, p->files[i].includes);
	return all;
}

/* What stands in the head of every program. */
static const char not_done[] =
	"It checks that each op takes the page faults that are promised, and what else the kernel "
	"counts of it. What faultbench does and this does not: it proves folio orders, by what "
	"they are mapped, VMAs, and that nothing leaks (which leaves caches colder); it places "
	"workers by cores, caches and "
	"NUMA nodes, and takes SCHED_FIFO (here: chrt -f 1); it warms up the memory of a guest; it "
	"sets the switches "
	"that folio orders need, makes swap and hugetlb pages, and puts all back; it keeps "
	"counters, vmstat and latencies; and it repeats all this in fresh processes and boots, of "
	"which a stdev is worth more than that of one process.";

/* And in the head of those that execute themselves. */
static const char own_exec[] =
	"What is executed is this program, with fewer libraries than faultbench-worker has: from "
	"execve() to main() takes less time here.";

static void put_head(FILE *out, const struct program *p, const char *need, const json_t *headers)
{
	const json_t *variant = plan_by_name(json_object_get(p->bench, "variants"), p->variant);
	char *sentence = NULL;

	fprintf(out, "/* SPDX-License-Identifier: GPL-2.0-or-later */\n/*\n * ");
	put_words(out, p);
	fprintf(out, "\n *\n");
	if (asprintf(&sentence, "%s. What is timed: %s.", text(p->bench, "path"),
		     text(variant, "help")) > 0)
		put_wrapped(out, sentence);
	fprintf(out, " *\n *     gcc -O2 -o %s %s.c%s -lm && %s./%s\n *\n", p->stem, p->stem,
		json_object_get(headers, "<pthread.h>") ? " -pthread" : "",
		p->crew ? "" : "taskset -c 1 ", p->stem);
	if (*need)
		fprintf(out, " * It needs: %s.\n *\n", need);
	fprintf(out,
		" * The benchmark is bench/%s.c below: op() is what is timed, standalone_measure() "
		"what times it.\n * " EMIT_MARK FAULTBENCH_VERSION
		"; what this point does not call was left out by\n *\n *     faultbench emit-c ",
		p->stem);
	put_words(out, p);
	fprintf(out, " iterations=%d warmup=%d\n *\n", p->point->iterations, p->point->warmup);
	put_wrapped(out, not_done);
	if (p->exec) {
		fprintf(out, " *\n");
		put_wrapped(out, own_exec);
	}
	fprintf(out,
		" *\n * Exit status: 0 ok, 1 an op broke its promise, 77 cannot run here.\n */\n");
	free(sentence);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_includes(FILE *out, json_t *headers)
{
	const char *name, **names;
	size_t i, nr = 0;
	json_t *value;

	names = calloc(json_object_size(headers) + 1, sizeof(*names));
	json_object_foreach(headers, name, value) {
		names[nr++] = name;
	}
	qsort(names, nr, sizeof(*names), by_text);
	fprintf(out, "#define _GNU_SOURCE 1\n\n");
	for (i = 0; i < nr; i++)
		fprintf(out, "#include %s\n", names[i]);
	free(names);
}

static bool is_family(const struct program *p, const char *path)
{
	size_t len = strlen(p->stem);

	return !strncmp(path, "bench/", 6) && !strncmp(path + 6, p->stem, len) &&
	       !strcmp(path + 6 + len, ".c");
}

/* Whether a program has all of a source: of its family and its driver. */
static bool is_whole(const struct program *p, const char *path)
{
	return is_family(p, path) || (!strncmp(path, DRIVER, strlen(DRIVER)) && strstr(path, ".c"));
}

/* Whether another part of the driver takes the place of this one. */
static bool is_other(const struct program *p, const char *path)
{
	return !strcmp(path, p->crew ? SOLO : CREW) || !strcmp(path, p->exec ? ONCE : EXEC);
}

/* What is kept of a file, under its head if that is all of it. */
static void put_file(FILE *out, const struct emit_file *file)
{
	bool head = file->head && file->whole;
	bool any = false;
	size_t i;

	for (i = 0; i < file->nr; i++) {
		if (!file->chunks[i].kept)
			continue;
		if (!any)
			fprintf(out, "\n/* ---- %s ---- */\n%s%s", file->path, head ? "\n" : "",
				head ? file->head : "");
		any = true;
		fprintf(out, "\n%s", file->chunks[i].text);
	}
}

/* What point.c reads (bench/standalone/standalone.h). */
static void put_point(FILE *out, const struct program *p, const char *need)
{
	const json_t *variants = json_object_get(p->bench, "variants"), *value;
	json_t *param;
	size_t i = 0;
	bool said;

	fprintf(out,
		"\n/* ---- the point ---- */\n\nconst struct standalone_point standalone_point = "
		"{\n\t.name = \"");
	put_words(out, p);
	while (strcmp(text(json_array_get(variants, i), "name"), p->variant))
		i++;
	fprintf(out, "\",\n\t.bench = &bench_%s,\n\t.variant = %zu, /* %s */\n\t.value = {\n",
		p->stem, i, p->variant);
	json_array_foreach(p->params, i, param) {
		value = value_of(p, param, &said);
		fprintf(out, "\t\t");
		put_number(out, param, value);
		fprintf(out, ", /* %s=", text(param, "name"));
		put_value(out, param, value);
		fprintf(out, " */\n");
	}
	fprintf(out,
		"\t},\n\t.threads = %ld,\n\t.processes = %ld,\n\t.warmup = %d,\n"
		"\t.iterations = %d,\n\t.needs = \"%s\",\n};\n",
		workers(p, "threads"), workers(p, "processes"), p->point->warmup,
		p->point->iterations, need);
}

/* Reads the sources. False if the family is not among them. */
static bool read_sources(struct program *p)
{
	const struct embedded *source;
	struct emit_file *file;
	bool found = false;

	for (source = embedded_sources; source->path; source++) {
		if (is_other(p, source->path))
			continue;
		if (p->nr == MAX_FILES)
			abort();
		file = &p->files[p->nr++];
		emit_file_read(file, source->path, source->text);
		if (is_whole(p, source->path))
			emit_keep_all(file);
		found |= is_family(p, source->path);
	}
	emit_keep_used(p->files, p->nr);
	return found || err("emit-c: bench/%s.c is not in this faultbench", p->stem);
}

bool emit_program(FILE *out, const struct plan_point *point, const json_t *bench)
{
	struct program *p = calloc(1, sizeof(*p));
	json_t *headers;
	char *need, *c;
	bool ok;
	size_t i;

	if (!p)
		return err("out of memory");
	*p = (struct program){.point = point,
			      .bench = bench,
			      .params = json_object_get(bench, "params"),
			      .variant = text(point->point, "variant"),
			      .stem = strdup(text(bench, "name"))};
	/* A family's name, file and symbol are alike but for this. */
	for (c = p->stem; (c = strchr(c, '-'));)
		*c = '_';
	p->exec = executes(p);
	p->crew = workers(p, "threads") * workers(p, "processes") != 1 ||
		  plan_by_name(p->params, "time");
	ok = read_sources(p);
	need = needs(p);
	headers = includes(p);
	if (ok) {
		put_head(out, p, need, headers);
		put_includes(out, headers);
	}
	for (i = 0; i < p->nr; i++) {
		if (ok)
			put_file(out, &p->files[i]);
		if (ok && is_family(p, p->files[i].path))
			put_point(out, p, need);
	}
	for (i = 0; i < p->nr; i++)
		emit_file_free(&p->files[i]);
	json_decref(headers);
	free(need);
	free(p->stem);
	free(p);
	return ok;
}
