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

static bool copy_vmlinux(const char *vmlinux, const char *folder)
{
	char *path = files_text("%s/vmlinux", folder);
	bool ok = files_copy(vmlinux, path);

	free(path);
	return ok;
}

/* Objects NULL: there is no list; vmlinux: none with debug information. */
static bool put(json_t *json, const char *image, const char *config, const char *objects,
		const char *vmlinux)
{
	char *work = work_make(), *sha256 = work ? files_sha256(image) : NULL;
	char *to_image = files_text("%s/entry/image", work ? work : "");
	char *to_config = files_text("%s/entry/config", work ? work : "");
	char *entry = files_text("%s/entry", work ? work : "");
	char *name = cache_name(text_of(json, "label"), text_of(json, "arch"));
	bool ok = false;

	if (sha256 && describe(json, image)) {
		json_object_set_new(json, "sha256", json_string(sha256));
		ok = files_make_dirs(entry) && files_copy(image, to_image) &&
		     files_copy(config, to_config) && write_json(json, entry) &&
		     (!objects || write_objects(objects, entry)) &&
		     (!vmlinux || copy_vmlinux(vmlinux, entry)) && !child_interrupted() &&
		     cache_put(entry, name);
	}
	if (work)
		files_remove(work);
	free(work);
	free(sha256);
	free(to_image);
	free(to_config);
	free(entry);
	free(name);
	return ok;
}

bool entry_put(json_t *json, const char *image, const char *config, const char *out,
	       const char *vmlinux)
{
	char *objects = NULL, *differs = NULL;
	bool ok = objects_list(out, &objects);

	if (objects)
		differs = kernel_diff_relative(json, objects);
	ok = ok && put(json, image, config, objects, vmlinux);
	if (ok && differs)
		note("%s", differs);
	free(differs);
	free(objects);
	return ok;
}

bool entry_copy(json_t *json, const char *from)
{
	struct kernel kernel;
	char *objects;
	bool ok;

	if (!cache_read(from, &kernel))
		return false;
	objects = io_read_filef("%s/objects", kernel.dir);
	ok = kernel.config ? put(json, kernel.image, kernel.config, objects,
				 json_object_get(json, "debug") ? kernel.vmlinux : NULL)
			   : err("%s: damaged (no config); `faultbench kernel remove %s`",
				 kernel.dir, from);
	free(objects);
	kernel_free(&kernel);
	return ok;
}
