// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/sharers.h"

#include <dirent.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

static sem_t asleep;

/* No signal is for it: what a handler does is the worker's. */
static void *sleep_on(void *arg)
{
	sem_post(&asleep);
	for (;;)
		pause();
	return arg;
}

bool sharers_start(unsigned int nr)
{
	sigset_t all, before;
	pthread_t thread;
	unsigned int i;
	bool ok = true;

	sem_init(&asleep, 0, 0);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (i = 0; i < nr && ok; i++) {
		ok = !pthread_create(&thread, NULL, sleep_on, NULL);
		while (ok && sem_wait(&asleep))
			;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ok;
}

unsigned int sharers_there(void)
{
	DIR *tasks = opendir("/proc/self/task");
	const struct dirent *task;
	unsigned int nr = 0;

	while (tasks && (task = readdir(tasks)))
		nr += task->d_name[0] != '.';
	if (tasks)
		closedir(tasks);
	return nr ? nr - 1 : 0;
}
