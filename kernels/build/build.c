// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/build.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/arch.h"
#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/build/configure.h"
#include "kernels/build/debug.h"
#include "kernels/build/entry.h"
#include "kernels/build/killed.h"
#include "kernels/build/make.h"
#include "kernels/build/source.h"
#include "kernels/build/variant.h"
#include "kernels/build/wanted.h"
#include "kernels/cache.h"
#include "kernels/fetch/parts.h"

struct build {
	const struct build_request *request;
	const struct arch *arch;
	struct variant *variants;
	size_t nr_variants;
	struct wanted wanted;
	struct build_source source;
	struct build_make make;
	char *config; /* path of all symbols in one fragment, what is built with it in `out` */
	char *out;
	bool modules;  /* are built as well */
	char *vmlinux; /* with debug information; NULL: not asked for */
	json_t *json;  /* the entry's */
};

static bool read_variants(struct build *b)
{
	const struct build_request *r = b->request;
	char *folder = files_text("%s/variants", r->configs);
	struct variant *v;
	bool ok = true;
	size_t i;

	b->variants = calloc(r->nr_variants + 1, sizeof(*b->variants));
	if (!b->variants)
		abort();
	for (i = 0; i < r->nr_variants && ok; i++) {
		v = &b->variants[i];
		ok = variant_read(folder, r->variants[i], v);
		b->nr_variants += ok;
		if (ok && v->arch && strcmp(v->arch, b->arch->name))
			ok = err("variant %s is for %s only", v->name, v->arch);
	}
	free(folder);
	return ok;
}

static bool read_wanted(struct build *b)
{
	const struct build_request *r = b->request;
	bool ok = wanted_read(r->configs, b->arch, r->config, r->fragment, &b->wanted);
	size_t i;

	for (i = 0; i < b->nr_variants; i++)
		wanted_add(&b->wanted, &b->variants[i]);
	return ok;
}

/* "build:TREE@REV+VARIANT" */
static char *source_name(const struct build *b)
{
	const struct build_source *s = &b->source;
	char *name = files_text("build:%s%s%s", s->tree, s->rev ? "@" : "", s->rev ? s->rev : "");
	char *more;
	size_t i;

	for (i = 0; i < b->nr_variants; i++) {
		more = files_text("%s+%s", name, b->variants[i].name);
		free(name);
		name = more;
	}
	if (b->request->align) {
		more = files_text("%s+align-%d", name, b->request->align);
		free(name);
		name = more;
	}
	return name;
}

/* What the variants do, as their files have it: two of one name may differ. */
static char *variants_text(const struct build *b)
{
	char *text = files_text("%s", ""), *more;
	const struct ini_setting *s;
	size_t i, k;

	for (i = 0; i < b->nr_variants; i++)
		for (k = 0; k < b->variants[i].ini.nr; k++) {
			s = &b->variants[i].ini.settings[k];
			if (!strcmp(s->section, "variant"))
				continue;
			more = files_text("%s%s.%s=%s\n", text, s->section, s->key, s->value);
			free(text);
			text = more;
		}
	return text;
}

/*
 * Writes the config that is asked for, and sets its checksum, the folder in which it is built, and
 * the log.
 */
static char *put_config(struct build *b)
{
	char *text = wanted_text(&b->wanted);
	char *path = files_text("%s/%s.config", b->source.dir, b->arch->name);
	char *sum = NULL, align[32] = "";

	if (b->request->align)
		snprintf(align, sizeof(align), "-align-%d", b->request->align);
	if (files_write(path, text, strlen(text)))
		sum = files_sha256(path);
	if (sum) {
		b->out = files_text("%s/%s%s%s-%.8s", b->source.dir, b->arch->name,
				    b->request->clang ? "-clang" : "", align, sum);
		b->config = files_text("%s.config", b->out);
		b->make.log = files_text("%s/%s.log", b->source.dir, b->request->label);
	}
	if (sum && rename(path, b->config)) {
		err_errno("%s", b->config);
		free(sum);
		sum = NULL;
	}
	free(path);
	free(text);
	return sum;
}

