/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel in a VM: one boot, one request.
 */
#ifndef RUNNERS_QEMU_QEMU_H
#define RUNNERS_QEMU_QEMU_H

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>

#include "runners/machine.h"
#include "runners/qemu/guest.h"
#include "runners/runner.h"

/* Whether QEMU is there for an architecture. */
bool vm_installed(const struct arch *arch);

/* Whether what such a machine measures is time, and not emulated: it should have the host alone. */
bool vm_is_timed(const struct machine *m);

struct vm; /* a guest that runs */

/*
 * Boots the guest with a request. Records go to fn. what names the boot in messages, and must
 * outlive it, as guest and request must. NULL with a message printed if it cannot be started.
 */
struct vm *vm_start(const struct guest *guest, const char *what, json_t *request,
		    runner_record_fn *fn, void *arg);

/*
 * Waits until at least one of nr VMs has ended, and returns the first such one's index; a signal
 * ends all of them. open is the mask of signals_catch().
 */
size_t vm_wait(struct vm *const *vms, size_t nr, const sigset_t *open);

/*
 * Takes down a VM that has ended and everything that belongs to it. If the guest panicked, hung or
 * ended early, prints why with the console's last lines, hands fn a record of type "boot" with the
 * same, and returns RUNNER_BROKEN.
 */
enum runner_end vm_end(struct vm *vm);

#endif
