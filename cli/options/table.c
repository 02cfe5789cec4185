// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table that the completions of shells go by.
 */
#include <string.h>

#include "analysis/results/metric.h"
#include "cli/options/docs.h"
#include "common/arch.h"

static const char *const kinds[NR_WORD_KINDS] = {
	[WORD_OTHER] = "other",	    [WORD_FILE] = "file",	  [WORD_FOLDER] = "folder",
	[WORD_JOURNAL] = "journal", [WORD_PLAN] = "plan",	  [WORD_MACHINE] = "machine",
	[WORD_KERNEL] = "kernel",   [WORD_LABELLED] = "labelled", [WORD_VARIANT] = "variant",
	[WORD_BENCH] = "bench",	    [WORD_POINT] = "point",
};

/* A help's beginning, which is enough beside the word. */
static void put_short(FILE *out, const char *help)
{
	size_t len = strcspn(help, ";:(");

	while (len && help[len - 1] == ' ')
		len--;
	for (; len; len--, help++)
		if (*help != '`')
			fputc(*help == '|' ? '/' : *help, out);
}

static void put_row(FILE *out, const struct command *c, const char *where, const char *value,
		    const char *kind, const char *more)
{
	fprintf(out, "%s|%s|%s|%s%s|", c->name, where, value, kind, more);
}

/* What has a name in a table elsewhere. Others may do as well. */
static bool known(enum word_kind kind, size_t i, struct choice *ret)
{
	ret->name = kind == WORD_ARCH	  ? arch_list[i].name
		    : kind == WORD_METRIC ? metric_rows[i].name
					  : NULL;
	return ret->name;
}

static void put_option(FILE *out, const struct command *c, const struct cli_option *o)
{
	bool fixed = o->choice || o->kind == WORD_ARCH || o->kind == WORD_METRIC;
	const char *kind = fixed ? "choice" : kinds[o->kind], *space = "";
	char where[DOCS_TEXT];
	struct choice choice;
	size_t i;

	snprintf(where, sizeof(where), "--%s", o->name);
	put_row(out, c, where, o->word ? o->word : "", o->word ? kind : "",
		o->many	      ? "*"
		: o->optional ? "?"
			      : "");
	for (i = 0; o->choice ? o->choice(i, &choice) : known(o->kind, i, &choice); i++) {
		if (strchr(choice.name, '*'))
			continue; /* a pattern */
		fprintf(out, "%s%s", space, choice.name);
		space = " ";
	}
	fputc('|', out);
	put_short(out, o->help);
	fputc('\n', out);
}

static void put_operands(FILE *out, const struct command *c)
{
	const struct cli_operand *w;
	char where[16];

	for (w = c->operands; w && w->word; w++) {
		snprintf(where, sizeof(where), "%d", (int)(w - c->operands) + 1);
		put_row(out, c, where, w->word, kinds[w->kind], w->many ? "*" : "");
		fputc('|', out);
		put_short(out, w->help);
		fputc('\n', out);
	}
}

void commands_table(FILE *out, const struct command *const *commands)
{
	const struct cli_option *o;
	size_t i;

	for (i = 0; commands[i]; i++) {
		put_row(out, commands[i], "", "", "", "");
		fputc('|', out);
		put_short(out, commands[i]->summary);
		fputc('\n', out);
		put_operands(out, commands[i]);
		for (o = commands[i]->options; o && o->name; o++)
			put_option(out, commands[i], o);
	}
}
