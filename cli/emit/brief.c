// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/emit/brief.h"
#include "cli/emit/program.h"
#include "common/plan_values.h"

#include <stdlib.h>
#include <string.h>

/* One after the other what is known makes more known: by then nothing changes any more. */
#define ROUNDS 9

bool brief_is_function(const struct emit_chunk *c)
{
	const char *p = strstr(c->source, "\n{\n");
	struct lex_token *all = lex_all(c->source);
	bool is = p && !lex_is(*all, "enum") && !lex_is(*all, "#") && !lex_is(*all, "struct");

	/* Functions may return structs. */
	is |= p && lex_is(*all, "struct") && !lex_is(all[2], "{");
	free(all);
	return is;
}

bool brief_is_declaration(const struct emit_chunk *c)
{
	struct lex_token *all = lex_all(c->source), *t;
	bool is = lex_is(*all, "extern");

	for (t = all; t->len && !lex_is(*t, "{") && !lex_is(*t, "=") && !lex_is(*t, "#"); t++)
		;
	is |= !t->len && strchr(c->source, '(') && !lex_is(*all, "static");
	free(all);
	return is;
}

struct emit_chunk *brief_find(struct brief *b, const char *words)
{
	struct lex_token *all;
	struct emit_chunk *c;
	size_t i, k;
	bool found;

	for (i = 0; i < b->p->nr; i++)
		for (k = 0; k < b->p->files[i].nr; k++) {
			c = &b->p->files[i].chunks[k];
			all = lex_all(c->source);
			found = !strncmp(all->start, words, strlen(words));
			free(all);
			if (found)
				return c;
		}
	return NULL;
}

/* Whether what follows a member, maybe with an index, is that it is set. */
static bool is_set(const struct lex_token *t)
{
	int depth = 0;

	for (; lex_is(*t, "[") || depth; t++) {
		depth += lex_is(*t, "[");
		depth -= lex_is(*t, "]");
	}
	return lex_is(*t, "=");
}

/* Members that a text reads, and all that it speaks of. */
static void note_members(struct brief *b, const char *text)
{
	struct lex_token *all = lex_all(text), *t;
	const char *name;
	bool promised, names, promise = false;

	for (t = all; t->len; t++) {
		promise = lex_is(*t, "bench_promise") || (promise && !lex_is(*t, ";"));
		if (!t[1].is_name || !(lex_is(*t, ".") || lex_is(*t, "->")))
			continue;
		names = t > all && (lex_is(t[-1], "{") || lex_is(t[-1], ","));
		promised = names ? promise : lex_is(t[-1], "promise");
		name = fold_member(&b->f, promised,
				   fold_say(&b->f, "%.*s", (int)t[1].len, t[1].start));
		json_object_set_new(b->said, name, json_true());
		if (!names && !is_set(t + 2))
			json_object_set_new(b->f.read, name, json_true());
	}
	free(all);
}

/* The run, with what the program speaks of. */
static void say_point(struct brief *b)
{
	static const char *const counts[] = {"threads", "processes"};
	const char *text, *values = "";
	json_t *param;
	size_t i;
	bool said;

	json_array_foreach(b->p->params, i, param) {
		const json_t *value = point_value_of(b->p, param, &said);
		long number = point_number(param, value);
		bool pmd = !strcmp(point_text(param, "kind"), "order") && number == POINT_ORDER_PMD;

		values = fold_say(&b->f, "%s%s%s", values, *values ? ", " : "",
				  pmd ? "ORDER_PMD" : fold_say(&b->f, "%ld", number));
	}
	text = fold_say(&b->f, "struct bench_run brief_run = {");
	if (!b->said || json_object_get(b->said, "value"))
		text = fold_say(&b->f, "%s.value = {%s}, ", text, values);
	for (i = 0; i < 2; i++)
		if (!b->said || json_object_get(b->said, counts[i]))
			text = fold_say(&b->f, "%s.%s = %ld, ", text, counts[i],
					point_workers(b->p, counts[i]));
	if (b->data && (!b->said || json_object_get(b->said, "kind")))
		text = fold_say(&b->f, "%s.kind = &%s, ", text, b->data);
	text = text[strlen(text) - 1] == '{'
		       ? "struct bench_run brief_run;\n"
		       : fold_wrapped(&b->f, fold_say(&b->f, "%.*s};", (int)strlen(text) - 2, text),
				      0, 1);
	text = fold_say(
		&b->f,
		"%svoid (*volatile brief_op)(struct bench_run *run, unsigned int worker) = op;\n",
		text);
	if (b->point)
		emit_say(b->point, text);
	else
		b->point = emit_add(b->family, text);
	json_object_del(b->point->defines, "op");
	json_object_set_new(b->point->uses, "op", json_true());
}

