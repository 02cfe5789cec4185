// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/keep/keep.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench/harness/keep/folder.h"
#include "bench/harness/keep/keeper.h"
#include "common/exit.h"
#include "common/io.h"
#include "common/keep.h"
#include "common/msg.h"

/* Relative, as the folder's path may be longer than a socket's can be. */
static const struct sockaddr_un address = {AF_UNIX, KEEP_SOCKET};

/* -1 with a message printed. */
static int make_listener(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && !bind(fd, (const struct sockaddr *)&address, sizeof(address)) &&
	    !listen(fd, 4))
		return fd;
	err_errno("%s: cannot be made", KEEP_SOCKET);
	return -1;
}

static void become_keeper(int listener, int patience_s)
{
	int null = open("/dev/null", O_RDWR), fd;

	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (fd = 0; fd < 3; fd++)
		dup2(null, fd);
	close(null);
	folder_settle();
	keeper_serve(listener, patience_s);
	/* Who waits for the end of the connection finds nothing left. */
	folder_leave();
	_exit(EXIT_OK);
}

int keep_main(const char *patience)
{
	int listener;

	if (!folder_take())
		return EXIT_FAILED;
	listener = make_listener();
	if (listener < 0)
		return EXIT_FAILED;
	switch (fork()) {
	case -1:
		err_errno("a keeper cannot be started");
		return EXIT_FAILED;
	case 0:
		become_keeper(listener, atoi(patience));
	}
	close(listener);
	return keep_attach();
}

/* What there is on one side, to the other. False at the end of either. */
static bool pass(int from, int to)
{
	char block[65536];
	ssize_t got = read(from, block, sizeof(block));

	return got > 0 && io_write_all(to, block, (size_t)got);
}

int keep_attach(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {fd, POLLIN, 0}};
	bool both = true;

	signal(SIGPIPE, SIG_IGN);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		return KEEP_GONE;
	if (!io_write_all(STDOUT_FILENO, KEEP_HERE "\n", strlen(KEEP_HERE) + 1))
		return EXIT_FAILED;
	while (both && poll(fds, 2, -1) > 0) {
		if (fds[0].revents)
			both = pass(STDIN_FILENO, fd);
		if (both && fds[1].revents)
			both = pass(fd, STDOUT_FILENO);
	}
	return EXIT_OK;
}
