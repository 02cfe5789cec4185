// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/make.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/fetch/parts.h"

#define MOST_WORDS 80
#define NOTE_S	   30 /* between two notes where there is no terminal */

/* What would change the result without being seen in the key of a build. */
static const char *const unwanted[] = {
	"MAKEFLAGS",
	"MFLAGS",
	"MAKELEVEL",
	"MAKEOVERRIDES",
	"KCFLAGS",
	"KAFLAGS",
	"KCPPFLAGS",
	"KBUILD_OUTPUT",
	"KBUILD_EXTMOD",
	"KBUILD_VERBOSE",
	"KCONFIG_CONFIG",
	"LLVM",
	"CC",
	"LD",
	"HOSTCFLAGS",
	"W",
	"V",
	"C",
	"O",
	"M",
	"LOCALVERSION",
};

#define NR_UNWANTED (sizeof(unwanted) / sizeof(unwanted[0]))

static const char *const fixed[] = {
	"LOCALVERSION=",
	"KBUILD_BUILD_TIMESTAMP=2025-01-01",
	"KBUILD_BUILD_USER=faultbench",
	"KBUILD_BUILD_HOST=faultbench",
	"KBUILD_BUILD_VERSION=1",
};

static char *cross_of(const struct arch *arch)
{
	return arch == arch_here() ? files_text("%s", "") : files_text("%s-", arch->triplet);
}

/* The package that has a tool; most are called like it. malloc'ed. */
static char *package_of(const char *tool)
{
	size_t len = strlen(tool), cross = len > 4 && !strcmp(tool + len - 4, "-gcc") ? len - 4 : 0;
	char *package, *p;

	if (!strcmp(tool, "ld.lld"))
		return files_text("lld");
	if (!strcmp(tool, "llvm-ar"))
		return files_text("llvm");
	if (!cross)
		return files_text("%s", tool);
	package = files_text("gcc-%.*s", (int)cross, tool);
	for (p = package; *p; p++)
		if (*p == '_')
			*p = '-'; /* gcc-x86-64-linux-gnu */
	return package;
}

static enum exit_status missing(const char *tool)
{
	char *package = package_of(tool);

	err("%s is not installed, which building a kernel needs: apt-get install %s", tool,
	    package);
	free(package);
	return EXIT_CANNOT_RUN;
}

/* *ret_first may be NULL. */
static enum exit_status ask_version(const char *tool, char **ret_first)
{
	const char *argv[] = {tool, "--version", NULL};
	char *out = NULL;
	int status = child_run(argv, NULL, &out, NULL);

	if (status == CHILD_MISSING)
		return missing(tool);
	if (status == CHILD_INTERRUPTED)
		return EXIT_FAILED;
	if (status) {
		err("%s --version fails with status %d", tool, status);
		free(out);
		return EXIT_CANNOT_RUN;
	}
	if (ret_first) {
		out[strcspn(out, "\n")] = '\0';
		*ret_first = files_text("%s", out);
	}
	free(out);
	return EXIT_OK;
}

static char *compiler_name(const struct build_make *make)
{
	return make->clang ? files_text("clang") : files_text("%sgcc", make->cross);
}

/* It gives back what the same compiler has made of the same input, so no build's key has it. */
static bool has_ccache(void)
{
	const char *argv[] = {"ccache", "--version", NULL};

	return !child_run(argv, NULL, NULL, NULL);
}

enum exit_status make_find_tools(struct build_make *make)
{
	static const char *const needed[] = {"make", "flex", "bison", "bc", NULL};
	static const char *const llvm[] = {"ld.lld", "llvm-ar", NULL};
	enum exit_status rc = EXIT_OK;
	char *compiler;
	size_t i;

	make->cross = cross_of(make->arch);
	compiler = compiler_name(make);
	rc = ask_version(compiler, &make->compiler);
	for (i = 0; needed[i] && !rc; i++)
		rc = ask_version(needed[i], NULL);
	for (i = 0; make->clang && llvm[i] && !rc; i++)
		rc = ask_version(llvm[i], NULL);
	make->ccache = !rc && has_ccache();
	free(compiler);
	return rc;
}

struct watch {
	const struct build_make *make;
	FILE *log;
	size_t objects;
	time_t started, told;
	bool terminal, line_start;
};

/* Kbuild prints a line with two blanks in front for everything it makes. */
static void count(struct watch *w)
{
	char line[512];

	clearerr(w->log);
	while (fgets(line, sizeof(line), w->log)) {
		if (w->line_start && !strncmp(line, "  ", 2))
			w->objects++;
		w->line_start = line[strlen(line) - 1] == '\n';
	}
}

