/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel as a VM starts it.
 */
#ifndef RUNNERS_QEMU_GUEST_H
#define RUNNERS_QEMU_GUEST_H

#include <stddef.h>

#include "runners/machine.h"

/* What is started. */
struct guest {
	const struct machine *machine;
	const char *image;    /* what QEMU's -kernel takes */
	char *const *modules; /* .ko files that the virtio port needs, in order */
	size_t nr_modules;
	const char *config;  /* its configuration, or NULL */
	const char *release; /* uname -r */
};

#endif
