/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The .config of a folder in which a kernel is built: what is wanted, as Kconfig makes it.
 */
#ifndef KERNELS_BUILD_CONFIGURE_H
#define KERNELS_BUILD_CONFIGURE_H

#include <stdbool.h>

#include "kernels/build/make.h"
#include "kernels/build/wanted.h"

/*
 * Makes the .config of make->out from what is wanted, whose text is in the file `path`, and sees to
 * it that nothing of it is lost; *ret_modules is whether that kernel can have modules. Prints what
 * failed, and what the tree has and the kernel will not have. Returns an exit status.
 */
enum exit_status configure(struct build_make *make, const struct wanted *wanted, const char *path,
			   bool *ret_modules);

#endif
