// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/machine_facts.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/mm_symbols.h"
#include "analysis/results/point_names.h"
#include "analysis/text/grid.h"

#define MOST_LINES 10  /* facts listed in all; the rest is counted */
#define MOST_VALUE 100 /* characters of a value */

char *fact_text(const json_t *machine, const char *name)
{
	const json_t *fact = json_object_get(json_object_get(machine, "facts"), name);

	if (json_is_string(fact))
		return strdup(json_string_value(fact));
	return fact ? json_dumps(fact, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6))
		    : NULL;
}

double fact_number(const json_t *machine, const char *name)
{
	const json_t *fact = json_object_get(json_object_get(machine, "facts"), name);
	double number = NAN;
	char *end;

	if (json_is_number(fact))
		return json_number_value(fact);
	if (json_is_string(fact)) {
		number = strtod(json_string_value(fact), &end);
		if (end == json_string_value(fact))
			number = NAN;
	}
	return number;
}

/* Words that say nothing about which CPU it is. */
static bool idle_word(const char *word, size_t len)
{
	static const char *const idle[] = {"CPU", "Processor", "processor", "Genuine"};
	unsigned int i;

	for (i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
		if (strlen(idle[i]) == len && !strncmp(word, idle[i], len))
			return true;
	return isdigit((unsigned char)*word) && len > 5 && !strncmp(word + len - 5, "-Core", 5);
}

/* "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz" -> "Intel Xeon Platinum 8259CL" */
static void shorten(const char *model, char *title, size_t room)
{
	size_t len, used = 0;
	const char *mark;

	*title = '\0';
	for (; *model && *model != '@'; model += len) {
		model += strspn(model, " ");
		len = strcspn(model, " ");
		if (!len || *model == '@')
			break;
		if (idle_word(model, len))
			continue;
		mark = memchr(model, '(', len);
		used += (size_t)snprintf(title + used, room - used, "%s%.*s", used ? " " : "",
					 (int)(mark ? (size_t)(mark - model) : len), model);
		if (used >= room)
			return;
	}
}

#define ALIKE 1.1 /* as many times: from one start of a worker to the next */

char *facts_ns(const struct results *r, const char *name)
{
	double least = INFINITY, most = 0, first = NAN, ns;
	char *text = NULL;
	size_t size, k;
	FILE *out;

	for (k = 0; k < r->nr_kernels; k++) {
		ns = fact_number(r->kernels[k].machine, name);
		first = isnan(first) ? ns : first;
		least = fmin(least, ns);
		most = fmax(most, ns);
	}
	out = isnan(first) ? NULL : open_memstream(&text, &size);
	if (!out)
		return NULL;
	if (most <= ALIKE * least)
		fprintf(out, "%.4g ns", first);
	for (k = 0; most > ALIKE * least && k < r->nr_kernels; k++) {
		ns = fact_number(r->kernels[k].machine, name);
		if (!isnan(ns))
			fprintf(out, "%s%.4g ns (%s)", ftell(out) ? ", " : "", ns,
				r->kernels[k].label);
	}
	fclose(out);
	return text;
}

const char *facts_title(const json_t *machine, char title[FACTS_TITLE])
{
	char *model = fact_text(machine, "cpu.model"), *vm = fact_text(machine, "hypervisor");
	char *given = fact_text(machine, "machine.title");

	if (given)
		snprintf(title, FACTS_TITLE, "%s", given);
	else
		shorten(model ? model : "machine", title, FACTS_TITLE - 4);
	if (!given && vm && *vm && strcmp(vm, "none"))
		strcat(title, " VM");
	free(given);
	free(model);
	free(vm);
	return title;
}

/* Facts that no two boots share, or that are the state of a moment. */
static bool is_volatile(const char *name)
{
	static const char *const words[] = {"load", "loadavg",	 "steal",     "buddy",
					    "pcp",  "uptime",	 "available", "free",
					    "used", "ballooned", "unreadable"};
	static const char *const names[] = {
		"clock.cost_ns",
		"clock.resolution_ns", /* measured; clock.source says if it is another clock */
		"mem.total_kB",	       /* less the kernel's own size; topology has the machine's */
	};
	size_t len;
	unsigned int i;

	if (!strncmp(name, "kernel.", 7) || strstr(name, "boot_id"))
		return true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return true;
	for (; *name; name += len + !!name[len]) {
		len = strcspn(name, "._-");
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strlen(words[i]) == len && !strncmp(name, words[i], len))
				return true;
	}
	return false;
}

void facts_vary(struct result_kernel *kernel, const json_t *machine)
{
	json_t *first = json_object_get(kernel->machine, "facts"), *was, *is;
	const json_t *facts = json_object_get(machine, "facts");
	const char *name;

	was = json_object_get(first, "machine.host");
	is = json_object_get(facts, "machine.host");
	if (json_object_get(machine, "perturbation") || (was && is && !json_equal(was, is)))
		return;
	json_object_foreach(first, name, was) {
		is = json_object_get(facts, name);
		if (!is || is_volatile(name) || json_equal(was, is))
			continue;
		if (!kernel->varied)
			kernel->varied = json_object();
		if (!json_object_get(kernel->varied, name))
			json_object_set_new(kernel->varied, name, json_pack("[OO]", was, is));
	}
}