/* Data that stand in a row are chunks of their own: a variant needs one of them. */
static void split_data(struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;
	struct lex_token *all, *t;
	size_t i;
	int depth;

	for (file = b->p->files; file < b->p->files + b->p->nr; file++) {
		for (i = 0; i < file->nr; i++) {
			c = &file->chunks[i];
			all = lex_all(c->source);
			if (brief_is_function(c) ||
			    (!lex_is(*all, "static") && !lex_is(*all, "enum")))
				all->len = 0;
			for (t = all, depth = 0; t->len && (depth || !lex_is(*t, ";")); t++) {
				depth += lex_is(*t, "{");
				depth -= lex_is(*t, "}");
			}
			if (t->len && t[1].len)
				emit_split(file, i, (size_t)(t[1].start - c->source));
			free(all);
		}
	}
}

/* What brief.[ch] define takes the place of what others do. */
static void give_way(struct brief *b)
{
	struct emit_file *file, *file2;
	struct emit_chunk *c, *own;
	const char *name;
	json_t *value;

	EACH_CHUNK(b, file2, own)
	{
		/* A local of that name is not the table. */
		if (strstr(own->source, "struct bench_param params"))
			json_object_clear(own->defines);
		if (!strstr(file2->path, "/brief.") || brief_is_declaration(own))
			continue;
		EACH_CHUNK(b, file, c)
		{
			if (c == own || brief_is_declaration(c))
				continue;
			json_object_foreach(own->defines, name, value)
				if (json_object_get(c->defines, name))
					json_object_clear(c->defines);
		}
	}
}

/* Members that a function reads, and those that it calls, or has in a table. */
static void note_timed(struct brief *b, const char *name, int depth)
{
	struct emit_file *file;
	struct emit_chunk *c;
	struct lex_token *all, *t;
	const char *use;
	json_t *value;

	EACH_CHUNK(b, file, c)
	{
		if (!json_object_get(c->defines, name) || brief_is_declaration(c) || depth > 5)
			continue;
		if (!strstr(c->source, "TOUCH_LOOP") && brief_is_function(c))
			json_object_set_new(b->verbatim, name, json_true());
		json_object_set_new(b->f.fixed, name, json_true());
		all = lex_all(c->source);
		for (t = all; t->len; t++)
			if (lex_is(*t, ".") || lex_is(*t, "->"))
				json_object_set_new(b->timed,
						    fold_say(&b->f, "%.*s", (int)t[1].len,
							     t[1].start),
						    json_true());
		free(all);
		json_object_foreach(c->uses, use, value)
			if (brief_is_function(c) || c == b->point)
				note_timed(b, use, depth + 1);
	}
}

/* What op calls, op itself, and what main() calls by a pointer take what they do. */
static void fix(struct brief *b)
{
	struct lex_token *all = lex_all(brief_find(b, "static void op(")->source), *t;

	b->timed = json_object();
	b->verbatim = json_object();
	note_timed(b, "op", 0);

	json_object_set_new(b->f.fixed, "main", json_true());
	json_object_set_new(b->f.fixed, "op", json_true());
	for (t = all; t->len; t++)
		if (t->is_name && lex_is(t[1], "("))
			json_object_set_new(b->f.fixed,
					    fold_say(&b->f, "%.*s", (int)t->len, t->start),
					    json_true());
	free(all);
}

/* Whether it is part of what is timed, so that its machine code is to be the worker's. */
static bool is_verbatim(struct brief *b, const struct emit_chunk *c)
{
	const char *name;
	json_t *value;

	json_object_foreach(c->defines, name, value)
		if (json_object_get(b->verbatim, name))
			return true;
	return false;
}

static void fold_all(struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;

	json_decref(b->f.told);
	b->f.told = b->f.passed;
	b->f.passed = json_object();
	EACH_CHUNK(b, file, c)
	{
		if (!c->kept || !brief_is_function(c))
			continue;
		const char *text = fold_function(&b->f, c->source);

		if (!is_verbatim(b, c))
			emit_say(c, text);
	}
}

