// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/cache.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/arch.h"
#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "kernels/beneath.h"
#include "kernels/cache_dir.h"
#include "kernels/sums.h"

#define MOST_LABEL 64

bool cache_label_ok(const char *label)
{
	const char *c;

	for (c = label; isalnum((unsigned char)*c) || (*c && strchr("._+-~", *c)); c++)
		;
	if (*c || !*label || *label == '.' || *label == '-' || c - label > MOST_LABEL)
		return err("'%s' is no label: letters, digits and ._+-~ only, %d at most, the "
			   "first a letter or digit",
			   label, MOST_LABEL);
	return true;
}

/* The entry's folder, or a file in it. */
static char *entry_path(const char *name, const char *file)
{
	char *dir = cache_dir(), *path = NULL;

	if (dir)
		path = files_text("%s/%s%s%s", dir, name, *file ? "/" : "", file);
	free(dir);
	return path;
}

bool cache_has(const char *name)
{
	char *path = entry_path(name, "");
	bool there = path && !access(path, F_OK);

	free(path);
	return there;
}

static const char *text_of(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

/* Whether a name is of that label: LABEL or LABEL:... */
static bool is_of(const char *name, const char *label)
{
	size_t len = strlen(label);

	return !strncmp(name, label, len) && (!name[len] || name[len] == ':');
}

/* What is wrong with an entry, or NULL. Paths in it must stay below it. */
static const char *fault_of(const json_t *json, const char *name)
{
	static const char *const keys[] = {"label", "release", "arch", "source", "sha256"};
	json_t *module;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!text_of(json, keys[i]))
			return keys[i];
	if (!is_of(name, text_of(json, "label")))
		return "label";
	json_array_foreach(json_object_get(json, "modules"), i, module) {
		if (!json_is_string(module) || !beneath_is_plain(json_string_value(module)))
			return "modules";
	}
	return NULL;
}

/* kernel.json of an entry; NULL with what is wrong with it, which may be in error. */
static json_t *load(const char *name, json_error_t *error, const char **ret_fault)
{
	char *path = entry_path(name, "kernel.json"), *text = path ? io_read_file(path) : NULL;
	json_t *json = text ? json_loads(text, 0, error) : NULL;

	*ret_fault = !text ? strerror(errno) : json ? fault_of(json, name) : error->text;
	if (*ret_fault) {
		json_decref(json);
		json = NULL;
	}
	free(text);
	free(path);
	return json;
}

json_t *cache_entry(const char *name)
{
	json_error_t error = {0};
	const char *fault;
	json_t *json = load(name, &error, &fault);
	char *path = entry_path(name, "kernel.json");

	if (fault && path)
		err("%s: damaged (%s); `faultbench kernel remove %s`", path, fault, name);
	if (!json || !arch_need(path, text_of(json, "arch"))) {
		json_decref(json);
		json = NULL;
	}
	free(path);
	return json;
}

json_t *cache_peek(const char *name)
{
	json_error_t error = {0};
	const char *fault;

	return load(name, &error, &fault);
}

static void read_load(const json_t *json, struct kernel *kernel)
{
	const json_t *modules = json_object_get(json, "modules");
	size_t nr = json_array_size(modules), i;

	if (!nr || !kernel->modules)
		return;
	kernel->load = calloc(nr, sizeof(*kernel->load));
	if (!kernel->load)
		abort();
	for (i = 0; i < nr; i++)
		kernel->load[i] = files_text("%s/%s", kernel->modules,
					     json_string_value(json_array_get(modules, i)));
	kernel->nr_load = nr;
}

bool cache_read(const char *name, struct kernel *ret)
{
	json_t *json = cache_entry(name);
	struct kernel kernel = {0};

	if (!json)
		return false;
	kernel.dir = entry_path(name, "");
	kernel.image = files_if_there("%s/image", kernel.dir);
	if (!kernel.image) {
		err("%s: damaged (no image); `faultbench kernel remove %s`", kernel.dir, name);
		json_decref(json);
		kernel_free(&kernel);
		return false;
	}
	kernel.config = files_if_there("%s/config", kernel.dir);
	kernel.modules = files_if_there("%s/modules", kernel.dir);
	kernel.bootable = files_if_there("%s/bootable", kernel.dir);
	if (!kernel.bootable)
		kernel.bootable = files_text("%s", kernel.image);
	kernel.whole = files_if_there("%s/modules.tar.gz", kernel.dir);
	kernel.vmlinux = files_if_there("%s/vmlinux", kernel.dir);
	kernel.label = files_text("%s", text_of(json, "label"));
	kernel.release = files_text("%s", text_of(json, "release"));
	kernel.arch = files_text("%s", text_of(json, "arch"));
	kernel.source = files_text("%s", text_of(json, "source"));
	kernel.sha256 = files_text("%s", text_of(json, "sha256"));
	kernel.sums = sums_read(kernel.dir);
	read_load(json, &kernel);
	json_decref(json);
	if (kernel.sums)
		*ret = kernel;
	else
		kernel_free(&kernel);
	return kernel.sums;
}

