// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "analysis/results.h"
#include "analysis/table_absolute.h"
#include "analysis/table_cover.h"
#include "analysis/table_exact.h"
#include "cli/campaign.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/shipped.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/plan_values.h"
#include "common/units.h"
#include "runners/kernels/kernel.h"
#include "runners/machine.h"
#include "runners/runner.h"

struct run_options {
	char *plan_path;
	char *out;
	char *label;
	char *machine;
	char **overrides;
	size_t nr_overrides;
	char **kernels; /* LABEL=SOURCE */
	size_t nr_kernels;
	int64_t jobs;	   /* 0: as the machine suggests */
	int64_t functions; /* exact runs: so many in the tables, 0 for none */
	bool boots;	   /* their number was given */
	bool dry_run;
};

/* A kernel to start in a VM, found. */
struct chosen {
	char *label;
	struct kernel kernel;
};

/* Refuses points whose parameters contradict each other, naming the section each came from. */
static bool check_plan(const struct plan *plan)
{
	json_t *json = plan_to_json(plan), *refusals = worker_ask("--check", json), *entry;
	bool ok = refusals != NULL;
	size_t i, point;
	char *name;

	json_array_foreach(refusals, i, entry) {
		point = (size_t)json_integer_value(json_object_get(entry, "point"));
		name = progress_point_name(plan, plan->points[point].point);
		ok = err("%s: %s: %s", plan->points[point].origin, name,
			 json_string_value(json_object_get(entry, "why")));
		free(name);
		break;
	}
	json_decref(refusals);
	json_decref(json);
	return ok;
}

static bool read_plan(struct plan *plan, const struct run_options *options)
{
	json_t *catalogue = worker_ask("--describe", NULL);
	char *path =
		options->plan_path ? strdup(options->plan_path) : shipped_config("plans/quick.ini");
	bool ok;

	ok = catalogue && path &&
	     plan_read(plan, path, catalogue, options->overrides, options->nr_overrides);
	if (ok && !check_plan(plan)) {
		plan_free(plan);
		ok = false;
	}
	json_decref(catalogue);
	free(path);
	return ok;
}

static int print_points(const struct plan *plan)
{
	char *name;
	size_t i;

	printf("%s: %zu points x %d runs x %d boots\n", plan->name, plan->nr_points, plan->runs,
	       plan->boots);
	for (i = 0; i < plan->nr_points; i++) {
		name = json_dumps(plan->points[i].point, JSON_COMPACT);
		printf("%d iterations of %s\n", plan->points[i].iterations, name);
		free(name);
	}
	return EXIT_OK;
}

/* EXIT_FAILED if any run went wrong, EXIT_CANNOT_RUN if there is nothing but skipped ones. */
static int judge(const struct results *results)
{
	size_t nr[RUN_FAILED + 1] = {0}, k, p, i;
	const struct result_cell *cell;

	for (k = 0; k < results->nr_kernels; k++) {
		for (p = 0; p < results->nr_points; p++) {
			cell = results_cell(results, k, p);
			for (i = 0; cell && i < cell->nr; i++)
				nr[cell->runs[i].status]++;
		}
	}
	if (nr[RUN_VOID] || nr[RUN_FAILED])
		return EXIT_FAILED;
	return nr[RUN_OK] ? EXIT_OK : EXIT_CANNOT_RUN;
}

/* The tables of the whole journal, this session's and earlier runs alike, and its exit status. */
static int print_tables(const char *path, int64_t functions)
{
	char *paths[] = {(char *)path};
	struct results results;
	int status = EXIT_USAGE;
	bool exact;

	if (!results_load(&results, paths, 1))
		return EXIT_USAGE;
	if (!results_exact(&results, &exact))
		goto out;
	if (exact)
		table_exact(stdout, &results, 0, NULL, (size_t)functions);
	else
		table_absolute(stdout, &results);
	if (!exact && results.nr_kernels > 1) {
		printf("\n");
		table_cover(stdout, &results, 0, NULL);
	}
	if (!exact && functions)
		table_no_functions(stdout);
	status = judge(&results);
out:
	results_free(&results);
	return status;
}

/* Points that need more memory than the machine has cannot be measured there; no boot shows that
 * better. */
static bool fits(const struct plan *plan, const struct machine *machine)
{
	char want[UNITS_TEXT], have[UNITS_TEXT];
	int64_t size;
	size_t i;

	for (i = 0; i < plan->nr_points && machine->kind == MACHINE_QEMU; i++) {
		size = json_integer_value(json_object_get(plan->points[i].point, "size"));
		/* The kernel, the worker and page tables come on top. */
		if (size + size / 64 + (192 << 20) > machine->memory)
			return err("%s: size %s does not fit into %s, which has %s",
				   plan->points[i].origin, units_bytes(size, want), machine->path,
				   units_bytes(machine->memory, have));
	}
	return true;
}

