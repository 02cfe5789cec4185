// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/stacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness/kernel/names.h"
#include "common/calls/calls.h"
#include "common/calls/profile.h"

struct functions {
	uint64_t *addr; /* in ascending order, each once */
	char **name;	/* of each; NULL: none */
	size_t nr;
};

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool take_addresses(struct functions *f, const struct sampled *workers, size_t nr)
{
	size_t all = 0, w, at, i, kept = 0;

	for (w = 0; w < nr; w++)
		all += 2 * workers[w].used;
	f->addr = calloc(all + 1, sizeof(*f->addr));
	f->name = calloc(all + 1, sizeof(*f->name));
	if (!f->addr || !f->name)
		return false;
	for (w = 0; w < nr; w++)
		for (at = 0; at < workers[w].used; at += 1 + workers[w].word[at])
			for (i = 0; i < workers[w].word[at]; i++) {
				f->addr[f->nr++] = workers[w].word[at + 1 + i];
				f->addr[f->nr++] = workers[w].word[at + 1 + i] - 1;
			}
	qsort(f->addr, f->nr, sizeof(*f->addr), by_value);
	for (i = 0; i < f->nr; i++)
		if (!kept || f->addr[i] != f->addr[kept - 1])
			f->addr[kept++] = f->addr[i];
	f->nr = kept;
	return true;
}

static void free_functions(struct functions *f)
{
	size_t i;

	for (i = 0; f->name && i < f->nr; i++)
		free(f->name[i]);
	free(f->name);
	free(f->addr);
}

static const char *name_of(const struct functions *f, uint64_t addr)
{
	const uint64_t *at = bsearch(&addr, f->addr, f->nr, sizeof(*f->addr), by_value);

	return at && f->name[at - f->addr] ? f->name[at - f->addr] : CALLS_UNNAMED;
}

/* Where an interrupt or exception of kernel code enters it: x86-64, arm64. */
static bool is_entry(const char *name)
{
	return !strncmp(name, "asm_", 4) || !strncmp(name, "el1", 3);
}

/*
 * The functions of a chain, the last one first. Of callers the address is the one behind their
 * call, which is the next function's where the call is the end and does not return; of what was
 * interrupted it is that of the instruction, which may be the function's first.
 */
static bool names_of(const struct functions *f, const uint64_t *chain, size_t nr, const char **ret)
{
	size_t i;

	for (i = 0; ret && i < nr; i++)
		ret[i] = name_of(f, chain[i] - (i && !is_entry(ret[i - 1])));
	return ret;
}

/* Adds a sample to its path, "caller;function". */
static void add_path(json_t *paths, const struct functions *f, const uint64_t *chain, size_t nr)
{
	const char **names = calloc(nr + 1, sizeof(*names));
	char *path = NULL;
	size_t i, size;
	FILE *out = names_of(f, chain, nr, names) ? open_memstream(&path, &size) : NULL;
	json_int_t before;

	for (i = nr; out && i-- > 0;)
		fprintf(out, "%s%s", names[i], i ? ";" : "");
	if (out)
		fclose(out);
	before = path ? json_integer_value(json_object_get(paths, path)) : 0;
	if (path)
		json_object_set_new(paths, path, json_integer(before + 1));
	free(path);
	free(names);
}

struct path {
	const char *text;
	json_int_t samples;
};

static int by_samples(const void *a, const void *b)
{
	const struct path *x = a, *y = b;

	if (x->samples != y->samples)
		return x->samples > y->samples ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* Those with most samples; the samples of the others are in *ret_other. */
static json_t *most_of(const json_t *paths, json_int_t *ret_other)
{
	struct path *list = calloc(json_object_size(paths) + 1, sizeof(*list));
	json_t *most = json_object(), *samples;
	size_t nr = 0, i;
	const char *text;

	json_object_foreach((json_t *)paths, text, samples)
		if (list)
			list[nr++] = (struct path){text, json_integer_value(samples)};
	if (nr)
		qsort(list, nr, sizeof(*list), by_samples);
	for (i = 0; i < nr; i++) {
		if (i < PROFILE_STACKS)
			json_object_set_new(most, list[i].text, json_integer(list[i].samples));
		else
			*ret_other += list[i].samples;
	}
	free(list);
	return most;
}

static json_t *paths_of(const struct functions *f, const struct sampled *workers, size_t nr,
			json_int_t *ret_other)
{
	json_t *paths = json_object(), *most;
	size_t w, at;

	for (w = 0; w < nr; w++)
		for (at = 0; at < workers[w].used; at += 1 + workers[w].word[at])
			add_path(paths, f, &workers[w].word[at + 1], workers[w].word[at]);
	most = most_of(paths, ret_other);
	json_decref(paths);
	return most;
}

/* Of a part of the workers, or of several events, there is none. */
static const char *refused(const struct sampled *workers, size_t nr)
{
	size_t w;

	for (w = 0; w < nr; w++) {
		if (!workers[w].event[0])
			return workers[w].refused[0] ? workers[w].refused
						     : "a worker did not begin";
		if (strcmp(workers[w].event, workers[0].event))
			return "not all CPUs of the workers have an event for cycles";
	}
	return NULL;
}

static json_t *to_json(const struct sampled *workers, size_t nr, json_t *stacks, json_int_t other)
{
	uint64_t samples = 0, outside = 0, lost = 0, throttled = 0;
	size_t w;

	for (w = 0; w < nr; w++) {
		samples += workers[w].samples;
		outside += workers[w].outside;
		lost += workers[w].lost;
		throttled += workers[w].throttled;
	}
	return json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "event", workers->event, "period",
			 (json_int_t)workers->period, "samples", (json_int_t)samples, "outside",
			 (json_int_t)outside, "lost", (json_int_t)lost, "throttled",
			 (json_int_t)throttled, "other", other, "stacks", stacks);
}

json_t *stacks_profile(const struct sampled *workers, size_t nr, const char *kallsyms)
{
	const char *why_not = refused(workers, nr);
	struct functions f = {0};
	json_int_t other = 0;
	json_t *profile, *stacks;
	char why[256];

	if (why_not)
		return profile_refused("%s", why_not);
	if (!take_addresses(&f, workers, nr)) {
		profile = profile_refused("out of memory");
	} else if (f.nr && !names_find(kallsyms, f.addr, f.nr, f.name, why, sizeof(why))) {
		profile = profile_refused("%s", why);
	} else {
		stacks = paths_of(&f, workers, nr, &other);
		profile = to_json(workers, nr, stacks, other);
	}
	free_functions(&f);
	return profile;
}
