// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/doctor/doctor.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One examination: the record's parts, and what it found so far. */
struct exam {
	const json_t *facts;
	const json_t *symbols;
	char *names; /* what {*} stands for in the rule at hand, or NULL */
	struct doctor_finding *found;
	size_t nr, room;
};

/* A fact as users read it, malloc'ed; NULL if there is none, or it could not be read. */
static char *text_of(const json_t *fact)
{
	char *text = NULL;

	if (json_is_string(fact))
		return strdup(json_string_value(fact));
	if (json_is_integer(fact) &&
	    asprintf(&text, "%lld", (long long)json_integer_value(fact)) < 0)
		return NULL;
	if (json_is_real(fact) && asprintf(&text, "%.4g", json_real_value(fact)) < 0)
		return NULL;
	return text;
}

static bool is_one_of(const char *text, size_t len, const char *words)
{
	size_t word;

	for (;; words += word + 1) {
		word = strcspn(words, "|");
		if (word == len && !strncmp(text, words, len))
			return true;
		if (!words[word])
			return false;
	}
}

static void add_name(struct exam *e, const char *name, size_t len)
{
	char *all;

	if (asprintf(&all, "%s%s%.*s", e->names ? e->names : "", e->names ? ", " : "", (int)len,
		     name) < 0)
		return;
	free(e->names);
	e->names = all;
}

/* Collects the words of the text that are among those, the value of "word=value" aside too. */
static bool words_among(struct exam *e, const char *text, const char *words)
{
	bool any = false;
	size_t len;

	for (; *text; text += len) {
		text += strspn(text, " ");
		len = strcspn(text, " ");
		if (!len ||
		    (!is_one_of(text, len, words) && !is_one_of(text, strcspn(text, " ="), words)))
			continue;
		add_name(e, text, len);
		any = true;
	}
	return any;
}

static bool any_begins(struct exam *e, const struct condition *c)
{
	size_t len = strlen(c->name);
	const char *name, *text;
	const json_t *fact;
	bool any = false;
	void *i;

	for (i = json_object_iter((json_t *)e->facts); i;
	     i = json_object_iter_next((json_t *)e->facts, i)) {
		name = json_object_iter_key(i);
		fact = json_object_iter_value(i);
		text = json_string_value(fact);
		if (strncmp(name, c->name, len) || !text || strncmp(text, c->text, strlen(c->text)))
			continue;
		add_name(e, name + len, strlen(name + len));
		any = true;
	}
	return any;
}

static bool compares(const struct exam *e, const struct condition *c, const json_t *fact)
{
	const json_t *per = c->per ? json_object_get(e->facts, c->per) : NULL;
	double limit = c->number;

	if (!json_is_number(fact) || (c->per && !json_is_number(per)))
		return false;
	if (per)
		limit *= json_number_value(per);
	switch (c->test) {
	case TEST_ABOVE:
		return json_number_value(fact) > limit;
	case TEST_BELOW:
		return json_number_value(fact) < limit;
	default:
		return json_integer_value(fact) & (json_int_t)c->number;
	}
}

static bool matches(struct exam *e, const struct condition *c, const json_t *fact)
{
	char *text = text_of(fact);
	bool match = false;

	if (text && (c->test == TEST_IS || c->test == TEST_IS_NOT))
		match = is_one_of(text, strlen(text), c->text) == (c->test == TEST_IS);
	else if (text)
		match = words_among(e, text, c->text) == (c->test == TEST_HAS_WORD);
	free(text);
	return match;
}

static bool is_set(const struct exam *e, const char *symbol)
{
	const char *value = json_string_value(json_object_get(e->symbols, symbol));

	return value && (!strcmp(value, "y") || !strcmp(value, "m"));
}

static bool holds(struct exam *e, const struct condition *c)
{
	switch (c->test) {
	case NO_TEST:
		return true;
	case TEST_SET:
		return is_set(e, c->name);
	case TEST_NOT_SET:
		return e->symbols && !is_set(e, c->name);
	case TEST_BEGIN_WITH:
		return any_begins(e, c);
	case TEST_ABOVE:
	case TEST_BELOW:
	case TEST_BITS:
		return compares(e, c, json_object_get(e->facts, c->name));
	default:
		return matches(e, c, json_object_get(e->facts, c->name));
	}
}

/* Writes what {name}, the len characters within the braces, stands for. */
static void put_value(const struct exam *e, FILE *out, const char *name, size_t len)
{
	char *key, *text;

	if (len == 1 && *name == '*') {
		fputs(e->names ? e->names : "", out);
		return;
	}
	key = strndup(name, len);
	text = key ? text_of(json_object_get(e->facts, key)) : NULL;
	fputs(text ? text : "?", out);
	free(text);
	free(key);
}

static char *expand(const struct exam *e, const char *template)
{
	size_t size, len;
	char *text = NULL;
	FILE *out;

	if (!template)
		return NULL;
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	while (*template) {
		len = strcspn(template, "{");
		fwrite(template, 1, len, out);
		template += len;
		if (!*template)
			break;
		len = strcspn(template, "}");
		put_value(e, out, template + 1, len - 1);
		template += len + 1;
	}
	fclose(out);
	return text;
}

static void add(struct exam *e, enum doctor_severity severity, const char *title, char *what,
		char *mend)
{
	struct doctor_finding found = {severity, title, what, mend};

	if (e->nr < e->room)
		e->found[e->nr++] = found;
	else
		doctor_free(&found, 1);
}

static void examine_rules(struct exam *e, enum doctor_severity severity)
{
	const struct rule *r;
	size_t i;

	for (r = doctor_rules; r < doctor_rules + nr_doctor_rules; r++) {
		if (r->severity != severity)
			continue;
		for (i = 0; i < MAX_CONDITIONS && holds(e, &r->when[i]); i++)
			;
		if (i == MAX_CONDITIONS)
			add(e, severity, r->title, expand(e, r->what), expand(e, r->mend));
		free(e->names);
		e->names = NULL;
	}
}

static void examine_config(struct exam *e, enum doctor_severity severity)
{
	char *what, *mend;
	size_t i;

	for (i = 0; i < nr_doctor_symbols; i++) {
		if (doctor_symbols[i].severity != severity || !is_set(e, doctor_symbols[i].symbol))
			continue;
		if (asprintf(&what, "%s", doctor_symbols[i].what) < 0)
			return;
		if (asprintf(&mend, "build the kernel without %s", doctor_symbols[i].symbol) < 0)
			mend = NULL;
		add(e, severity, doctor_symbols[i].symbol, what, mend);
	}
}

size_t doctor_examine(const json_t *machine, struct doctor_finding *ret, size_t room)
{
	struct exam e = {
		.facts = json_object_get(machine, "facts"),
		.symbols = json_object_get(json_object_get(machine, "config"), "symbols"),
		.found = ret,
		.room = room,
	};
	enum doctor_severity severity;

	for (severity = DOCTOR_SPOILS; severity <= DOCTOR_REMARK; severity++) {
		examine_config(&e, severity);
		examine_rules(&e, severity);
	}
	return e.nr;
}

void doctor_free(struct doctor_finding *findings, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		free(findings[i].what);
		free(findings[i].mend);
	}
}

const char *doctor_severity_name(enum doctor_severity severity)
{
	static const char *const names[] = {"SPOILS", "DISTURBS", "REMARK"};

	return names[severity];
}
