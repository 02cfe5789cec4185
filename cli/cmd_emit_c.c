// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/catalogue.h"
#include "campaign/prepare.h"
#include "cli/commands.h"
#include "cli/emit/program.h"
#include "cli/options/options.h"
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
		      {"memcg=", "start it with systemd-run --scope"},
		      {"fault-around=",
		       "it promises what /sys/kernel/debug/fault_around_bytes says"},
		      {"sharers=", "all its threads work"},
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

struct wanted {
	const char *out;
	bool full;
};

/* The whole program or nothing: it is put together before the file is made. */
static int emit(const struct plan *plan, const json_t *catalogue, const struct wanted *wanted)
{
	const char *path = wanted->out;
	const struct plan_point *point = &plan->points[0];
	const char *name = json_string_value(json_object_get(point->point, "bench"));
	FILE *memory;
	char *text = NULL;
	size_t size = 0;
	bool ok;

	memory = open_memstream(&text, &size);
	ok = memory && emit_program(memory, point, plan_by_name(catalogue, name), wanted->full);
	if (memory)
		fclose(memory);
	if (ok && !path)
		fwrite(text, 1, size, stdout); /* main() tells if it cannot be written */
	else if (ok)
		ok = files_replace(path, text, size, EMIT_MARK);
	free(text);
	return ok ? EXIT_OK : EXIT_USAGE;
}

static const struct cli_operand operands[] = {
	{"BENCH/VARIANT", "benchmark", "what `list` shows; without VARIANT the first",
	 .kind = WORD_POINT},
	{"key=value", "key",
	 "its parameters, and iterations and warmup, as in a plan; one value each",
	 .optional = true, .many = true},
	{0},
};

static const struct cli_option options[] = {
	{"out", "FILE", "where the program goes (default: stdout)", OPTION_AT(struct wanted, out),
	 .kind = WORD_FILE},
	{"full", NULL,
	 "with every check that a program can make by itself, and the sources as they are",
	 OPTION_AT(struct wanted, full)},
	{0},
};

static const struct cli_example examples[] = {
	{"emit-c fork size=1G order=9 --out fork.c", "fork() of 1 GiB of 2 MiB folios, PTE-mapped"},
	{"emit-c fork size=1G order=9 --full", "likewise, with every check"},
	{"emit-c zap size=1G threads=4 processes=2", "munmap() by eight threads of two processes"},
	{0},
};

static int cmd_emit_c(int argc, char **argv)
{
	struct wanted wanted = {0};
	struct plan plan = {0};
	json_t *catalogue;
	int status;

	if (!options_read(&command_emit_c, argc, argv, &wanted, &status))
		return status;
	catalogue = catalogue_own();
	if (!catalogue)
		return EXIT_FAILED;
	status = EXIT_USAGE;
	if (read_point(&plan, argv + optind, (size_t)(argc - optind), catalogue))
		status = emit(&plan, catalogue, &wanted);
	plan_free(&plan);
	json_decref(catalogue);
	return status;
}

const struct command command_emit_c = {
	.name = WHO,
	.summary = "one C file that reproduces a point without faultbench",
	.about =
		"The file has the benchmark's own code, the build line in its head, and what it "
		"does not do. Of fork, zap, fault, cow, mremap and mprotect it is brief, but for "
		"files "
		"and shared memory by several workers: the point's values are put in, and what "
		"they do "
		"not need is left out. It ends with 0, with 1 if an op's page faults are not those "
		"promised, with 77 and "
		"the reason where the machine cannot do it.",
	.operands = operands,
	.options = options,
	.examples = examples,
	.run = cmd_emit_c,
};