static json_t *features_off(const struct build *b)
{
	json_t *off = json_array();
	size_t i;

	for (i = 0; i < b->nr_variants; i++)
		if (b->variants[i].feature)
			json_array_append_new(off, json_string(b->variants[i].feature));
	return off;
}

/* What the entry will say, but for what is in the image. */
static bool describe(struct build *b)
{
	char *sum = put_config(b), *name = source_name(b), *variants = variants_text(b);

	if (sum)
		b->json =
			json_pack("{ss ss ss so s{ss ss ss ss ss}}", "label", b->request->label,
				  "source", name, "arch", b->arch->name, "off", features_off(b),
				  "key", "state", b->source.state, "arch", b->arch->name, "config",
				  sum, "variants", variants, "compiler", b->make.compiler);
	if (b->json && b->request->align)
		json_object_set_new(json_object_get(b->json, "key"), "align",
				    json_integer(b->request->align));
	if (b->json)
		json_object_set_new(b->json, "tree", json_string(b->source.tree));
	if (b->json && b->request->debug)
		json_object_set_new(b->json, "debug", json_string("vmlinux"));
	if (b->json && b->source.commit)
		json_object_set_new(b->json, "commit", json_string(b->source.commit));
	if (sum && !b->json)
		err("%s: the name of the tree is not UTF-8", b->source.tree);
	free(variants);
	free(name);
	free(sum);
	return b->json;
}

/* The entry was there, or another one is the same kernel. */
static bool already_built(const struct build *b, bool *ret_ok)
{
	const char *label = b->request->label;
	const json_t *source = json_object_get(b->json, "source");
	char *name = cache_name(label, b->arch->name);
	json_t *wanted = json_pack("{ss sO sO}", "label", label, "source", source, "key",
				   json_object_get(b->json, "key"));
	char *there;
	bool found;

	if (b->request->debug)
		json_object_set(wanted, "debug", json_object_get(b->json, "debug"));
	there = cache_find(wanted);
	*ret_ok = true;
	if (there) {
		note("%s: already built", label);
	} else {
		json_object_del(wanted, "label");
		json_object_del(wanted, "source");
		there = cache_find(wanted);
		if (there && strcmp(there, name))
			note("%s: already built as '%s'", label, there);
		if (there)
			*ret_ok = entry_copy(b->json, there);
	}
	found = there;
	json_decref(wanted);
	free(name);
	free(there);
	return found;
}

/* A vmlinux needs no unpacking in the guest; but that of a distribution's config is full of
 * debugging. */
static const char *image_path(const struct build *b)
{
	return b->request->config ? b->arch->images[0] : b->arch->lean;
}

static enum exit_status put_image(struct build *b)
{
	char *image = files_text("%s/%s", b->out, image_path(b));
	bool ok = entry_put(b->json, image, b->out, b->modules, b->vmlinux);

	free(image);
	return ok ? EXIT_OK : EXIT_FAILED;
}

/* Carries out a make of one target in a folder, from its config on. */
static enum exit_status make_in(struct build *b, const char *out, const char *target)
{
	const char *targets[] = {target, NULL, NULL};
	enum exit_status rc;
	bool modules;

	if (!files_make_dirs(out) || !killed_make_begin(out))
		return EXIT_FAILED;
	b->make.out = out;
	rc = configure(&b->make, &b->wanted, b->config, &modules);
	if (!rc) {
		/* A complete config has thousands, of which a guest would get a few. */
		b->modules = modules && !b->request->config;
		targets[1] = b->modules && !b->make.debug ? "modules" : NULL;
		note("%s: building%s%s; log: %s", b->request->label,
		     b->make.debug ? " with DWARF" : "", b->make.ccache ? " with ccache" : "",
		     b->make.log);
		rc = make_run(&b->make, targets) ? EXIT_OK : EXIT_FAILED;
	}
	killed_make_end(out); /* make itself removes what it could not end */
	return rc;
}

