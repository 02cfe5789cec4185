// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions.
 */
#include "cli/emit/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/emit/fold_parts.h"

const char *fold_parameter(struct fold *f, const struct lex_token *t,
			   const struct lex_token **ret_end)
{
	const struct lex_token *name = t;
	bool pointer = false;
	int depth = 0;

	for (; depth || (!lex_is(*t, ",") && !lex_is(*t, ")")); t++) {
		depth += lex_is(*t, "(");
		depth -= lex_is(*t, ")");
		pointer |= lex_is(*t, "(");
		if (t->is_name && (!pointer || (lex_is(t[-1], "*") && lex_is(t[-2], "("))))
			name = t;
	}
	*ret_end = t;
	return fold_say(f, "%.*s", (int)name->len, name->start);
}

/* What all calls say of its parameters is known. */
static void know_parameters(struct function *fn)
{
	const struct lex_token *t = fn->open + 1, *end;
	const char *name;
	const json_t *told;
	int nr;

	/* Who has a pointer to it may pass something else. */
	if (json_is_false(json_object_get(fn->f->fixed, fn->name)))
		return;
	for (nr = 0; !lex_is(*t, ")"); nr++, t = end + lex_is(*end, ",")) {
		name = fold_parameter(fn->f, t, &end);
		told = json_object_get(fn->f->told, fold_say(fn->f, "%s %d", fn->name, nr));
		if (told && !fold_changes(fn, name))
			json_object_set(fn->f->local, name, (json_t *)told);
	}
}

/*
 * Its parameters, less those that nobody reads, which calls do not pass any more then; or
 * "(void)x;" of these, where that cannot be.
 */
static const char *parameters(struct function *fn, const char *body, const char **ret_unused)
{
	const struct lex_token *t = fn->open + 1, *end;
	const char *name, *all = "", *key;
	bool keeps = json_object_get(fn->f->fixed, fn->name);
	int nr;

	*ret_unused = "";
	for (nr = 0; !lex_is(*t, ")"); nr++, t = end + lex_is(*end, ",")) {
		name = fold_parameter(fn->f, t, &end);
		key = fold_say(fn->f, "%s %d", fn->name, nr);
		json_object_del(fn->f->shed, key);
		if (!fold_is_read(body, name) && strcmp(name, "void")) {
			if (!keeps) {
				json_object_set_new(fn->f->shed, key, json_true());
				continue;
			}
			*ret_unused = fold_say(fn->f, "%s\t(void)%s;\n", *ret_unused, name);
		}
		all = fold_say(fn->f, "%s%s%.*s", all, *all ? ", " : "",
			       (int)(end[-1].start + end[-1].len - t->start), t->start);
	}
	return *all ? all : "void";
}

/* Its parameters' names, of those that are passed, as "a, b". */
static const char *passed_names(struct function *fn, const char *body)
{
	const struct lex_token *t = fn->open + 1, *end;
	const char *all = "", *name;

	for (; !lex_is(*t, ")"); t = end + lex_is(*end, ",")) {
		name = fold_parameter(fn->f, t, &end);
		if (fold_is_read(body, name))
			all = fold_say(fn->f, "%s%s%s", all, *all ? ", " : "", name);
	}
	return all;
}

/* A last "return;" is not said. */
static const char *without_return(struct fold *f, const char *body)
{
	static const char end[] = "\treturn;\n";
	size_t len = strlen(body);

	if (len < strlen(end) || strcmp(body + len - strlen(end), end) ||
	    (len > strlen(end) && body[len - strlen(end) - 1] == '\t'))
		return body;
	len -= strlen(end);
	return fold_say(f, "%.*s", (int)(len - (len > 1 && body[len - 2] == '\n')), body);
}

/* Again, as long as there is less of it. */
static const char *fold_body(struct function *fn, const struct lex_token *brace)
{
	json_t *passed = json_copy(fn->f->passed);
	const char *text = "", *last;
	struct lex_token *tokens = NULL;
	struct block b;

	do {
		last = text;
		json_object_clear(fn->f->local);
		json_object_clear(fn->f->passed);
		json_object_update(fn->f->passed, passed);
		know_parameters(fn);
		fn->t = brace;
		fn->sure = true;
		b = (struct block){.text = "", .depth = 1};
		fold_block(fn, &b);
		text = b.text;
		free(tokens);
		fn->before = tokens = lex_all(text);
	} while (fold_find_idle(fn->f, text) || strcmp(text, last));
	free(tokens);
	json_decref(passed);
	return fn->is_void ? without_return(fn->f, text) : text;
}

