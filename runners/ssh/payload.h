/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes to a host: the worker of its architecture and all that it needs.
 */
#ifndef RUNNERS_SSH_PAYLOAD_H
#define RUNNERS_SSH_PAYLOAD_H

#include <stddef.h>

#include "common/arch.h"

/*
 * A tar archive in a file without a name. The worker in it is one to be started where it is
 * unpacked, with libraries from lib/ (closure_relocate()). -1 with a message printed.
 */
int payload_make(const struct arch *arch, size_t *ret_size);

#endif
