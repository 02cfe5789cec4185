// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/msg.h"
#include "kernels/cache.h"
#include "kernels/fetch/parts.h"
#include "kernels/kernel.h"

bool kernel_open(const char *what, const char *arch, struct kernel *ret)
{
	char *name = NULL;
	bool ok;

	memset(ret, 0, sizeof(*ret));
	ret->status = EXIT_USAGE;
	if (*what && *what != '.' && !strchr(what, '/') && cache_meant(what, arch, &name)) {
		free(name);
		name = cache_known(what, arch);
		ok = name && cache_read(name, ret);
		free(name);
		return ok;
	}
	if (!strncmp(what, "debian:", 7))
		return err("%s: `faultbench kernel fetch` it first, and name its label", what);
	if (access(what, F_OK) && !parts_is_package(what))
		return err("'%s' is neither a kernel that was fetched nor a path; `faultbench "
			   "kernel list` shows the labels",
			   what);
	return fetch_any(what, arch, ret);
}
