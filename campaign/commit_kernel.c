// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/commit_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/installed.h"
#include "kernels/build/build.h"

static char *label_of(const struct commit_kernel *wanted)
{
	char *label, align[32] = "";

	if (wanted->align)
		snprintf(align, sizeof(align), "-align-%d", wanted->align);
	if (asprintf(&label, "%.*s-%s%s%s", COMMIT_TEXT, wanted->commit, wanted->arch,
		     wanted->clang ? "-clang" : "", align) < 0)
		return NULL;
	return label;
}

bool commit_kernel_build(const struct commit_kernel *wanted, struct kernel *ret)
{
	char *label = label_of(wanted), *configs = installed_config("kernels");
	struct build_request request = {
		.tree = wanted->tree,
		.rev = wanted->commit,
		.arch = wanted->arch,
		.label = label,
		.config = wanted->config,
		.fragment = wanted->fragment,
		.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN),
		.clang = wanted->clang,
		.align = wanted->align,
		.configs = configs,
	};
	bool ok = false;

	*ret = (struct kernel){.status = EXIT_FAILED};
	if (label)
		ok = kernel_build(&request, ret);
	free(configs);
	free(label);
	return ok;
}
