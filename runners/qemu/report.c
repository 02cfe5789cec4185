// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "common/msg.h"

#define CONSOLE_LINES 12 /* of the console, shown when something went wrong */

/* The last lines of the console. */
static json_t *last_lines(const struct channel *c)
{
	json_t *lines = json_array();
	char *copy = strdup(c->console_end), *rest = copy, *line;

	while (copy && (line = strsep(&rest, "\n")))
		if (line[strspn(line, " ")])
			json_array_append_new(lines, json_string(line));
	while (json_array_size(lines) > CONSOLE_LINES)
		json_array_remove(lines, 0);
	free(copy);
	return lines;
}

bool qemu_broke_kvm(const struct channel *c)
{
	return strstr(c->console_end, "KVM internal error") ||
	       strstr(c->console_end, "kvm run failed");
}

bool qemu_is_dead(const struct channel *c)
{
	return strstr(c->console_end, "---[ end Kernel panic") || qemu_broke_kvm(c);
}

static void find_reason(const struct channel *c, int status, char why[256])
{
	static const char *const signs[] = {"Kernel panic", "Out of memory", "kernel BUG", "Oops",
					    "init: "};
	const char *line = NULL;
	size_t i;

	for (i = 0; !line && i < sizeof(signs) / sizeof(signs[0]); i++)
		line = strstr(c->console_end, signs[i]);
	if (c->end == CHANNEL_GARBLED)
		snprintf(why, 256, "%s", c->why);
	else if (c->end == CHANNEL_TIMEOUT && !c->console_used && !c->spoken)
		snprintf(why, 256, "the guest said nothing within its time limit");
	else if (c->end == CHANNEL_TIMEOUT)
		snprintf(why, 256, "the guest hung: no end within its time limit");
	else if (line)
		snprintf(why, 256, "the guest failed: %.*s", (int)strcspn(line, "\n"), line);
	else if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		snprintf(why, 256, "QEMU was killed by SIG%s", sigabbrev_np(WTERMSIG(status)));
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		snprintf(why, 256, "QEMU is not installed (qemu-system-x86, qemu-system-arm)");
	else if (WIFEXITED(status) && WEXITSTATUS(status))
		snprintf(why, 256, "QEMU ended with status %d", WEXITSTATUS(status));
	else
		snprintf(why, 256, "the guest ended before it had sent everything");
}

void qemu_report(const struct channel *c, const char *what, const json_t *request, int status)
{
	json_t *lines = last_lines(c), *record, *line;
	char why[256];
	size_t i;

	find_reason(c, status, why);
	err("%s: %s", what, why);
	json_array_foreach(lines, i, line) {
		fprintf(stderr, "    %s\n", json_string_value(line));
	}
	record = json_pack("{s:s,s:O,s:s,s:s,s:o}", "type", "boot", "boot",
			   json_object_get(request, "boot"), "status", "failed", "reason", why,
			   "console", lines);
	if (record)
		c->fn(c->arg, record);
	json_decref(record);
}
