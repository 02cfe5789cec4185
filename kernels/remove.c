// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "common/files.h"
#include "common/msg.h"
#include "kernels/cache.h"
#include "kernels/cache_dir.h"
#include "kernels/kernel.h"
#include "kernels/work.h"

enum exit_status kernel_remove(const char *what)
{
	char *name = cache_known(what, NULL), *dir, *path, *work, *gone;
	enum exit_status status = EXIT_FAILED;

	if (!name)
		return EXIT_USAGE;
	work = work_make();
	/* Moved away first: half an entry must never be seen. */
	dir = cache_dir();
	path = files_text("%s/%s", dir ? dir : "", name);
	gone = files_text("%s/gone", work ? work : "");
	if (work && rename(path, gone))
		err_errno("%s: cannot be removed", path);
	else if (work)
		status = EXIT_OK;
	if (work)
		files_remove(work);
	free(name);
	free(dir);
	free(path);
	free(gone);
	free(work);
	return status;
}
