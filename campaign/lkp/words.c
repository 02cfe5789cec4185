// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/lkp/words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/ini_file.h"
#include "common/msg.h"

#define BLANKS	  " \t\r\n\v\f>|\"'"
#define ENDS	  "/,"
#define LIST_TEXT 512

static const char *const test_keys[] = {"test", "op", "case", NULL};
static const char *const nr_keys[] = {"nr_task", "nr_threads", "nr_processes", NULL};
static const char *const runtime_keys[] = {"runtime", "testtime", NULL};
static const char *const modes[] = {"process", "thread", "both", NULL};

bool lkp_is(const char *word)
{
	if (!strncmp(word, LKP_PREFIX, strlen(LKP_PREFIX)))
		return true;
	return !ini_file_stem(word) && (strstr(word, "testcase=") || strstr(word, "testcase:"));
}

static bool among(const char *const *list, const char *word)
{
	for (; *list; list++)
		if (!strcmp(*list, word))
			return true;
	return false;
}

bool lkp_is_mode(const char *word)
{
	return among(modes, word);
}

/* The first of a kind counts. */
static bool take(char **at, const char *value)
{
	if (*at || !*value)
		return false;
	*at = strdup(value);
	return true;
}

/* "16", "50%" */
static bool is_number(const char *word)
{
	size_t digits = strspn(word, "0123456789");

	return digits && (!word[digits] || !strcmp(word + digits, "%"));
}

/* What among others was to be one, and will be refused: "-1", "0.5%". */
static bool is_nearly_number(const char *word)
{
	size_t sign = strspn(word, "+-"), digits = strspn(word + sign, "0123456789.");
	const char *end = word + sign + digits;

	return digits && (!strcmp(end, "%") || (sign && !*end));
}

static void leave(struct lkp_words *w, const char *key, const char *value)
{
	json_array_append_new(w->others,
			      *key ? json_sprintf("%s=%s", key, value) : json_string(value));
}

/* A word whose meaning is said by its name. */
static void take_named(struct lkp_words *w, const char *key, const char *value)
{
	bool taken = false;

	if (!strcmp(key, "testcase") && !w->suite) {
		w->suite = lkp_suite_find(value);
		taken = w->suite;
	} else if (among(test_keys, key)) {
		taken = take(&w->test, value);
	} else if (!strcmp(key, "mode")) {
		taken = take(&w->mode, value);
	} else if (among(nr_keys, key)) {
		taken = take(&w->nr, value);
	} else if (among(runtime_keys, key)) {
		taken = take(&w->runtime, value);
	}
	if (!taken)
		leave(w, key, value);
}

/* One that has to be told by itself; a number only if it stands among others. */
static void take_bare(struct lkp_words *w, const char *word, bool alone)
{
	const struct lkp_suite *suite = w->suite ? NULL : lkp_suite_find(word);

	if (suite)
		w->suite = suite;
	else if (!strcmp(word, "...") || !*word)
		return;
	else if (!(lkp_is_mode(word) && take(&w->mode, word)) &&
		 !(is_number(word) && (!alone || strchr(word, '%')) && take(&w->nr, word)) &&
		 !(is_nearly_number(word) && !alone && take(&w->nr, word)))
		leave(w, "", word);
}

/* The next item of a list, which is changed; NULL at its end. */
static char *next_item(char **list)
{
	char *item = *list;

	if (!item)
		return NULL;
	*list = strpbrk(item, ENDS);
	if (*list)
		*(*list)++ = '\0';
	return item;
}

/* "a/b=c,d" */
static void take_list(struct lkp_words *w, char *list)
{
	bool alone = !strpbrk(list, ENDS);
	char *item, *value;

	while ((item = next_item(&list))) {
		value = strchr(item, '=');
		if (value && value > item) {
			*value = '\0';
			take_named(w, item, value + 1);
		} else {
			take_bare(w, item, alone);
		}
	}
}

/* "compiler/mode/testcase" and "gcc-12/process/will-it-scale" */
static bool take_pairs(struct lkp_words *w, char *names, char *values)
{
	char *name, *value;

	do {
		name = next_item(&names);
		value = next_item(&values);
		if (name && value)
			take_named(w, name, value);
	} while (name && value);
	return (!name && !value) ||
	       err("lkp: the line of names and the line of values under it are not equally long");
}

