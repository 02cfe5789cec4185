// SPDX-License-Identifier: GPL-2.0-or-later
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/doctor/doctor.h"
#include "campaign/prepare.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "runners/machine.h"

#define WIDTH  78	    /* of a mail */
#define INDENT 10	    /* where texts begin, behind the severity */
#define MEND   (INDENT + 6) /* where commands begin, behind "mend: " */

/*
 * Prints the words of the text, the first one where the cursor is, which is at the indent; lines
 * end at WIDTH or at a newline, and go on at the indent.
 */
static void put_words(const char *text, int indent)
{
	int column = indent, len;
	bool fresh = true;

	for (; *text; text += len) {
		len = (int)strcspn(text, " \n");
		if (!fresh && column + 1 + len > WIDTH) {
			printf("\n%*s", indent, "");
			column = indent;
		} else if (!fresh) {
			column += printf(" ");
		}
		column += printf("%.*s", len, text);
		fresh = text[len] == '\n';
		if (fresh)
			column = printf("\n%*s", indent, "") - 1;
		len += !!text[len];
	}
}

static void print_finding(const struct doctor_finding *f)
{
	char *text;

	if (asprintf(&text, "%s: %s", f->title, f->what) < 0)
		return;
	printf("%-*s", INDENT, doctor_severity_name(f->severity));
	put_words(text, INDENT);
	printf("\n");
	free(text);
	if (f->mend) {
		printf("%*smend: ", INDENT, "");
		put_words(f->mend, MEND);
		printf("\n");
	}
}

static const char *fact(const json_t *machine, const char *name, const char *otherwise)
{
	const json_t *facts = json_object_get(machine, "facts");
	const char *text = json_string_value(json_object_get(facts, name));

	return text && *text ? text : otherwise;
}

static void print_head(const json_t *machine)
{
	const char *host = fact(machine, "hypervisor", "none");

	printf("%s%s%s%s, Linux %s %s\n", fact(machine, "cpu.model", "Machine of an unknown CPU"),
	       strcmp(host, "none") ? " in a VM (" : "", strcmp(host, "none") ? host : "",
	       strcmp(host, "none") ? ")" : "", fact(machine, "kernel.release", "unknown"),
	       fact(machine, "kernel.machine", ""));
	put_words(fact(machine, "topology", "topology unknown"), 0);
	printf("\n");
	if (!json_object_get(machine, "config") || json_is_null(json_object_get(machine, "config")))
		printf("The kernel's configuration is not readable: its debug options are not "
		       "known.\n");
	printf("\n");
}

static void print_counts(const struct doctor_finding *findings, size_t nr)
{
	size_t count[3] = {0}, i;

	for (i = 0; i < nr; i++)
		count[findings[i].severity]++;
	printf("%s%zu spoil%s the numbers, %zu disturb%s them, %zu remark%s.\n", nr ? "\n" : "",
	       count[DOCTOR_SPOILS], count[DOCTOR_SPOILS] == 1 ? "s" : "", count[DOCTOR_DISTURBS],
	       count[DOCTOR_DISTURBS] == 1 ? "s" : "", count[DOCTOR_REMARK],
	       count[DOCTOR_REMARK] == 1 ? "" : "s");
}

static void print_text(const json_t *machine, const struct doctor_finding *findings, size_t nr)
{
	size_t i;

	print_head(machine);
	for (i = 0; i < nr; i++)
		print_finding(&findings[i]);
	print_counts(findings, nr);
}

static void print_json(const struct doctor_finding *findings, size_t nr)
{
	json_t *all = json_array();
	size_t i;

	for (i = 0; i < nr; i++)
		json_array_append_new(all, json_pack("{s:s,s:s,s:s?,s:s?}", "severity",
						     doctor_severity_name(findings[i].severity),
						     "title", findings[i].title, "what",
						     findings[i].what, "mend", findings[i].mend));
	json_dumpf(all, stdout, JSON_INDENT(2));
	printf("\n");
	json_decref(all);
}

static int examine(bool json)
{
	struct doctor_finding findings[DOCTOR_MOST];
	json_t *machine = worker_ask("--facts", NULL);
	int status = EXIT_OK;
	size_t nr;

	if (!machine)
		return EXIT_CANNOT_RUN;
	nr = doctor_examine(machine, findings, DOCTOR_MOST);
	if (json)
		print_json(findings, nr);
	else
		print_text(machine, findings, nr);
	if (nr && findings[0].severity == DOCTOR_SPOILS)
		status = EXIT_FAILED;
	doctor_free(findings, nr);
	json_decref(machine);
	return status;
}

/* What another machine, or this one where its kernels are switched, lacks. */
static int examine_machine(const char *word, bool json)
{
	struct doctor_finding findings[LACKS_MOST];
	struct lack lacks[LACKS_MOST];
	struct machine machine;
	size_t nr, i;

	if (!measure_machine_file(&machine, word))
		return EXIT_USAGE;
	nr = machine_lacks(&machine, lacks);
	for (i = 0; i < nr; i++)
		findings[i] =
			(struct doctor_finding){lacks[i].stops ? DOCTOR_SPOILS : DOCTOR_DISTURBS,
						lacks[i].title, lacks[i].what, lacks[i].mend};
	if (json)
		print_json(findings, nr);
	for (i = 0; i < nr && !json; i++)
		print_finding(&findings[i]);
	if (!nr && !json)
		printf("%s: nothing is missing.\n", machine.name);
	machine_free(&machine);
	i = nr && findings[0].severity == DOCTOR_SPOILS;
	doctor_free(findings, nr);
	return i ? EXIT_CANNOT_RUN : EXIT_OK;
}

struct wanted {
	bool json;
	const char *machine;
};

static const struct cli_option options[] = {
	{"machine", "M",
	 "what this machine, of configs/machines/ or a file, lacks for its kernels to be switched, "
	 "and how to mend it",
	 OPTION_AT(struct wanted, machine), .kind = WORD_MACHINE},
	WORDS_JSON(struct wanted),
	{0}};

static int cmd_doctor(int argc, char **argv)
{
	struct wanted wanted = {0};
	int status;

	if (!options_read(&command_doctor, argc, argv, &wanted, &status))
		return status;
	return wanted.machine ? examine_machine(wanted.machine, wanted.json) : examine(wanted.json);
}

const struct command command_doctor = {
	.name = "doctor",
	.summary = "what on this machine would spoil the numbers",
	.about = "And how to mend it. Exit status 1 if something would spoil them, 0 if there are "
		 "only remarks.",
	.options = options,
	.run = cmd_doctor,
};
