// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/ssh/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/process.h"
#include "runners/ssh/remote.h"

/* The last line of a text that has something in it. */
static const char *last_line(char *text)
{
	char *line = text;
	size_t len;

	for (len = strlen(text); len && strchr("\r\n", text[len - 1]); len--)
		text[len - 1] = '\0';
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

/* What remote_ask printed, behind whatever else a login prints. */
static bool take(const char *text, struct host *ret)
{
	const char *at = strstr(text, REMOTE_HOST);

	*ret = (struct host){0};
	return at && sscanf(at + strlen(REMOTE_HOST), "%32s %lld %d %lld %lf %64s %128s",
			    ret->uname, &ret->page_size, &ret->cpus, &ret->memory_kib,
			    &ret->uptime_s, ret->boot_id, ret->release) == 7;
}

bool host_ask(const struct machine *m, struct host *ret, char why[256])
{
	const char *words[REMOTE_WORDS];
	char *text = NULL;
	int status;
	bool ok = false;

	remote_words(m, remote_ask, words);
	status = child_run(words, NULL, &text, NULL);
	if (status == CHILD_MISSING)
		snprintf(why, 256, "there is no program ssh here (openssh-client)");
	else if (status)
		snprintf(why, 256, "%s", text && *text ? last_line(text) : "ssh did not get there");
	else if (!text || !take(text, ret))
		snprintf(why, 256, "it did not say what it is; is it Linux, with a shell for us?");
	else
		ok = true;
	free(text);
	return ok;
}