static void tell(void *arg)
{
	struct watch *w = arg;
	time_t now = time(NULL);

	count(w);
	if (!w->objects || child_interrupted())
		return;
	if (w->terminal) {
		fprintf(stderr, "\r%s: files made: %zu, %lld s ", w->make->label, w->objects,
			(long long)(now - w->started));
		fflush(stderr);
	} else if (now - w->told >= NOTE_S) {
		note("%s: building, files made: %zu, %lld s", w->make->label, w->objects,
		     (long long)(now - w->started));
		w->told = now;
	}
}

char *make_first_error(const char *log)
{
	static const char *const signs[] = {"No space left on device",
					    "error: ", "undefined reference", "*** ", "rror "};
	const char *line, *at;
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		at = strstr(log, signs[i]);
		if (!at)
			continue;
		for (line = at; line > log && line[-1] != '\n'; line--)
			;
		return files_text("%.*s", (int)strcspn(line, "\n"), line);
	}
	return files_text("%s", "");
}

static void say_failed(struct build_make *make, long from, int status)
{
	char *log = io_read_file(make->log), *error;

	if (status == CHILD_MISSING || !log) {
		err("%s: make cannot be started", make->label);
		free(log);
		return;
	}
	error = make_first_error((size_t)from < strlen(log) ? log + from : log);
	err("%s: the build failed: %s; log: %s", make->label,
	    *error ? error : "make says no reason", make->log);
	free(make->error);
	make->error = error;
	free(log);
}

static char *compiler_words(const struct build_make *make)
{
	char *compiler = compiler_name(make), *words = files_text("CC=ccache %s", compiler);

	free(compiler);
	return words;
}

/*
 * Debug information is asked for beside the config, as that would have symbols of its own
 * (DEBUG_KERNEL), by which others change. Lines and functions, what is inlined among them: for the
 * sake of variables gcc 12 keeps some that nobody reads, so that what is behind them moves (mtime
 * of init/initramfs.c).
 */
static char *flags_words(const struct build_make *make)
{
	char align[48] = "";

	if (make->align)
		snprintf(align, sizeof(align), "-falign-functions=%d ", make->align);
	return files_text("KCFLAGS=%s%s", align, make->debug ? "-g1" : "");
}

/* The words of the whole command; the last nr of text have to be freed. */
static size_t add_words(const struct build_make *make, const char *const targets[],
			const char *argv[], char *text[])
{
	size_t n = 0, t = 0, i;

	argv[n++] = "env";
	for (i = 0; i < NR_UNWANTED; i++) {
		argv[n++] = "-u";
		argv[n++] = unwanted[i];
	}
	argv[n++] = "make";
	text[t++] = files_text("-j%d", make->jobs);
	text[t++] = files_text("--directory=%s", make->src);
	text[t++] = files_text("O=%s", make->out);
	text[t++] = files_text("ARCH=%s", make->arch->kbuild);
	text[t++] = files_text("CROSS_COMPILE=%s", make->cross);
	if (make->clang)
		text[t++] = files_text("LLVM=1");
	if (make->align || make->debug)
		text[t++] = flags_words(make);
	if (make->debug)
		text[t++] = files_text("KAFLAGS=-g1");
	if (make->ccache)
		text[t++] = compiler_words(make);
	for (i = 0; i < t; i++)
		argv[n++] = text[i];
	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		argv[n++] = fixed[i];
	for (i = 0; targets[i]; i++)
		argv[n++] = targets[i];
	argv[n] = NULL;
	return t;
}

bool make_run(struct build_make *make, const char *const targets[])
{
	const char *argv[MOST_WORDS];
	char *text[9];
	struct watch w = {.make = make, .line_start = true, .terminal = isatty(STDERR_FILENO)};
	int out = open(make->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666), status;
	size_t nr, i;
	long from;

	w.log = out < 0 ? NULL : fopen(make->log, "re");
	if (!w.log) {
		if (out >= 0)
			close(out);
		return err_errno("%s: cannot be written", make->log);
	}
	fseek(w.log, 0, SEEK_END);
	from = ftell(w.log);
	w.started = w.told = time(NULL);
	nr = add_words(make, targets, argv, text);
	status = child_watch(argv, NULL, out, tell, &w);
	if (w.terminal && w.objects)
		fprintf(stderr, "\r%79s\r", "");
	if (status && status != CHILD_INTERRUPTED)
		say_failed(make, from, status);
	for (i = 0; i < nr; i++)
		free(text[i]);
	fclose(w.log);
	close(out);
	return !status;
}

void make_free(struct build_make *make)
{
	free(make->cross);
	free(make->compiler);
	free(make->log);
	free(make->error);
}
