// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Help on the terminal.
 */
#include <ctype.h>
#include <string.h>

#include "analysis/text/grid.h"
#include "cli/options/docs.h"

#define COLUMN 17 /* where the help of words begins */

const char docs_purpose[] =
	"Microbenchmarks of page faults, fork, zap and mmap contention on Linux kernels, with "
	"every run verified and the tables of a cover letter.";

const struct docs_status docs_statuses[] = {
	{0, "ok"},
	{1, "a run failed or was void, or there is a regression"},
	{2, "wrong input"},
	{3, "inconclusive"},
	{77, "cannot run here"},
	{0, NULL},
};

static const struct docs_marks plain = {"", "", ""};

const char *docs_option(const struct cli_option *o, const struct docs_marks *m,
			char text[DOCS_TEXT])
{
	int used = snprintf(text, DOCS_TEXT, "%s--%s%s", m->word, o->name, m->end);

	if (o->word)
		snprintf(text + used, DOCS_TEXT - (size_t)used, "%s%s%s%s%s",
			 o->optional ? "[=" : " ", m->value, o->word, m->end,
			 o->optional ? "]" : "");
	return text;
}

const char *docs_synopsis(const struct command *c, const struct docs_marks *m, char text[DOCS_TEXT])
{
	FILE *out = fmemopen(text, DOCS_TEXT, "w");
	const struct cli_operand *w;
	const struct cli_option *o;
	char option[DOCS_TEXT];
	bool more = false;

	fprintf(out, "%sfaultbench %s%s", m->word, c->name, m->end);
	for (o = c->options; o && o->name; o++) {
		more |= !o->required;
		if (o->required)
			fprintf(out, " %s", docs_option(o, m, option));
	}
	if (more)
		fprintf(out, " [%sOPTION%s]...", m->value, m->end);
	for (w = c->operands; w && w->word; w++)
		fprintf(out, " %s%s%s%s%s%s", w->optional ? "[" : "", m->value, w->word, m->end,
			w->optional ? "]" : "", w->many ? "..." : "");
	fclose(out);
	return text;
}

/* A word and, from a column on, what it means. */
static void put_row(FILE *out, const char *word, size_t column, const char *help)
{
	if (strlen(word) + 2 > column)
		fprintf(out, "%s\n%*s", word, (int)column, "");
	else
		fprintf(out, "%-*s", (int)column, word);
	text_wrap(out, column, column, help);
}

static void put_words(FILE *out, const struct command *c)
{
	const struct cli_operand *w;
	const struct cli_option *o;
	char text[DOCS_TEXT];

	for (w = c->operands; w && w->word; w++)
		put_row(out, w->word, COLUMN, w->help);
	for (o = c->options; o && o->name; o++)
		put_row(out, docs_option(o, &plain, text), COLUMN, o->help);
}

/* "Formats:", and what there is. Choices that say all by their name are no help. */
static void put_choices(FILE *out, const struct cli_option *o)
{
	size_t widest = 0, i;
	struct choice choice;
	char word[64];

	for (i = 0; o->choice && o->choice(i, &choice); i++)
		widest = strlen(choice.name) > widest ? strlen(choice.name) : widest;
	for (i = 0; o->choice && o->choice(i, &choice) && choice.help; i++) {
		if (!i)
			fprintf(out, "\n%c%s%s:\n", toupper((unsigned char)*o->name), o->name + 1,
				o->name[strlen(o->name) - 1] == 's' ? "" : "s");
		snprintf(word, sizeof(word), "  %s", choice.name);
		put_row(out, word, widest + 4, choice.help);
	}
}

static void put_paragraphs(FILE *out, const char *text)
{
	size_t len;

	for (; *text; text += len + !!text[len]) {
		len = strcspn(text, "\n");
		fputc('\n', out);
		text_wrapf(out, 0, "%.*s", (int)len, text);
	}
}

void command_help(FILE *out, const struct command *c)
{
	const struct cli_example *e;
	const struct cli_option *o;
	char text[DOCS_TEXT];

	fprintf(out, "Usage: %s\n\n%c%s.\n", docs_synopsis(c, &plain, text),
		toupper((unsigned char)*c->summary), c->summary + 1);
	if (c->about)
		put_paragraphs(out, c->about);
	if (c->operands || c->options)
		fputc('\n', out);
	put_words(out, c);
	for (e = c->examples; e && e->words; e++)
		fprintf(out, "%s  faultbench %s\n      %s\n",
			e == c->examples ? "\nExamples:\n" : "", e->words, e->what);
	for (o = c->options; o && o->name; o++)
		put_choices(out, o);
}

void commands_help(FILE *out, const struct command *const *commands)
{
	const struct docs_status *s;
	size_t i;

	fprintf(out, "Usage: faultbench COMMAND [...]\n\n");
	text_wrap(out, 0, 0, docs_purpose);
	fputc('\n', out);
	for (i = 0; commands[i]; i++)
		fprintf(out, "  %-13s  %s\n", commands[i]->name, commands[i]->summary);
	fprintf(out, "\n`faultbench COMMAND -h` shows a command's options. Exit status:\n");
	for (s = docs_statuses; s->meaning; s++)
		fprintf(out, "  %2d  %s\n", s->status, s->meaning);
}