/* What nobody sets of an area is 0. */
static void know_unset(struct brief *b, const char *member)
{
	const char *fact = fold_say(&b->f, "area->%s", member);
	struct emit_file *file;
	struct emit_chunk *c;
	bool set = false;

	EACH_CHUNK(b, file, c)
	{
		set |= c->kept && brief_is_function(c) &&
		       (strstr(c->text, fold_say(&b->f, "%s = ", fact)) ||
			strstr(c->text, fold_say(&b->f, ".%s = ", member)));
	}
	if (set)
		json_object_del(b->f.facts, fact);
	else
		json_object_set_new(b->f.facts, fact, json_integer(0));
}

static void keep(struct brief *b)
{
	struct emit_chunk *c, *main_ = brief_find(b, "int main(");
	struct emit_file *file;

	EACH_CHUNK(b, file, c)
	c->kept = c == main_ || c == b->point;
	emit_keep_reached(b->p->files, b->p->nr);
	json_decref(b->f.read);
	json_decref(b->said);
	b->f.read = json_object();
	b->said = json_object();
	EACH_CHUNK(b, file, c)
	{
		if (c->kept && brief_is_function(c))
			note_members(b, c->text);
	}
	know_unset(b, "backing");
	know_unset(b, "watch");
	json_object_set_new(b->f.facts, "BRIEF_FORKS", json_integer(brief_uses(b, NULL, "fork")));
}

/* Headers of types come first, then what calls nothing of the family. */
static int rank(const struct brief *b, const struct emit_file *file, const struct emit_chunk *c)
{
	static const char *const first[] = {"bench/bench.h",	 "parts/touch.h",
					    "standalone/brief.", "services/pages.c",
					    "services/run.c",	 "services/moves.c",
					    "services/"};
	size_t i;

	if (json_object_get(c->defines, "main"))
		return 30;
	if (strstr(c->source, "#define ") && !brief_is_function(c) && file != b->family)
		return 0;
	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		if (strstr(file->path, first[i]))
			return (int)i + 1;
	return file == b->family ? 20 : 10;
}

/* The text with a name in the place of another. */
static const char *renamed(struct brief *b, const char *text, const char *name, const char *as)
{
	struct lex_token *all = lex_all(text), *t;
	const char *done = text, *result = "";

	for (t = all; t->len; t++) {
		if (!lex_is(*t, name))
			continue;
		result = fold_say(&b->f, "%s%.*s%s", result, (int)(t->start - done), done, as);
		done = t->start + t->len;
	}
	free(all);
	return fold_say(&b->f, "%s%s", result, done);
}

/* Functions that only call another with their own arguments: it is called instead. */
static void skip_wrappers(struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;
	const char *name;
	json_t *value;

	json_object_foreach(b->f.alias, name, value) {
		EACH_CHUNK(b, file, c)
		{
			if (c->kept && brief_is_function(c))
				c->kept = !json_object_get(c->defines, name);
			if (c->kept && json_object_get(c->uses, name))
				emit_say(c, renamed(b, c->text, name, json_string_value(value)));
		}
	}
}

/* Data of one line follows what is before it. */
static void print_chunks(FILE *out, struct brief *b, int wanted)
{
	struct emit_file *file;
	struct emit_chunk *c;
	const char *text;
	bool row;

	EACH_CHUNK(b, file, c)
	{
		if (!c->kept || brief_is_declaration(c) || rank(b, file, c) != wanted)
			continue;
		text = *c->text == '/' && strstr(c->text, "*/\n#") ? strstr(c->text, "*/\n#") + 3
								   : c->text;
		row = !brief_is_function(c) && strchr(text, '\n')[1] == '\0';
		fprintf(out, "%s%s", row ? "" : "\n", text);
	}
}

/* Bytes, or 0. */
static long size_of(const struct brief *b)
{
	json_t *param;
	bool said;
	size_t i;

	json_array_foreach(b->p->params, i, param)
		if (!strcmp(point_text(param, "kind"), "size"))
			return point_number(param, point_value_of(b->p, param, &said));
	return 0;
}

