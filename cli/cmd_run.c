// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "analysis/tables/published/formats.h"
#include "campaign/campaign.h"
#include "campaign/command.h"
#include "campaign/prepare.h"
#include "cli/cli.h"
#include "common/clean.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/plan_values.h"
#include "common/units.h"
#include "kernels/kernel.h"
#include "runners/machine.h"

struct run_options {
	char *plan; /* a name or a path */
	char *out;
	char *label;
	char *machine;
	struct measure_words words;
	char **kernels; /* LABEL=SOURCE */
	size_t nr_kernels;
	int64_t jobs;		     /* 0: as the machine suggests */
	const struct format *format; /* NULL: what suits the results */
	int64_t functions;	     /* exact runs: so many in the tables, 0 for none */
	bool dry_run;
	bool aa;     /* one kernel as two: label L, and L' */
	char *again; /* with aa: L'=SOURCE, or L' alone of this machine's */
	json_t *command;
};

/* A kernel to start in a VM, found. */
struct chosen {
	char *label;
	struct kernel kernel;
};

/* The ending of so many things. */
static const char *s(size_t nr)
{
	return nr == 1 ? "" : "s";
}

static int print_points(const struct plan *plan)
{
	char *name, budget[UNITS_TEXT];
	size_t i;

	printf("%s: %zu point%s x %d run%s x %d boot%s\n", plan->name, plan->nr_points,
	       s(plan->nr_points), plan->runs, s((size_t)plan->runs), plan->boots,
	       s((size_t)plan->boots));
	if (plan->until > 0)
		printf("and more, until intervals are +-%.3g%% or %s have passed\n",
		       100 * plan->until, units_duration(plan->budget_s, budget));
	for (i = 0; i < plan->nr_points; i++) {
		name = json_dumps(plan->points[i].point, JSON_COMPACT);
		printf("%d iteration%s of %s\n", plan->points[i].iterations,
		       s((size_t)plan->points[i].iterations), name);
		free(name);
	}
	return EXIT_OK;
}

/* It stands in the tables of whoever is given the journal. */
static bool check_label(const char *option, const char *label)
{
	if (!plan_is_utf8(label))
		return err("%s: the label is not UTF-8", option);
	return clean_is(label, "") || err("%s: a label has no control characters", option);
}

