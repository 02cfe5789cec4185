// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The base of a patch series and every patch on it: built, measured, and one table with a row each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/campaign.h"
#include "campaign/command.h"
#include "campaign/commit_kernel.h"
#include "campaign/fit.h"
#include "campaign/prepare.h"
#include "campaign/resume.h"
#include "cli/commands.h"
#include "cli/measured.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/units.h"
#include "kernels/kernel.h"
#include "kernels/series/series.h"
#include "kernels/work.h"
#include "runners/machine.h"

#define MOST_LAYOUTS 6
#define LEAST_ALIGN  32 /* bytes, of the first layout; doubled for each further one */

struct series_options {
	const char *tree, *range;   /* BASE..TOP, or */
	const char *base, *patches; /* a commit, and what is applied on it */
	const char *plan, *fragment, *out, *cache;
	struct word_list machines, configs;
	struct measure_words words;
	int64_t functions, layouts;
	bool clang, dry_run;
	json_t *command;
};

/* One row, or one layout of the base. */
struct series_kernel {
	char label[48]; /* in tables */
	struct kernel kernel;
	size_t patch;
	int layout; /* 0: a row */
};

/* The kernels of one machine's architecture. */
struct series_set {
	const struct series_options *o;
	const struct series *series;
	const struct machine *machine;
	const char *config; /* of its architecture, or NULL */
	struct series_kernel *kernels;
	size_t nr, built;
	struct campaign campaign;
};

/* Of its functions, in bytes; 0: as the tree has it. */
static int align_of(const struct series_kernel *k)
{
	return k->layout ? LEAST_ALIGN << (k->layout - 1) : 0;
}

/* EXIT_OK also if it cannot be built and is none that the others depend on. */
static int build(struct series_set *set, struct series_kernel *k)
{
	const struct series_options *o = set->o;
	const struct series_patch *patch = &set->series->patch[k->patch];
	struct commit_kernel wanted = {
		.tree = o->tree,
		.commit = patch->commit,
		.arch = set->machine->arch->name,
		.config = set->config,
		.fragment = o->fragment,
		.clang = o->clang,
		.align = align_of(k),
	};
	int status = EXIT_OK;

	note("%s, %s: %.*s %s", k->label, wanted.arch, COMMIT_TEXT, patch->commit, patch->subject);
	if (!commit_kernel_build(&wanted, &k->kernel))
		status = k->kernel.why && (k->patch || k->layout) ? EXIT_OK : k->kernel.status;
	else if (!measure_built_fits(set->machine, k->label, &k->kernel))
		status = EXIT_USAGE;
	else
		set->built++;
	return status;
}

static struct campaign_kernel campaign_kernel(const struct series_set *set,
					      const struct series_kernel *k)
{
	const struct series_patch *patch = &set->series->patch[k->patch];
	struct campaign_kernel ret = {.label = k->label};

	if (k->kernel.image) {
		ret = measure_kernel(k->label, &k->kernel);
	} else {
		ret.about.label = strdup(k->label);
		ret.about.arch = strdup(set->machine->arch->name);
		ret.about.skip = strdup(k->kernel.why ? k->kernel.why : "it cannot be built");
	}
	ret.about.in_series = true;
	ret.about.patch = (int)k->patch;
	ret.about.layout = align_of(k);
	ret.about.commit = strdup(patch->commit);
	ret.about.subject = strdup(patch->subject);
	if (kernel_record_is_base(&ret.about) && set->series->title)
		ret.about.title = strdup(set->series->title);
	return ret;
}

/* All kernels of a machine's architecture; those of no use to the table are there as skipped. */
static int build_all(struct series_set *set)
{
	struct series_kernel *k;
	int status = EXIT_OK;
	size_t i;

	for (i = 0; i < set->nr && !status; i++) {
		k = &set->kernels[i];
		if (i < set->series->nr) {
			k->patch = i;
			snprintf(k->label, sizeof(k->label), "%zu/%zu", i, set->series->nr - 1);
			if (!i)
				strcpy(k->label, "baseline");
		} else {
			k->layout = (int)(i - set->series->nr) + 1;
			snprintf(k->label, sizeof(k->label), "layout %d", k->layout);
		}
		status = build(set, k);
		set->campaign.kernels[i] = campaign_kernel(set, k);
	}
	return status;
}

/*
 * Patches that change nothing of what is built leave one image under several names. Where counts
 * repeat, what is known of it is not measured again: as with --cache, for as long as this takes.
 */
static int measure_images(struct series_set *set)
{
	bool once = set->machine->counts && !set->o->cache;
	char *own = once ? work_make() : NULL;
	int status;

	if (once) {
		set->campaign.cache = own;
		set->campaign.images = true;
	}
	status = once && !own ? EXIT_FAILED : measure(&set->campaign, set->o->functions, NULL);
	if (own)
		files_remove(own);
	free(own);
	return status;
}

