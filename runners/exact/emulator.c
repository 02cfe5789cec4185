// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/emulator.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/files.h"
#include "common/installed.h"
#include "common/msg.h"
#include "common/process.h"

/*
 * Plugins of which API which QEMU loads. Until 6.2 a plugin's arguments were written otherwise.
 * What is used is the same from API 3 to 6, and from 7 on as far as is known: a QEMU that takes no
 * more plugins of that API says so when it starts.
 */
static const struct {
	int api;
	int from, until; /* 100 * major + minor */
} families[] = {
	{1, 602, 802},
	{3, 901, 1100},
	{7, 1101, INT_MAX},
};

#define FAMILIES_TEXT "6.2 to 8.2, and 9.1 and later"

bool emulator_read(const char *help, struct emulator *ret)
{
	struct emulator e = {.plugins = strstr(help, "\n-plugin ")};

	if (sscanf(help, "QEMU emulator version %63[^ \n]", e.version) != 1 ||
	    sscanf(e.version, "%d.%d", &e.major, &e.minor) != 2)
		return false;
	*ret = e;
	return true;
}

/* The file that execvp() takes. */
static bool locate(const char *program, struct stat *ret)
{
	char *folders = strdup(getenv("PATH") ? getenv("PATH") : ""), *rest = folders, *folder;
	bool found = false;
	char *path;

	while (!found && (folder = strsep(&rest, ":"))) {
		path = files_text("%s/%s", *folder ? folder : ".", program);
		found = !access(path, X_OK) && !stat(path, ret) && S_ISREG(ret->st_mode);
		free(path);
	}
	free(folders);
	return found;
}

/* What was answered. */
static struct answer {
	char program[64];
	struct stat file;
	struct emulator is;
} answers[4];

/* A program that is another since is asked again. */
static struct answer *find_answer(const char *program, const struct stat *file)
{
	const struct stat *was;
	struct answer *a;

	for (a = answers; a < answers + sizeof(answers) / sizeof(answers[0]); a++) {
		was = &a->file;
		if (!strcmp(a->program, program) && was->st_dev == file->st_dev &&
		    was->st_ino == file->st_ino && was->st_ctim.tv_sec == file->st_ctim.tv_sec &&
		    was->st_ctim.tv_nsec == file->st_ctim.tv_nsec)
			return a;
	}
	return NULL;
}

static bool ask(const char *program, struct emulator *ret)
{
	const char *const argv[] = {program, "-help", NULL};
	static unsigned int next;
	struct answer *a = NULL;
	char *out = NULL;
	struct stat file;
	bool found = locate(program, &file), ok = true;

	if (found)
		a = find_answer(program, &file);
	if (a) {
		*ret = a->is;
		return true;
	}
	ok = !child_run(argv, NULL, &out, NULL) && emulator_read(out, ret);
	if (ok && found) {
		a = &answers[next++ % (sizeof(answers) / sizeof(answers[0]))];
		snprintf(a->program, sizeof(a->program), "%s", program);
		a->file = file;
		a->is = *ret;
	}
	free(out);
	return ok;
}

int emulator_api(const struct emulator *e)
{
	int version = 100 * e->major + e->minor;
	size_t i;

	for (i = 0; e->plugins && i < sizeof(families) / sizeof(families[0]); i++)
		if (version >= families[i].from && version <= families[i].until)
			return families[i].api;
	return 0;
}

static char *plugin_file(int api)
{
	char *name = files_text("faultbench-exact-%d.so", api), *path = installed_program(name);

	free(name);
	if (!access(path, R_OK))
		return path;
	err_errno("%s: the plugin that counts cannot be read", path);
	free(path);
	return NULL;
}

/* Says why a program cannot count, once: each of its boots asks. */
static void say_why(const char *program, const struct emulator *e)
{
	static char said[64];

	if (!strcmp(said, program))
		return;
	snprintf(said, sizeof(said), "%s", program);
	if (!e)
		err("%s: cannot be run, so nothing can be counted; install QEMU " FAMILIES_TEXT,
		    program);
	else if (!e->plugins)
		err("%s %s: was built without plugins, so it cannot count; take one that was "
		    "configured with --enable-plugins",
		    program, e->version);
	else
		err("%s %s: exact mode cannot count in this QEMU, but in " FAMILIES_TEXT, program,
		    e->version);
}

/* The name of an architecture's QEMU. */
static void name_of(const struct arch *arch, char program[64])
{
	snprintf(program, 64, "qemu-system-%s", arch->uname);
}

bool emulator_ask(const struct arch *arch, struct emulator *ret)
{
	char program[64];

	name_of(arch, program);
	return ask(program, ret);
}

char *emulator_plugin(const struct arch *arch)
{
	struct emulator e;
	char program[64];
	bool ok;

	name_of(arch, program);
	ok = ask(program, &e);
	if (ok && emulator_api(&e))
		return plugin_file(emulator_api(&e));
	say_why(program, ok ? &e : NULL);
	return NULL;
}