/* A word that ends in ':' names what follows, one thing or several. */
static bool take_word(struct lkp_words *w, char *word, char *next, bool *ret_both)
{
	size_t len = strlen(word);

	*ret_both = false;
	if (len < 2 || word[len - 1] != ':') {
		take_list(w, word);
		return true;
	}
	word[len - 1] = '\0';
	if (!next || next[strlen(next) - 1] == ':')
		return true;
	*ret_both = true;
	if (strchr(word, '/'))
		return take_pairs(w, word, next);
	next[strcspn(next, ",")] = '\0';
	take_named(w, word, next);
	return true;
}

static bool take_words(struct lkp_words *w, char *text)
{
	char *rest = NULL, *word = strtok_r(text, BLANKS, &rest), *next;
	bool both;

	while (word) {
		next = strtok_r(NULL, BLANKS, &rest);
		if (!take_word(w, word, next, &both))
			return false;
		word = both ? strtok_r(NULL, BLANKS, &rest) : next;
	}
	return true;
}

static bool refuse_suite(void)
{
	const struct lkp_suite *s;
	char list[LIST_TEXT] = "";

	for (s = lkp_suites; s->name; s++) {
		strcat(list, s == lkp_suites ? "" : ", ");
		strcat(list, s->name);
	}
	return err("lkp: names no testcase that is known here; there are %s", list);
}

/* The test is one of the words that were said without a name. */
static bool find_test(struct lkp_words *w)
{
	const char *word;
	json_t *other;
	size_t i;

	json_array_foreach(w->others, i, other) {
		word = json_string_value(other);
		w->name = strchr(word, '=') ? NULL : lkp_name_find(w->suite, word);
		if (!w->name)
			continue;
		w->test = strdup(word);
		json_array_remove(w->others, i);
		return true;
	}
	w->name = lkp_name_find(w->suite, ""); /* of a suite that has but one */
	return w->name;
}

/* That which was to be the test, as it seems; NULL: there is none. */
static const char *most_like(const struct lkp_words *w, const struct lkp_name **ret_like)
{
	const char *word, *most = NULL;
	const struct lkp_name *like;
	size_t i, letters, least = SIZE_MAX;
	json_t *other;

	json_array_foreach(w->others, i, other) {
		word = json_string_value(other);
		if (strchr(word, '='))
			continue;
		like = lkp_name_like(w->suite, word, &letters);
		if (letters < least) {
			least = letters;
			most = word;
			*ret_like = like;
		}
	}
	return most;
}

static bool refuse_test(const struct lkp_words *w)
{
	const struct lkp_name *like = NULL;
	const char *word = w->test;
	size_t letters;

	if (word)
		like = lkp_name_like(w->suite, word, &letters);
	else
		word = most_like(w, &like);
	if (!word)
		return err("lkp: names no test of %s; `faultbench list --lkp` shows them",
			   w->suite->name);
	return err("lkp: %s has no test '%.60s' that is known here; the nearest name is '%s', and "
		   "`faultbench list --lkp` shows all",
		   w->suite->name, word, like->test);
}

bool lkp_words_read(struct lkp_words *ret, const char *text)
{
	char *copy;
	bool ok;

	*ret = (struct lkp_words){.others = json_array()};
	if (!strncmp(text, LKP_PREFIX, strlen(LKP_PREFIX)))
		text += strlen(LKP_PREFIX);
	if (strlen(text) > LKP_MOST)
		return err("lkp: %zu bytes, and words of a report are at most %d", strlen(text),
			   LKP_MOST);
	copy = strdup(text);
	ok = copy && take_words(ret, copy);
	free(copy);
	if (!ok)
		return false;
	if (!ret->suite)
		return refuse_suite();
	if (ret->test)
		ret->name = lkp_name_find(ret->suite, ret->test);
	else if (!find_test(ret))
		return refuse_test(ret);
	return ret->name || refuse_test(ret);
}

void lkp_words_free(struct lkp_words *w)
{
	free(w->mode);
	free(w->nr);
	free(w->runtime);
	free(w->test);
	json_decref(w->others);
}