static int measure_set(struct series_set *set, const struct plan *plan)
{
	int status;

	set->campaign.nr_kernels = set->nr;
	if (!measure_jobs(&set->campaign.jobs, 0, set->machine))
		return EXIT_USAGE;
	status = build_all(set);
	if (status)
		return status;
	printf("%s, %zu of %zu kernels built, %zu point%s:\n\n", set->machine->name, set->built,
	       set->nr, plan->nr_points, plan->nr_points == 1 ? "" : "s");
	fflush(stdout);
	status = measure_images(set);
	return status == EXIT_OK && set->built < set->nr ? EXIT_FAILED : status;
}

static char *journal_path(const struct series_options *o, const struct plan *plan,
			  const struct machine *machine)
{
	char *path = NULL;

	if (o->out)
		return strdup(o->out);
	return asprintf(&path, "%s-%s.jsonl", plan->name, machine->name) < 0 ? NULL : path;
}

/* The series on one machine, whose description and plan have been read. */
static int run_machine(const struct series_options *o, const struct series *series,
		       const struct machine *machine, const char *config, const struct plan *plan)
{
	struct series_set set = {.o = o, .series = series, .machine = machine, .config = config};
	char *path = journal_path(o, plan, machine);
	int status = EXIT_FAILED;
	size_t i;

	set.nr = series->nr + (size_t)o->layouts;
	set.kernels = calloc(set.nr, sizeof(*set.kernels));
	set.campaign = (struct campaign){.plan = plan,
					 .path = path,
					 .machine = machine,
					 .command = o->command,
					 .cache = o->cache};
	set.campaign.kernels = calloc(set.nr, sizeof(*set.campaign.kernels));
	if (path && set.kernels && set.campaign.kernels)
		status = measure_set(&set, plan);
	for (i = 0; set.kernels && set.campaign.kernels && i < set.nr; i++) {
		kernel_free(&set.kernels[i].kernel);
		kernel_record_free(&set.campaign.kernels[i].about);
	}
	free(set.kernels);
	free(set.campaign.kernels);
	free(path);
	return status;
}

/* Before anything is built for it. */
static int check_journal(const struct series_options *o, const struct plan *plan,
			 const struct machine *machine)
{
	char *path = o->dry_run ? NULL : journal_path(o, plan, machine);
	bool ok = !path || resume_possible(path, plan);

	free(path);
	return ok ? EXIT_OK : EXIT_USAGE;
}

/* The config for an architecture among those that were given; one that does not say is for any. */
static bool config_for(const struct series_options *o, const struct machine *machine,
		       const char **ret_config)
{
	const char *of, *found = NULL;
	char *text;
	size_t i;

	for (i = 0; machine->arch && i < o->configs.nr; i++) {
		text = io_read_text(o->configs.words[i]);
		if (!text)
			return false;
		of = kernel_config_arch(text);
		free(text);
		if (of && strcmp(of, machine->arch->name))
			continue;
		if (found)
			return err("--config: %s and %s are both for %s", found,
				   o->configs.words[i], machine->arch->name);
		found = o->configs.words[i];
	}
	*ret_config = found;
	return found || !o->configs.nr || !machine->arch ||
	       err("--config: none of them is for %s, which %s is", machine->arch->name,
		   machine->path);
}

/* With *series empty only looks whether everything fits together. */
static int take_machine(const struct series_options *o, const struct series *series,
			const char *name)
{
	struct machine machine = {0};
	const char *config = NULL;
	struct plan plan = {0};
	int status = EXIT_USAGE;

	if (measure_machine(&machine, name) && measure_plan(&plan, o->plan, &o->words) &&
	    config_for(o, &machine, &config)) {
		measure_built_pages(&machine, config);
		if (!machine.starts_kernels)
			err("--machine %s: does not start kernels; a machine of kind qemu does",
			    name);
		else if (measure_fit(&plan, &machine, o->words.boots) &&
			 measure_functions(o->functions, &machine))
			status = series->nr ? run_machine(o, series, &machine, config, &plan)
					    : check_journal(o, &plan, &machine);
	}
	plan_free(&plan);
	machine_free(&machine);
	return status;
}

static int print_series(const struct series *series)
{
	size_t i;

	for (i = 0; i < series->nr; i++) {
		if (i)
			printf("%zu/%zu", i, series->nr - 1);
		else
			printf("baseline");
		printf(" %.*s %s\n", COMMIT_TEXT, series->patch[i].commit,
		       series->patch[i].subject);
	}
	return EXIT_OK;
}

/* The worse of two statuses; a wrong word is worse than a failed run. */
static int worse(int a, int b)
{
	return a > b ? a : b;
}

