// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"

/* How the kernel's complaints begin or what they contain. */
static const char *const complaints[] = {
	"WARNING: ",
	"BUG: ",
	"kernel BUG at",
	"Oops",
	"Bad page",
	"bad pmd",
	"general protection",
	"Unable to handle kernel",
	"KASAN: ",
	"KFENCE: ",
	"KCSAN: ",
	"UBSAN: ",
	"stall on CPU",
	"stalls on CPU",
	"self-detected stall",
	"soft lockup",
	"hard LOCKUP",
	"blocked for more than",
	"Out of memory",
	"oom-kill",
	"possible circular",
	"page allocation failure",
	"BAD_PAGE",
	"rss-counter state",
};

static unsigned long taint_now(void)
{
	char *text = io_read_file("/proc/sys/kernel/tainted");
	unsigned long taint = text ? strtoul(text, NULL, 10) : ULONG_MAX;

	free(text);
	return taint;
}

void kmsg_open(struct kmsg *k)
{
	k->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	kmsg_mark(k);
}

void kmsg_mark(struct kmsg *k)
{
	if (k->fd >= 0)
		lseek(k->fd, 0, SEEK_END);
	k->taint = taint_now();
}

/* A record of /dev/kmsg is "priority,sequence,time,flags;text", a read() each. */
static bool complains(const char *record, const char **ret_text)
{
	const char *text = strchr(record, ';');
	unsigned int i;

	if (!text)
		return false;
	for (i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++) {
		if (strstr(text, complaints[i])) {
			*ret_text = text + 1;
			return true;
		}
	}
	return false;
}

bool kmsg_complaint(const struct kmsg *k, char *text, size_t room)
{
	unsigned long taint = taint_now();
	const char *line;
	char record[8192];
	ssize_t got;

	while (k->fd >= 0) {
		got = read(k->fd, record, sizeof(record) - 1);
		if (got < 0 && errno == EPIPE)
			continue; /* records were overwritten before they were read */
		if (got <= 0)
			break;
		record[got] = '\0';
		record[strcspn(record, "\n")] = '\0';
		if (complains(record, &line)) {
			snprintf(text, room, "kernel log: %s", line);
			return true;
		}
	}
	if (taint == k->taint)
		return false;
	snprintf(text, room, "the kernel's taint went from %lu to %lu", k->taint, taint);
	return true;
}
