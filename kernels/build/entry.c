// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/entry.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/files.h"
#include "common/io.h"
#include "common/map.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/cache.h"
#include "kernels/diff.h"
#include "kernels/fetch/image.h"
#include "kernels/fetch/parts.h"
#include "kernels/objects.h"
#include "kernels/work.h"

static const char *text_of(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

bool entry_may_put(const char *label, const char *arch, const char *source)
{
	char *name = cache_name(label, arch);
	json_t *there = cache_has(name) ? cache_entry(name) : NULL;
	bool ok = !cache_has(name) || (there && !strcmp(text_of(there, "source"), source));

	if (!ok && there)
		err("there is another kernel '%s' (from %s): choose another --label, or "
		    "`faultbench kernel remove %s`",
		    label, text_of(there, "source"), name);
	json_decref(there);
	free(name);
	return ok;
}

/* Adds to json what the image itself says. */
static bool describe(json_t *json, const char *image)
{
	enum image_format format;
	struct file_map map;
	const char *arch;
	char *release;
	bool ok = false;

	if (!map_file(image, &map))
		return false;
	format = image_recognise(map.data, map.len);
	arch = image_arch(map.data, map.len);
	release = image_release(map.data, map.len);
	if (!arch || strcmp(arch, text_of(json, "arch")))
		err("%s: is no kernel for %s", image, text_of(json, "arch"));
	else if (format == IMAGE_ELF && !image_has_pvh(map.data, map.len))
		err("%s: no PVH note, so QEMU cannot start it (CONFIG_PVH=y)", image);
	else if (!release)
		err("%s: does not say which release it is", image);
	else
		ok = true;
	if (ok) {
		json_object_set_new(json, "release", json_string(release));
		json_object_set_new(json, "format", json_string(image_format_name(format)));
	}
	free(release);
	unmap_file(&map);
	return ok;
}

static bool write_json(json_t *json, const char *folder)
{
	char *path = files_text("%s/kernel.json", folder), fetched[32], *text;
	time_t now = time(NULL);
	bool ok;

	strftime(fetched, sizeof(fetched), "%FT%TZ", gmtime(&now));
	json_object_set_new(json, "fetched", json_string(fetched));
	text = json_dumps(json, JSON_INDENT(2));
	ok = text && files_write(path, text, strlen(text));
	free(text);
	free(path);
	return ok;
}

static bool write_objects(const char *objects, const char *folder)
{
	char *path = files_text("%s/objects", folder), *text = files_text("%s\n", objects);
	bool ok = files_write(path, text, strlen(text));

	free(text);
	free(path);
	return ok;
}

/* What an entry is made of. */
struct content {
	const char *image, *config;
	const char *objects; /* text, or NULL: there is no list */
	const char *vmlinux; /* with debug information, or NULL */
	const char *built;   /* the folder in which modules were built, or NULL */
	const char *modules; /* those of another entry, or NULL */
};

/* The modules that guests get, of all that were built in a folder. */
static bool take_modules(json_t *json, const char *built, const char *to)
{
	char *root = files_text("%s", built);
	const struct parts parts = {.root = root, .modules = root};
	json_t *load = NULL;
	bool ok = modules_copy(&parts, to, &load);

	if (ok && json_array_size(load))
		json_object_set(json, "modules", load);
	json_decref(load);
	free(root);
	return ok;
}

static bool copy_below(const char *from, const char *to, const char *name)
{
	char *of = files_text("%s/%s", from, name), *copy = files_text("%s/%s", to, name);
	bool ok = files_make_above(copy) && files_copy(of, copy);

	free(copy);
	free(of);
	return ok;
}

/* Those of another entry, which json names. */
static bool copy_modules(const json_t *json, const char *from, const char *to)
{
	bool ok = copy_below(from, to, "modules.dep");
	json_t *path;
	size_t i;

	json_array_foreach(json_object_get(json, "modules"), i, path) {
		ok = ok && copy_below(from, to, json_string_value(path));
	}
	return ok;
}

static bool put_modules(json_t *json, const struct content *c, const char *folder)
{
	char *to = files_text("%s/modules", folder);
	bool ok = true;

	if (c->built)
		ok = take_modules(json, c->built, to);
	else if (c->modules)
		ok = copy_modules(json, c->modules, to);
	free(to);
	return ok;
}

static bool fill(json_t *json, const struct content *c, const char *folder)
{
	char *image = files_text("%s/image", folder), *config = files_text("%s/config", folder);
	char *vmlinux = files_text("%s/vmlinux", folder);
	bool ok = files_make_dirs(folder) && files_copy(c->image, image) &&
		  files_copy(c->config, config) && put_modules(json, c, folder) &&
		  write_json(json, folder) && (!c->objects || write_objects(c->objects, folder)) &&
		  (!c->vmlinux || files_copy(c->vmlinux, vmlinux));

	free(vmlinux);
	free(config);
	free(image);
	return ok;
}

static bool put(json_t *json, const struct content *c)
{
	char *work = work_make(), *sha256 = work ? files_sha256(c->image) : NULL;
	char *entry = files_text("%s/entry", work ? work : "");
	char *name = cache_name(text_of(json, "label"), text_of(json, "arch"));
	bool ok = false;

	if (sha256 && describe(json, c->image)) {
		json_object_set_new(json, "sha256", json_string(sha256));
		ok = fill(json, c, entry) && !child_interrupted() && cache_put(entry, name);
	}
	if (work)
		files_remove(work);
	free(work);
	free(sha256);
	free(entry);
	free(name);
	return ok;
}

bool entry_put(json_t *json, const char *image, const char *out, bool modules, const char *vmlinux)
{
	char *config = files_text("%s/.config", out), *objects = NULL, *differs = NULL;
	bool ok = objects_list(out, &objects);

	if (objects)
		differs = kernel_diff_relative(json, objects);
	ok = ok && put(json, &(struct content){.image = image,
					       .config = config,
					       .objects = objects,
					       .vmlinux = vmlinux,
					       .built = modules ? out : NULL});
	if (ok && differs)
		note("%s", differs);
	free(differs);
	free(objects);
	free(config);
	return ok;
}

/* The same kernel's entry of another label; kernel is that. */
static bool copy(json_t *json, const struct kernel *kernel, const char *from)
{
	json_t *entry = cache_entry(from);
	char *objects = io_read_filef("%s/objects", kernel->dir);
	bool ok;

	if (kernel->modules)
		json_object_set(json, "modules", json_object_get(entry, "modules"));
	ok = put(json, &(struct content){.image = kernel->image,
					 .config = kernel->config,
					 .objects = objects,
					 .vmlinux = json_object_get(json, "debug") ? kernel->vmlinux
										   : NULL,
					 .modules = kernel->modules});
	free(objects);
	json_decref(entry);
	return ok;
}

bool entry_copy(json_t *json, const char *from)
{
	struct kernel kernel;
	bool ok;

	if (!cache_read(from, &kernel))
		return false;
	ok = kernel.config ? copy(json, &kernel, from)
			   : err("%s: damaged (no config); `faultbench kernel remove %s`",
				 kernel.dir, from);
	kernel_free(&kernel);
	return ok;
}
