// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/diff.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "kernels/cache.h"
#include "kernels/cache_dir.h"
#include "kernels/kernel.h"
#include "kernels/objects.h"

#define MOST_NAMES 3 /* in a sentence */

static const char *text_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "";
}

/* --- two kernels -------------------------------------------------------------------------------
 */

/* NULL if it has none; says so if asked to. */
static json_t *objects_of(const struct kernel *kernel, bool say)
{
	char *text = io_read_filef("%s/objects", kernel->dir);
	json_t *objects = text ? objects_parse(text) : NULL;

	if (!text && say && strncmp(kernel->source, "build:", 6))
		err("%s: has no list of its objects: it was fetched, not built", kernel->label);
	else if (!text && say)
		err("%s: has no list of its objects: its tree's kbuild leaves none, or it was "
		    "built before there were lists",
		    kernel->label);
	free(text);
	return objects;
}

static json_t *diff(const struct kernel *a, const struct kernel *b)
{
	bool same = !strcmp(a->sha256, b->sha256);
	json_t *of_a = objects_of(a, !same), *of_b = of_a || same ? objects_of(b, !same) : NULL;
	json_t *result = NULL;

	if (same || (of_a && of_b))
		result = json_pack("{ss ss sb}", "a", a->label, "b", b->label, "same_image", same);
	if (of_a && of_b)
		json_object_update_new(result, objects_diff(of_a, of_b));
	json_decref(of_a);
	json_decref(of_b);
	return result;
}

/* Reads the kernel that is meant by a label. */
static enum exit_status read_one(const char *what, struct kernel *ret)
{
	char *name = cache_known(what, NULL);
	enum exit_status status = EXIT_USAGE;

	if (name)
		status = cache_read(name, ret) ? EXIT_OK : EXIT_FAILED;
	free(name);
	return status;
}

json_t *kernel_diff(const char *a, const char *b, enum exit_status *ret_status)
{
	struct kernel one = {0}, two = {0};
	json_t *result = NULL;

	*ret_status = read_one(a, &one);
	if (!*ret_status)
		*ret_status = read_one(b, &two);
	if (*ret_status)
		goto out;
	*ret_status = EXIT_USAGE;
	if (strcmp(one.arch, two.arch))
		err("%s is for %s, %s for %s: nothing can be the same", a, one.arch, b, two.arch);
	else
		result = diff(&one, &two);
out:
	kernel_free(&one);
	kernel_free(&two);
	return result;
}

/* --- the nearest relative ----------------------------------------------------------------------
 */

/* A key without what relatives may differ in. */
static json_t *family(const json_t *json)
{
	json_t *key = json_copy(json_object_get(json, "key"));

	json_object_del(key, "state");
	json_object_del(key, "config");
	json_object_del(key, "variants");
	return key;
}

static bool same_in_key(const json_t *a, const json_t *b, const char *name)
{
	return !strcmp(text_of(json_object_get(a, "key"), name),
		       text_of(json_object_get(b, "key"), name));
}

/* How near another entry is; 0 if it is no relative. */
static int nearness(const json_t *json, const json_t *other)
{
	json_t *a = family(json), *b = family(other);
	bool related = a && b && json_equal(a, b) &&
		       !strcmp(text_of(json, "tree"), text_of(other, "tree"));
	bool config = related && same_in_key(json, other, "config");
	bool base = related && same_in_key(json, other, "state") &&
		    !*text_of(json_object_get(other, "key"), "variants");

	json_decref(a);
	json_decref(b);
	return config && base ? 3 : config ? 2 : base ? 1 : 0;
}

static bool later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

struct relative {
	char *dir; /* of the entry; NULL: none yet */
	int near;
	struct timespec made;
};

/* Takes the entry if it is nearer than the one before or, of two as near, was made later. */
static void consider(struct relative *r, const json_t *json, const char *cache, const char *name)
{
	char *dir = files_text("%s/%s", cache, name), *objects = files_text("%s/objects", dir);
	json_t *other = cache_peek(name);
	int near = other ? nearness(json, other) : 0;
	struct stat st;

	if (near && near >= r->near && !stat(objects, &st) &&
	    (near > r->near || later(&st.st_mtim, &r->made))) {
		free(r->dir);
		*r = (struct relative){.dir = dir, .near = near, .made = st.st_mtim};
		dir = NULL;
	}
	json_decref(other);
	free(objects);
	free(dir);
}

/* The folder of the nearest entry; malloc'ed or NULL. */
static char *nearest(const json_t *json)
{
	struct relative found = {0};
	char *cache = cache_dir(), **names;
	size_t nr = 0, i;

	names = kernel_names(&nr);
	for (i = 0; i < nr; i++) {
		consider(&found, json, cache, names[i]);
		free(names[i]);
	}
	free(names);
	free(cache);
	return found.dir;
}

/* "before: a.o, b.o and 3 more"; nothing if there is no path. */
static void add_names(FILE *to, const char *before, const char *label, const json_t *paths)
{
	size_t nr = json_array_size(paths), i;

	for (i = 0; i < nr && i < MOST_NAMES; i++)
		fprintf(to, "%s%s%s%s", i ? ", " : before, i ? "" : label, i ? "" : ": ",
			json_string_value(json_array_get(paths, i)));
	if (nr > MOST_NAMES)
		fprintf(to, " and %zu more", nr - MOST_NAMES);
}

static char *sentence(const char *label, const char *other, const json_t *diff)
{
	const json_t *differ = json_object_get(diff, "differ");
	const json_t *only_here = json_object_get(diff, "only_a");
	const json_t *only_there = json_object_get(diff, "only_b");
	json_int_t both = json_integer_value(json_object_get(diff, "objects"));
	size_t nr = json_array_size(differ), size;
	char *text = NULL;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		abort();
	if (nr || json_array_size(only_here) || json_array_size(only_there))
		fprintf(to, "%s differs from %s in %zu of %lld objects", label, other, nr,
			(long long)both);
	else
		fprintf(to, "%s has the same %lld objects as %s", label, (long long)both, other);
	add_names(to, "", "", differ);
	add_names(to, "; only in ", label, only_here);
	add_names(to, "; only in ", other, only_there);
	fclose(to);
	return text;
}

char *kernel_diff_relative(const json_t *json, const char *objects)
{
	char *dir = nearest(json), *there = dir ? io_read_filef("%s/objects", dir) : NULL;
	char *own = cache_name(text_of(json, "label"), text_of(json, "arch")), *text = NULL;
	json_t *a, *b, *result;
	const char *other;

	if (there) {
		a = objects_parse(objects);
		b = objects_parse(there);
		result = objects_diff(a, b);
		other = strrchr(dir, '/') + 1;
		if (!strcmp(other, own))
			other = "its last build";
		text = sentence(text_of(json, "label"), other, result);
		json_decref(a);
		json_decref(b);
		json_decref(result);
	}
	free(there);
	free(dir);
	free(own);
	return text;
}
