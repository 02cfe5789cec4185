// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Has gnuplot draw. What it reads and writes are files in memory, so that neither side waits for
 * the other, and nothing is written before all of it is there.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/plot/draw.h"
#include "analysis/plot/flame.h"
#include "analysis/text/grid.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/process.h"

#define TICK_MS 200

extern char **environ;

/*
 * Waits for gnuplot. A caller who catches signals ends with them: false, and it is gone. One that
 * comes just before poll() is seen a tick later.
 */
static bool await(pid_t pid, int *ret_status)
{
	struct pollfd end = {.fd = pidfd_open(pid, 0), .events = POLLIN};

	while (end.fd >= 0 && !child_interrupted() && poll(&end, 1, TICK_MS) <= 0)
		;
	if (end.fd >= 0)
		close(end.fd);
	if (!child_interrupted() && waitpid(pid, ret_status, 0) == pid)
		return true;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return false;
}

/*
 * Runs gnuplot, without the user's settings, on fd[0..2]. Returns an exit status; *ret_told is set
 * if nothing more is to be said of it.
 */
static int run_gnuplot(const int fd[3], bool *ret_told)
{
	char *words[] = {"gnuplot", "-d", NULL};
	posix_spawn_file_actions_t actions;
	int failed, status, i;
	pid_t pid;

	*ret_told = true;
	posix_spawn_file_actions_init(&actions);
	for (i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&actions, fd[i], i);
	failed = posix_spawnp(&pid, words[0], &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failed == ENOENT) {
		err("gnuplot is not installed (on Debian: apt-get install gnuplot-nox)");
		return EXIT_CANNOT_RUN;
	}
	errno = failed;
	if (failed) {
		err_errno("gnuplot cannot be run");
		return EXIT_FAILED;
	}
	if (!await(pid, &status))
		return EXIT_FAILED;
	*ret_told = false;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? EXIT_OK : EXIT_FAILED;
}

/* What a file in memory holds, NUL-terminated; *ret_size without the NUL. */
static char *contents(int fd, size_t *ret_size)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = size < 0 ? NULL : malloc((size_t)size + 1);

	if (!text || pread(fd, text, (size_t)size, 0) != size) {
		free(text);
		return NULL;
	}
	text[size] = '\0';
	*ret_size = (size_t)size;
	return text;
}

/* gnuplot escapes '<' and '&'; XML does not have "]]>" in a text either. Frees text. */
static char *make_xml(char *text, size_t *ret_size)
{
	static const char end[] = "]]>";
	char *whole = NULL, *rest = text, *at;
	FILE *out = open_memstream(&whole, ret_size);

	while (out && (at = strstr(rest, end))) {
		fprintf(out, "%.*s]]&gt;", (int)(at - rest), rest);
		rest = at + strlen(end);
	}
	if (out)
		fputs(rest, out);
	free(text);
	return out && !fclose(out) ? whole : NULL;
}

/* gnuplot's own words, in one line. */
static void say_why(int fd)
{
	size_t size;
	char *said = contents(fd, &size), *c;

	for (c = said; c && *c; c++)
		*c = *c == '\n' ? ' ' : *c;
	err("gnuplot failed: %s", said && *said ? said : "it says nothing");
	free(said);
}

/* What gnuplot draws of some panels, malloc'ed. *ret_status says why it is NULL. */
static char *picture(const struct plot_panel *panel, size_t nr, enum plot_medium medium,
		     size_t *ret_size, int *ret_status)
{
	int fd[3] = {memfd_create("script", MFD_CLOEXEC), memfd_create("plot", MFD_CLOEXEC),
		     memfd_create("errors", MFD_CLOEXEC)};
	FILE *script = fd[0] < 0 ? NULL : fdopen(dup(fd[0]), "w");
	char *text = NULL;
	bool told;
	size_t i;

	*ret_status = EXIT_FAILED;
	if (!script || fd[1] < 0 || fd[2] < 0) {
		err_errno("no file in memory for gnuplot");
		goto out;
	}
	plot_script(script, panel, nr, medium);
	if (fclose(script) || lseek(fd[0], 0, SEEK_SET) < 0) {
		err_errno("what gnuplot is given cannot be written");
		goto out;
	}
	*ret_status = run_gnuplot(fd, &told);
	if (*ret_status == EXIT_OK)
		text = contents(fd[1], ret_size);
	if (text && medium == PLOT_SVG)
		text = make_xml(text, ret_size);
	if (!told && (!text || !*ret_size)) {
		*ret_status = EXIT_FAILED;
		say_why(fd[2]);
		free(text);
		text = NULL;
	}
out:
	for (i = 0; i < 3; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	return text;
}

/* Without form feeds, blank lines at the ends and blanks at the ends of lines. */
static void put_plot(FILE *out, char *text)
{
	char *line, *rest = text, *end;
	size_t blank = 0;
	bool begun = false;

	while ((line = strsep(&rest, "\n"))) {
		line += *line == '\f';
		for (end = line + strlen(line); end > line && end[-1] == ' '; end--)
			;
		*end = '\0';
		blank += end == line;
		if (end == line)
			continue;
		for (; begun && blank; blank--)
			fputc('\n', out);
		blank = 0;
		begun = true;
		fprintf(out, "%s\n", line);
	}
}

static void put_legend(FILE *out, const struct plot_panel *panel)
{
	size_t i;

	for (i = 0; i < panel->nr_lines; i++)
		if (panel->line[i].label && *panel->line[i].label)
			text_wrapf(out, 4, "  %c %s", 'A' + (int)(panel->line[i].style % 26),
				   panel->line[i].label);
	for (i = 0; plot_numbers_tics(panel) && i < panel->nr_tics; i++)
		text_wrapf(out, 6, "  %zu %s", i + 1, panel->tic[i].text);
	text_wrapf(out, 0, "%s", plot_meaning(panel->kind));
}

static int draw_text(FILE *out, const struct plot *plot)
{
	const struct plot_panel *panel;
	size_t i, size;
	int status;
	char *text;

	for (i = 0; i < plot->nr; i++) {
		panel = &plot->panel[i];
		if (panel->kind == PLOT_FLAME) {
			fputs(i ? "\n" : "", out);
			flame_text(out, panel);
			continue;
		}
		text = picture(panel, 1, PLOT_TEXT, &size, &status);
		if (!text)
			return status;
		fputs(i ? "\n" : "", out);
		text_wrapf(out, 2, "%s", panel->title ? panel->title : "");
		fprintf(out, "\n%s%s\n", panel->y_label ? panel->y_label : "",
			panel->log_y ? " (log)" : "");
		put_plot(out, text);
		put_legend(out, panel);
		free(text);
	}
	return EXIT_OK;
}

int plot_draw(FILE *out, const struct plot *plot, enum plot_medium medium)
{
	size_t size;
	int status;
	char *text;

	if (medium == PLOT_TEXT)
		return draw_text(out, plot);
	if (medium == PLOT_SVG && plot->panel[0].kind == PLOT_FLAME) {
		flame_svg(out, plot->panel, plot->nr);
		return EXIT_OK;
	}
	text = picture(plot->panel, plot->nr, medium, &size, &status);
	if (!text)
		return status;
	if (fwrite(text, 1, size, out) != size) {
		err_errno("the plot cannot be written");
		status = EXIT_FAILED;
	}
	free(text);
	return status;
}
