// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * This program is executed for each iteration, and what that takes until main() is part of the
 * first op. What came of it goes into memory that is inherited as a file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/standalone/standalone.h"

/* In a new process. */
static _Noreturn void execute(int file, int iteration)
{
	char words[3][24];

	snprintf(words[0], sizeof(words[0]), "%d", file);
	snprintf(words[1], sizeof(words[1]), "%d", iteration);
	snprintf(words[2], sizeof(words[2]), "%lu", (unsigned long)standalone_now());
	execl("/proc/self/exe", "executed", words[0], words[1], words[2], (char *)NULL);
	perror("execl");
	_exit(77);
}

/* The main() of that. */
static void executed(char **words)
{
	uint64_t now = standalone_now();
	int file = atoi(words[0]), iteration = atoi(words[1]);
	void *results;

	standalone_exec_ns = now - strtoul(words[2], NULL, 10);
	results =
		mmap(NULL, standalone_results_size(), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	standalone_carry_out(results, iteration, iteration + 1);
}

int main(int argc, char **argv)
{
	int rounds = standalone_point.warmup + standalone_point.iterations, file, i;
	int status = 0;

	if (argc > 1) {
		executed(argv + 1);
		return 0;
	}
	file = memfd_create("results", 0);
	if (ftruncate(file, (off_t)standalone_results_size())) {
		perror("memfd_create");
		return 77;
	}
	for (i = 0; i < rounds && !status; i++) {
		if (fork() == 0)
			execute(file, i);
		wait(&status);
	}
	return WIFSIGNALED(status) ? 1 : WEXITSTATUS(status);
}
