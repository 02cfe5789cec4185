// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options/docs.h"
#include "cli/options/options.h"
#include "common/exit.h"
#include "common/msg.h"

#define MAX_OPTIONS 32
#define FIRST	    256 /* what getopt_long() returns of row 0: above all characters */

/* A command's options while they are read. */
struct reading {
	const struct command *c;
	size_t nr;
	struct option options[MAX_OPTIONS + 2];
	bool given[MAX_OPTIONS];
};

void word_list_add(struct word_list *list, const char *word)
{
	const char **more = realloc(list->words, (list->nr + 1) * sizeof(*more));

	if (!more)
		abort();
	list->words = more;
	more[list->nr++] = word;
}

/* Whether a letter too many, too few or another, or two that changed places, tell them apart. */
static bool is_slip(const char *a, const char *b)
{
	size_t la, lb;

	while (*a && *a == *b)
		a++, b++;
	for (la = strlen(a), lb = strlen(b); la && lb && a[la - 1] == b[lb - 1]; la--)
		lb--;
	return (la <= 1 && lb <= 1) || (la == 2 && lb == 2 && a[0] == b[1] && a[1] == b[0]);
}

bool words_unknown(const struct word_list *known, const char *dashes, const char *word,
		   const char *fmt, ...)
{
	const char *meant = NULL;
	char *text = NULL;
	size_t i, size;
	FILE *out = open_memstream(&text, &size);
	va_list ap;

	if (!out)
		return err("out of memory");
	va_start(ap, fmt);
	vfprintf(out, fmt, ap);
	va_end(ap);
	for (i = 0; i < known->nr && !meant; i++)
		if (is_slip(word, known->words[i]))
			meant = known->words[i];
	if (meant)
		fprintf(out, "; did you mean %s%s?", dashes, meant);
	for (i = 0; i < known->nr && !meant; i++)
		fprintf(out, "%s%s%s", i ? ", " : "; there are ", dashes, known->words[i]);
	fclose(out);
	err("%s", text);
	free(text);
	return false;
}

/* For getopt_long(), which knows abbreviations and where words may stand. */
static void fill_options(struct reading *r)
{
	const struct cli_option *row = r->c->options;

	for (; row && row->name; row++, r->nr++) {
		if (r->nr == MAX_OPTIONS)
			abort();
		r->options[r->nr] = (struct option){
			.name = row->name,
			.has_arg = !row->word	   ? no_argument
				   : row->optional ? optional_argument
						   : required_argument,
			.val = FIRST + (int)r->nr,
		};
	}
	r->options[r->nr] = (struct option){"help", no_argument, NULL, 'h'};
}

/* A long option that is none, or short for several. */
static void say_unknown(const struct reading *r, const char *word)
{
	char *name = strndup(word + 2, strcspn(word + 2, "="));
	struct word_list all = {0}, begun = {0};
	size_t i;

	for (i = 0; name && i < r->nr; i++) {
		word_list_add(&all, r->options[i].name);
		if (!strncmp(r->options[i].name, name, strlen(name)))
			word_list_add(&begun, r->options[i].name);
	}
	if (begun.nr)
		words_unknown(&begun, "--", name, "%s: --%s is short for several", r->c->name,
			      name);
	else
		words_unknown(&all, "--", name ? name : "", "%s has no option --%s", r->c->name,
			      name ? name : "");
	free(all.words);
	free(begun.words);
	free(name);
}

/* What getopt_long() did not take; it returned c, and optopt says which option it is about. */
static bool say_wrong(const struct reading *r, int c, char *const *argv)
{
	const struct cli_option *row = optopt >= FIRST ? &r->c->options[optopt - FIRST] : NULL;

	if (row && c == ':')
		return err("%s: --%s needs a value, %s", r->c->name, row->name, row->word);
	if (row || optopt == 'h')
		return err("%s: --%s takes no value", r->c->name, row ? row->name : "help");
	if (optopt)
		return err("%s has no option -%c; `faultbench %s -h` shows those it has",
			   r->c->name, optopt, r->c->name);
	say_unknown(r, argv[optind - 1]);
	return false;
}

static bool is_choice(const struct cli_option *row, const char *word)
{
	struct word_list known = {0};
	struct choice choice;
	bool found = false;
	size_t i;

	for (i = 0; !found && row->choice(i, &choice); i++) {
		found = !strcmp(choice.name, word);
		word_list_add(&known, choice.name);
	}
	if (!found)
		words_unknown(&known, "", word, "--%s %s: no such %s", row->name, word, row->name);
	free(known.words);
	return found;
}

static bool store(const struct cli_option *row, void *into, const char *word)
{
	void *at = (char *)into + row->at;

	if (word && !*word)
		return err("--%s '': needs a value, %s", row->name, row->word);
	if (row->choice && !is_choice(row, word))
		return false;
	if (row->take)
		return row->take(at, word);
	if (!row->word)
		*(bool *)at = true;
	else if (row->many)
		word_list_add(at, word);
	else
		*(const char **)at = word;
	return true;
}

/* Whether all options that the command cannot do without are there. */
static bool have_required(const struct reading *r)
{
	struct word_list missing = {0};
	char text[512] = "";
	size_t i, used = 0;

	for (i = 0; i < r->nr; i++)
		if (r->c->options[i].required && !r->given[i])
			word_list_add(&missing, r->c->options[i].name);
	for (i = 0; i < missing.nr && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s--%s",
					 !i		      ? ""
					 : i + 1 < missing.nr ? ", "
							      : " and ",
					 missing.words[i]);
	free(missing.words);
	return !used || err("%s needs %s", r->c->name, text);
}

/* Whether there are as many operands as the command takes. */
static bool have_operands(const struct command *c, char *const *words, size_t nr)
{
	const struct cli_operand *o = c->operands;
	size_t least = 0, most = 0, i;

	for (i = 0; i < nr; i++)
		if (!*words[i])
			return err("%s: '' is no %s", c->name, o && o->word ? o->what : "word");
	for (; o && o->word; o++) {
		least += !o->optional;
		most = o->many ? (size_t)-1 : most + 1;
	}
	if (nr >= least && nr <= most)
		return true;
	if (!most)
		return err("%s takes %s, not '%s'", c->name,
			   c->options ? "options only" : "no words", words[0]);
	if (least == most)
		return err("%s takes %s %s%s, not %zu", c->name, most == 1 ? "one" : "two",
			   o[-1].what, most == 1 ? "" : "s", nr);
	return nr < least ? err("%s: no %s given", c->name, c->operands->what)
			  : err("%s: one %s at a time: '%s' is one too many", c->name, o[-1].what,
				words[most]);
}

bool options_read(const struct command *c, int argc, char **argv, void *into, int *ret_status)
{
	struct reading r = {.c = c};
	bool ok = true;
	int got;

	fill_options(&r);
	*ret_status = c->wrong ? c->wrong : EXIT_USAGE;
	opterr = 0;
	optind = 0; /* from the beginning, also the second time */
	while (ok && (got = getopt_long(argc, argv, ":h", r.options, NULL)) != -1) {
		if (got == 'h') {
			command_help(stdout, c);
			*ret_status = EXIT_OK;
			return false;
		}
		ok = got >= FIRST ? store(&c->options[got - FIRST], into, optarg)
				  : say_wrong(&r, got, argv);
		if (got >= FIRST)
			r.given[got - FIRST] = true;
	}
	return ok && have_operands(c, argv + optind, (size_t)(argc - optind)) && have_required(&r);
}