/* Splits LABEL=SOURCE and puts the kernel into the cache. */
static bool choose_kernel(struct chosen *chosen, const char *word, const struct machine *machine)
{
	const char *equals = strchr(word, '=');

	if (!equals || equals == word || !equals[1])
		return err("--kernel %s: must be LABEL=KERNEL", word);
	chosen->label = strndup(word, (size_t)(equals - word));
	if (!plan_is_utf8(chosen->label))
		return err("--kernel %s: the label is not UTF-8", word);
	if (!kernel_open(equals + 1, &chosen->kernel))
		return false;
	if (strcmp(chosen->kernel.arch, machine->arch))
		return err("--kernel %s: it is for %s, and %s is %s", word, chosen->kernel.arch,
			   machine->path, machine->arch);
	return true;
}

static bool unique_labels(const struct chosen *chosen, size_t nr)
{
	size_t i, k;

	for (i = 0; i < nr; i++)
		for (k = 0; k < i; k++)
			if (!strcmp(chosen[i].label, chosen[k].label))
				return err("--kernel: two kernels are called '%s'",
					   chosen[i].label);
	return true;
}

/* Whether words and machine go together. */
static bool check_words(const struct run_options *o, const struct machine *machine)
{
	if (machine->kind == MACHINE_LOCAL && o->nr_kernels)
		return err("--kernel needs a machine that can start it: --machine "
			   "configs/machines/x86-vm.ini");
	if (machine->kind == MACHINE_QEMU && !o->nr_kernels)
		return err("%s starts kernels, and none is named: --kernel LABEL=KERNEL",
			   machine->path);
	if (machine->kind == MACHINE_QEMU && o->label)
		return err("--label names this kernel; those of a VM are named by --kernel "
			   "LABEL=KERNEL");
	return o->nr_kernels <= PLAN_MAX_KERNELS ||
	       err("--kernel: at most %d kernels", PLAN_MAX_KERNELS);
}

/*
 * What an exact machine makes of a plan: each boot is a perturbation, and as counts repeat, few
 * runs of few iterations do.
 */
static void fit_exact(struct plan *plan, const struct run_options *o, const struct machine *m)
{
	int was = 0, is = 0, runs = plan->runs;
	size_t i;

	if (!o->boots)
		plan->boots = m->perturb;
	if (!plan->counters_named)
		json_array_clear(plan->counters);
	if (plan->runs > m->runs)
		plan->runs = m->runs;
	for (i = 0; i < plan->nr_points; i++) {
		if (plan->points[i].iterations <= m->iterations)
			continue;
		was = plan->points[i].iterations > was ? plan->points[i].iterations : was;
		plan->points[i].iterations = is = m->iterations;
	}
	if (runs != plan->runs || was != is)
		note("%s: counts repeat, so a boot holds %d run%s of at most %d iterations, not %d "
		     "of %d (%s)",
		     m->name, plan->runs, plan->runs > 1 ? "s" : "", m->iterations, runs,
		     was ? was : m->iterations, m->path);
}

/* How many boots run side by side. */
static bool choose_jobs(int *ret_jobs, const struct run_options *o, const struct machine *m)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	*ret_jobs = o->jobs ? (int)o->jobs : m->accel == ACCEL_EXACT && cpus > 1 ? (int)cpus : 1;
	if (*ret_jobs == 1)
		return true;
	if (m->kind != MACHINE_QEMU)
		return err("--jobs %d: this machine runs one kernel", *ret_jobs);
	return !vm_is_timed(m) ||
	       err("--jobs %d: boots side by side spoil each other's times; %s measures times",
		   *ret_jobs, m->path);
}

