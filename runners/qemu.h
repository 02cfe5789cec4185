/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel in a VM: one boot, one request.
 */
#ifndef RUNNERS_QEMU_H
#define RUNNERS_QEMU_H

#include <jansson.h>
#include <stdbool.h>

#include "runners/machine.h"
#include "runners/runner.h"

/* What is started. */
struct guest {
	const struct machine *machine;
	const char *image;    /* what QEMU's -kernel takes */
	char *const *modules; /* .ko files that the virtio port needs, in order */
	size_t nr_modules;
	const char *config;  /* its configuration, or NULL */
	const char *release; /* uname -r */
};

/*
 * Boots the guest, carries the request out and takes everything down again. If the guest panics,
 * hangs or ends early, prints why with the console's last lines, hands fn a record of type "boot"
 * with the same, and returns RUNNER_BROKEN. what names the boot in messages. Otherwise as
 * runner_local().
 */
enum runner_end runner_qemu(const struct guest *guest, const char *what, const json_t *request,
			    runner_record_fn *fn, void *arg, int *ret_signal);

#endif
