// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/beneath.h"
#include "kernels/fetch/parts.h"
#include "kernels/kernel.h"

void parts_free(struct parts *parts)
{
	free(parts->root);
	free(parts->image);
	free(parts->config);
	free(parts->modules);
	free(parts->release);
	memset(parts, 0, sizeof(*parts));
}

/* The folder of a file that is in it, or NULL. */
static char *folder_with(const char *folder, const char *file)
{
	char *path = files_if_there("%s/%s", folder, file);

	if (path)
		path[strlen(path) - strlen(file) - 1] = '\0';
	return path;
}

/* The folder that a path, an absolute one, is in. */
static char *above(const char *path)
{
	const char *slash = strrchr(path, '/');

	return files_text("%.*s", slash == path ? 1 : (int)(slash - path), path);
}

/* The modules of an installed kernel whose image is in boot/, with or without a merged /usr. */
static char *installed_modules(const struct parts *parts, const char *release)
{
	static const char *const lib[] = {"lib", "usr/lib"};
	char *path = NULL, *modules;
	size_t i;

	for (i = 0; i < sizeof(lib) / sizeof(lib[0]) && !path; i++) {
		modules = files_text("%s/%s/modules/%s", parts->root, lib[i], release);
		path = folder_with(modules, "modules.order");
		free(modules);
	}
	return path;
}

/* Parts of vmlinuz-RELEASE in boot/. */
static void around_installed(const char *folder, const char *release, struct parts *parts)
{
	parts->config = files_if_there("%s/config-%s", folder, release);
	parts->modules = installed_modules(parts, release);
	parts->release = files_text("%s", release);
}

/* Parts of the image in lib/modules/RELEASE. */
static void around_modules(const char *folder, struct parts *parts)
{
	const char *slash = strrchr(folder, '/');

	parts->config = files_if_there("%s/config", folder);
	parts->modules = folder_with(folder, "modules.order");
	parts->release = files_text("%s", slash ? slash + 1 : folder);
}

/*
 * Parts of a build folder; modules.order is there once modules have been built. False with a
 * message if it cannot be read which release it is.
 */
static bool around_build(const char *root, struct parts *parts)
{
	char *release = files_if_there("%s/include/config/kernel.release", root);
	bool ok;

	parts->config = files_if_there("%s/.config", root);
	parts->modules = folder_with(root, "modules.order");
	parts->release = release ? beneath_read(parts->root, release) : NULL;
	ok = !release || parts->release;
	free(release);
	return ok;
}

/* The build folder an image lies in: beside .config, or in arch/X/boot below it; or NULL. */
static char *build_of(const char *folder)
{
	char *boot = above(folder), *arch = above(boot), *root = above(arch);
	char *build = folder_with(folder, ".config");

	if (!build)
		build = folder_with(root, ".config");
	free(boot);
	free(arch);
	free(root);
	return build;
}

/* How images are called in boot/, before "-RELEASE", and in lib/modules/RELEASE/. */
static const char *const names[] = {"vmlinuz", "vmlinux", "Image"};

/* What follows on "vmlinuz-" or another of the names; NULL if name does not begin so. */
static const char *release_in(const char *name)
{
	size_t i, len;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i]);
		if (!strncmp(name, names[i], len) && name[len] == '-' && name[len + 1])
			return name + len + 1;
	}
	return NULL;
}

/* Whether the folder is a lib/modules/RELEASE. */
static bool holds_modules(const char *folder)
{
	char *order = files_if_there("%s/modules.order", folder);
	char *builtin = files_if_there("%s/modules.builtin", folder);
	bool holds = order || builtin;

	free(order);
	free(builtin);
	return holds;
}

/* What all parts of the image in that folder are below: a build folder, or the root of a system. */
static char *root_of(const char *folder, const char *build, const char *release)
{
	if (build || (!release && holds_modules(folder)))
		return files_text("%s", build ? build : folder);
	return above(folder);
}

/* root NULL: as root_of() has it. */
static bool find_around_image(const char *path, const char *root, struct parts *parts)
{
	const char *release = release_in(strrchr(path, '/') + 1);
	char *folder = above(path), *build = release ? NULL : build_of(folder);
	bool ok = true;

	parts->root = root ? files_text("%s", root) : root_of(folder, build, release);
	parts->image = files_text("%s", path);
	if (release)
		around_installed(folder, release, parts);
	else if (build)
		ok = around_build(build, parts);
	else if (holds_modules(folder))
		around_modules(folder, parts);
	free(build);
	free(folder);
	return ok;
}

/*
 * Whether a config is that architecture's, into *ret; another's is said to be left out. unsaid: if
 * it does not say whose it is. False with a message if it cannot be read.
 */
static bool fits(const struct parts *parts, const char *path, const char *arch, bool unsaid,
		 bool *ret)
{
	char *text = beneath_read(parts->root, path);
	const char *of = text ? kernel_config_arch(text) : NULL;
	bool ok = text;

	*ret = of ? !strcmp(of, arch) : unsaid;
	if (of && !*ret)
		note("%s: is a config of %s, not %s: left out", path, of, arch);
	free(text);
	return ok;
}

static bool find_config_beside(struct parts *parts, const char *folder, const char *release,
			       const char *arch)
{
	char *places[] = {files_if_there("%s.config", parts->image),
			  files_if_there("%s/config-%s", folder, release),
			  files_if_there("%s/config", folder)};
	bool ok = true, found = false;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (ok && places[i] && !parts->config && !files_is_dir(places[i])) {
			ok = fits(parts, places[i], arch, false, &found);
			if (ok && found)
				parts->config = files_text("%s", places[i]);
		}
		free(places[i]);
	}
	return ok;
}

