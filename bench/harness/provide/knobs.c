// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/knobs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench/harness/provide/zram.h"
#include "common/io.h"

#define MAX_KNOBS 64

/* A request to the keeper; an empty path asks it for swap, or to restore everything. */
struct request {
	size_t swap;
	char path[128];
	char value[64];
};

struct saved {
	char path[128];
	char value[64];
};

static int keeper = -1; /* our end of the socket; messages keep their bounds */

/* What must be written to get the present value back: files such as "a [b] c" want "b". */
static bool present_value(const char *path, char value[64])
{
	char *text = io_read_file(path), *open, *close;

	if (!text)
		return false;
	open = strchr(text, '[');
	close = open ? strchr(open, ']') : NULL;
	if (close)
		snprintf(value, 64, "%.*s", (int)(close - open - 1), open + 1);
	else
		snprintf(value, 64, "%s", text);
	free(text);
	return true;
}

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

/* 0 or an errno. */
static int keep_and_set(struct saved *saved, size_t *nr, const struct request *request)
{
	size_t i;
	int error;

	for (i = 0; i < *nr && strcmp(saved[i].path, request->path); i++)
		;
	if (i == MAX_KNOBS)
		return ENOSPC;
	if (i == *nr) {
		strcpy(saved[i].path, request->path);
		if (!present_value(request->path, saved[i].value))
			return errno;
	}
	error = write_value(request->path, request->value);
	if (!error && i == *nr)
		(*nr)++;
	return error;
}

/* zram is the number of the device swapped on, or -1. */
static int restore(const struct saved *saved, size_t *nr, int *zram)
{
	int error, first = 0;

	if (*zram >= 0)
		first = zram_swap_off(*zram);
	*zram = -1;
	while (*nr) {
		(*nr)--;
		error = write_value(saved[*nr].path, saved[*nr].value);
		if (error && !first)
			first = error;
	}
	return first;
}

/* The keeper's life. It must outlive a ^C that ends everyone else. */
static void keep(int fd)
{
	struct saved saved[MAX_KNOBS];
	struct request request;
	size_t nr = 0;
	int error, zram = -1;

	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	while (recv(fd, &request, sizeof(request), 0) == sizeof(request)) {
		if (request.path[0])
			error = keep_and_set(saved, &nr, &request);
		else if (request.swap)
			error = zram < 0 ? zram_swap_on(request.swap, &zram) : 0;
		else
			error = restore(saved, &nr, &zram);
		if (send(fd, &error, sizeof(error), MSG_NOSIGNAL) < 0)
			break;
	}
	restore(saved, &nr, &zram);
	_exit(0);
}

/* Waits until whoever has the claim closes it. Nobody accepts; the end of it is seen all the same.
 */
static void await_claim(int fd, const struct sockaddr_un *name, socklen_t len, int wait_ms)
{
	struct pollfd end = {.fd = fd, .events = POLLIN};

	if (!connect(fd, (const struct sockaddr *)name, len))
		poll(&end, 1, wait_ms);
}

bool knobs_claim(int wait_ms)
{
	static const char text[] = "faultbench-worker"; /* after a NUL: a name that is no file */
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + sizeof(text));
	int fd, last;

	memcpy(name.sun_path + 1, text, sizeof(text) - 1);
	for (last = 0; last < 2; last++) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		/* Closed by the end of the last process that has it: ours, and the keeper. */
		if (fd < 0 || (!bind(fd, (struct sockaddr *)&name, len) && !listen(fd, 16)))
			return true;
		if (!last)
			await_claim(fd, &name, len, wait_ms);
		close(fd);
	}
	return false;
}

bool knobs_start(void)
{
	int ends[2], null;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return false;
	pid = fork();
	if (pid < 0)
		return false;
	if (pid == 0) {
		/* Holding our caller's streams would keep its readers waiting. */
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		close(ends[0]);
		keep(ends[1]);
	}
	close(ends[1]);
	keeper = ends[0];
	return true;
}

static int ask(const struct request *request)
{
	int error;

	if (send(keeper, request, sizeof(*request), MSG_NOSIGNAL) < 0)
		return errno;
	if (recv(keeper, &error, sizeof(error), 0) != sizeof(error))
		return EPIPE;
	return error;
}

bool knobs_set(const char *path, const char *value, char *why, size_t room)
{
	struct request request = {0};
	int error;

	snprintf(request.path, sizeof(request.path), "%s", path);
	snprintf(request.value, sizeof(request.value), "%s", value);
	error = ask(&request);
	if (error)
		snprintf(why, room, "%s cannot be set to %s: %s", path, value, strerror(error));
	return !error;
}

bool knobs_swap(size_t size, char *why, size_t room)
{
	int error = ask(&(struct request){.swap = size});

	if (error)
		snprintf(why, room, "swap on zram cannot be had: %s", strerror(error));
	return !error;
}

bool knobs_restore(char *why, size_t room)
{
	int error = ask(&(struct request){0});

	if (error)
		snprintf(why, room, "a switch could not be put back: %s", strerror(error));
	return !error;
}
