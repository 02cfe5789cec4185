// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/batch/batch.h"

/* What all parts wait for; the mark says that it was done. */
static void put_first(FILE *out, const struct batch *b)
{
	const char *c;
	size_t i;

	if (b->first.nr)
		fprintf(out, "\n%s.first:\n", b->name);
	for (i = 0; i < b->first.nr; i++) {
		fputs("\t$(FAULTBENCH) ", out);
		for (c = b->first.words[i]; *c; c++)
			fprintf(out, *c == '$' ? "$$" : "%c", *c);
		fputc('\n', out);
	}
	if (b->first.nr)
		fputs("\ttouch $@\n", out);
}

void batch_make(FILE *out, const struct batch *b)
{
	unsigned int i;

	fputs("# A plan in parts, as many at a time as -j says: make -j2 -f THIS\n"
	      "# Parts on other machines: faultbench run with --shard I/N there, and collect.\n"
	      "FAULTBENCH ?= faultbench\n",
	      out);
	fprintf(out, "\n%s: ", b->out);
	for (i = 1; i <= b->parts; i++)
		fprintf(out, "%s.parts/%u.done ", b->name, i);
	fprintf(out, "\n\trm -f $@\n\t$(FAULTBENCH) collect %s.parts --out $@\n", b->name);
	put_first(out, b);
	/* A part that is begun again has its journal; a mark says that it is whole. */
	fprintf(out, "\n%s.parts/%%.done:%s%s%s\n\tmkdir -p %s.parts\n\t$(FAULTBENCH) run --jobs 1",
		b->name, b->first.nr ? " | " : "", b->first.nr ? b->name : "",
		b->first.nr ? ".first" : "", b->name);
	batch_run(out, b, "$*", '$');
	fputs("\n\ttouch $@\n", out);
}
