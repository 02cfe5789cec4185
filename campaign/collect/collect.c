// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/collect/collect.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/collect/collection.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"
#include "common/record.h"

/* All journals that the paths stand for, as an array of texts. */
static json_t *journals_of(char *const *paths, size_t nr)
{
	json_t *ret = json_array(), *inside, *each;
	const char *path;
	size_t i, k, len;

	for (i = 0; i < nr; i++) {
		if (!files_is_dir(paths[i])) {
			json_array_append_new(ret, json_string(paths[i]));
			continue;
		}
		inside = files_in(paths[i]);
		json_array_foreach(inside, k, each) {
			path = json_string_value(each);
			len = strlen(path);
			if (len > 6 && !strcmp(path + len - 6, ".jsonl"))
				json_array_append(ret, each);
		}
		json_decref(inside);
	}
	return ret;
}

static int by_number(const void *a, const void *b)
{
	const struct collected_boot *x = a, *y = b;
	int labels = strcmp(x->label, y->label);

	if (labels)
		return labels;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->identity, y->identity);
}

/* That a boot was on; "": it does not say. */
static const char *host_of(const struct collected_boot *boot)
{
	const json_t *facts = json_object_get(json_array_get(boot->machines, 0), "facts");
	const char *host = json_string_value(json_object_get(facts, "machine.host"));

	return host ? host : "";
}

/* When the first of its runs began, s since 1970; infinite if none says. */
static double started(const struct collection *c, const struct collected_boot *boot)
{
	double first = INFINITY, one;
	size_t i;

	for (i = 0; i < c->nr_steps; i++) {
		one = json_number_value(json_object_get(boot->runs[i], "started"));
		first = one > 0 && one < first ? one : first;
	}
	return first;
}

static int by_host(const void *a, const void *b, void *arg)
{
	const struct collected_boot *x = a, *y = b;
	double first = started(arg, x), second = started(arg, y);
	int hosts = strcmp(host_of(x), host_of(y));

	if (hosts)
		return hosts;
	return first < second ? -1 : first > second ? 1 : by_number(a, b);
}

/*
 * Boots of one kernel, of which some had the same number, as analysis/results/boots.h numbers those
 * of several journals: by time, of several hosts in turn.
 */
static void number_kernel(const struct collection *c, struct collected_boot *boots, size_t nr)
{
	int hosts = 1, host = 0, before = 0;
	size_t i;

	qsort_r(boots, nr, sizeof(*boots), by_host, (void *)c);
	for (i = 1; i < nr; i++)
		hosts += strcmp(host_of(&boots[i]), host_of(&boots[i - 1])) != 0;
	for (i = 0; i < nr; i++) {
		if (i && strcmp(host_of(&boots[i]), host_of(&boots[i - 1]))) {
			host++;
			before = 0;
		}
		boots[i].number = before++ * hosts + host;
	}
}

/* Boots of a kernel have numbers of their own afterwards. */
static void number_boots(struct collection *c)
{
	size_t from, end;
	bool doubled;

	qsort(c->boots, c->nr, sizeof(*c->boots), by_number);
	for (from = 0; from < c->nr; from = end) {
		doubled = false;
		for (end = from + 1;
		     end < c->nr && !strcmp(c->boots[end].label, c->boots[from].label); end++)
			doubled = doubled || c->boots[end].number == c->boots[end - 1].number;
		if (doubled)
			number_kernel(c, c->boots + from, end - from);
	}
}

static struct collected_boot *boot_numbered(const struct collection *c, const char *label,
					    int number)
{
	size_t i;

	for (i = 0; i < c->nr; i++)
		if (c->boots[i].number == number && !strcmp(c->boots[i].label, label))
			return &c->boots[i];
	return NULL;
}

static void put(FILE *out, json_t *record)
{
	char *text = json_dumps(record, RECORD_DUMP);

	if (!text)
		abort();
	fprintf(out, "%s\n", text);
	free(text);
}

static void put_numbered(FILE *out, const struct collected_boot *boot, json_t *record)
{
	json_object_set_new(record, "boot", json_integer(boot->number));
	put(out, record);
}

static void put_boot(const struct collection *c, FILE *out, const struct collected_boot *boot)
{
	json_t *record;
	size_t i;

	json_array_foreach(boot->machines, i, record)
		put_numbered(out, boot, record);
	for (i = 0; i < c->nr_steps; i++)
		if (boot->runs[i])
			put_numbered(out, boot, boot->runs[i]);
	json_array_foreach(boot->rest, i, record)
		put_numbered(out, boot, record);
}

static int last_number(const struct collection *c)
{
	int last = c->plan.boots - 1;
	size_t i;

	for (i = 0; i < c->nr; i++)
		last = c->boots[i].number > last ? c->boots[i].number : last;
	return last;
}

