// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/export/calls.h"
#include "analysis/export/export.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"

struct wanted {
	const struct export_format *format;
	const char *out; /* a folder; NULL: standard output */
};

static bool write_one(const char *folder, const char *format, const struct called *called,
		      void (*put)(FILE *out, const struct called *called))
{
	char *name = called_name(called), *path = files_text("%s/%s.out.%s", folder, format, name);
	char *text = NULL, *mark = files_text("# %s format", format);
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool ok = false;

	if (out) {
		put(out, called);
		fclose(out);
		ok = files_replace(path, text, size, mark);
	}
	if (ok)
		printf("%s\n", path);
	free(mark);
	free(text);
	free(path);
	free(name);
	return ok;
}

/* A file each, or the only one on standard output. */
static bool export_each(const struct wanted *w, const struct called *called, size_t nr)
{
	bool ok = true;
	size_t i;

	if (!w->out && nr > 1)
		return err("--format %s: a file is of one kernel and point, and there are %zu; "
			   "--out DIR makes one of each",
			   w->format->name, nr);
	if (!w->out)
		w->format->one(stdout, called);
	else
		ok = files_make_dirs(w->out);
	for (i = 0; w->out && ok && i < nr; i++)
		ok = write_one(w->out, w->format->name, &called[i], w->format->one);
	return ok;
}

static bool refuse(const struct wanted *w, const char *why_not)
{
	if (why_not)
		return err("--format %s: nothing was sampled: %s", w->format->name, why_not);
	return err(
		"--format %s: no calls in there, and no samples; `run --calls`, on a machine that "
		"counts, follows calls, and `run --profile` samples what is timed",
		w->format->name);
}

static bool export_sections(const struct wanted *w, const struct sections *sections)
{
	size_t nr;
	struct called *called = called_in(sections, &nr);
	bool ok = true;

	if (w->format->calls && !nr)
		ok = refuse(w, called_why_not(sections));
	else if (w->format->one)
		ok = export_each(w, called, nr);
	else
		w->format->fn(stdout, sections);
	called_free(called, nr);
	return ok;
}

static int export_journals(char *const *paths, size_t nr, const struct wanted *w)
{
	struct sections sections;
	bool ok;

	if (w->out && !w->format->one) {
		err("--out: --format %s makes one file, on standard output", w->format->name);
		return EXIT_USAGE;
	}
	if (!sections_load(&sections, paths, nr))
		return EXIT_USAGE;
	ok = export_sections(w, &sections);
	sections_free(&sections);
	return ok ? EXIT_OK : EXIT_USAGE;
}

static bool each_format(size_t i, struct choice *ret)
{
	*ret = (struct choice){export_formats[i].name, export_formats[i].summary};
	return ret->name;
}

static bool take_format(void *at, const char *name)
{
	const struct export_format *f = export_formats;

	while (strcmp(f->name, name))
		f++;
	*(const struct export_format **)at = f;
	return true;
}

static const struct cli_option options[] = {
	{"format", "F", "which programs", OPTION_AT(struct wanted, format), .choice = each_format,
	 .required = true, .take = take_format},
	{"out", "DIR", "callgrind: the folder for a file of each kernel and point",
	 OPTION_AT(struct wanted, out), .kind = WORD_FOLDER},
	{0},
};

static const struct cli_example examples[] = {
	{"export --format csv base.jsonl after.jsonl >runs.csv", "a row for each run"},
	{"export --format callgrind --out profiles fork.jsonl",
	 "then kcachegrind profiles/callgrind.out.*"},
	{0},
};

static int cmd_export(int argc, char **argv)
{
	struct wanted wanted = {0};
	int status;

	if (!options_read(&command_export, argc, argv, &wanted, &status))
		return status;
	return export_journals(argv + optind, (size_t)(argc - optind), &wanted);
}

const struct command command_export = {
	.name = "export",
	.summary = "the runs, for other programs",
	.about = "csv and json have a column or field for each metric of the runs, by the name "
		 "that --metric of other commands takes (docs/metrics.md): time/unit, "
		 "faulters.p99, cycles:k ... go has a unit for those that tables show. A "
		 "contended op lasts as long as the plan says: go leaves it out. Runs that are "
		 "void, skipped or failed have no numbers, and no line in go. The formats of calls "
		 "have all ops of the ok runs, summed up, and no interrupts (docs/exact.md), or "
		 "all samples (docs/profile.md).",
	.operands = words_journals,
	.options = options,
	.examples = examples,
	.run = cmd_export,
};
