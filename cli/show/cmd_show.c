// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Everything a journal knows about its runs, readable. Lines are shown as they are read, so a
 * large journal starts to appear at once.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analysis/results/point_names.h"
#include "analysis/results/sections.h"
#include "analysis/tables/boots.h"
#include "analysis/text/grid.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "cli/show/show_run.h"
#include "common/exit.h"
#include "common/journal.h"
#include "common/msg.h"
#include "common/record.h"
#include "common/units.h"

struct show {
	const char *path;
	const char *bench;  /* NULL: all, and the machine records */
	const char *kernel; /* NULL: all */
	int64_t run;	    /* -1: all */
	bool boots;	    /* a list of boots instead */
	size_t shown;	    /* runs */
};

static bool take_run(struct show *s, const json_t *json, size_t lineno)
{
	struct run_record rec;
	const char *why;

	if (!run_record_from_json(&rec, json, &why))
		return err("%s:%zu: %s", s->path, lineno, why);
	if ((!s->bench || !strcmp(s->bench, point_bench(rec.point))) &&
	    (!s->kernel || (rec.kernel && !strcmp(s->kernel, rec.kernel))) &&
	    (s->run < 0 || s->run == rec.run)) {
		show_run(&rec);
		s->shown++;
	}
	run_record_free(&rec);
	return true;
}

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	const char *type = json_string_value(json_object_get(json, "type"));
	const char *kernel = json_string_value(json_object_get(json, "kernel"));
	struct show *s = arg;

	if (!strcmp(type, "plan") &&
	    json_integer_value(json_object_get(json, "schema")) != RECORD_SCHEMA)
		return err("%s:%zu: a journal of another schema; this faultbench reads schema %d",
			   s->path, lineno, RECORD_SCHEMA);
	if (!strcmp(type, "machine") && !s->bench &&
	    (!s->kernel || (kernel && !strcmp(s->kernel, kernel))))
		show_machine(json);
	return strcmp(type, "run") || take_run(s, json, lineno);
}

static int show(struct show *s, char *const *paths, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		s->path = paths[i];
		if (!journal_read(s->path, take_line, s))
			return EXIT_USAGE;
	}
	if (s->shown)
		return EXIT_OK;
	err("%s: no run in it%s", s->path,
	    s->bench || s->kernel || s->run >= 0 ? " is like that" : "");
	return EXIT_USAGE;
}

static int show_boots(char *const *paths, size_t nr)
{
	struct sections s;
	size_t i;

	if (!sections_load(&s, paths, nr))
		return EXIT_USAGE;
	for (i = 0; i < s.nr; i++) {
		if (i)
			putchar('\n');
		if (s.nr > 1)
			text_head(stdout, source_title(s.of[i].results.source));
		tables_boots(stdout, &s.of[i].results, paths);
	}
	sections_free(&s);
	return EXIT_OK;
}

static bool take_number(void *at, const char *word)
{
	return units_parse_int(word, 0, INT32_MAX, at) ||
	       err("--run %s: must be the number of a run, from 0", word);
}

static const struct cli_option options[] = {
	{"bench", "FAMILY", "only runs of this family", OPTION_AT(struct show, bench),
	 .kind = WORD_BENCH},
	{"run", "N", "only run N of each point (default: all)", OPTION_AT(struct show, run),
	 .take = take_number},
	{"kernel", "LABEL", "only runs of the kernel with this label",
	 OPTION_AT(struct show, kernel)},
	{"boots", NULL, "list the boots that numbers are made of instead",
	 OPTION_AT(struct show, boots)},
	{0},
};

static const struct cli_example examples[] = {
	{"show quick.jsonl --bench fork --run 0", "the first run of each point of fork"},
	{0},
};

static int cmd_show(int argc, char **argv)
{
	struct show s = {.run = -1};
	int status;

	if (!options_read(&command_show, argc, argv, &s, &status))
		return status;
	return s.boots ? show_boots(argv + optind, (size_t)(argc - optind))
		       : show(&s, argv + optind, (size_t)(argc - optind));
}

const struct command command_show = {
	.name = "show",
	.summary = "runs of journals in full, or their boots",
	.operands = words_journals,
	.options = options,
	.examples = examples,
	.run = cmd_show,
};
