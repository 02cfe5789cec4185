// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/switch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/io.h"

#define MOST 255 /* bytes of a switch */

static int write_value(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, value, strlen(value)) < 0)
		error = errno;
	close(fd);
	return error;
}

/* Of a child: debugfs is where the path has it, for the child alone. An errno. */
static int see_debugfs(void)
{
	return unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
			       mount("debugfs", SWITCH_DEBUGFS, "debugfs", 0, NULL)
		       ? errno
		       : 0;
}

/* In a child; what is read goes to `to`. Its status is an errno. */
static void ask(const char *path, const char *value, int to)
{
	int error = see_debugfs();
	char *text = NULL;

	if (!error && value) {
		error = write_value(path, value);
	} else if (!error) {
		text = io_read_file(path);
		error = !text ? errno : io_write_all(to, text, strlen(text)) ? 0 : EIO;
	}
	_exit(error);
}

/* Reads, or writes a value, in a child that sees debugfs; 0 or an errno. */
static int beside(const char *path, const char *value, char text[MOST + 1])
{
	int ends[2], status = 0;
	ssize_t len;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	pid = fork();
	if (pid == 0)
		ask(path, value, ends[1]);
	close(ends[1]);
	len = pid > 0 ? read(ends[0], text, MOST) : 0;
	text[len > 0 ? len : 0] = '\0';
	close(ends[0]);
	if (pid < 0)
		return EAGAIN;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

/* Whether a path is of debugfs, and debugfs is not there. */
static bool is_hidden(const char *path)
{
	return !strncmp(path, SWITCH_DEBUGFS, strlen(SWITCH_DEBUGFS)) && access(path, F_OK);
}

char *switch_text(const char *path)
{
	char text[MOST + 1];

	if (!is_hidden(path))
		return io_read_file(path);
	errno = beside(path, NULL, text);
	return errno ? NULL : strdup(text);
}

int switch_write(const char *path, const char *value)
{
	char nothing[MOST + 1];

	return is_hidden(path) ? beside(path, value, nothing) : write_value(path, value);
}
