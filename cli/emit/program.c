// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/emit/program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/emit/brief.h"
#include "cli/emit/chunks.h"
#include "cli/emit/embedded.h"
#include "cli/emit/point.h"
#include "common/msg.h"
#include "common/plan_values.h"
#include "common/units.h"

#define DRIVER "bench/standalone/"
#define SOLO   DRIVER "solo.c"
#define CREW   DRIVER "crew.c"
#define BRIEF  DRIVER "brief"
#define ALONE  BRIEF ".c"
#define TEAM   BRIEF "_crew.c"
#define AREA   BRIEF "_area.c"
#define ONCE   DRIVER "main.c"
#define EXEC   DRIVER "main_exec.c"

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
	point_put_words(out, p);
	fprintf(out, "\n *\n");
	if (asprintf(&sentence, "%s. What is timed: %s.", point_text(p->bench, "path"),
		     point_text(variant, "help")) > 0)
		point_put_wrapped(out, sentence);
	fprintf(out, " *\n *     gcc -O2 -o %s %s.c%s -lm && %s./%s\n *\n", p->stem, p->stem,
		json_object_get(headers, "<pthread.h>") ? " -pthread" : "",
		p->crew ? "" : "taskset -c 1 ", p->stem);
	if (*need)
		fprintf(out, " * It needs: %s.\n *\n", need);
	if (*point_file(p, true)) {
		point_put_wrapped(out, point_file(p, true));
		fprintf(out, " *\n");
	}
	fprintf(out,
		" * The benchmark is bench/%s.c below: op() is what is timed, standalone_measure() "
		"what times it.\n * " EMIT_MARK FAULTBENCH_VERSION
		"; what this point does not call was left out by\n *\n *     faultbench emit-c ",
		p->stem);
	point_put_words(out, p);
	fprintf(out, " iterations=%d warmup=%d\n *\n", p->point->iterations, p->point->warmup);
	point_put_wrapped(out, not_done);
	if (p->exec) {
		fprintf(out, " *\n");
		point_put_wrapped(out, own_exec);
	}
	fprintf(out,
		" *\n * Exit status: 0 ok, 1 an op broke its promise, 77 cannot run here.\n */\n");
	free(sentence);
}

/* Whether a program has all of a source: of its family and its driver. */
static bool is_whole(const struct program *p, const char *path)
{
	return point_is_family(p, path) ||
	       (!strncmp(path, DRIVER, strlen(DRIVER)) && strstr(path, ".c"));
}

/* Whether a source is nothing of the program's: another family, or of another driver. */
static bool is_other(const struct program *p, const char *path)
{
	bool driver = !strncmp(path, DRIVER, strlen(DRIVER));

	if (driver && p->brief != !strncmp(path, BRIEF, strlen(BRIEF)))
		return true;
	if (p->brief &&
	    (p->crew ? !strcmp(path, ALONE) : !strcmp(path, TEAM) || !strcmp(path, AREA)))
		return true;
	if (p->brief)
		return !strchr(path + strlen("bench/"), '/') && strcmp(path, "bench/bench.h") &&
		       !point_is_family(p, path);
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
	point_put_words(out, p);
	while (strcmp(point_text(json_array_get(variants, i), "name"), p->variant))
		i++;
	fprintf(out, "\",\n\t.bench = &bench_%s,\n\t.variant = %zu, /* %s */\n\t.value = {\n",
		p->stem, i, p->variant);
	json_array_foreach(p->params, i, param) {
		value = point_value_of(p, param, &said);
		fprintf(out, "\t\t");
		point_put_number(out, param, value);
		fprintf(out, ", /* %s=", point_text(param, "name"));
		point_put_value(out, param, value);
		fprintf(out, " */\n");
	}
	fprintf(out,
		"\t},\n\t.threads = %ld,\n\t.processes = %ld,\n\t.warmup = %d,\n"
		"\t.iterations = %d,\n\t.needs = \"%s\",\n};\n",
		point_workers(p, "threads"), point_workers(p, "processes"), p->point->warmup,
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
		if (p->nr == EMIT_MAX_FILES)
			abort();
		file = &p->files[p->nr++];
		emit_file_read(file, source->path, source->text);
		if (!p->brief && is_whole(p, source->path))
			emit_keep_all(file);
		found |= point_is_family(p, source->path);
	}
	emit_keep_used(p->files, p->nr);
	return found || err("emit-c: bench/%s.c is not in this faultbench", p->stem);
}

/*
 * What they ask of the kernel is seen by the faults that it takes, by few counts, and by where it
 * leaves memory: brief.c does that. But several workers know no more than anonymous memory.
 */
static bool can_be_brief(const struct program *p)
{
	static const char *const families[] = {"fork", "zap", "fault", "cow", "mremap", "mprotect"};
	const char *backing = point_text(p->point->point, "backing");
	size_t i;

	if (p->crew && (*point_file(p, false) || (backing && strcmp(backing, "anon"))))
		return false;
	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (!strcmp(p->stem, families[i]))
			return true;
	return false;
}

static void print_full(FILE *out, const struct program *p)
{
	json_t *headers = point_includes(p);
	char *need = point_needs(p);
	size_t i;

	put_head(out, p, need, headers);
	point_put_includes(out, headers);
	for (i = 0; i < p->nr; i++) {
		put_file(out, &p->files[i]);
		if (point_is_family(p, p->files[i].path))
			put_point(out, p, need);
	}
	json_decref(headers);
	free(need);
}

bool emit_program(FILE *out, const struct plan_point *point, const json_t *bench, bool full)
{
	struct program *p = calloc(1, sizeof(*p));
	char *c;
	bool ok;
	size_t i;

	if (!p)
		return err("out of memory");
	*p = (struct program){.point = point,
			      .bench = bench,
			      .params = json_object_get(bench, "params"),
			      .variant = point_text(point->point, "variant"),
			      .stem = strdup(point_text(bench, "name"))};
	/* A family's name, file and symbol are alike but for this. */
	for (c = p->stem; (c = strchr(c, '-'));)
		*c = '_';
	p->exec = point_executes(p);
	p->crew = point_workers(p, "threads") * point_workers(p, "processes") != 1 ||
		  plan_by_name(p->params, "time");
	p->brief = !full && !p->exec && can_be_brief(p);
	ok = read_sources(p);
	if (ok && p->brief)
		brief_print(out, p);
	else if (ok)
		print_full(out, p);
	for (i = 0; i < p->nr; i++)
		emit_file_free(&p->files[i]);
	free(p->stem);
	free(p);
	return ok;
}
