/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a machine whose kernels are switched lacks for that.
 */
#ifndef RUNNERS_SWITCH_LACKS_H
#define RUNNERS_SWITCH_LACKS_H

#include "runners/lack.h"
#include "runners/switch/switch.h"

/*
 * As struct runner's lacks. host is what ssh calls it, or NULL for the machine that this runs on.
 */
size_t switch_lacks(const struct switching *s, const char *host, struct lack ret[LACKS_MOST]);

#endif