/* "size_t x = a; return x;" as "return a;". */
static const char *returned_at_once(struct fold *f, const char *body)
{
	struct lex_token *all = lex_all(body);
	const struct lex_token *t = all + fold_type_len(all), *end;
	const char *text = body;

	if (t > all && t->is_name && lex_is(t[1], "=")) {
		for (end = t; !lex_is(*end, ";"); end++)
			;
		if (lex_is(end[1], "return") && lex_is(end[3], ";") && !end[4].len &&
		    lex_is(end[2], fold_say(f, "%.*s", (int)t->len, t->start)))
			text = fold_say(f, "\treturn %.*s;\n", (int)(end->start - t[2].start),
					t[2].start);
	}
	free(all);
	return text;
}

/* Whether a text calls anything but services that only ask. What such a call passes is to be seen
 * each time, as it may be known to whom it calls. */
static bool calls(const char *text)
{
	struct lex_token *all = lex_all(text), *t;
	bool any = false;

	for (t = all; t->len; t++)
		any |= t->is_name && lex_is(t[1], "(") && strncmp(t->start, "bench_", 6) &&
		       !lex_is(*t, "sizeof") && !lex_is(*t, "return");
	free(all);
	return any;
}

/* What calls of it may be replaced by. */
static void note_shape(struct function *fn, const char *body, bool local)
{
	const char *names = passed_names(fn, body), *end = strchr(body, ';');
	const char *call = fold_say(fn->f, "%s(%s)", fn->name, names);
	bool single = end && !strcmp(end, ";\n");
	size_t len = strcspn(body, "(");

	if (fn->f->late && single && local && !strncmp(body, "\treturn ", 8) &&
	    !strchr(body, '?') && !calls(body) && !json_object_get(fn->f->fixed, fn->name))
		json_object_set_new(fn->f->constant, call,
				    json_stringn(body + 8, (size_t)(end - body) - 8));
	if (!fn->is_void || json_object_get(fn->f->fixed, fn->name))
		return;
	if (single && !strcmp(body + len, fold_say(fn->f, "(%s);\n", names)))
		json_object_set_new(fn->f->alias, fn->name, json_stringn(body + 1, len - 1));
	else if (fn->f->late && single && local && !strncmp(body, "\tif (", 5))
		json_object_set_new(fn->f->paste, call, json_string(body));
}

const char *fold_function(struct fold *f, const char *text)
{
	struct lex_token *all = lex_all(text);
	struct function fn = {.f = f, .all = all, .before = all, .open = all};
	const struct lex_token *brace, *type;
	const char *body, *unused, *head;
	long constant;
	char word[64];

	json_decref(f->local);
	json_decref(f->idle);
	f->local = json_object();
	f->idle = json_object();
	while (!lex_is(*fn.open, "("))
		fn.open++;
	for (brace = fn.open; !lex_is(*brace, "{"); brace++)
		;
	type = fn.open - 2;
	fn.name = fold_say(f, "%.*s", (int)fn.open[-1].len, fn.open[-1].start);
	fn.is_void = json_object_get(f->sure, fn.name) && !json_object_get(f->fixed, fn.name);
	body = returned_at_once(f, fold_body(&fn, brace));
	if (fn.sure && lex_is(*type, "int") && strcmp(fn.name, "main"))
		json_object_set_new(f->sure, fn.name, json_true());
	if (!*body && (fn.is_void || lex_is(*type, "void")) && !json_object_get(f->fixed, fn.name))
		json_object_set_new(f->constant, fn.name, json_integer(0));
	note_shape(&fn, body, lex_is(*all, "static"));
	if (sscanf(body, "\treturn %ld;", &constant) == 1 && strchr(body, ';')[1] == '\n')
		json_object_set_new(f->constant, fn.name, json_integer(constant));
	if (sscanf(body, "\treturn %63[A-Z_0-9];\n", word) == 1 &&
	    !strcmp(body, fold_say(f, "\treturn %s;\n", word)) &&
	    json_is_integer(json_object_get(f->facts, word)))
		json_object_set_new(f->constant, fn.name, json_string(word));
	head = lex_is(*all, "TOUCH_LOOP")
		       ? "static __attribute__((noinline)) "
		       : fold_say(f, "%.*s", (int)(type->start - all->start), all->start);
	head = fold_say(f, "%s%s%.*s(%s)", head,
			fn.is_void ? "void" : fold_say(f, "%.*s", (int)type->len, type->start),
			(int)(fn.open->start - type->start - (ptrdiff_t)type->len),
			type->start + type->len, parameters(&fn, body, &unused));
	text = fold_say(f, "%s{\n%s%s}\n", fold_wrapped(f, head, 0, 1), unused, body);
	free(all);
	return text;
}