/* Splits LABEL=SOURCE and puts the kernel into the cache. */
static bool choose_kernel(struct chosen *chosen, const char *word, const struct machine *machine)
{
	const char *equals = strchr(word, '=');

	if (!equals || equals == word || !equals[1])
		return err("--kernel %s: must be LABEL=KERNEL", word);
	chosen->label = strndup(word, (size_t)(equals - word));
	if (!check_label("--kernel", chosen->label) ||
	    !kernel_open(equals + 1, machine->arch, &chosen->kernel))
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
static bool check_words(const struct run_options *o, const struct plan *plan,
			const struct machine *machine)
{
	if (machine->kind == MACHINE_LOCAL && o->nr_kernels)
		return err("--kernel needs a machine that can start it: --machine "
			   "x86-vm");
	if (machine->kind == MACHINE_QEMU && !o->nr_kernels)
		return err("%s starts kernels, and none is named: --kernel LABEL=KERNEL",
			   machine->path);
	if (machine->kind == MACHINE_QEMU && o->label)
		return err("--label names this kernel; those of a VM are named by --kernel "
			   "LABEL=KERNEL");
	if (o->aa && plan->until > 0 && machine->kind == MACHINE_LOCAL)
		return err("--aa: here each boot takes a reboot, so there are as many as planned; "
			   "leave until out");
	if (!measure_functions(o->functions, machine))
		return false;
	if (o->format && !format_can(o->format, machine->accel == ACCEL_EXACT))
		return false;
	return o->nr_kernels <= PLAN_MAX_KERNELS ||
	       err("--kernel: at most %d kernels", PLAN_MAX_KERNELS);
}

/* With --aa: the kernel that is there once more, in o->again and, of a VM, among the kernels. */
static bool double_kernel(struct run_options *o, const char *label)
{
	const char *word = o->nr_kernels ? o->kernels[0] : label;
	int len = (int)(o->nr_kernels ? strcspn(word, "=") : strlen(word));

	if (o->nr_kernels > 1)
		return err("--aa measures one kernel as two; %zu are named", o->nr_kernels);
	if (asprintf(&o->again, "%.*s'%s", len, word, word + len) < 0)
		return err("out of memory");
	if (o->nr_kernels)
		o->kernels[o->nr_kernels++] = o->again;
	return true;
}

/* Everything but the plan: kernels, boots, tables. */
static int run_plan(const struct plan *plan, struct run_options *o, const struct machine *machine,
		    const char *path)
{
	struct campaign campaign = {
		.plan = plan, .path = path, .machine = machine, .command = o->command};
	struct chosen *chosen = calloc(o->nr_kernels + 2, sizeof(*chosen));
	int status = EXIT_USAGE;
	struct utsname uts;
	size_t i;

	campaign.kernels = calloc(o->nr_kernels + 2, sizeof(*campaign.kernels));
	uname(&uts);
	campaign.kernels[0].label = o->label ? o->label : uts.release;
	if (o->aa && !double_kernel(o, campaign.kernels[0].label))
		goto out;
	campaign.kernels[1].label = o->again;
	campaign.nr_kernels = o->nr_kernels ? o->nr_kernels : o->aa ? 2 : 1;
	for (i = 0; i < o->nr_kernels; i++) {
		if (!choose_kernel(&chosen[i], o->kernels[i], machine))
			goto out;
		campaign.kernels[i] = measure_kernel(chosen[i].label, &chosen[i].kernel, machine);
	}
	if (unique_labels(chosen, o->nr_kernels) && measure_jobs(&campaign.jobs, o->jobs, machine))
		status = measure(&campaign, o->functions, o->format);
out:
	for (i = 0; i < o->nr_kernels; i++) {
		free(chosen[i].label);
		kernel_free(&chosen[i].kernel);
		json_decref(campaign.kernels[i].about);
	}
	free(campaign.kernels);
	free(chosen);
	return status;
}

static bool check_options(int argc, char **argv, const struct run_options *o)
{
	if (argc - optind > 1)
		return err("one plan at a time: '%s' is one too many", argv[optind + 1]);
	if (o->label && !*o->label)
		return err("--label: a kernel needs a name");
	if (o->label && !check_label("--label", o->label))
		return false;
	return cli_format(o->format, o->functions);
}

static bool read_options(int argc, char **argv, struct run_options *o, int *ret_status)
{
	static const struct option options[] = {
		{"out", required_argument, NULL, 'o'},
		{"label", required_argument, NULL, 'l'},
		{"set", required_argument, NULL, 's'},
		{"dry-run", no_argument, NULL, 'n'},
		{"plan", required_argument, NULL, 'p'},
		{"machine", required_argument, NULL, 'm'},
		{"kernel", required_argument, NULL, 'k'},
		{"boots", required_argument, NULL, 'b'},
		{"until", required_argument, NULL, 'u'},
		{"budget", required_argument, NULL, 't'},
		{"jobs", required_argument, NULL, 'j'},
		{"functions", optional_argument, NULL, 'f'},
		{"format", required_argument, NULL, 'F'},
		{"aa", no_argument, NULL, 'a'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	char *plan = NULL;
	const char *jobs = NULL;
	int c;

	o->kernels = calloc((size_t)argc + 1, sizeof(char *));
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'o')
			o->out = optarg;
		else if (c == 'l')
			o->label = optarg;
		else if (c == 'p')
			plan = optarg;
		else if (c == 'm')
			o->machine = optarg;
		else if (c == 'k')
			o->kernels[o->nr_kernels++] = optarg;
		else if (c == 's')
			measure_words_set(&o->words, optarg);
		else if (c == 'b')
			measure_words_boots(&o->words, optarg);
		else if (c == 'u' || c == 't')
			measure_words_plan(&o->words, c == 'u' ? "until" : "budget", optarg);
		else if (c == 'j')
			jobs = optarg;
		else if (c == 'n')
			o->dry_run = true;
		else if (c == 'a')
			o->aa = true;
		else if (c == 'F' ? !(o->format = format_find(optarg))
				  : c != 'f' || !cli_functions(optarg, &o->functions)) {
			*ret_status = c == 'h' ? cli_help("run") : cli_usage("run");
			return false;
		}
	}
	o->plan = plan ? plan : argv[optind];
	*ret_status = EXIT_USAGE;
	if (jobs && !units_parse_int(jobs, 1, 1024, &o->jobs))
		return err("--jobs %s: must be a whole number from 1 to 1024", jobs);
	if (plan && argc > optind)
		return err("one plan at a time: '%s' and --plan %s", argv[optind], plan);
	return check_options(argc, argv, o);
}

int cmd_run(int argc, char **argv)
{
	struct run_options options = {.command = command_record(argc, argv)};
	struct machine machine = {0};
	struct plan plan = {0};
	char *path = NULL;
	int status;

	if (!read_options(argc, argv, &options, &status))
		goto out;
	status = EXIT_USAGE;
	if (!measure_plan(&plan, options.plan, &options.words) ||
	    !measure_machine(&machine, options.machine) ||
	    !check_words(&options, &plan, &machine) ||
	    !measure_fit(&plan, &machine, options.words.boots))
		goto out;
	if (options.dry_run)
		status = print_points(&plan);
	else if (asprintf(&path, "%s%s", options.out ? options.out : plan.name,
			  options.out ? "" : ".jsonl") > 0)
		status = run_plan(&plan, &options, &machine, path);
out:
	plan_free(&plan);
	machine_free(&machine);
	measure_words_free(&options.words);
	free(options.kernels);
	free(options.again);
	json_decref(options.command);
	free(path);
	return status;
}
