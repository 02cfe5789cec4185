/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a VM's results follow from, beside the kernel and what is asked of it.
 */
#ifndef RUNNERS_QEMU_IDENTITY_H
#define RUNNERS_QEMU_IDENTITY_H

#include "runners/machine.h"

/* As runner.h says of identity(): the command line, QEMU's version, the worker and the plugin. */
char *qemu_identity(const struct runner_boot *wanted);

#endif
