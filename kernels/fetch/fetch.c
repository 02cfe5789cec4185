// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/arch.h"
#include "common/clean.h"
#include "common/files.h"
#include "common/map.h"
#include "common/msg.h"
#include "common/process.h"
#include "common/sha256.h"
#include "kernels/beneath.h"
#include "kernels/cache.h"
#include "kernels/cache_dir.h"
#include "kernels/fetch/fetch.h"
#include "kernels/fetch/parts.h"
#include "kernels/work.h"

/* The architecture of a package: as asked for, as its name says, or this machine's. */
static const struct arch *debian_arch(const struct fetch *f, const char *package)
{
	const char *named = arch_of_package(package);
	const struct arch *arch = f->arch;

	if (!arch && named)
		return arch_need(f->source, named);
	if (!arch)
		arch = arch_here();
	if (!arch)
		err("%s: for which architecture? Say --arch %s", f->source, arch_names());
	return arch;
}

/* Sets f->there to the name of an entry, unless it is NULL. */
static bool is_there(struct fetch *f, char *name)
{
	f->there = name;
	if (name)
		note("%s: already there", name);
	return name;
}

/* Sets f->there if an entry has these values, and the label that was asked for. */
static bool already_there(struct fetch *f, json_t *wanted)
{
	char *name;

	if (f->label)
		json_object_set_new(wanted, "label", json_string(f->label));
	if (f->whole)
		json_object_set_new(wanted, "whole", json_string("yes"));
	name = cache_find(wanted);
	json_decref(wanted);
	return is_there(f, name);
}

/* Without the archives, what came from them earlier is better than nothing. */
static enum exit_status fall_back(struct fetch *f, const struct arch *arch, enum exit_status status)
{
	if (status == EXIT_CANNOT_RUN &&
	    already_there(f, json_pack("{ss ss}", "source", f->source, "arch", arch->name)))
		return EXIT_OK;
	return status;
}

/* f->work/unpacked is there afterwards, or f->there is set. */
static enum exit_status get_debian(struct fetch *f)
{
	const char *package = f->source + strlen("debian:");
	const struct arch *arch = debian_arch(f, package);
	enum exit_status status;
	char *state, *to;

	if (!arch)
		return EXIT_USAGE;
	state = cache_apt_state(arch->debian);
	to = files_text("%s/unpacked", f->work);
	status = debian_resolve(package, arch->debian, state, &f->debian);
	if (status)
		status = fall_back(f, arch, status);
	else if (!already_there(f, json_pack("{ss ss ss ss}", "source", f->source, "package",
					     f->debian.package, "version", f->debian.version,
					     "arch", arch->name)))
		status = debian_fetch(&f->debian, state, to);
	free(state);
	free(to);
	return status;
}

/* The packages of a comma-separated list, unpacked over each other. */
static enum exit_status get_packages(struct fetch *f)
{
	char *to = files_text("%s/unpacked", f->work), *copy = files_text("%s", f->source);
	json_t *files = json_array();
	enum exit_status status;
	char *word, *rest = copy;

	while ((word = strsep(&rest, ",")))
		json_array_append_new(files, json_string(word));
	status = packages_unpack(files, to) ? EXIT_OK : EXIT_FAILED;
	json_decref(files);
	free(copy);
	free(to);
	return status;
}

static enum exit_status find_parts(struct fetch *f)
{
	char *unpacked = files_text("%s/unpacked", f->work);
	enum exit_status status = EXIT_OK;

	if (!strncmp(f->source, "debian:", 7))
		status = get_debian(f);
	else if (parts_is_package(f->source))
		status = get_packages(f);
	if (!status && !f->there &&
	    !parts_find(files_is_dir(unpacked) ? unpacked : f->source, f->source, f->arch,
			&f->parts))
		status = EXIT_USAGE;
	free(unpacked);
	return status;
}

static bool open_image(struct fetch *f)
{
	char sha256[SHA256_TEXT];

	if (!beneath_map(f->parts.root, f->parts.image, &f->image))
		return false;
	sha256_data(f->image.data, f->image.len, sha256);
	json_object_set_new(f->json, "sha256", json_string(sha256));
	return true;
}

/* Config and modules; the modules only if there is an image to load them into. */
static enum exit_status take_rest(struct fetch *f)
{
	char *config = files_text("%s/config", f->entry);
	char *modules = files_text("%s/modules", f->entry);
	char *whole = files_text("%s/modules.tar.gz", f->entry);
	bool ok;

	ok = f->parts.config ? beneath_copy(f->parts.root, f->parts.config, config)
			     : !f->config || files_write(config, f->config, strlen(f->config));
	ok = ok && (!f->parts.modules || modules_copy(&f->parts, modules, &f->load));
	ok = ok && (!f->whole || !f->parts.modules || modules_pack(&f->parts, whole));
	if (f->whole)
		json_object_set_new(f->json, "whole", json_string("yes"));
	if (f->load)
		json_object_set(f->json, "modules", f->load);
	free(config);
	free(modules);
	free(whole);
	return ok ? EXIT_OK : EXIT_FAILED;
}

static bool same_text(const json_t *a, const json_t *b, const char *key)
{
	return json_equal(json_object_get(a, key), json_object_get(b, key));
}

/*
 * The label is free, or its entry is an older kernel of the same source. The same kernel from
 * another source is what is wanted as well, unless it has parts that the entry lacks.
 */
