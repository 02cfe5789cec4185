// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/entry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/map.h"
#include "common/sha256.h"
#include "runners/switch/helper.h"
#include "runners/tar.h"

#define SUM_SHOWN 12

static const char *how_of(const struct switch_keys *keys)
{
	return keys->how == SWITCH_KEXEC ? "kexec" : "boot-entry";
}

bool entry_name(const struct runner_kernel *kernel, const struct switch_keys *keys,
		char ret[ENTRY_NAME])
{
	char *image = files_sha256(kernel->bootable), *all, sum[SHA256_TEXT];
	char *modules = kernel->whole ? files_sha256(kernel->whole) : files_text("none");
	bool ok = image && modules;
	size_t i;

	if (ok) {
		all = files_text("%s %s %s %s", image, modules, how_of(keys),
				 keys->cmdline ? keys->cmdline : "");
		sha256_data(all, strlen(all), sum);
		free(all);
		snprintf(ret, ENTRY_NAME, "%.64s-%.*s", kernel->release, SUM_SHOWN, sum);
		for (i = 0; ret[i]; i++)
			ret[i] = isalnum((unsigned char)ret[i])
					 ? (char)tolower((unsigned char)ret[i])
				 : ret[i] == '.' && i && ret[i - 1] != '.' ? '.'
									   : '-';
	}
	free(image);
	free(modules);
	return ok;
}

static bool put_text(struct archive *tar, const char *name, const char *text)
{
	return tar_put(tar, name, text ? text : "", text ? strlen(text) : 0);
}

static bool put_file(struct archive *tar, const char *name, const char *path)
{
	struct file_map m;
	bool ok;

	if (!path)
		return put_text(tar, name, "");
	if (!map_file(path, &m))
		return false;
	ok = tar_put(tar, name, m.data, m.len);
	unmap_file(&m);
	return ok;
}

/* What `install` reads; -1 with a message printed. */
static int pack(const struct runner_kernel *kernel, const struct switch_keys *keys)
{
	struct archive *tar;
	int fd = -1;

	tar = tar_begin(&fd);
	return tar ? tar_end(tar, fd,
			     put_text(tar, "how", how_of(keys)) &&
				     put_text(tar, "release", kernel->release) &&
				     put_text(tar, "cmdline", keys->cmdline) &&
				     put_file(tar, "config", kernel->config) &&
				     put_file(tar, "modules.tar.gz", kernel->whole) &&
				     put_file(tar, "image", kernel->bootable))
		   : -1;
}

static bool install(const struct reach *r, const struct runner_kernel *kernel,
		    const struct switch_keys *keys, const char *name, char **ret_why)
{
	int fd = pack(kernel, keys), status;
	char *text = NULL;

	if (fd < 0) {
		*ret_why = files_text("what is to be sent cannot be read: %s, its modules and "
				      "its config",
				      kernel->bootable);
		return false;
	}
	status = helper_run(r, "install", name, fd, &text);
	close(fd);
	if (status)
		*ret_why = files_text("the kernel could not be installed: %s", text);
	free(text);
	return !status;
}

bool entry_install(const struct reach *r, const struct runner_kernel *kernel,
		   const struct switch_keys *keys, char ret[ENTRY_NAME], char **ret_why)
{
	struct helper_state state;
	char why[512];
	bool there;

	if (!entry_name(kernel, keys, ret)) {
		*ret_why = files_text("%s: cannot be read", kernel->bootable);
		return false;
	}
	if (helper_state(r, &state, why)) {
		*ret_why = strdup(why);
		return false;
	}
	there = helper_has(&state, ret);
	helper_state_free(&state);
	return there || install(r, kernel, keys, ret, ret_why);
}

bool entry_leave(const struct reach *r, const struct switch_keys *keys, const char *name,
		 char **ret_text)
{
	const char *action = keys->how == SWITCH_KEXEC ? "kexec" : "boot";
	char *why;

	if (!helper_run(r, action, name, -1, ret_text))
		return true;
	why = *ret_text;
	*ret_text = files_text("faultbench-root %s: %s", action, why);
	free(why);
	return false;
}