void kernel_free(struct kernel *kernel)
{
	size_t i;

	for (i = 0; i < kernel->nr_load; i++)
		free(kernel->load[i]);
	free(kernel->load);
	free(kernel->label);
	free(kernel->release);
	free(kernel->arch);
	free(kernel->dir);
	free(kernel->image);
	free(kernel->config);
	free(kernel->modules);
	free(kernel->bootable);
	free(kernel->whole);
	free(kernel->vmlinux);
	free(kernel->source);
	free(kernel->sha256);
	free(kernel->sums);
	free(kernel->why);
	memset(kernel, 0, sizeof(*kernel));
}

char **kernel_names(size_t *ret_nr)
{
	char *dir = cache_dir(), **names;
	json_t *paths = NULL;
	size_t i;

	if (!dir)
		return NULL;
	paths = access(dir, F_OK) && errno == ENOENT ? json_array() : files_in(dir);
	free(dir);
	if (!paths)
		return NULL;
	names = calloc(json_array_size(paths) + 1, sizeof(*names));
	if (!names)
		abort();
	for (i = 0; i < json_array_size(paths); i++)
		names[i] = files_text(
			"%s", strrchr(json_string_value(json_array_get(paths, i)), '/') + 1);
	*ret_nr = i;
	json_decref(paths);
	return names;
}

bool cache_is_whole(const char *name)
{
	char *dir = entry_path(name, "");
	bool whole = dir && sums_are_kept(dir);

	free(dir);
	return whole;
}

char *cache_find(const json_t *wanted)
{
	size_t nr = 0, i;
	char **names = kernel_names(&nr), *found = NULL;
	json_t *json, *value;
	const char *key;
	bool same;

	for (i = 0; i < nr; i++) {
		json = found ? NULL : cache_peek(names[i]);
		same = json;
		json_object_foreach((json_t *)wanted, key, value) {
			same = same && json_equal(json_object_get(json, key), value);
		}
		if (same && cache_is_whole(names[i]))
			found = files_text("%s", names[i]);
		json_decref(json);
		free(names[i]);
	}
	free(names);
	return found;
}

char *kernel_vmlinux(const char *sha256)
{
	json_t *wanted = json_pack("{ss ss}", "sha256", sha256, "debug", "vmlinux");
	char *name = cache_find(wanted), *path = name ? entry_path(name, "vmlinux") : NULL;

	json_decref(wanted);
	free(name);
	return path;
}

/* The architecture of an entry; malloc'ed, or NULL if it is damaged. */
static char *arch_of(const char *name)
{
	json_t *json = cache_peek(name);
	char *arch = json ? files_text("%s", text_of(json, "arch")) : NULL;

	json_decref(json);
	return arch;
}

char *cache_name(const char *label, const char *arch)
{
	char *own = files_text("%s:%s", label, arch), *there = arch_of(label);
	bool taken = there && strcmp(there, arch);

	if (!taken && !cache_has(own)) {
		free(own);
		own = files_text("%s", label);
	}
	free(there);
	return own;
}

size_t cache_meant(const char *what, const char *arch, char **ret_name)
{
	char *label = files_text("%.*s", (int)strcspn(what, ":"), what), **names, *of;
	const char *given = what[strlen(label)] ? what + strlen(label) + 1 : NULL;
	size_t nr = 0, i, meant = 0;
	bool chosen = false, fits;

	*ret_name = NULL;
	names = kernel_names(&nr);
	for (i = 0; i < nr; i++) {
		of = is_of(names[i], label) ? arch_of(names[i]) : NULL;
		fits = of && (given || arch) && !strcmp(of, given ? given : arch);
		if (is_of(names[i], label) && !chosen && (fits || !given)) {
			free(*ret_name);
			*ret_name = files_text("%s", names[i]);
			meant = fits ? 1 : meant + 1;
			chosen = fits;
		}
		free(of);
		free(names[i]);
	}
	free(names);
	free(label);
	return meant;
}

char *cache_known(const char *what, const char *arch)
{
	char *label = files_text("%.*s", (int)strcspn(what, ":"), what), *name = NULL;
	bool ok = cache_label_ok(label);
	size_t nr = ok ? cache_meant(what, arch, &name) : 0;

	if (nr > 1)
		ok = err("'%s' is the label of kernels of several architectures; name one, as in "
			 "%s:arm64",
			 what, label);
	else if (ok && !nr)
		ok = err("there is no kernel '%s'; `faultbench kernel list` shows all", what);
	if (!ok) {
		free(name);
		name = NULL;
	}
	free(label);
	return name;
}

bool cache_put(const char *from, const char *name)
{
	char *to = entry_path(name, ""), *old = files_text("%s.old", from);
	bool ok = to && sums_write(from);

	/* An old entry goes to the folder for work and with it; at once, where that can be done. */
	if (ok)
		ok = !renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE) ||
		     ((!rename(to, old) || errno == ENOENT) && !rename(from, to)) ||
		     err_errno("%s: cannot be put in place", to);
	free(old);
	free(to);
	return ok;
}
