// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options/docs.h"
#include "common/exit.h"
#include "common/io.h"
#include "common/msg.h"
#include "runners/runner.h"

static bool is_help(const char *word)
{
	return !strcmp(word, "-h") || !strcmp(word, "--help");
}

/* Which words argv[1] and, of a command of two words, argv[2] are. */
static int words_of(const struct command *c, int argc, char **argv)
{
	size_t first = strcspn(c->name, " ");

	if (strlen(argv[1]) != first || strncmp(argv[1], c->name, first))
		return 0;
	if (!c->name[first])
		return 1;
	return argc > 2 && !strcmp(argv[2], c->name + first + 1) ? 2 : 0;
}

/* Whether it is the first word of commands of two: "kernel". */
static bool begins(const struct command *c, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(c->name, word, len) && c->name[len] == ' ';
}

/* The words behind `kernel`, which are none of its commands: help, or they are wrong. */
static int run_group(int argc, char **argv)
{
	const char *word = argc > 2 ? argv[2] : "";
	struct word_list known = {0};
	bool help = is_help(word);
	size_t i;

	for (i = 0; commands[i]; i++) {
		if (!begins(commands[i], argv[1]))
			continue;
		if (help && known.nr)
			printf("\n\n");
		if (help)
			command_help(stdout, commands[i]);
		word_list_add(&known, strchr(commands[i]->name, ' ') + 1);
	}
	if (!help)
		words_unknown(&known, "", word, "'%s%s%s' is not a command", argv[1],
			      *word ? " " : "", word);
	free(known.words);
	return help ? EXIT_OK : EXIT_USAGE;
}

static int run(int argc, char **argv)
{
	struct word_list known = {0};
	bool group = false;
	size_t i;
	int nr;

	if (argc < 2 || is_help(argv[1]) || !strcmp(argv[1], "help")) {
		commands_help(argc < 2 ? stderr : stdout, commands);
		return argc < 2 ? EXIT_USAGE : EXIT_OK;
	}
	for (i = 0; commands[i]; i++) {
		nr = words_of(commands[i], argc, argv);
		if (nr) {
			worker_put_back();
			return commands[i]->run(argc - nr, argv + nr);
		}
		group |= begins(commands[i], argv[1]);
	}
	if (group)
		return run_group(argc, argv);
	for (i = 0; commands[i]; i++)
		word_list_add(&known, commands[i]->name);
	words_unknown(&known, "", argv[1], "'%s' is not a command", argv[1]);
	free(known.words);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	int status;

	io_open_standard();
	msg_init("faultbench");
	status = run(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		err_errno("standard output cannot be written");
		return EXIT_USAGE;
	}
	return status;
}
