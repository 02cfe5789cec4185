// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is known of a point before its program runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/emit/brief.h"
#include "cli/emit/fold_parts.h"

static const char *name_of(struct brief *b, struct lex_token t)
{
	return fold_say(&b->f, "%.*s", (int)t.len, t.start);
}

static void know(struct brief *b, const char *text, long value)
{
	json_object_set_new(b->f.facts, text, json_integer(value));
}

static void know_symbol(struct brief *b, const char *text, const char *symbol)
{
	json_object_set_new(b->f.facts, text, json_string(symbol));
}

/* "enum x {A, B = 2}": t is at the brace. */
static void know_values(struct brief *b, const struct lex_token *t)
{
	const char *name;
	long next = 0;
	struct fold_value v;

	for (t++; t->is_name; t += lex_is(*t, ",")) {
		name = name_of(b, *t++);
		if (lex_is(*t, "=")) {
			t++;
			v = fold_expression(&b->f, &t);
			next = json_integer_value(v.known);
		}
		know(b, name, next++);
	}
}

static void know_enums(struct brief *b)
{
	struct lex_token *all, *t;
	size_t i, k;

	for (i = 0; i < b->p->nr; i++) {
		for (k = 0; k < b->p->files[i].nr; k++) {
			all = lex_all(b->p->files[i].chunks[k].source);
			for (t = all; t->len; t++)
				if (lex_is(*t, "enum") && lex_is(t[1 + t[1].is_name], "{"))
					know_values(b, t + 1 + t[1].is_name);
			free(all);
		}
	}
}

/* A value as it is written; what it is is known. */
static const char *number_text(struct brief *b, const json_t *param)
{
	bool said;
	long number = point_number(param, point_value_of(b->p, param, &said));
	const char *text = fold_say(&b->f, "%ld", number);

	if (!strcmp(point_text(param, "kind"), "order") && number == POINT_ORDER_PMD)
		text = "ORDER_PMD";
	if (!strcmp(point_text(param, "kind"), "size"))
		text = fold_say(&b->f, "BRIEF_SIZE");
	know(b, text, number);
	know(b, "1", 1);
	return text;
}

/* The values as the family reads them: by the names of its first enum, in the order of its
 * parameters. */
static void know_parameters(struct brief *b)
{
	struct emit_chunk *c = NULL;
	struct lex_token *all, *t;
	json_t *param;
	size_t i;

	for (i = 0; i < b->family->nr && !c; i++)
		if (!strncmp(b->family->chunks[i].source, "enum {", 6))
			c = &b->family->chunks[i];
	all = lex_all(c ? c->source : "");
	t = c ? all + 2 : all;
	json_array_foreach(b->p->params, i, param) {
		const char *text = number_text(b, param);

		if (!t->is_name)
			break;
		know_symbol(b, fold_say(&b->f, "run->value[%s]", name_of(b, *t)),
			    fold_say(&b->f, "=%s", text));
		if (!strcmp(point_text(param, "kind"), "size"))
			know_symbol(b, "point_value(run, BENCH_SIZE, 0)",
				    fold_say(&b->f, "=%s", text));
		if (!strcmp(point_text(param, "kind"), "order"))
			know_symbol(b, "point_value(run, BENCH_ORDER, 0)",
				    fold_say(&b->f, "=%s", text));
		for (t++; t->len && !lex_is(t[-1], ","); t++)
			;
	}
	free(all);
}

/* What of the family does what: "setup" of bench_fork. */
static void know_functions(struct brief *b)
{
	static const char *const steps[] = {"setup", "arm", "op", "disarm"};
	struct emit_chunk *c =
		brief_find(b, fold_say(&b->f, "const struct bench bench_%s", b->p->stem));
	struct lex_token *all = lex_all(c->source), *t;
	const char *step, *name;
	size_t i, k;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		know(b, fold_say(&b->f, "run->bench->%s", steps[i]), 0);
	for (t = all; t->len; t++) {
		if (!lex_is(*t, ".") || !lex_is(t[2], "=") || !t[3].is_name)
			continue;
		step = name_of(b, t[1]);
		name = name_of(b, t[3]);
		for (i = 0; i < sizeof(steps) / sizeof(steps[0]) && strcmp(step, steps[i]); i++)
			;
		if (i == sizeof(steps) / sizeof(steps[0]))
			continue;
		know_symbol(b, fold_say(&b->f, "run->bench->%s", step),
			    fold_say(&b->f, "=%s", name));
		know_symbol(b, name, name);
		json_object_set_new(b->steps, name, json_true());
		for (k = 0; k < b->family->nr; k++)
			if (json_object_get(b->family->chunks[k].defines, name))
				b->family->chunks[k].local = false;
	}
	free(all);
}

