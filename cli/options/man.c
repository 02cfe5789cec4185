// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The man page.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/text/grid.h"
#include "cli/options/docs.h"

/* Escaped, they become fonts. */
#define BOLD   '\1'
#define ITALIC '\2'
#define ROMAN  '\3'

static const struct docs_marks marks = {"\1", "\2", "\3"};

static const char forms[] =
	"Options may stand anywhere behind the command, be shortened as long as they are told "
	"apart, and have their value behind a blank or a = (only so where it stands in brackets).\n"
	"A plan of benchmarks is carried out on kernels (`run`, `series`), into a journal, which "
	"is never overwritten: the same command goes on where it was. All other commands read "
	"journals.";

/* What is not of a command. */
static const struct section {
	const char *title;
	struct entry {
		const char *word, *help;
	} entries[5];
} sections[] = {
	{"ENVIRONMENT",
	 {{"FAULTBENCH_WORKER", "the faultbench-worker to use on this machine in place of the one "
				"that was installed with faultbench"},
	  {"XDG_CACHE_HOME",
	   "where kernels and builds are kept, in faultbench/ (default: ~/.cache)"},
	  {"XDG_STATE_HOME",
	   "where a campaign that this machine goes on with is described, in faultbench/campaign/ "
	   "(default: ~/.local/state)"},
	  {"TMPDIR", "where benchmarks make their files, which are nameless (default: /var/tmp, "
		     "/tmp, the current folder or /dev/shm)"}}},
	{"FILES",
	 {{"../share/faultbench/configs/",
	   "beside the folder that the program is in: plans, machines, kernel fragments and "
	   "variants, which options name without their .ini"},
	  {"../lib/faultbench/", "the workers, a folder for each further architecture, and the "
				 "plugins of exact mode"}}},
};

/* What stands in troff for a character that it takes for its own; NULL for others. */
static const char *troff(char c)
{
	static const struct {
		char c;
		const char *troff;
	} chars[] = {{BOLD, "\\fB"}, {ITALIC, "\\fI"}, {ROMAN, "\\fR"},
		     {'-', "\\-"},   {'\\', "\\e"},    {'~', "\\(ti"}};
	size_t i;

	for (i = 0; i < sizeof(chars) / sizeof(chars[0]); i++)
		if (chars[i].c == c)
			return chars[i].troff;
	return NULL;
}

/* One line or paragraph. What is between two ` becomes bold; no word begins like a request. */
static void escape(FILE *out, const char *text)
{
	bool bold = false, begins = true;
	const char *other;

	for (; *text; text++) {
		if (begins && strchr(".'", *text))
			fputs("\\&", out);
		begins = *text == ' ' || *text == ROMAN;
		if (*text == '`')
			bold = !bold;
		other = troff(*text == '`' ? bold ? BOLD : ROMAN : *text);
		if (other)
			fputs(other, out);
		else
			fputc(*text, out);
	}
}

static void put_line(FILE *out, const char *text)
{
	escape(out, text);
	fputc('\n', out);
}

/* A paragraph, in lines of its own. */
static void put_text(FILE *out, const char *text)
{
	char *escaped = NULL;
	size_t size;
	FILE *memory = open_memstream(&escaped, &size);

	if (!memory)
		return;
	escape(memory, text);
	fclose(memory);
	text_wrap(out, 0, 0, escaped);
	free(escaped);
}

static void put_paragraphs(FILE *out, const char *text)
{
	char *copy = strdup(text), *rest = copy, *one;

	while (copy && (one = strsep(&rest, "\n"))) {
		fputs(".PP\n", out);
		put_text(out, one);
	}
	free(copy);
}

static void put_entry(FILE *out, char font, const char *word, const char *help)
{
	fprintf(out, ".TP\n%s", troff(font));
	escape(out, word);
	fprintf(out, "%s\n", troff(ROMAN));
	put_text(out, help);
}

static void put_choices(FILE *out, const struct cli_option *o)
{
	struct choice choice;
	size_t i;

	if (o->choice)
		fputs(".RS\n", out);
	for (i = 0; o->choice && o->choice(i, &choice); i++)
		put_entry(out, BOLD, choice.name, choice.help ? choice.help : "");
	if (o->choice)
		fputs(".RE\n", out);
}

static void put_words(FILE *out, const struct command *c)
{
	const struct cli_operand *w;
	const struct cli_option *o;
	char text[DOCS_TEXT];

	for (w = c->operands; w && w->word; w++)
		put_entry(out, ITALIC, w->word, w->help);
	for (o = c->options; o && o->name; o++) {
		fputs(".TP\n", out);
		put_line(out, docs_option(o, &marks, text));
		put_text(out, o->help);
		put_choices(out, o);
	}
}

static void put_command(FILE *out, const struct command *c)
{
	const struct cli_example *e;
	char text[DOCS_TEXT];

	fprintf(out, ".SS \"%s\"\n", c->name);
	put_line(out, docs_synopsis(c, &marks, text));
	snprintf(text, sizeof(text), "%c%s.", toupper((unsigned char)*c->summary), c->summary + 1);
	put_paragraphs(out, text);
	if (c->about)
		put_paragraphs(out, c->about);
	put_words(out, c);
	if (c->examples)
		fputs(".PP\nExamples:\n", out);
	for (e = c->examples; e && e->words; e++) {
		snprintf(text, sizeof(text), "faultbench %s", e->words);
		put_entry(out, BOLD, text, e->what);
	}
}

static void put_section(FILE *out, const struct section *section)
{
	const struct entry *e;

	fprintf(out, ".SH %s\n", section->title);
	for (e = section->entries; e->word; e++)
		put_entry(out, BOLD, e->word, e->help);
}

void commands_man(FILE *out, const struct command *const *commands)
{
	const struct docs_status *s;
	char number[16];
	size_t i;

	fputs(".TH FAULTBENCH 1 \"\" \"faultbench " FAULTBENCH_VERSION "\" \"User Commands\"\n"
	      ".SH NAME\nfaultbench \\- measure memory management of Linux kernels\n"
	      ".SH SYNOPSIS\n\\fBfaultbench\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]...\n"
	      ".br\n\\fBfaultbench\\fR [\\fICOMMAND\\fR] \\fB\\-h\\fR\n"
	      ".SH DESCRIPTION\n",
	      out);
	put_text(out, docs_purpose);
	put_paragraphs(out, forms);
	fputs(".SH COMMANDS\n", out);
	for (i = 0; commands[i]; i++)
		put_command(out, commands[i]);
	fputs(".SH EXIT STATUS\n", out);
	for (s = docs_statuses; s->meaning; s++) {
		snprintf(number, sizeof(number), "%d", s->status);
		put_entry(out, BOLD, number, s->meaning);
	}
	for (i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		put_section(out, &sections[i]);
}