static int run_series(const struct series_options *o)
{
	static const struct series none;
	int status = EXIT_OK, one;
	struct series series;
	size_t i;

	for (i = 0; i < o->machines.nr; i++) { /* before anything takes long */
		status = take_machine(o, &none, o->machines.words[i]);
		if (status)
			return status;
	}
	status = o->range ? (int)series_range(o->tree, o->range, &series)
			  : (int)series_apply(o->tree, o->base, o->patches, &series);
	if (status)
		return status;
	if (series.nr + (size_t)o->layouts > PLAN_MAX_KERNELS) {
		err("%zu patches and %lld layouts: at most %d kernels can be compared",
		    series.nr - 1, (long long)o->layouts, PLAN_MAX_KERNELS - 1);
		status = EXIT_USAGE;
	} else if (o->dry_run) {
		status = print_series(&series);
	}
	for (i = 0; !o->dry_run && status != EXIT_USAGE && i < o->machines.nr; i++) {
		if (i)
			printf("\n");
		one = take_machine(o, &series, o->machines.words[i]);
		status = worse(status, one);
	}
	series_free(&series);
	return status;
}

/* Whether the words go together. Prints what is wrong. */
static bool fit(const struct series_options *o)
{
	if (!!o->range == !!o->patches)
		return err("series needs either --range BASE..TOP or --series FILE");
	if (o->base && !o->patches)
		return err("--base names what --series is applied on: they go together");
	if (o->out && o->machines.nr > 1)
		return err("--out: each of %zu machines has a journal of its own", o->machines.nr);
	return true;
}

static bool take_layouts(void *at, const char *word)
{
	return units_parse_int(word, 0, MOST_LAYOUTS, at) ||
	       err("--layouts %s: must be a whole number from 0 to %d", word, MOST_LAYOUTS);
}

static const struct cli_option options[] = {
	{"tree", "DIR", "a git tree, which is only read", OPTION_AT(struct series_options, tree),
	 .kind = WORD_FOLDER, .required = true},
	{"range", "A..B", "the commits; or", OPTION_AT(struct series_options, range)},
	{"series", "FILE",
	 "a posting: an mbox, a mail, a diff, packed or not, or a folder of them, a maildir or a "
	 "quilt folder, which is applied on",
	 OPTION_AT(struct series_options, patches), .kind = WORD_FILE},
	{"base", "REV", "a commit (default: the base-commit that the mails name)",
	 OPTION_AT(struct series_options, base)},
	{"machine", "M", "where kernels are started; several times for several architectures",
	 OPTION_AT(struct series_options, machines), .kind = WORD_MACHINE, .required = true,
	 .many = true},
	{"plan", "P", "what to measure, as for `run` (default: exact)",
	 OPTION_AT(struct series_options, plan), .kind = WORD_PLAN},
	{"layouts", "N",
	 "build the base N times more, with functions aligned otherwise: what a number does with "
	 "no change in source",
	 OPTION_AT(struct series_options, layouts), .take = take_layouts},
	{"config", "FILE",
	 "a complete config of the kernels (default: as for `kernel build`); with machines of "
	 "several "
	 "architectures one for each",
	 OPTION_AT(struct series_options, configs), .kind = WORD_FILE, .many = true},
	{"fragment", "FILE", "more symbols for either, as for `kernel build`",
	 OPTION_AT(struct series_options, fragment), .kind = WORD_FILE},
	{"clang", NULL, "LLVM's tools (default: gcc)", OPTION_AT(struct series_options, clang)},
	WORDS_BOOTS(struct series_options),
	WORDS_CACHE(struct series_options),
	WORDS_SET(struct series_options),
	WORDS_SCALE(struct series_options),
	WORDS_FUNCTIONS(struct series_options),
	WORDS_LINES(struct series_options),
	WORDS_CACHE_MODEL(struct series_options),
	WORDS_CALLS(struct series_options),
	WORDS_PROFILE(struct series_options),
	{"out", "FILE", "journal (default: PLAN-MACHINE.jsonl here)",
	 OPTION_AT(struct series_options, out), .kind = WORD_JOURNAL},
	{"dry-run", NULL, "print the patches and stop", OPTION_AT(struct series_options, dry_run)},
	{0},
};

static const struct cli_example examples[] = {
	{"series --tree ~/linux --range v6.12..topic --machine arm64-exact",
	 "what each patch of a branch changes, counted"},
	{"series --tree . --series v3.mbox --base v6.12 --machine x86-exact",
	 "the same of patches from a list"},
	{0},
};

static int cmd_series(int argc, char **argv)
{
	struct series_options o = {.plan = "exact", .command = command_record(argc, argv)};
	int status;

	if (options_read(&command_series, argc, argv, &o, &status))
		status = fit(&o) ? run_series(&o) : EXIT_USAGE;
	measure_words_free(&o.words);
	free(o.machines.words);
	free(o.configs.words);
	json_decref(o.command);
	return status;
}

const struct command command_series = {
	.name = "series",
	.summary = "build and measure a base and each patch on it, a row each",
	.about = "Functions are of what a patch moved. Started again with the same words, it goes "
		 "on where it was. A patch that does not build is `skip`.",
	.options = options,
	.examples = examples,
	.run = cmd_series,
};
