// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The base of a patch series and every patch on it: built, measured, and one table with a row each.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/campaign.h"
#include "campaign/command.h"
#include "campaign/commit_kernel.h"
#include "campaign/prepare.h"
#include "campaign/resume.h"
#include "cli/cli.h"
#include "common/exit.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/units.h"
#include "kernels/build/series.h"
#include "kernels/kernel.h"
#include "runners/machine.h"

#define MOST_LAYOUTS 6
#define LEAST_ALIGN  32 /* bytes, of the first layout; doubled for each further one */

struct series_options {
	const char *tree, *range;   /* BASE..TOP, or */
	const char *base, *patches; /* a commit, and what is applied on it */
	const char *plan, *out;
	char **machines, **configs;
	size_t nr_machines, nr_configs;
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

/* EXIT_OK also if it cannot be built and is none that the others depend on. */
static int build(struct series_set *set, struct series_kernel *k)
{
	const struct series_options *o = set->o;
	const struct series_patch *patch = &set->series->patch[k->patch];
	struct commit_kernel wanted = {
		.tree = o->tree,
		.commit = patch->commit,
		.arch = set->machine->arch,
		.config = set->config,
		.clang = o->clang,
		.align = k->layout ? LEAST_ALIGN << (k->layout - 1) : 0,
	};
	int status = EXIT_OK;

	note("%s, %s: %.*s %s", k->label, wanted.arch, COMMIT_TEXT, patch->commit, patch->subject);
	if (!commit_kernel_build(&wanted, &k->kernel))
		status = k->kernel.why && (k->patch || k->layout) ? EXIT_OK : k->kernel.status;
	else
		set->built++;
	return status;
}

static struct campaign_kernel campaign_kernel(const struct series_set *set,
					      const struct series_kernel *k)
{
	const struct series_patch *patch = &set->series->patch[k->patch];
	struct campaign_kernel ret = {.label = k->label, .skipped = true};

	if (k->kernel.image) {
		ret = measure_kernel(k->label, &k->kernel, set->machine);
	} else {
		ret.about = json_pack("{ss ss ss ss}", "type", "kernel", "label", k->label, "arch",
				      set->machine->arch, "skip", k->kernel.why);
	}
	json_object_set_new(ret.about, "patch", json_integer((json_int_t)k->patch));
	json_object_set_new(ret.about, "commit", json_string(patch->commit));
	json_object_set_new(ret.about, "subject", json_string(patch->subject));
	if (k->layout)
		json_object_set_new(ret.about, "layout",
				    json_integer(LEAST_ALIGN << (k->layout - 1)));
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
	status = measure(&set->campaign, set->o->functions, NULL);
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
	set.campaign = (struct campaign){
		.plan = plan, .path = path, .machine = machine, .command = o->command};
	set.campaign.kernels = calloc(set.nr, sizeof(*set.campaign.kernels));
	if (path && set.kernels && set.campaign.kernels)
		status = measure_set(&set, plan);
	for (i = 0; set.kernels && set.campaign.kernels && i < set.nr; i++) {
		kernel_free(&set.kernels[i].kernel);
		json_decref(set.campaign.kernels[i].about);
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

	for (i = 0; i < o->nr_configs; i++) {
		text = io_read_file(o->configs[i]);
		if (!text)
			return err_errno("--config %s: cannot be read", o->configs[i]);
		of = kernel_config_arch(text);
		free(text);
		if (of && strcmp(of, machine->arch))
			continue;
		if (found)
			return err("--config: %s and %s are both for %s", found, o->configs[i],
				   machine->arch);
		found = o->configs[i];
	}
	*ret_config = found;
	return found || !o->nr_configs ||
	       err("--config: none of them is for %s, which %s is", machine->arch, machine->path);
}

/* With *series empty only looks whether everything fits together. */
static int take_machine(const struct series_options *o, const struct series *series,
			const char *name)
{
	struct machine machine = {0};
	const char *config = NULL;
	struct plan plan = {0};
	int status = EXIT_USAGE;

	if (measure_machine(&machine, name) && measure_plan(&plan, o->plan, &o->words)) {
		if (machine.kind != MACHINE_QEMU)
			err("--machine %s: does not start kernels; a machine of kind qemu does",
			    name);
		else if (measure_fit(&plan, &machine, o->words.boots) &&
			 measure_functions(o->functions, &machine) &&
			 config_for(o, &machine, &config))
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

	for (i = 0; i < o->nr_machines; i++) { /* before anything takes long */
		status = take_machine(o, &none, o->machines[i]);
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
	for (i = 0; !o->dry_run && status != EXIT_USAGE && i < o->nr_machines; i++) {
		if (i)
			printf("\n");
		one = take_machine(o, &series, o->machines[i]);
		status = worse(status, one);
	}
	series_free(&series);
	return status;
}

static bool check_options(int argc, char **argv, const struct series_options *o)
{
	const struct cli_need needs[] = {
		{"--tree", o->tree}, {"--machine", o->machines[0]}, {NULL, NULL}};

	if (optind < argc)
		return err("series takes options only, not '%s'", argv[optind]);
	if (!cli_needs("series", needs))
		return false;
	if (!!o->range == !!o->patches)
		return err(
			"series needs either --range BASE..TOP or --series FILE with --base REV");
	if (!!o->base != !!o->patches)
		return err("--base names what --series is applied on: they go together");
	if (o->out && o->nr_machines > 1)
		return err("--out: each of %zu machines has a journal of its own", o->nr_machines);
	return true;
}

static const struct option words[] = {
	{"tree", required_argument, NULL, 't'},	   {"range", required_argument, NULL, 'r'},
	{"base", required_argument, NULL, 'b'},	   {"series", required_argument, NULL, 'S'},
	{"plan", required_argument, NULL, 'p'},	   {"machine", required_argument, NULL, 'm'},
	{"config", required_argument, NULL, 'c'},  {"boots", required_argument, NULL, 'B'},
	{"set", required_argument, NULL, 's'},	   {"out", required_argument, NULL, 'o'},
	{"layouts", required_argument, NULL, 'l'}, {"functions", optional_argument, NULL, 'f'},
	{"clang", no_argument, NULL, 'C'},	   {"dry-run", no_argument, NULL, 'n'},
	{"help", no_argument, NULL, 'h'},	   {0}};

/* The options whose value is a text. */
static const char **text_option(struct series_options *o, int c)
{
	return c == 't'	  ? &o->tree
	       : c == 'r' ? &o->range
	       : c == 'b' ? &o->base
	       : c == 'S' ? &o->patches
	       : c == 'p' ? &o->plan
	       : c == 'o' ? &o->out
			  : NULL;
}

static bool read_options(int argc, char **argv, struct series_options *o, int *ret_status)
{
	int c;

	o->machines = calloc((size_t)argc + 1, sizeof(char *));
	o->configs = calloc((size_t)argc + 1, sizeof(char *));
	*ret_status = EXIT_USAGE;
	while ((c = getopt_long(argc, argv, "h", words, NULL)) != -1) {
		if (text_option(o, c))
			*text_option(o, c) = optarg;
		else if (c == 'm')
			o->machines[o->nr_machines++] = optarg;
		else if (c == 'c')
			o->configs[o->nr_configs++] = optarg;
		else if (c == 's')
			measure_words_set(&o->words, optarg);
		else if (c == 'B')
			measure_words_boots(&o->words, optarg);
		else if (c == 'C')
			o->clang = true;
		else if (c == 'n')
			o->dry_run = true;
		else if (c == 'l' && !units_parse_int(optarg, 0, MOST_LAYOUTS, &o->layouts))
			return err("--layouts %s: must be a whole number from 0 to %d", optarg,
				   MOST_LAYOUTS);
		else if (c != 'l' && (c != 'f' || !cli_functions(optarg, &o->functions))) {
			*ret_status = c == 'h' ? cli_help("series") : cli_usage("series");
			return false;
		}
	}
	return check_options(argc, argv, o);
}

int cmd_series(int argc, char **argv)
{
	struct series_options o = {.plan = "exact", .command = command_record(argc, argv)};
	int status;

	if (read_options(argc, argv, &o, &status))
		status = run_series(&o);
	measure_words_free(&o.words);
	free(o.machines);
	free(o.configs);
	json_decref(o.command);
	return status;
}
