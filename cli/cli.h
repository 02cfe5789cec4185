/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands of faultbench. Each takes what follows its name (argv[0] is the name) and
 * returns an exit status of common/exit.h. main.c has the table that also makes the help.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/results/results.h"

struct format;

int cmd_bisect_step(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_emit_c(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_kernel(int argc, char **argv);
int cmd_kernel_diff(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_plot(int argc, char **argv);
int cmd_power(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_series(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_try(int argc, char **argv);

/* Prints the usage and options of the subcommand to stdout. Returns EXIT_OK. */
int cli_help(const char *command);

/* Says what getopt_long() found wrong with argv, once. Returns EXIT_USAGE. */
int cli_usage(const char *command);

/* An option that a command cannot do without, and what was given for it. */
struct cli_need {
	const char *option;
	const void *given; /* NULL: it was not */
};

/* Whether all of them were given, up to one without option. Prints which were not. */
bool cli_needs(const char *command, const struct cli_need *needs);

/* Reads how many functions --functions asks for; word may be NULL. Prints what is wrong. */
bool cli_functions(const char *word, int64_t *ret);

/* Reads the change that is none to report, as a fraction. Prints what is wrong. */
bool cli_threshold(const char *word, double *ret);

/* Whether --format and --functions go together. Prints what is wrong. */
bool cli_format(const struct format *format, int64_t functions);

#define CLI_METRICS 64

/* The metrics that a command's words name; zero it to start. */
struct cli_metrics {
	const char *name[CLI_METRICS]; /* borrowed from the words */
	const struct metric *of[CLI_METRICS];
	size_t nr;
	bool all;
};

/* Take what --metric and --metrics say. Print what is wrong. */
bool cli_metrics_take(struct cli_metrics *metrics, const char *name);
bool cli_metrics_all(struct cli_metrics *metrics, const char *word);

/* Finds those named, each once. Prints which is not there. */
bool cli_metrics_find(struct cli_metrics *metrics, struct results *results);

/* The kernel that others are compared with: of that label, or the first. Prints what is wrong. */
bool cli_base(const struct results *results, const char *label, size_t *ret);

#endif
