// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/files.h"
#include "kernels/fetch/image.h"
#include "kernels/fetch/parts.h"
#include "kernels/fetch/unpack.h"
#include "tests/fuzz/fuzz.h"

void fuzz_image(const unsigned char *data, size_t size)
{
	unsigned char *unpacked = NULL;
	char *config = NULL;
	size_t len = 0;

	image_format_name(image_recognise(data, size));
	image_arch(data, size);
	image_page_size(data, size);
	free(image_release(data, size));
	image_has_pvh(data, size);
	image_config("fuzz", data, size, &config);
	free(config);
	if (image_unpack("fuzz", data, size, &unpacked, &len))
		fuzz_must(len && len <= UNPACK_MOST, "what is unpacked has a size");
	free(unpacked);
}

/* Nothing but what is meant to be there. */
static void has_only(const char *const *names)
{
	DIR *dir = opendir(fuzz_folder());
	struct dirent *entry;
	size_t i;

	while (dir && (entry = readdir(dir))) {
		for (i = 0; names[i] && strcmp(names[i], entry->d_name); i++)
			;
		fuzz_must(names[i] || *entry->d_name == '.', "nothing is written elsewhere");
	}
	if (dir)
		closedir(dir);
}

static int is_plain(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path;
	(void)st;
	(void)ftw;
	fuzz_must(type == FTW_F || type == FTW_D, "files and folders only");
	return 0;
}

/* modules.order, a NUL, and what each module is. */
void fuzz_modules(const unsigned char *data, size_t size)
{
	static const char *const names[] = {"m", "to", NULL};
	const unsigned char *module;
	size_t left;
	char *order = fuzz_text(data, size, &module, &left);
	char *folder = files_text("%s/m", fuzz_folder()), *to = files_text("%s/to", fuzz_folder());
	struct parts parts = {.root = folder, .modules = folder};
	json_t *load = NULL;

	fuzz_put("m/modules.order", order, strlen(order));
	fuzz_put("m/kernel/virtio_pci.ko", module, left);
	fuzz_put("m/zram.ko.xz", module, left);
	modules_copy(&parts, to, &load);
	json_decref(load);
	has_only(names);
	nftw(to, is_plain, 16, FTW_PHYS);
	files_remove(to);
	free(folder);
	free(order);
	free(to);
}

/* The first byte says what it is called. */
void fuzz_package(const unsigned char *data, size_t size)
{
	static const char *const names[] = {"x.deb", "x.tar", "x.rpm", "to", NULL};
	const char *name = names[size ? *data % 3 : 0];
	char *path = files_text("%s/%s", fuzz_folder(), name);
	char *to = files_text("%s/to", fuzz_folder());
	json_t *files = json_pack("[s]", path);

	fuzz_put(name, data + !!size, size - !!size);
	packages_unpack(files, to);
	has_only(names);
	nftw(to, is_plain, 16, FTW_PHYS);
	files_remove(to);
	json_decref(files);
	free(path);
	free(to);
}