struct listing {
	FILE *out;
	const struct results *results;
	size_t base, kernel;
	size_t found;
};

static void list_fact(struct listing *l, const char *name, char *was, char *is)
{
	const char *label = l->results->kernels[l->kernel].label;

	if (!l->found++)
		fprintf(l->out, "\nThe machines differ in more than the kernel:\n");
	if (l->found <= MOST_LINES)
		text_wrapf(l->out, 4, "  %s%s%s: %.*s -> %.*s",
			   l->results->nr_kernels > 2 ? label : "",
			   l->results->nr_kernels > 2 ? ": " : "", name, MOST_VALUE,
			   was ? was : "(not there)", MOST_VALUE, is ? is : "(not there)");
	free(was);
	free(is);
}

static void list_kernel(struct listing *l)
{
	const json_t *a = l->results->kernels[l->base].machine;
	const json_t *b = l->results->kernels[l->kernel].machine;
	json_t *facts_a = json_object_get(a, "facts"), *facts_b = json_object_get(b, "facts");
	json_t *value;
	const char *name;

	json_object_foreach(facts_a, name, value)
		if (!is_volatile(name) && !json_equal(value, json_object_get(facts_b, name)))
			list_fact(l, name, fact_text(a, name), fact_text(b, name));
	json_object_foreach(facts_b, name, value)
		if (!is_volatile(name) && !json_object_get(facts_a, name))
			list_fact(l, name, NULL, fact_text(b, name));
}

/* Points that were measured on cores of another kind, an operation once. */
static void list_cores(struct listing *l)
{
	const struct results *r = l->results;
	const struct result_cell *was, *is;
	char name[POINT_TEXT + 16], last[sizeof(name)] = "", op[POINT_TEXT];
	size_t i;

	for (i = 0; i < r->nr_points; i++) {
		was = results_cell(r, l->base, i);
		is = results_cell(r, l->kernel, i);
		if (!was || !is || !was->cores || !is->cores || !strcmp(was->cores, is->cores))
			continue;
		snprintf(name, sizeof(name), "cores of %s", point_op(r->points[i], op));
		if (strcmp(name, last) != 0)
			list_fact(l, name, strdup(was->cores), strdup(is->cores));
		strcpy(last, name);
	}
}

static const char *symbol_text(const json_t *value)
{
	return value ? json_string_value(value) : "not set";
}

/*
 * How many config symbols differ; those that concern memory management are put into *ret_named, a
 * malloc'ed text. 0 if one of the configs is not known.
 */
static size_t compare_config(const json_t *a, const json_t *b, char **ret_named)
{
	json_t *config_a = json_object_get(json_object_get(a, "config"), "symbols");
	json_t *config_b = json_object_get(json_object_get(b, "config"), "symbols");
	json_t *all = json_object(), *value;
	size_t nr = 0, size = 0;
	const char *name;
	FILE *out;

	*ret_named = NULL;
	if (json_object_size(config_a) && json_object_size(config_b)) {
		json_object_update(all, config_a);
		json_object_update_missing(all, config_b);
	}
	out = open_memstream(ret_named, &size);
	json_object_foreach(all, name, value) {
		json_t *va = json_object_get(config_a, name), *vb = json_object_get(config_b, name);

		if (va && vb && json_equal(va, vb))
			continue;
		nr++;
		if (out && mm_symbol(name))
			fprintf(out, "%s%s %s -> %s", ftell(out) ? ", " : "", name + 7,
				symbol_text(va), symbol_text(vb));
	}
	if (out)
		fclose(out);
	json_decref(all);
	return nr;
}

void facts_differences(FILE *out, const struct results *results, size_t base)
{
	struct listing l = {.out = out, .results = results, .base = base};
	char *named;
	size_t nr, i;

	for (l.kernel = 0; l.kernel < results->nr_kernels; l.kernel++)
		if (l.kernel != base && results->kernels[base].machine &&
		    results->kernels[l.kernel].machine) {
			list_kernel(&l);
			list_cores(&l);
		}
	if (l.found > MOST_LINES)
		fprintf(out, "  and %zu more\n", l.found - MOST_LINES);
	for (l.kernel = 0; l.kernel < results->nr_kernels; l.kernel++) {
		nr = compare_config(results->kernels[base].machine,
				    results->kernels[l.kernel].machine, &named);
		if (nr) {
			fprintf(out, "\nKernel config: %zu symbol%s of %s differ%s from %s's.\n",
				nr, nr == 1 ? "" : "s", results->kernels[l.kernel].label,
				nr == 1 ? "s" : "", results->kernels[base].label);
			if (named && *named)
				text_wrapf(out, 2, "Of memory management: %s", named);
		}
		free(named);
	}
	if (results->warnings.nr)
		fputc('\n', out);
	for (i = 0; i < results->warnings.nr; i++)
		text_wrapf(out, 2, "Warning: %s", results->warnings.text[i]);
}
