// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: generate man
 *        generate completion <TEMPLATE
 *
 * Prints what is installed and made of the commands' tables, when faultbench is built: the man
 * page, or a shell's completion, which is the template with the table in the place of its line
 * @TABLE@.
 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options/docs.h"

static void complete(FILE *template)
{
	char line[1024];

	while (fgets(line, sizeof(line), template)) {
		if (strcmp(line, "@TABLE@\n"))
			fputs(line, stdout);
		else
			commands_table(stdout, commands);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "man"))
		commands_man(stdout, commands);
	else if (argc == 2 && !strcmp(argv[1], "completion"))
		complete(stdin);
	else
		return 2;
	return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