/* Calls fn for each boot that is planned or there, in the order of one machine; NULL: missing. */
static void each_boot(const struct collection *c, void *arg,
		      void (*fn)(const struct collection *c, void *arg, const char *label,
				 int number, const struct collected_boot *boot))
{
	size_t nr = json_array_size(c->labels), place;
	int number, last = last_number(c);
	const char *label;

	for (number = 0; number <= last; number++) {
		for (place = 0; place < nr; place++) {
			label = json_string_value(json_array_get(
				c->labels, plan_kernel(&c->plan, nr, number, place)));
			fn(c, arg, label, number, boot_numbered(c, label, number));
		}
	}
}

static void put_if_there(const struct collection *c, void *arg, const char *label, int number,
			 const struct collected_boot *boot)
{
	(void)label;
	(void)number;
	if (boot)
		put_boot(c, arg, boot);
}

static char *whole_text(const struct collection *c)
{
	json_t *plan = json_copy(c->plan_json), *each;
	const char *label;
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	json_object_set(plan, "kernels", c->labels);
	put(out, plan);
	json_decref(plan);
	json_array_foreach(c->commands, i, each)
		put(out, each);
	json_array_foreach(c->labels, i, each) {
		label = json_string_value(each);
		if (json_object_get(c->kernels, label))
			put(out, json_object_get(c->kernels, label));
	}
	each_boot(c, out, put_if_there);
	fclose(out);
	return text;
}

/* What is missing of the plan. */
struct missing {
	size_t boots, planned;
	char names[400];
};

static void look_for(const struct collection *c, void *arg, const char *label, int number,
		     const struct collected_boot *boot)
{
	struct missing *missing = arg;
	size_t used = strlen(missing->names), left = 0, all = 0, i;

	for (i = 0; i < c->nr; i++)
		all += !strcmp(c->boots[i].label, label);
	for (i = 0; boot && i < c->nr_steps; i++)
		left += !boot->runs[i];
	if (number >= c->plan.boots)
		return;
	missing->planned++;
	/* Numbers of several hosts, of which one has fewer boots, have gaps. */
	if (boot ? !left : all >= (size_t)c->plan.boots)
		return;
	missing->boots++;
	if (used + strlen(label) + 40 < sizeof(missing->names))
		snprintf(missing->names + used, sizeof(missing->names) - used, "%s%d of %s",
			 used ? ", " : "", number, label);
}

/* The ending of so many things. */
static const char *s(size_t nr)
{
	return nr == 1 ? "" : "s";
}

static int say(const struct collection *c, size_t journals, const char *out)
{
	size_t kernels = json_array_size(c->labels);
	struct missing missing = {0};

	each_boot(c, &missing, look_for);
	note("%s: %zu boot%s of %zu kernel%s, from %zu journal%s", out, c->nr, s(c->nr), kernels,
	     s(kernels), journals, s(journals));
	if (!missing.boots)
		return EXIT_OK;
	err("%s: of %zu boot%s %zu %s missing or incomplete: boot %s%s", out, missing.planned,
	    s(missing.planned), missing.boots, missing.boots == 1 ? "is" : "are", missing.names,
	    strlen(missing.names) > 340 ? ", ..." : "");
	return EXIT_FAILED;
}

/* The text under its name, whole or not at all; a file that is there stays. */
static int put_under(const char *out, const char *text)
{
	char *part = files_text("%s.%d", out, (int)getpid());
	int status = files_write(part, text, strlen(text)) ? EXIT_OK : EXIT_FAILED;

	if (status == EXIT_OK && link(part, out)) {
		status = errno == EEXIST ? EXIT_USAGE : EXIT_FAILED;
		if (errno == EEXIST)
			err("%s: is there already; collect makes a new journal", out);
		else
			err_errno("%s: cannot be made", out);
	}
	unlink(part);
	free(part);
	return status;
}

int campaign_collect(char *const *paths, size_t nr, const char *out)
{
	struct collection c = collection_new();
	json_t *journals = journals_of(paths, nr), *path;
	int status = EXIT_OK;
	char *text;
	size_t i;

	json_array_foreach(journals, i, path)
		if (status == EXIT_OK && !collection_read(&c, json_string_value(path)))
			status = EXIT_USAGE;
	if (status == EXIT_OK && !c.plan_json) {
		err("%s: no journal (*.jsonl) is there", paths[0]);
		status = EXIT_USAGE;
	}
	if (status == EXIT_OK) {
		number_boots(&c);
		text = whole_text(&c);
		status = put_under(out, text);
		free(text);
	}
	if (status == EXIT_OK)
		status = say(&c, json_array_size(journals), out);
	collection_free(&c);
	json_decref(journals);
	return status;
}
