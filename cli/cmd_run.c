// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "analysis/results.h"
#include "analysis/table_absolute.h"
#include "analysis/table_cover.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/resume.h"
#include "common/exit.h"
#include "common/io.h"
#include "common/journal.h"
#include "common/msg.h"
#include "common/plan_values.h"
#include "runners/runner.h"

struct run_options {
	char *plan_path;
	char *out;
	char *label;
	char **overrides;
	size_t nr_overrides;
	bool dry_run;
};

/* What arrives while a plan is carried out. */
struct session {
	struct journal journal;
	struct progress progress;
};

/* Where the plans that come with faultbench are: beside the build folder, or installed. */
static char *shipped_plan(const char *name)
{
	static const char *const places[] = {"../configs/plans",
					     "../share/faultbench/configs/plans"};
	char self[PATH_MAX], *path = NULL;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	unsigned int i;

	if (len < 0)
		return NULL;
	self[len] = '\0';
	*strrchr(self, '/') = '\0';
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		free(path);
		if (asprintf(&path, "%s/%s/%s.ini", self, places[i], name) < 0)
			return NULL;
		if (!access(path, R_OK))
			return path;
	}
	return path;
}

/* Refuses points whose parameters contradict each other, naming the section each came from. */
static bool check_plan(const struct plan *plan)
{
	json_t *json = plan_to_json(plan), *refusals = worker_ask("--check", json), *entry;
	bool ok = refusals != NULL;
	size_t i, point;
	char *name;

	json_array_foreach(refusals, i, entry)
	{
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
	char *path = options->plan_path ? strdup(options->plan_path) : shipped_plan("quick");
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

/* A record from the worker: into the journal, and onto the user's screen. */
static bool take_record(void *arg, const json_t *json)
{
	const char *type = json_string_value(json_object_get(json, "type")), *why;
	struct session *session = arg;
	struct run_record rec;

	if (!strcmp(type, "progress")) {
		progress_start(&session->progress,
			       (size_t)json_integer_value(json_object_get(json, "point")),
			       (int)json_integer_value(json_object_get(json, "run")));
		return true;
	}
	if (!journal_append(&session->journal, json))
		return false;
	if (strcmp(type, "run"))
		return true;
	if (!run_record_from_json(&rec, json, &why))
		return err("the worker sent a run that is not one: %s", why);
	progress_end(&session->progress, &rec);
	run_record_free(&rec);
	return true;
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
static int print_tables(const char *path)
{
	char *paths[] = {(char *)path};
	struct results results;
	int status;

	if (!results_load(&results, paths, 1))
		return EXIT_USAGE;
	table_absolute(stdout, &results);
	if (results.nr_kernels > 1) {
		printf("\n");
		table_cover(stdout, &results, 0, NULL);
	}
	status = judge(&results);
	results_free(&results);
	return status;
}

static json_t *make_request(const struct plan *plan, const char *kernel,
			    const struct resume *resume)
{
	return json_pack("{s:o,s:s,s:i,s:O}", "plan", plan_to_json(plan), "kernel", kernel, "boot",
			 resume->boot, "todo", resume->todo);
}

/* Dies of the signal that came, as whoever waits for us expects. */
static int die_of(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
	return 128 + sig;
}

static int carry_out(struct session *session, const struct plan *plan, const char *kernel,
		     const struct resume *resume)
{
	json_t *request = make_request(plan, kernel, resume);
	enum runner_end end;
	int sig = 0;

	progress_init(&session->progress, plan, resume->todo, (size_t)resume->done);
	end = runner_local(request, take_record, session, &sig);
	progress_clear(&session->progress);
	json_decref(request);
	if (end == RUNNER_INTERRUPTED)
		note("interrupted with %zu of %zu runs in %s; the same command finishes the rest",
		     session->progress.done, session->progress.total, session->journal.path);
	progress_free(&session->progress);
	if (end == RUNNER_INTERRUPTED)
		return die_of(sig);
	if (end == RUNNER_STOPPED)
		return EXIT_USAGE;
	return end == RUNNER_DONE ? EXIT_OK : EXIT_FAILED;
}

static bool begin_journal(struct session *session, const struct plan *plan,
			  const struct resume *resume)
{
	json_t *json;
	bool ok;

	if (resume->has_plan)
		return true;
	json = plan_to_json(plan);
	ok = journal_append(&session->journal, json);
	json_decref(json);
	return ok;
}

/* Everything but reading the plan: journal, runs, tables. */
static int run_plan(const struct plan *plan, const char *path, const char *kernel)
{
	char *boot_id = io_read_file("/proc/sys/kernel/random/boot_id");
	struct session session = {0};
	struct resume resume = {0};
	int status = EXIT_USAGE;

	if (!journal_open(&session.journal, path))
		goto out;
	if (!resume_read(&resume, path, plan, kernel, boot_id ? boot_id : "") ||
	    !begin_journal(&session, plan, &resume))
		goto out;
	status = EXIT_OK;
	if (!json_array_size(resume.todo))
		note("%s: all runs of %s are there, nothing is left to measure; another --out "
		     "measures anew",
		     path, kernel);
	else if (resume.done)
		note("%s: going on, %d runs are there, %zu to go", path, resume.done,
		     json_array_size(resume.todo));
	if (json_array_size(resume.todo))
		status = carry_out(&session, plan, kernel, &resume);
	if (status == EXIT_OK)
		status = print_tables(path);
out:
	resume_free(&resume);
	journal_close(&session.journal);
	free(boot_id);
	return status;
}

static bool read_options(int argc, char **argv, struct run_options *o, int *ret_status)
{
	static const struct option options[] = {
		{"out", required_argument, NULL, 'o'}, {"label", required_argument, NULL, 'l'},
		{"set", required_argument, NULL, 's'}, {"dry-run", no_argument, NULL, 'n'},
		{"help", no_argument, NULL, 'h'},      {0},
	};
	int c;

	o->overrides = calloc((size_t)argc, sizeof(char *));
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'o')
			o->out = optarg;
		else if (c == 'l')
			o->label = optarg;
		else if (c == 's')
			o->overrides[o->nr_overrides++] = optarg;
		else if (c == 'n')
			o->dry_run = true;
		else {
			*ret_status = c == 'h' ? cli_help("run") : cli_usage("run");
			return false;
		}
	}
	o->plan_path = argv[optind];
	*ret_status = EXIT_USAGE;
	if (argc - optind > 1)
		return err("one plan at a time: '%s' is one too many", argv[optind + 1]);
	if (o->label && !*o->label)
		return err("--label: a kernel needs a name");
	if (o->label && !plan_is_utf8(o->label))
		return err("--label: not UTF-8");
	return true;
}

int cmd_run(int argc, char **argv)
{
	struct run_options options = {0};
	struct plan plan = {0};
	struct utsname uts;
	char *path = NULL;
	int status;

	if (!read_options(argc, argv, &options, &status))
		goto out;
	status = EXIT_USAGE;
	if (!read_plan(&plan, &options))
		goto out;
	uname(&uts);
	if (options.dry_run)
		status = print_points(&plan);
	else if (asprintf(&path, "%s%s", options.out ? options.out : plan.name,
			  options.out ? "" : ".jsonl") > 0)
		status = run_plan(&plan, path, options.label ? options.label : uts.release);
out:
	plan_free(&plan);
	free(options.overrides);
	free(path);
	return status;
}