/* "x" of "static const struct x y". */
static const char *tag_of(struct brief *b, const struct emit_chunk *c)
{
	return fold_say(&b->f, "%.*s", (int)strcspn(c->source + 20, " "), c->source + 20);
}

/* The row of the variant: its data and its needs. */
static void know_variant(struct brief *b)
{
	struct emit_chunk *c = brief_find(b, "static const struct bench_variant variants");
	struct lex_token *all = lex_all(c->source);
	const struct lex_token *t = all;
	const char *quoted = fold_say(&b->f, "\"%s\"", b->p->variant);
	struct fold_value v = {0};
	size_t k;
	int i;

	while (!lex_is(*t, "{") || !lex_is(t[1], quoted))
		t++;
	for (i = 0, t++; i < 5 && !lex_is(*t, "}"); i++, t += lex_is(*t, ",")) {
		v = fold_expression(&b->f, &t);
		if (i == 2)
			know_symbol(b, "BRIEF_PER", fold_say(&b->f, "=%s", v.whole));
		if (i == 3 && v.whole[0] == '&') {
			b->data = v.whole + 1;
			know_symbol(b, "run->kind", v.whole);
			know_symbol(b, "kind", v.whole);
		}
	}
	/* A struct of that name is not the data of another variant. */
	for (k = 0; k < b->family->nr; k++) {
		c = &b->family->chunks[k];
		if (!strncmp(c->source, "static const struct ", 20) &&
		    !(b->data && json_object_get(c->defines, b->data)))
			json_object_del(c->defines, tag_of(b, c));
	}
	if (i == 5 && json_is_integer(v.known))
		json_object_set(b->f.facts, "run->variant->needs", (json_t *)v.known);
	free(all);
}

