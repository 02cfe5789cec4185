// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/catalogue.h"
#include "campaign/prepare.h"
#include "cli/cli.h"
#include "cli/emit/program.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"
#include "common/plan_values.h"

#define WHO "emit-c"

/* What a plan's section may say that is nothing of the program's, and what there is instead. */
static bool check_words(char *const *words, size_t nr)
{
	static const struct {
		const char *key, *instead;
	} others[] = {{"place=", "start it with taskset -c"},
		      {"node=", "start it with numactl --membind"},
		      {"time-limit=", "start it with timeout"}};
	size_t i, k;

	for (i = 1; i < nr; i++)
		for (k = 0; k < sizeof(others) / sizeof(others[0]); k++)
			if (!strncmp(words[i], others[k].key, strlen(others[k].key)))
				return err(WHO ": '%s' is no part of the program: %s", words[i],
					   others[k].instead);
	return true;
}

/* One point. False with one line printed. */
static bool read_point(struct plan *plan, char *const *words, size_t nr, const json_t *catalogue)
{
	if (!check_words(words, nr) || !measure_point(plan, WHO, words, nr, catalogue))
		return false;
	if (plan->nr_points == 1)
		return true;
	err(WHO ": these are %zu points, and a program has one: give one value each",
	    plan->nr_points);
	plan_free(plan);
	return false;
}

/* The whole program or nothing: it is put together before the file is made. */
static int emit(const struct plan *plan, const json_t *catalogue, const char *path)
{
	const struct plan_point *point = &plan->points[0];
	const char *name = json_string_value(json_object_get(point->point, "bench"));
	FILE *memory;
	char *text = NULL;
	size_t size = 0;
	bool ok;

	memory = open_memstream(&text, &size);
	ok = memory && emit_program(memory, point, plan_by_name(catalogue, name));
	if (memory)
		fclose(memory);
	if (ok && !path)
		fwrite(text, 1, size, stdout); /* main() tells if it cannot be written */
	else if (ok)
		ok = files_replace(path, text, size, EMIT_MARK);
	free(text);
	return ok ? EXIT_OK : EXIT_USAGE;
}

int cmd_emit_c(int argc, char **argv)
{
	static const struct option options[] = {
		{"out", required_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option, status = EXIT_USAGE;
	const char *path = NULL;
	struct plan plan = {0};
	json_t *catalogue;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return cli_help(WHO);
		if (option != 'o')
			return cli_usage(WHO);
		path = optarg;
	}
	if (optind == argc) {
		err(WHO ": no benchmark given, such as fork or fault/read");
		return cli_usage(WHO);
	}
	catalogue = catalogue_own();
	if (!catalogue)
		return EXIT_FAILED;
	if (read_point(&plan, argv + optind, (size_t)(argc - optind), catalogue))
		status = emit(&plan, catalogue, path);
	plan_free(&plan);
	json_decref(catalogue);
	return status;
}
