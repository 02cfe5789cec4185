// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/services/siblings.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
	pid_t *pids;
	unsigned int nr;
	void (*died)(const siginfo_t *info);
} siblings;

/* A signal may stand for the ends of several, and of children that are none of these. */
static void siblings_look(int sig)
{
	int error = errno;
	siginfo_t info;
	unsigned int i;

	(void)sig;
	for (i = 0; i < siblings.nr; i++) {
		info = (siginfo_t){0};
		if (!waitid(P_PID, (id_t)siblings.pids[i], &info, WEXITED | WNOHANG | WNOWAIT) &&
		    info.si_pid)
			siblings.died(&info);
	}
	errno = error;
}

static void siblings_mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(how, &set, NULL);
}

bool siblings_start(unsigned int nr, void (*work)(void *arg, unsigned int process), void *arg,
		    void (*died)(const siginfo_t *info))
{
	struct sigaction action = {.sa_handler = siblings_look,
				   .sa_flags = SA_RESTART | SA_NOCLDSTOP};
	pid_t pid = 0, parent = getpid();

	siblings.pids = nr > 1 ? calloc(nr, sizeof(pid_t)) : NULL;
	siblings.died = died;
	if (!siblings.pids)
		return nr <= 1;
	sigaction(SIGCHLD, &action, NULL);
	siblings_mask(SIG_BLOCK);
	while (siblings.nr < nr - 1 && (pid = fork()) > 0)
		siblings.pids[siblings.nr++] = pid;
	if (pid == 0) {
		nr = siblings.nr + 1;
		siblings.nr = 0;
		signal(SIGCHLD, SIG_DFL);
		siblings_mask(SIG_UNBLOCK);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* It may have died before that. */
		if (getppid() != parent)
			_exit(1);
		work(arg, nr);
		_exit(0);
	}
	siblings_mask(SIG_UNBLOCK);
	return pid > 0;
}

void siblings_wait(void)
{
	unsigned int i;

	signal(SIGCHLD, SIG_DFL);
	for (i = 0; i < siblings.nr; i++)
		waitpid(siblings.pids[i], NULL, 0);
	siblings.nr = 0;
	free(siblings.pids);
}

void siblings_hold(bool hold)
{
	if (siblings.nr)
		siblings_mask(hold ? SIG_BLOCK : SIG_UNBLOCK);
}
