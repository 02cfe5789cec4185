/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNERS_QEMU_PACK_H
#define RUNNERS_QEMU_PACK_H

#include "runners/runner.h"

/* As runner.h says of pack(). */
json_t *qemu_pack(const struct runner_boot *wanted, int *ret_initrd);

#endif