/* One member of the variant's data. */
static void know_member(struct brief *b, const char *member, struct fold_value v)
{
	const char *fact = fold_say(&b->f, "kind->%s", member);

	if (v.known)
		json_object_set(b->f.facts, fact, (json_t *)v.known);
	else if (strspn(v.whole, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(v.whole) ||
		 *v.whole == '"') {
		know_symbol(b, fact, v.whole);
		json_object_set_new(b->f.fixed, v.whole, json_true());
	} else
		json_object_del(b->f.facts, fact);
}

/* The data itself; what it does not say is 0. */
static void know_data(struct brief *b)
{
	struct emit_chunk *c = NULL;
	const json_t *members;
	struct lex_token *all;
	const struct lex_token *t;
	struct fold_value v;
	const char *member;
	size_t i;

	for (i = 0; i < b->family->nr; i++)
		if (b->data && json_object_get(b->family->chunks[i].defines, b->data))
			c = &b->family->chunks[i];
	if (!c || strncmp(c->source, "static const struct ", 20))
		return;
	members = brief_members(b, fold_say(&b->f, "struct %s {", tag_of(b, c)));
	for (i = 0; i < json_array_size(members); i++)
		know(b, fold_say(&b->f, "kind->%s", json_string_value(json_array_get(members, i))),
		     0);
	all = lex_all(c->source);
	for (t = all; !lex_is(*t, "{"); t++)
		;
	for (t++, i = 0; !lex_is(*t, "}"); i++, t += lex_is(*t, ",")) {
		member = json_string_value(json_array_get(members, i));
		if (lex_is(*t, ".")) {
			member = name_of(b, t[1]);
			t += 3;
		}
		v = fold_expression(&b->f, &t);
		know_member(b, member, v);
	}
	free(all);
}

/* A table's rows, [NAME] = {...}: "table[NAME].member", by the members' order; t is at its name. */
static void know_table(struct brief *b, const json_t *members, const struct lex_token *t)
{
	const char *table = name_of(b, *t), *row, *fact;
	struct fold_value v;
	size_t i;

	while (!lex_is(*t, "{"))
		t++;
	for (t++; lex_is(*t, "["); t += 1 + lex_is(t[1], ",")) {
		row = name_of(b, t[1]);
		for (t += 5, i = 0; !lex_is(*t, "}"); i++, t += lex_is(*t, ",")) {
			v = fold_expression(&b->f, &t);
			fact = fold_say(&b->f, "%s[%s].%s", table, row,
					json_string_value(json_array_get(members, i)));
			if (v.known && !fold_is_word(v.whole))
				json_object_set(b->f.facts, fact, (json_t *)v.known);
			else
				know_symbol(b, fact,
					    fold_say(&b->f, v.simple ? "=%s" : "=(%s)", v.whole));
		}
	}
}

static bool begins_table(const struct lex_token *t)
{
	return lex_is(*t, "static") && lex_is(t[1], "const") && lex_is(t[2], "struct") &&
	       lex_is(t[3], "{");
}

/* static const struct {...} table[] = {[NAME] = ...}: what is looked up in it is known. */
static void know_tables(struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;
	struct lex_token *all, *t;

	EACH_CHUNK(b, file, c)
	{
		all = lex_all(c->source);
		t = all;
		if (begins_table(t))
			while (t->len && !lex_is(*t, "}"))
				t++;
		if (lex_is(*t, "}") && lex_is(t[2], "[") && lex_is(t[6], "["))
			know_table(b, brief_members_of(b, c), t + 1);
		free(all);
	}
}

/* What its user calls it. */
static void know_name(struct brief *b)
{
	char *words = NULL, *need = point_needs(b->p);
	size_t size;
	FILE *out = open_memstream(&words, &size);

	point_put_words(out, b->p);
	fclose(out);
	know_symbol(b, "BRIEF_POINT", fold_say(&b->f, "=\"%s\"", words));
	know_symbol(b, "BRIEF_CANNOT",
		    fold_say(&b->f, "=\"cannot run here%s%s: \"", *need ? ", it needs " : "",
			     need));
	free(words);
	free(need);
}

void brief_know(struct brief *b)
{
	bool said;
	json_t *param;
	const char *text;
	long order = 0;
	size_t i;

	know(b, "true", 1);
	know(b, "false", 0);
	know(b, "NULL", 0);
	know(b, "0", 0);
	know(b, "ORDER_PMD", 64);
	know(b, "ORDER_PUD", 65);
	brief_know_workers(b);
	/* One worker maps no more than one area of a file at a time. */
	know_symbol(b, "run->file_used", "=0");
	know(b, "run->node", -1);
	know(b, "run->sharers", 0);
	know(b, "point_value(run, BENCH_SIZE, 0)", 0);
	know(b, "point_value(run, BENCH_ORDER, 0)", 0);
	json_array_foreach(b->p->params, i, param) {
		if (strcmp(point_text(param, "kind"), "order"))
			continue;
		order = point_number(param, point_value_of(b->p, param, &said));
		text = order == POINT_ORDER_PMD ? "ORDER_PMD" : fold_say(&b->f, "%ld", order);
		know(b, text, order);
		know_symbol(b, "area->order", fold_say(&b->f, "=%s", text));
	}
	/* No architecture has a PMD of less; and sizes are whole folios (cli checks). */
	if (order < 9)
		know(b, "step == bench_folio_size(ORDER_PMD)", 0);
	know(b, "area->len % step", 0);
	/* Each page was written to when it was populated. */
	if (!order)
		json_object_set_new(b->f.constant, "area_fill", json_integer(0));
	if (!order)
		json_object_set_new(b->f.facts, "bench_page_size() / bench_page_size()",
				    json_string("=1"));
	know(b, "BRIEF_ITERATIONS", b->p->point->iterations);
	know_symbol(b, "BRIEF_WARMUP", fold_say(&b->f, "=%d", b->p->point->warmup));
	know(b, fold_say(&b->f, "%d", b->p->point->warmup), b->p->point->warmup);
	/* That folios go whole is faultbench's to prove. */
	json_object_set_new(b->f.constant, "left_whole", json_integer(-1));
	know_name(b);
	know_enums(b);
	know_tables(b);
	know_parameters(b);
	know_functions(b);
	know_variant(b);
	know_data(b);
	/* What takes no faults, or as many whatever it does, is told by what it moves. */
	know(b, "BRIEF_MOVES", json_is_string(json_object_get(b->f.facts, "kind->what")));
}

void brief_know_folios(struct brief *b)
{
	const char *bytes = "bench_page_size() / 8 * bench_page_size()";
	const struct emit_chunk *c;
	int order;

	json_object_set_new(b->f.constant, "bench_folio_size(ORDER_PMD)", json_string(bytes));
	json_object_set_new(b->f.constant, "bench_folio_size(0)", json_string("bench_page_size()"));
	c = brief_find(b, "size_t bench_folio_size(void)");
	if (c && strstr(c->source, "page / 8 * page"))
		json_object_set_new(b->f.constant, "bench_folio_size()", json_string(bytes));
	for (order = 1; order < POINT_ORDER_PMD; order++)
		json_object_set_new(b->f.constant, fold_say(&b->f, "bench_folio_size(%d)", order),
				    json_string(fold_say(&b->f, "bench_page_size() << %d", order)));
}