/* What was built in b->out once more with DWARF, and nothing else of it is another. */
static enum exit_status make_debug(struct build *b)
{
	char *without = files_text("%s/vmlinux", b->out), *out = files_text("%s-debug", b->out);
	enum exit_status rc = EXIT_OK;

	if (debug_is_there(without)) {
		note("%s: has DWARF by its config", b->request->label);
		b->vmlinux = without;
		free(out);
		return rc;
	}
	b->vmlinux = files_text("%s/vmlinux", out);
	b->make.debug = true;
	rc = make_in(b, out, "vmlinux");
	if (!rc && !debug_compare(b->request->label, without, b->vmlinux))
		rc = EXIT_FAILED;
	free(without);
	free(out);
	return rc;
}

static enum exit_status make_it(struct build *b)
{
	const char *slash = strrchr(image_path(b), '/');
	enum exit_status rc = source_export(&b->source);
	size_t i;

	for (i = 0; i < b->nr_variants && !rc; i++)
		if (!variant_apply(&b->variants[i], b->arch, b->source.src))
			rc = EXIT_USAGE;
	if (rc)
		return rc;
	unlink(b->make.log);
	b->make.src = b->source.src;
	rc = make_in(b, b->out, slash ? slash + 1 : image_path(b));
	if (!rc && b->request->debug)
		rc = make_debug(b);
	return rc ? rc : put_image(b);
}

static enum exit_status carry_out(struct build *b)
{
	const struct build_request *r = b->request;
	enum exit_status rc;
	bool ok, free_label;
	char *name;

	if (!read_variants(b) || !read_wanted(b))
		return EXIT_USAGE;
	rc = source_open(r->tree, r->rev, &b->source);
	if (rc)
		return rc;
	name = source_name(b);
	free_label = entry_may_put(r->label, b->arch->name, name);
	free(name);
	if (!free_label)
		return EXIT_USAGE;
	rc = make_find_tools(&b->make);
	if (rc)
		return rc;
	if (!describe(b))
		return EXIT_FAILED;
	if (already_built(b, &ok))
		return ok ? EXIT_OK : EXIT_FAILED;
	return make_it(b);
}

static void clean_up(struct build *b)
{
	size_t i;

	for (i = 0; i < b->nr_variants; i++)
		variant_free(&b->variants[i]);
	free(b->variants);
	wanted_free(&b->wanted);
	json_decref(b->json);
	make_free(&b->make);
	source_close(&b->source);
	free(b->config);
	free(b->out);
	free(b->vmlinux);
}

bool kernel_build(const struct build_request *r, struct kernel *ret)
{
	struct build b = {.request = r, .arch = arch_need("--arch", r->arch), .source.lock = -1};
	enum exit_status rc = EXIT_USAGE;
	bool full;
	int sig;

	memset(ret, 0, sizeof(*ret));
	ret->status = rc;
	if (!b.arch)
		return false;
	if (!cache_label_ok(r->label))
		return false;
	b.make = (struct build_make){.arch = b.arch,
				     .label = r->label,
				     .clang = r->clang,
				     .jobs = r->jobs,
				     .align = r->align};
	child_catch_signals();
	rc = carry_out(&b);
	if (!rc && !child_interrupted() && !kernel_open(r->label, b.arch->name, ret))
		rc = EXIT_FAILED;
	full = rc == EXIT_FAILED && b.source.dir && files_full(b.source.dir);
	/* git and compilers do not always say so, and the log is on that disk as well. */
	if (full)
		note("less than 1 MiB is left on the disk of %s", b.source.dir);
	else if (rc == EXIT_FAILED && b.make.error)
		ret->why = files_text("%s", b.make.error);
	clean_up(&b);
	sig = child_release_signals();
	if (sig)
		raise(sig);
	ret->status = rc;
	return !rc;
}