bool parts_complete(struct parts *parts, const char *release, const char *arch)
{
	char *folder = above(parts->image);
	bool ok = true, is = true;

	if (parts->config)
		ok = fits(parts, parts->config, arch, true, &is);
	if (!is) {
		free(parts->config);
		parts->config = NULL;
	}
	if (ok && !parts->config)
		ok = find_config_beside(parts, folder, release, arch);
	if (!parts->modules)
		parts->modules = installed_modules(parts, release);
	free(folder);
	return ok;
}

static int is_image(const struct dirent *entry)
{
	return release_in(entry->d_name) != NULL;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The image in lib/modules/RELEASE, if it is there; or NULL. */
static char *image_of_modules(const char *folder)
{
	char *image = NULL;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !image; i++)
		image = files_if_there("%s/%s", folder, names[i]);
	return image;
}

/* Images in a folder: named after their release, or in folders that are. */
static json_t *images_in(const char *folder, bool by_folder)
{
	struct dirent **entries = NULL;
	int nr = scandir(folder, &entries, by_folder ? is_visible : is_image, alphasort), i;
	json_t *images = json_array();
	char *path, *image;

	for (i = 0; i < nr; i++) {
		path = files_text("%s/%s", folder, entries[i]->d_name);
		image = by_folder ? image_of_modules(path) : files_text("%s", path);
		if (image)
			json_array_append_new(images, json_string(image));
		free(image);
		free(path);
		free(entries[i]);
	}
	free(entries);
	return images;
}

/* The one of several images below path; false with a message, which calls path name, if more. */
static bool take_one(const json_t *images, const char *path, const char *name, char **ret_image)
{
	const char *image[2] = {NULL};
	size_t nr = json_array_size(images), i;

	if (nr == 1)
		*ret_image = files_text("%s", json_string_value(json_array_get(images, 0)));
	for (i = 0; i < 2 && i < nr; i++)
		image[i] = json_string_value(json_array_get(images, i)) + strlen(path) + 1;
	return nr < 2 || err("%s: holds several kernels (%s, %s%s); name one of the files", name,
			     image[0], image[1], nr > 2 ? ", ..." : "");
}

/*
 * The one installed kernel in a folder: an unpacked package's or a whole system's, as Debian to 13
 * has it (boot/vmlinuz-RELEASE), or as later ones, Fedora, Arch and openSUSE do
 * (lib/modules/RELEASE/vmlinuz); a /boot; or a lib/modules/RELEASE. NULL if there is none; name is
 * what the folder is called in messages.
 */
static bool find_installed(const char *path, const char *name, char **ret_image)
{
	static const struct {
		const char *below;
		bool by_folder;
	} places[] = {
		{"/boot", false}, {"/usr/lib/modules", true}, {"/lib/modules", true}, {"", false}};
	json_t *images;
	char *folder;
	bool ok = true;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]) && ok && !*ret_image; i++) {
		folder = files_text("%s%s", path, places[i].below);
		images = images_in(folder, places[i].by_folder);
		ok = take_one(images, path, name, ret_image);
		json_decref(images);
		free(folder);
	}
	if (ok && !*ret_image && holds_modules(path))
		*ret_image = image_of_modules(path);
	return ok;
}

/* The best image of a build folder: of every architecture its best before any's next best. */
static char *find_built(const char *path, const struct arch *arch)
{
	const struct arch *a;
	char *image = NULL;
	size_t i;

	for (i = 0; i < ARCH_IMAGES && !image; i++)
		for (a = arch_list; a->name && !image; a++)
			if ((!arch || arch == a) && a->images[i])
				image = files_if_there("%s/%s", path, a->images[i]);
	return image;
}

bool parts_find(const char *path, const char *name, const struct arch *arch, struct parts *ret)
{
	char *image = NULL;
	bool ok;

	memset(ret, 0, sizeof(*ret));
	if (!files_is_dir(path))
		return find_around_image(path, NULL, ret);
	if (!find_installed(path, name, &image))
		return false;
	if (!image)
		image = find_built(path, arch);
	if (!image)
		return err("%s: no kernel in it for %s: neither boot/vmlinuz-*, "
			   "lib/modules/*/vmlinuz nor, as in a build folder, %s",
			   name, arch ? arch->name : arch_names(),
			   arch ? arch->images[0] : "arch/*/boot/Image, bzImage or vmlinux");
	ok = find_around_image(image, strchr(image + strlen(path) + 1, '/') ? path : NULL, ret);
	free(image);
	return ok;
}

/* Paths made absolute, so that the same source is known again from another folder. */
static char *full_list(const char *source)
{
	char *copy = files_text("%s", source), *rest = copy, *word, real[PATH_MAX], *next;
	char *full = files_text("%s", "");

	while (full && (word = strsep(&rest, ","))) {
		next = NULL;
		if (!realpath(word, real))
			err_errno("%s", word);
		else if (strchr(source, ',') && !parts_is_package(real))
			err("%s: is no package, and only those can be listed", word);
		else
			next = files_text("%s%s%s", full, *full ? "," : "", real);
		free(full);
		full = next;
	}
	free(copy);
	return full;
}

char *parts_source(const char *source)
{
	char real[PATH_MAX];

	if (!strncmp(source, "debian:", 7))
		return files_text("%s", source);
	if (!access(source, F_OK) && realpath(source, real))
		return files_text("%s", real);
	return full_list(source);
}
