// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/batch/batch.h"
#include "common/msg.h"
#include "kernels/kernel.h"

#define ARCHIVES "debian:"

/* "kernel fetch SOURCE --arch A --label L", malloc'ed. */
static char *fetch_words(const struct kernel *kernel)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	fputs("kernel fetch ", out);
	batch_quote(out, kernel->source, '\0');
	fprintf(out, " --arch %s --label ", kernel->arch);
	batch_quote(out, kernel->label, '\0');
	fclose(out);
	return text;
}

static bool is_named(const struct word_list *list, const char *word)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		if (!strcmp(list->words[i], word))
			return true;
	return false;
}

/* One of LABEL=KERNEL. */
static bool fetch_one(struct batch *batch, const char *word, const char *arch)
{
	const char *what = strchr(word, '=') ? strchr(word, '=') + 1 : "";
	struct kernel kernel;
	char *words;
	bool ok;

	if (what[0] == '/')
		return err("--kernel %s: is not there where this runs; name a file of the "
			   "repository, or a label",
			   word);
	if (strchr(what, '/') || !access(what, F_OK))
		return true;
	if (!kernel_open(what, arch, &kernel))
		return false;
	ok = !strncmp(kernel.source, ARCHIVES, strlen(ARCHIVES)) ||
	     err("--kernel %s: comes from %s, which is not there where this runs; --first says "
		 "how it is made",
		 word, kernel.source);
	words = ok ? fetch_words(&kernel) : NULL;
	if (ok && !is_named(&batch->first, words))
		word_list_add(&batch->first, words);
	else
		free(words);
	kernel_free(&kernel);
	return ok;
}

bool batch_fetch(struct batch *batch)
{
	const struct asked *a = &batch->asked;
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < a->kernels.nr; i++)
		ok = fetch_one(batch, a->kernels.words[i], a->machine.arch->name);
	return ok;
}
