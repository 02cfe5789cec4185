// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 500

static const int caught[] = {SIGINT, SIGTERM, SIGHUP};

#define NR_CAUGHT (sizeof(caught) / sizeof(caught[0]))

static struct sigaction before[NR_CAUGHT];
static volatile sig_atomic_t interrupted;
static volatile pid_t running;

/* The handler ends the child itself: a signal just before waitpid() must not be lost. */
static void on_signal(int sig)
{
	interrupted = sig;
	if (running > 0)
		kill(-running, SIGTERM);
}

void child_catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	size_t i;

	interrupted = 0;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (i = 0; i < NR_CAUGHT; i++) {
		sigaction(caught[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN) /* nohup means it */
			sigaction(caught[i], &action, NULL);
	}
}

int child_release_signals(void)
{
	size_t i;

	for (i = 0; i < NR_CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	return interrupted;
}

int child_interrupted(void)
{
	return interrupted;
}

static void become(const char *in, const char *const argv[], const char *dir, int out, int error,
		   const sigset_t *mask)
{
	size_t i;

	for (i = 0; i < NR_CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (dup2(open(in, O_RDONLY), STDIN_FILENO) < 0 || (dir && chdir(dir)) ||
	    dup2(out, STDOUT_FILENO) < 0 || dup2(error, STDERR_FILENO) < 0)
		_exit(126);
	setenv("LC_ALL", "C", 1);
	execvp(argv[0], (char *const *)argv);
	_exit(errno == ENOENT ? CHILD_MISSING : 126);
}

static char *read_back(int fd, size_t *ret_len)
{
	struct stat st;
	size_t len = 0;
	ssize_t got;
	char *text;

	if (fstat(fd, &st))
		st.st_size = 0;
	text = malloc((size_t)st.st_size + 1);
	if (!text)
		abort();
	while (len < (size_t)st.st_size) {
		got = pread(fd, text + len, (size_t)st.st_size - len, (off_t)len);
		if (got <= 0)
			break;
		len += (size_t)got;
	}
	text[len] = '\0';
	if (ret_len)
		*ret_len = len;
	return text;
}

static pid_t start(const char *in, const char *const argv[], const char *dir, int out, int error)
{
	sigset_t all, mask;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	pid = interrupted ? -1 : fork();
	if (pid == 0)
		become(in, argv, dir, out, error, &mask);
	if (pid > 0)
		setpgid(pid, pid); /* whoever is first */
	running = pid;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return pid;
}

/* What the child has started (dpkg-deb: tar) must not go on writing where we clean up. */
static void end_group(pid_t pid)
{
	kill(-pid, SIGKILL);
	while (waitpid(-pid, NULL, 0) > 0 || errno == EINTR)
		;
}

/* After the child: its status, and nothing of it left if it was interrupted. */
static int outcome(pid_t pid, int status)
{
	running = 0;
	if (interrupted && pid > 0)
		end_group(pid);
	if (interrupted)
		return CHILD_INTERRUPTED;
	if (pid < 0)
		return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int child_run_on(const char *in, const char *const argv[], const char *dir, char **ret_out,
		 size_t *ret_len)
{
	int out = memfd_create("out", MFD_CLOEXEC), error = memfd_create("err", MFD_CLOEXEC);
	int status = 0, rc;
	pid_t pid;

	pid = start(in, argv, dir, out, error);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	rc = outcome(pid, status);
	if (ret_out && rc != CHILD_INTERRUPTED)
		*ret_out = read_back(rc ? error : out, ret_len);
	close(out);
	close(error);
	return rc;
}

int child_run(const char *const argv[], const char *dir, char **ret_out, size_t *ret_len)
{
	return child_run_on("/dev/null", argv, dir, ret_out, ret_len);
}

int child_watch(const char *const argv[], const char *dir, int out, void (*tick)(void *arg),
		void *arg)
{
	pid_t pid = start("/dev/null", argv, dir, out, out);
	struct pollfd end = {.fd = pid > 0 ? pidfd_open(pid, 0) : -1, .events = POLLIN};
	int status = 0;

	while (end.fd >= 0 && poll(&end, 1, TICK_MS) <= 0)
		tick(arg);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (end.fd >= 0)
		close(end.fd);
	return outcome(pid, status);
}

bool child_wait(pid_t pid, int limit_s, int *ret_status)
{
	static const struct timespec step = {0, 10000000};
	int i;

	for (i = 0; i < limit_s * 100; i++) {
		if (waitpid(pid, ret_status, WNOHANG) == pid)
			return true;
		nanosleep(&step, NULL);
	}
	if (kill(-pid, SIGKILL))
		kill(pid, SIGKILL);
	waitpid(pid, ret_status, 0);
	return false;
}

const char *child_last_line(char *text)
{
	size_t len;
	char *line;

	for (len = strlen(text); len && strchr("\r\n", text[len - 1]); len--)
		text[len - 1] = '\0';
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}
