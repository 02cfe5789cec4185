// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packages hold no modules.dep (depmod makes it when they are installed), so the dependencies come
 * from where depmod has them for these modules: the `depends=` that modpost wrote into each.
 */
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/map.h"
#include "common/msg.h"
#include "kernels/beneath.h"
#include "kernels/fetch/parts.h"
#include "kernels/fetch/unpack.h"

#define MOST_DEPTH   8	/* of modules that need modules */
#define MOST_MODULES 99 /* that these need */

/*
 * The channel's devices; swap, with what it compresses with where that is no dependency; a disk;
 * and what guests leave to test-vmalloc to load.
 */
static const char *const roots[] = {"virtio_pci", "virtio_console", "zram",
				    "lzo_rle",	  "null_blk",	    "test_vmalloc"};

struct modules {
	const struct parts *from;
	const char *to;
	char *order;   /* text of modules.order */
	json_t *seen;  /* {name: [names it depends on]} */
	json_t *paths; /* {name: path below to} */
	json_t *load;
};

/* Whether path, of len characters, is that module's; '-' and '_' are the same in names. */
static bool is_module(const char *path, size_t len, const char *name)
{
	const char *base = memrchr(path, '/', len);
	size_t i, room;

	base = base ? base + 1 : path;
	room = len - (size_t)(base - path);
	for (i = 0; name[i]; i++)
		if (i == room || (base[i] == '-' ? '_' : base[i]) != name[i])
			return false;
	return i < room && base[i] == '.';
}

/* The module's path in modules.order, without ".ko" or ".o"; NULL: built in or not there. */
static char *listed(const struct modules *m, const char *name)
{
	const char *line, *dot;
	size_t len;

	for (line = m->order; *line; line += len + !!line[len]) {
		len = strcspn(line, "\n");
		if (!is_module(line, len, name))
			continue;
		dot = memrchr(line, '.', len);
		return files_text("%.*s", (int)(dot - line), line);
	}
	return NULL;
}

static bool unpack_file(const struct parts *parts, const char *from, const char *to)
{
	unsigned char *out = NULL;
	struct file_map map;
	size_t len = 0;
	bool ok;

	if (!beneath_map(parts->root, from, &map))
		return false;
	ok = unpack(from, map.data, map.len, &out, &len) && files_write(to, out, len);
	free(out);
	unmap_file(&map);
	return ok;
}

char *modules_file(const struct parts *parts, const char *name)
{
	static const char *const suffixes[] = {"", ".gz", ".xz", ".zst"};
	char *path = NULL;
	size_t i;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]) && !path; i++)
		path = files_if_there("%s/%s%s", parts->modules, name, suffixes[i]);
	if (!path)
		err("%s/%s: in modules.order, but not there (a package is missing?)",
		    parts->modules, name);
	return path;
}

/* Copies a module, however it is packed, to the file `to`. */
static bool copy_module(const struct parts *parts, const char *name, const char *to)
{
	char *from = modules_file(parts, name);
	const char *end = from ? strrchr(from, '.') : NULL;
	bool ok;

	if (!from || !files_make_above(to))
		ok = false;
	else
		ok = strcmp(end, ".ko") ? unpack_file(parts, from, to)
					: beneath_copy(parts->root, from, to);
	free(from);
	return ok;
}

/* The names after depends= in a module file, as an array; empty if it needs none. */
static json_t *depends_of(const char *path)
{
	static const char key[] = "\0depends="; /* its start is the end of the field before it */
	json_t *names = json_array();
	struct file_map map;
	const char *at, *end;
	size_t len;

	if (!map_file(path, &map))
		return names;
	end = (const char *)map.data + map.len;
	at = memmem(map.data, map.len, key, sizeof(key) - 1);
	for (at = at ? at + sizeof(key) - 1 : end; at < end && *at; at += len) {
		for (len = 0; at + len < end && at[len] && at[len] != ','; len++)
			;
		if (len)
			json_array_append_new(names, json_stringn(at, len));
		len += at + len < end && at[len] == ',';
	}
	unmap_file(&map);
	return names;
}

/* Adds a module after all it depends on. One that is not listed is built in. */
static bool add(struct modules *m, const char *name)
{
	char *path = json_object_get(m->seen, name) ? NULL : listed(m, name);
	char *below, *to, *file;
	json_t *needs, *need;
	bool ok;
	size_t i;

	if (!path)
		return true;
	/* A build folder's own list has no "kernel/" in front; an installed one's has. */
	below = files_text("%s%s.ko", strncmp(path, "kernel/", 7) ? "kernel/" : "", path);
	to = files_text("%s/%s", m->to, below);
	file = files_text("%s.ko", path);
	if (!beneath_is_plain(path))
		ok = err("%s/modules.order: %s.ko leads out of it", m->from->modules, path);
	else if (json_object_size(m->seen) >= MOST_MODULES)
		ok = err("%s: needs more modules than a kernel has", m->from->modules);
	else
		ok = copy_module(m->from, file, to);
	needs = ok ? depends_of(to) : json_array();
	json_object_set_new(m->seen, name, needs);
	json_object_set_new(m->paths, name, json_string(below));
	json_array_foreach(needs, i, need) {
		ok = ok && add(m, json_string_value(need));
	}
	json_array_append_new(m->load, json_string(below));
	free(below);
	free(file);
	free(path);
	free(to);
	return ok;
}

/*
 * Puts what name needs into list, the deepest last, as modprobe expects it. depth ends the circles
 * that only a damaged module can have.
 */
static void closure(const struct modules *m, const char *name, json_t *list, int depth)
{
	const json_t *needs = json_object_get(m->seen, name);
	json_t *need, *path;
	size_t i, k;

	if (depth > MOST_DEPTH)
		return;
	json_array_foreach(needs, i, need) {
		path = json_object_get(m->paths, json_string_value(need));
		for (k = 0; k < json_array_size(list); k++)
			if (json_equal(json_array_get(list, k), path))
				json_array_remove(list, k--);
		if (path)
			json_array_append(list, path);
		closure(m, json_string_value(need), list, depth + 1);
	}
}

static bool write_dep(const struct modules *m)
{
	char *text = files_text("%s", ""), *more, *file = files_text("%s/modules.dep", m->to);
	json_t *path, *list, *need;
	const char *name;
	bool ok;
	size_t i;

	json_object_foreach(m->paths, name, path) {
		list = json_array();
		closure(m, name, list, 0);
		more = files_text("%s%s:", text, json_string_value(path));
		free(text);
		text = more;
		json_array_foreach(list, i, need) {
			more = files_text("%s %s", text, json_string_value(need));
			free(text);
			text = more;
		}
		more = files_text("%s\n", text);
		free(text);
		text = more;
		json_decref(list);
	}
	ok = files_write(file, text, strlen(text));
	free(text);
	free(file);
	return ok;
}

bool modules_copy(const struct parts *parts, const char *to, json_t **ret_load)
{
	struct modules m = {.from = parts, .to = to};
	char *path = files_text("%s/modules.order", parts->modules);
	bool ok;
	size_t i;

	m.seen = json_object();
	m.paths = json_object();
	m.load = json_array();
	m.order = beneath_read(parts->root, path);
	ok = m.order;
	for (i = 0; i < sizeof(roots) / sizeof(roots[0]) && ok; i++)
		ok = add(&m, roots[i]);
	ok = ok && (!json_array_size(m.load) || write_dep(&m));
	if (ok)
		*ret_load = json_incref(m.load);
	json_decref(m.seen);
	json_decref(m.paths);
	json_decref(m.load);
	free(m.order);
	free(path);
	return ok;
}
