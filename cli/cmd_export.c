// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/export/calls.h"
#include "analysis/export/export.h"
#include "analysis/results/machine_facts.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"
#include "kernels/kernel.h"

struct wanted {
	const struct export_format *format;
	const char *out;	  /* a folder; NULL: standard output */
	struct word_list vmlinux; /* LABEL=FILE */
};

/* Whether a word is LABEL=FILE of that label. */
static bool is_of(const char *word, const char *label)
{
	size_t len = strlen(label);

	return !strncmp(word, label, len) && word[len] == '=';
}

static const char *label_of(const struct called *called)
{
	return called->results->kernels[called->kernel].label;
}

/* The path of a kernel's vmlinux: the one that was named, else of the same image in the cache. */
static char *find_vmlinux(const struct wanted *w, const struct called *called)
{
	const char *sha256 = called->results->kernels[called->kernel].about.sha256;
	size_t i;

	if (!called_functions(called->cell)) /* sampled */
		return NULL;
	for (i = 0; i < w->vmlinux.nr; i++)
		if (is_of(w->vmlinux.words[i], label_of(called)))
			return files_text("%s", strchr(w->vmlinux.words[i], '=') + 1);
	return sha256 ? kernel_vmlinux(sha256) : NULL;
}

/* The build id of what was run is that of the image, which `kernel build --debug` has not. */
static bool is_right(const struct wanted *w, const struct called *called, const char *path)
{
	const json_t *facts = called->results->kernels[called->kernel].machine;
	char *build_id = fact_text(facts, "kernel.build_id");
	bool ok = vmlinux_fits(called->vmlinux, called_functions(called->cell), label_of(called));

	if (ok && w->vmlinux.nr && build_id && !vmlinux_is(called->vmlinux, build_id))
		note("%s: has another build id than the kernel %s that was run; its functions are "
		     "where those were",
		     path, label_of(called));
	free(build_id);
	return ok;
}

/* True also where there is none. */
static bool open_vmlinux(const struct wanted *w, struct called *called)
{
	char *path = find_vmlinux(w, called);
	bool ok = true;

	if (path) {
		called->vmlinux = vmlinux_open(path);
		ok = called->vmlinux && is_right(w, called, path);
	}
	free(path);
	return ok;
}

/* All that there is of one kernel stands together. */
static bool open_all(const struct wanted *w, struct called *called, size_t nr)
{
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < nr; i++) {
		if (i && called[i].results == called[i - 1].results &&
		    called[i].kernel == called[i - 1].kernel)
			called[i].vmlinux = called[i - 1].vmlinux;
		else
			ok = open_vmlinux(w, &called[i]);
	}
	return ok;
}

static void close_all(struct called *called, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (i + 1 == nr || called[i].vmlinux != called[i + 1].vmlinux)
			vmlinux_close(called[i].vmlinux);
}

/* Whether each word is of a kernel that is there. */
static bool labels_known(const struct wanted *w, const struct called *called, size_t nr)
{
	size_t i, k;

	for (i = 0; i < w->vmlinux.nr; i++) {
		for (k = 0; k < nr; k++)
			if (called_functions(called[k].cell) &&
			    is_of(w->vmlinux.words[i], label_of(&called[k])))
				break;
		if (k == nr)
			return err("--vmlinux %s: must be LABEL=FILE, the label that of a kernel "
				   "whose calls are in there",
				   w->vmlinux.words[i]);
	}
	return true;
}

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
static bool export_each(const struct wanted *w, struct called *called, size_t nr)
{
	bool ok = labels_known(w, called, nr);
	size_t i;

	if (!w->out && nr > 1)
		return err("--format %s: a file is of one kernel and point, and there are %zu; "
			   "--out DIR makes one of each",
			   w->format->name, nr);
	ok = ok && open_all(w, called, nr) && (!w->out || files_make_dirs(w->out));
	if (ok && !w->out)
		w->format->one(stdout, called);
	for (i = 0; w->out && ok && i < nr; i++)
		ok = write_one(w->out, w->format->name, &called[i], w->format->one);
	close_all(called, nr);
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
	if (w->vmlinux.nr && !w->format->one) {
		err("--vmlinux: --format %s has no lines of source", w->format->name);
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
	{"vmlinux", "LABEL=FILE",
	 "callgrind: a kernel's vmlinux with DWARF, for lines of source (default: what `kernel "
	 "build "
	 "--debug` has kept of the same image); several times",
	 OPTION_AT(struct wanted, vmlinux), .kind = WORD_FILE, .many = true},
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

	if (options_read(&command_export, argc, argv, &wanted, &status))
		status = export_journals(argv + optind, (size_t)(argc - optind), &wanted);
	free(wanted.vmlinux.words);
	return status;
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
