/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of a guest that did not do its work, from its console and from how QEMU ended.
 */
#ifndef RUNNERS_QEMU_REPORT_H
#define RUNNERS_QEMU_REPORT_H

#include <stdbool.h>

#include "runners/channel.h"

/* Whether the console shows that KVM is there but does not work. */
bool qemu_broke_kvm(const struct channel *c);

/* Whether the guest has panicked, and will do nothing more. */
bool qemu_is_dead(const struct channel *c);

/*
 * Tells the user (with the console's last lines) and the journal (a record of type "boot", to
 * c->fn). what names the boot; status is QEMU's, from waitpid().
 */
void qemu_report(const struct channel *c, const char *what, const json_t *request, int status);

#endif
