// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/reach.h"

#include <stdlib.h>
#include <string.h>

#include "common/process.h"

void reach_here(const struct reach *r, const char *script, const char *words[REACH_WORDS])
{
	(void)r;
	words[0] = "sh";
	words[1] = "-c";
	words[2] = script;
	words[3] = NULL;
}

int reach_run(const struct reach *r, const char *script, const char *in, char **ret_text)
{
	const char *words[REACH_WORDS];
	const char *last;
	char *text = NULL;
	int status;

	r->words(r, script, words);
	status = child_run_on(in ? in : "/dev/null", words, NULL, &text, NULL);
	if (!text)
		text = calloc(1, 1);
	if (!text)
		abort();
	if (status) {
		last = child_last_line(text);
		memmove(text, last, strlen(last) + 1);
	}
	*ret_text = text;
	return status;
}
