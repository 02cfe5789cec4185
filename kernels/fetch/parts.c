// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/fetch/parts.h"

void parts_free(struct parts *parts)
{
	free(parts->image);
	free(parts->config);
	free(parts->modules);
	free(parts->release);
	memset(parts, 0, sizeof(*parts));
}

/* The modules of an installed kernel whose image is in boot/, with or without a merged /usr. */
static char *installed_modules(const char *folder, const char *release)
{
	char *path;

	path = files_if_there("%s/../lib/modules/%s/modules.order", folder, release);
	if (!path)
		path = files_if_there("%s/../usr/lib/modules/%s/modules.order", folder, release);
	if (path)
		*strrchr(path, '/') = '\0';
	return path;
}

/* Parts of vmlinuz-RELEASE in boot/. */
static void around_installed(const char *folder, const char *release, struct parts *parts)
{
	parts->config = files_if_there("%s/config-%s", folder, release);
	parts->modules = installed_modules(folder, release);
	parts->release = files_text("%s", release);
}

/* Parts of a build folder; modules.order is there once modules have been built. */
static void around_build(const char *root, struct parts *parts)
{
	char *release = files_text("%s/include/config/kernel.release", root);

	parts->config = files_if_there("%s/.config", root);
	parts->modules = files_if_there("%s/modules.order", root);
	if (parts->modules)
		*strrchr(parts->modules, '/') = '\0';
	parts->release = io_read_file(release);
	free(release);
}

/* The build folder an image lies in: beside .config, or in arch/X/boot below it; or NULL. */
static char *build_of(const char *folder)
{
	char *config = files_if_there("%s/.config", folder);

	if (!config)
		config = files_if_there("%s/../../../.config", folder);
	if (config)
		*strrchr(config, '/') = '\0';
	return config;
}

static void find_around_image(const char *path, struct parts *parts)
{
	char *folder = files_text("%s%s", strchr(path, '/') ? "" : "./", path), *build;
	char *slash = strrchr(folder, '/');
	const char *name = slash + 1;

	*slash = '\0';
	parts->image = files_text("%s", path);
	if (!strncmp(name, "vmlinuz-", 8) || !strncmp(name, "vmlinux-", 8)) {
		around_installed(folder, name + 8, parts);
	} else {
		build = build_of(folder);
		if (build)
			around_build(build, parts);
		free(build);
	}
	free(folder);
}

static int is_image(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "vmlinuz-", 8) || !strncmp(entry->d_name, "vmlinux-", 8);
}

/* The one boot/vmlinuz-* of an unpacked package; NULL if there is none. */
static bool find_package(const char *path, char **ret_image)
{
	char *boot = files_text("%s/boot", path);
	struct dirent **entries = NULL;
	int nr = scandir(boot, &entries, is_image, alphasort), i;
	bool ok = true;

	if (nr == 1)
		*ret_image = files_text("%s/%s", boot, entries[0]->d_name);
	else if (nr > 1)
		ok = err("%s: holds several kernels (%s, %s%s); name one of the files", boot,
			 entries[0]->d_name, entries[1]->d_name, nr > 2 ? ", ..." : "");
	for (i = 0; i < nr; i++)
		free(entries[i]);
	free(entries);
	free(boot);
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

bool parts_find(const char *path, const struct arch *arch, struct parts *ret)
{
	char *image = NULL;

	memset(ret, 0, sizeof(*ret));
	if (!files_is_dir(path)) {
		find_around_image(path, ret);
		return true;
	}
	if (!find_package(path, &image))
		return false;
	if (!image)
		image = find_built(path, arch);
	if (!image)
		return err("%s: no kernel in it for %s: neither boot/vmlinuz-* nor, as in a build "
			   "folder, %s",
			   path, arch ? arch->name : arch_names(),
			   arch ? arch->images[0] : "arch/*/boot/Image, bzImage or vmlinux");
	find_around_image(image, ret);
	free(image);
	return true;
}

bool parts_is_package(const char *path)
{
	size_t len = strlen(path);

	return len > 4 && !strcmp(path + len - 4, ".deb");
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
			err("%s: is no .deb file, and only those can be listed", word);
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
