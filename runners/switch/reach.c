// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/reach.h"

#include <stdlib.h>
#include <string.h>

#include "common/process.h"

void reach_here(const struct machine *m, const char *script, const char *words[REACH_WORDS])
{
	(void)m;
	words[0] = "sh";
	words[1] = "-c";
	words[2] = script;
	words[3] = NULL;
}

/* Leaves of a text its last line that has something in it. */
static void keep_last_line(char *text)
{
	char *line;
	size_t len;

	for (len = strlen(text); len && strchr("\r\n", text[len - 1]); len--)
		text[len - 1] = '\0';
	line = strrchr(text, '\n');
	if (line)
		memmove(text, line + 1, strlen(line));
}

int reach_run(const struct reach *r, const char *script, const char *in, char **ret_text)
{
	const char *words[REACH_WORDS];
	char *text = NULL;
	int status;

	r->words(r->machine, script, words);
	status = child_run_on(in ? in : "/dev/null", words, NULL, &text, NULL);
	if (!text)
		text = calloc(1, 1);
	if (!text)
		abort();
	if (status)
		keep_last_line(text);
	*ret_text = text;
	return status;
}
