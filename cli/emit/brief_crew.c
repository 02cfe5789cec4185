// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs of several workers: what is known of these, and how they become short enough. What ends
 * them if something is so is one statement, and declarations stand side by side.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/emit/brief.h"
#include "cli/emit/fold_parts.h"

#define COLUMNS 100
#define TAB	8

static void know(struct brief *b, const char *text, long value)
{
	json_object_set_new(b->f.facts, text, json_integer(value));
}

static void know_symbol(struct brief *b, const char *text, const char *symbol)
{
	json_object_set_new(b->f.facts, text, json_string(symbol));
}

/* Of a kind, by its name if there are several. */
static long know_count(struct brief *b, const char *kind, const char *name)
{
	long nr = point_workers(b->p, kind);

	know(b, name, nr);
	know_symbol(b, fold_say(&b->f, "run->%s", kind),
		    nr == 1 ? "=1" : fold_say(&b->f, "=%s", name));
	return nr;
}

/* Bytes of what populate_base() goes by, of any page size. */
#define WHOLE (2L << 20)

/* Bytes that a worker's share is a whole number of: of this machine's pages. */
static long step_of(struct brief *b)
{
	long page = sysconf(_SC_PAGESIZE), order = 0;
	const char *sharing = point_text(b->p->point->point, "sharing");
	json_t *param;
	bool said;
	size_t i;

	json_array_foreach(b->p->params, i, param)
		if (!strcmp(point_text(param, "kind"), "order"))
			order = point_number(param, point_value_of(b->p, param, &said));
	return order == POINT_ORDER_PMD || (sharing && !strcmp(sharing, "slices")) ? page / 8 * page
										   : page << order;
}

/* What each worker has of the memory, where that is whole. */
static void know_share(struct brief *b, long threads, long processes)
{
	long step = step_of(b), size = brief_size(b);
	const char *share = "BRIEF_SIZE";

	know(b, "BRIEF_SIZE % folio", 0);
	if (size % (processes * step) == 0)
		know(b, "bytes % folio", 0);
	if (size % (threads * processes * WHOLE) == 0)
		know(b, "area->len % (nr * page)", 0);
	if (size % (threads * processes * step))
		return;
	if (processes > 1)
		share = fold_say(&b->f, "%s / %s", share,
				 threads > 1 ? "BRIEF_PROCESSES" : "BRIEF_WORKERS");
	if (threads > 1) {
		know_symbol(b, fold_say(&b->f, "%s / BRIEF_THREADS * BRIEF_THREADS", share),
			    fold_say(&b->f, "=%s", share));
		share = fold_say(&b->f, "%s / BRIEF_THREADS", share);
	}
	json_object_set_new(b->f.constant, "bench_share()", json_string(share));
}

void brief_know_workers(struct brief *b)
{
	static const char *const small[] = {"state", "children", "run->state", "state->pinners"};
	long threads = know_count(b, "threads", "BRIEF_THREADS");
	long processes =
		know_count(b, "processes", threads > 1 ? "BRIEF_PROCESSES" : "BRIEF_WORKERS");
	size_t i;

	know(b, "BRIEF_WORKERS", threads * processes);
	know(b, "BRIEF_PROCESSES", processes);
	for (i = 0; b->p->crew && i < sizeof(small) / sizeof(small[0]); i++)
		know_symbol(b, small[i], small[i]);
	know_share(b, threads, processes);
}

/* Of its own: its driver makes processes as well. */
static bool has_child(struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;

	EACH_CHUNK(b, file, c)
	{
		if (c->kept && !strstr(file->path, "/brief_crew.c") &&
		    json_object_get(c->uses, "fork"))
			return true;
	}
	return false;
}

void brief_know_kept(struct brief *b)
{
	json_t *fact = json_object_get(b->f.facts, "run->promise.faults");

	/* What all processes promise, if that of one is known. */
	if (json_is_string(fact))
		json_object_set(b->f.facts, "crew->promised", fact);
	else
		json_object_del(b->f.facts, "crew->promised");
	know(b, "BRIEF_FORKS", has_child(b));
}

/* "if (a) bench_fail(run, b);" as "fail_if(a, b);", where no else follows. */
static const char *shorter(struct brief *b, const char *text)
{
	struct lex_token *all = lex_all(text);
	const struct lex_token *t, *call, *more, *end;
	const char *done = text, *result = "";

	for (t = all; t->len; t++) {
		if (!lex_is(*t, "if"))
			continue;
		call = lex_past_bracket(t + 1);
		if (!lex_is(*call, "bench_fail"))
			continue;
		end = lex_past_bracket(call + 1);
		if (lex_is(end[1], "else"))
			continue;
		/* Behind its first argument, the run. */
		more = call + 3;
		result = fold_say(&b->f, "%s%.*sfail_if(%.*s%.*s", result, (int)(t->start - done),
				  done, (int)(call[-1].start - t[1].start - 1), t[1].start + 1,
				  (int)(end->start - more->start), more->start);
		done = end->start;
		t = end;
	}
	free(all);
	return fold_say(&b->f, "%s%s", result, done);
}

void brief_tighten(struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;

	EACH_CHUNK(b, file, c)
	{
		if (c->kept && brief_is_function(c) && !brief_is_verbatim(b, c) &&
		    !strstr(c->source, "TOUCH_LOOP"))
			emit_source(c, shorter(b, c->source));
	}
}

/* What a line is. */
enum line {
	LINE_OTHER,
	LINE_DECLARES,
	LINE_PLAIN, /* declares something as nothing, or as a number or a name */
};

static enum line line_of(struct brief *b, const char *line, size_t len)
{
	const char *text = fold_say(&b->f, "%.*s", (int)len, line);
	struct lex_token *all = lex_all(text), *t;
	enum line is = LINE_OTHER;

	if (len && text[len - 1] == ';' && fold_type_len(all))
		is = strpbrk(text, "()/{}\"") ? LINE_DECLARES : LINE_PLAIN;
	for (t = all; t->len; t++)
		if (lex_is(*t, "=") && !lex_is(t[2], ",") && !lex_is(t[2], ";") && is)
			is = LINE_DECLARES;
	free(all);
	return is;
}

static size_t columns(const char *line, size_t len)
{
	return len + strspn(line, "\t") * (TAB - 1);
}

const char *brief_side_by_side(struct brief *b, const char *text)
{
	const char *result = "", *line = text;
	size_t len, tabs, width = 0, last_tabs = 0;
	enum line is;

	for (; *line; line += len + 1) {
		len = strcspn(line, "\n");
		if (b->dense && !len && line > text)
			continue;
		tabs = strspn(line, "\t");
		is = line_of(b, line, len);
		if (is == LINE_PLAIN && width && tabs == last_tabs &&
		    width + 1 + len - tabs <= COLUMNS) {
			result = fold_say(&b->f, "%.*s %.*s\n", (int)strlen(result) - 1, result,
					  (int)(len - tabs), line + tabs);
			width += 1 + len - tabs;
			continue;
		}
		result = fold_say(&b->f, "%s%.*s\n", result, (int)len, line);
		width = is ? columns(line, len) : 0;
		last_tabs = tabs;
	}
	return result;
}
