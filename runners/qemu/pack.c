// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/pack.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/msg.h"
#include "runners/machine.h"
#include "runners/qemu/command.h"
#include "runners/qemu/initramfs.h"
#include "runners/qemu/keys.h"

/* Errors alone: a message that comes in the middle of a line of ours makes two lines of it. */
#define LOGLEVEL 4

json_t *qemu_pack(const struct runner_boot *wanted, int *ret_initrd)
{
	const struct machine *m = wanted->machine;
	const struct qemu_keys *k = qemu_keys(m);
	char *request, *append, *line;
	json_t *words;

	if (k->nodes > 1 || k->options) {
		err("%s: nodes and options are words of QEMU's that a device of others does not "
		    "take",
		    m->path);
		return NULL;
	}
	request = json_dumps(wanted->request, JSON_COMPACT);
	if (!request || asprintf(&line, "%s\n", request) < 0)
		abort();
	*ret_initrd = initramfs_make(m->arch, wanted->kernel, line, true);
	free(line);
	free(request);
	if (*ret_initrd < 0)
		return NULL;
	append = qemu_append(m, LOGLEVEL);
	words = json_pack("{s:s,s:s,s:I,s:i,s:i,s:s}", "machine", m->arch->board, "cpu", k->cpu,
			  "memory_MiB", (json_int_t)(m->memory >> 20), "vcpus", k->vcpus,
			  "time_limit_s", k->time_limit_s, "append", append);
	free(append);
	return words;
}