/* Everything but the plan: kernels, boots, tables. */
static int run_plan(const struct plan *plan, const struct run_options *o,
		    const struct machine *machine, const char *path)
{
	struct chosen *chosen = calloc(o->nr_kernels + 1, sizeof(*chosen));
	struct campaign campaign = {.plan = plan, .path = path, .machine = machine};
	int status = EXIT_USAGE, tables;
	struct utsname uts;
	size_t i;

	campaign.kernels = calloc(o->nr_kernels + 1, sizeof(*campaign.kernels));
	campaign.nr_kernels = o->nr_kernels ? o->nr_kernels : 1;
	uname(&uts);
	campaign.kernels[0].label = o->label ? o->label : uts.release;
	for (i = 0; i < o->nr_kernels; i++) {
		if (!choose_kernel(&chosen[i], o->kernels[i], machine))
			goto out;
		campaign.kernels[i] = (struct campaign_kernel){
			.label = chosen[i].label,
			.guest = {machine, chosen[i].kernel.image, chosen[i].kernel.load,
				  chosen[i].kernel.nr_load, chosen[i].kernel.config,
				  chosen[i].kernel.release},
		};
	}
	if (!unique_labels(chosen, o->nr_kernels) || !choose_jobs(&campaign.jobs, o, machine))
		goto out;
	status = campaign_run(&campaign);
	if (status == EXIT_OK || status == EXIT_FAILED) {
		tables = print_tables(path, o->functions);
		status = status == EXIT_OK ? tables : status;
	}
out:
	for (i = 0; i < o->nr_kernels; i++) {
		free(chosen[i].label);
		kernel_free(&chosen[i].kernel);
	}
	free(campaign.kernels);
	free(chosen);
	return status;
}

/* --boots is short for an override of the plan's key. */
static char *boots_override(const char *number)
{
	char *text;

	return asprintf(&text, "plan.boots=%s", number) < 0 ? NULL : text;
}

static bool check_options(int argc, char **argv, const struct run_options *o)
{
	if (argc - optind > 1)
		return err("one plan at a time: '%s' is one too many", argv[optind + 1]);
	if (o->label && !*o->label)
		return err("--label: a kernel needs a name");
	if (o->label && !plan_is_utf8(o->label))
		return err("--label: not UTF-8");
	return true;
}

static bool read_options(int argc, char **argv, struct run_options *o, int *ret_status)
{
	static const struct option options[] = {
		{"out", required_argument, NULL, 'o'},
		{"label", required_argument, NULL, 'l'},
		{"set", required_argument, NULL, 's'},
		{"dry-run", no_argument, NULL, 'n'},
		{"machine", required_argument, NULL, 'm'},
		{"kernel", required_argument, NULL, 'k'},
		{"boots", required_argument, NULL, 'b'},
		{"jobs", required_argument, NULL, 'j'},
		{"functions", optional_argument, NULL, 'f'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *jobs = NULL;
	int c;

	o->overrides = calloc((size_t)argc, sizeof(char *));
	o->kernels = calloc((size_t)argc, sizeof(char *));
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'o')
			o->out = optarg;
		else if (c == 'l')
			o->label = optarg;
		else if (c == 'm')
			o->machine = optarg;
		else if (c == 'k')
			o->kernels[o->nr_kernels++] = optarg;
		else if (c == 's')
			o->overrides[o->nr_overrides++] = strdup(optarg);
		else if (c == 'b')
			o->boots = (o->overrides[o->nr_overrides++] = boots_override(optarg));
		else if (c == 'j')
			jobs = optarg;
		else if (c == 'n')
			o->dry_run = true;
		else if (c != 'f' || !cli_functions(optarg, &o->functions)) {
			*ret_status = c == 'h' ? cli_help("run") : cli_usage("run");
			return false;
		}
	}
	o->plan_path = argv[optind];
	*ret_status = EXIT_USAGE;
	if (jobs && !units_parse_int(jobs, 1, 1024, &o->jobs))
		return err("--jobs %s: must be a whole number from 1 to 1024", jobs);
	return check_options(argc, argv, o);
}

int cmd_run(int argc, char **argv)
{
	struct run_options options = {0};
	struct machine machine = {0};
	struct plan plan = {0};
	char *path = NULL;
	int status;
	size_t i;

	if (!read_options(argc, argv, &options, &status))
		goto out;
	status = EXIT_USAGE;
	if (!read_plan(&plan, &options) || !machine_read(&machine, options.machine) ||
	    !check_words(&options, &machine) || !fits(&plan, &machine))
		goto out;
	if (machine.accel == ACCEL_EXACT)
		fit_exact(&plan, &options, &machine);
	if (options.dry_run)
		status = print_points(&plan);
	else if (asprintf(&path, "%s%s", options.out ? options.out : plan.name,
			  options.out ? "" : ".jsonl") > 0)
		status = run_plan(&plan, &options, &machine, path);
out:
	plan_free(&plan);
	machine_free(&machine);
	for (i = 0; i < options.nr_overrides; i++)
		free(options.overrides[i]);
	free(options.overrides);
	free(options.kernels);
	free(path);
	return status;
}
