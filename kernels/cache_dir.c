// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/cache_dir.h"

#include <stdlib.h>

#include "common/files.h"
#include "common/msg.h"

static char *own_cache(const char *below)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (xdg && *xdg == '/')
		return files_text("%s/faultbench/%s", xdg, below);
	if (home && *home == '/')
		return files_text("%s/.cache/faultbench/%s", home, below);
	err("no place for kernels: neither XDG_CACHE_HOME nor HOME is set to a folder");
	return NULL;
}

char *cache_dir(void)
{
	return own_cache("kernels");
}

char *cache_apt_state(const char *arch)
{
	char *base = own_cache("apt"), *path = base ? files_text("%s/%s", base, arch) : NULL;

	free(base);
	return path;
}

char *cache_build_dir(void)
{
	return own_cache("build");
}