/* Headers that a file may include for what is left out, and what is not. */
static const struct {
	const char *header, *words; /* a word that ends in _ stands for all that begin so */
} headers[] = {
	{"<errno.h>", "errno"},
	{"<fcntl.h>", "open O_"},
	{"<limits.h>", "LONG_MAX LONG_MIN INT_MAX"},
	{"<linux/io_uring.h>", "io_uring_params"},
	{"<linux/mempolicy.h>", "MPOL_"},
	{"<linux/mman.h>", "MAP_HUGE_SHIFT"},
	{"<malloc.h>", "mallopt"},
	{"<sched.h>", "sched_setscheduler"},
	{"<signal.h>", "kill sigaction"},
	{"<stdarg.h>", "va_list"},
	{"<stdbool.h>", "bool"},
	{"<stddef.h>", "offsetof"},
	{"<stdint.h>", "uint64_t uintptr_t"},
	{"<string.h>", "memset memcpy memchr strlen strcmp strerror"},
	{"<sys/resource.h>", "rusage rlimit"},
	{"<sys/syscall.h>", "syscall"},
	{"<sys/sysinfo.h>", "sysinfo"},
	{"<sys/uio.h>", "iovec"},
	{"<sys/wait.h>", "waitpid WIFSIGNALED"},
};

static bool is_wanted(struct brief *b, const char *header)
{
	const char *words, *word;
	size_t i, len, nr = sizeof(headers) / sizeof(headers[0]);

	for (i = 0; i < nr && strcmp(headers[i].header, header); i++)
		;
	for (words = i < nr ? headers[i].words : ""; *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		word = fold_say(&b->f, "%.*s", (int)len, words);
		if (brief_uses(b, NULL, word))
			return true;
	}
	return i == nr;
}

/* What the head has of faultbench beside this. */
static const char less[] =
	"Checked are the faults of each op, and of populating, and that folios are whole. With "
	"--full it also checks what else the kernel counts, control groups and quotas. faultbench "
	"proves the state of the memory, and repeats all this in fresh processes and boots.";

static void print_head(FILE *out, struct brief *b)
{
	const struct program *p = b->p;
	const json_t *variant = plan_by_name(json_object_get(p->bench, "variants"), p->variant);
	json_t *all = point_includes(p);
	char *need = point_needs(p);
	const char *name;
	json_t *value;
	void *next;

	fprintf(out, "/* SPDX-License-Identifier: GPL-2.0-or-later */\n/*\n");
	point_put_wrapped(out, fold_say(&b->f, "%s. What is timed: %s.%s%s%s",
					point_text(p->bench, "path"), point_text(variant, "help"),
					*need ? " It needs: " : "", need, *need ? "." : ""));
	fprintf(out,
		" *\n *     gcc -O2 -o %s %s.c -lm && taskset -c 1 ./%s\n *\n * " EMIT_MARK
			FAULTBENCH_VERSION
		", less what this point does not need:\n *     faultbench emit-c ",
		p->stem, p->stem, p->stem);
	point_put_words(out, p);
	fprintf(out, " iterations=%d warmup=%d\n", p->point->iterations, p->point->warmup);
	point_put_wrapped(out, less);
	fprintf(out, " * Exit status: 0 ok, 1 an op broke its promise, 77 cannot run here.\n */\n");
	json_object_foreach_safe(all, next, name, value) if (!is_wanted(b, name))
		json_object_del(all, name);
	point_put_includes(out, all);
	fprintf(out, "\n#define BRIEF_SIZE %ldUL\n#define BRIEF_ITERATIONS %d\n", size_of(b),
		p->point->iterations);
	free(need);
	json_decref(all);
}

void brief_print(FILE *out, struct program *p)
{
	struct brief b = {.p = p};
	int i;
	size_t k;

	for (k = 0; k < p->nr; k++)
		if (point_is_family(p, p->files[k].path))
			b.family = &p->files[k];
	fold_start(&b.f);
	split_data(&b);
	b.f.sure = json_pack("{sb}", "bench_fail", 1);
	b.f.fixed = json_object();
	b.f.shed = json_object();
	b.steps = json_object();
	b.f.varies = json_object();
	b.f.alias = json_object();
	b.f.paste = json_object();
	b.f.constant = json_object();
	b.f.passed = json_object();
	brief_know(&b);
	give_way(&b);
	fix(&b);
	say_point(&b);
	keep(&b);
	json_decref(b.f.read);
	b.f.read = NULL;
	for (i = 0; i < ROUNDS; i++) {
		b.f.late = i > ROUNDS - 4;
		fold_all(&b);
		keep(&b);
		brief_shrink(&b);
		say_point(&b);
	}
	skip_wrappers(&b);
	print_head(out, &b);
	for (i = 0; i <= 30; i++)
		print_chunks(out, &b, i);
	json_decref(b.said);
	fold_end(&b.f);
}