static bool may_put(struct fetch *f)
{
	struct kernel there = {0};
	json_t *old;
	bool ok;

	if (!cache_has(f->name))
		return true;
	old = cache_entry(f->name);
	if (!old || !cache_read(f->name, &there)) {
		json_decref(old);
		return false;
	}
	ok = same_text(old, f->json, "sha256") || same_text(old, f->json, "source");
	if (!ok)
		err("there is another kernel '%s' (from %s): choose a --label, or `faultbench "
		    "kernel remove %s`",
		    there.label, there.source, f->name);
	else if (same_text(old, f->json, "sha256") && cache_is_whole(f->name) &&
		 (there.config || (!f->parts.config && !f->config)) &&
		 (!f->whole || json_object_get(old, "whole")))
		is_there(f, files_text("%s", f->name));
	kernel_free(&there);
	json_decref(old);
	return ok;
}

static enum exit_status put_entry(struct fetch *f)
{
	char *path = files_text("%s/kernel.json", f->entry), fetched[32], *text;
	time_t now = time(NULL);
	bool ok;

	strftime(fetched, sizeof(fetched), "%FT%TZ", gmtime(&now));
	json_object_set_new(f->json, "fetched", json_string(fetched));
	if (f->debian.package) {
		json_object_set_new(f->json, "package", json_string(f->debian.package));
		json_object_set_new(f->json, "version", json_string(f->debian.version));
	}
	text = json_dumps(f->json, JSON_INDENT(2));
	ok = text && files_write(path, text, strlen(text)) && !child_interrupted() &&
	     cache_put(f->entry, f->name);
	free(text);
	free(path);
	return ok ? EXIT_OK : EXIT_FAILED;
}

/*
 * The label it will have. One that was not given is the release; where another kernel of that
 * release is there already, as with two builds of one tree, and nobody is there to choose, some of
 * the checksum tells them apart. False with a message printed.
 */
static bool choose_label(struct fetch *f, const char *sha256)
{
	const char *release = json_string_value(json_object_get(f->json, "release"));
	const char *arch = json_string_value(json_object_get(f->json, "arch"));
	char *label = files_text("%s", f->label ? f->label : release);
	json_t *old;

	f->name = cache_name(label, arch);
	if (f->any_label && cache_has(f->name)) {
		old = cache_entry(f->name);
		if (!old ||
		    (!same_text(old, f->json, "sha256") && !same_text(old, f->json, "source"))) {
			free(label);
			free(f->name);
			label = files_text("%s-%.8s", release, sha256);
			f->name = cache_name(label, arch);
		}
		json_decref(old);
	}
	json_object_set_new(f->json, "label", json_string(label));
	free(label);
	return cache_label_ok(json_string_value(json_object_get(f->json, "label"))) && may_put(f);
}

static enum exit_status carry_out(struct fetch *f)
{
	enum exit_status status = find_parts(f);
	const char *sha256;

	if (status || f->there)
		return status;
	if (!open_image(f))
		return EXIT_USAGE;
	sha256 = json_string_value(json_object_get(f->json, "sha256"));
	if (f->same && strcmp(f->same, sha256)) {
		err("%s: has another kernel by now than '%s', whose modules are wanted: fetch it "
		    "under another --label",
		    f->source, f->label);
		return EXIT_USAGE;
	}
	if (already_there(f, json_pack("{ss ss}", "source", f->source, "sha256", sha256)))
		return EXIT_OK;
	status = take_image(f);
	if (status)
		return status;
	if (!choose_label(f, sha256))
		return EXIT_USAGE;
	if (f->there)
		return EXIT_OK;
	status = take_rest(f);
	if (!status)
		status = put_entry(f);
	if (!status)
		f->there = files_text("%s", f->name);
	return status;
}

static void clean_up(struct fetch *f)
{
	if (f->work)
		files_remove(f->work);
	if (f->image.data)
		unmap_file(&f->image);
	debian_free(&f->debian);
	parts_free(&f->parts);
	json_decref(f->json);
	json_decref(f->load);
	free(f->source);
	free(f->work);
	free(f->entry);
	free(f->name);
	free(f->config);
	free(f->there);
}

/* source, label and how are f's. */
static bool fetch(struct fetch *f, const char *source, const char *arch, struct kernel *ret)
{
	enum exit_status status = EXIT_USAGE;
	int sig;

	memset(ret, 0, sizeof(*ret));
	ret->status = EXIT_USAGE;
	if (arch && !(f->arch = arch_need("--arch", arch)))
		return false;
	if (f->label && !cache_label_ok(f->label))
		return false;
	f->source = parts_source(source);
	if (!f->source)
		return false;
	child_catch_signals();
	f->work = work_make();
	if (f->work) {
		f->entry = files_text("%s/entry", f->work);
		f->json = json_pack("{ss}", "source", f->source);
		status = carry_out(f);
		if (!status && !cache_read(f->there, ret))
			status = EXIT_FAILED;
	}
	clean_up(f);
	sig = child_release_signals();
	if (sig)
		raise(sig);
	ret->status = status;
	return !status;
}

bool kernel_fetch(const char *source, const char *arch, const char *label, struct kernel *ret)
{
	struct fetch f = {.label = label};

	return fetch(&f, source, arch, ret);
}

bool fetch_any(const char *source, const char *arch, struct kernel *ret)
{
	struct fetch f = {.any_label = true};

	return fetch(&f, source, arch, ret);
}

static bool is_whole(const struct kernel *kernel)
{
	json_t *entry = cache_peek(strrchr(kernel->dir, '/') + 1);
	bool whole = json_object_get(entry, "whole");

	json_decref(entry);
	return whole;
}

bool kernel_make_whole(struct kernel *kernel)
{
	struct fetch f = {.label = kernel->label, .whole = true, .same = kernel->sha256};
	struct kernel whole;
	bool ok;

	if (is_whole(kernel))
		return true;
	note("%s: is fetched again from %s, with all its modules", kernel->label, kernel->source);
	ok = fetch(&f, kernel->source, kernel->arch, &whole);
	if (ok) {
		kernel_free(kernel);
		*kernel = whole;
	}
	return ok;
}
