// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/signals.h"

#include <stddef.h>

static const int ours[] = {SIGINT, SIGTERM, SIGHUP};

#define NR_OURS (sizeof(ours) / sizeof(ours[0]))

static struct sigaction before[NR_OURS];
static sigset_t open;

static volatile sig_atomic_t came;

static void on_signal(int sig)
{
	came = sig;
}

void signals_catch(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t block;
	size_t i;

	came = 0;
	sigemptyset(&block);
	for (i = 0; i < NR_OURS; i++)
		sigaddset(&block, ours[i]);
	sigprocmask(SIG_BLOCK, &block, &open);
	for (i = 0; i < NR_OURS; i++) {
		sigaction(ours[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN) /* nohup means it */
			sigaction(ours[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
}

const sigset_t *signals_open(void)
{
	return &open;
}

int signals_came(void)
{
	return came;
}

int signals_die(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
	return 128 + sig;
}

void signals_release(void)
{
	size_t i;

	for (i = 0; i < NR_OURS; i++)
		sigaction(ours[i], &before[i], NULL);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &open, NULL);
}
