// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/services/moves.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "bench/services/log.h"
#include "bench/services/pages.h"

#define MOMENT_NS 50000
#define MOST_S	  30

atomic_long moves_userfaults;

long moves_in_file(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	size_t len = strcspn(name, "*");
	long sum = LONG_MIN;
	char line[4096];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, len) && (name[len] || strchr(": ", line[len])))
			sum = (sum == LONG_MIN ? 0 : sum) + atol(line + strcspn(line, ": ") + 1);
	if (file)
		fclose(file);
	return sum;
}

static long thp_stat(const char *name, int order)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/mm/transparent_hugepage/hugepages-%zukB/stats/%s",
		 bench_folio_size(order) / 1024, name);
	return pages_number_in(path, LONG_MIN);
}

/* Of all CPUs: a line of /proc/interrupts, "TLB: 12 7 TLB shootdowns". */
static long interrupts(const char *name)
{
	FILE *file = fopen("/proc/interrupts", "re");
	long sum = LONG_MIN, one;
	size_t len = strlen(name), room = 0;
	char *line = NULL, *at, *end;

	while (file && sum == LONG_MIN && getline(&line, &room, file) > 0) {
		at = line + strspn(line, " ");
		if (strncmp(at, name, len) || at[len] != ':')
			continue;
		for (sum = 0, at += len + 1; one = strtol(at, &end, 10), end != at; at = end)
			sum += one;
	}
	free(line);
	if (file)
		fclose(file);
	return sum;
}

/* Of the CPU, as the kernel has named it. */
static bool cpu_has(const char *flag)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	size_t room = 0;
	char *line = NULL, *at;
	bool has = false;

	while (file && getline(&line, &room, file) > 0 && strncmp(line, "flags", 5))
		;
	at = line && file && !feof(file) ? strstr(line, flag) : NULL;
	has = at && at[-1] == ' ' && strchr(" \n", at[strlen(flag)]);
	free(line);
	if (file)
		fclose(file);
	return has;
}

const char *bench_flushes_unseen(void)
{
	if (interrupts("TLB") == LONG_MIN)
		return "none is counted here; arm64 broadcasts them, and interrupts nobody";
	if (cpu_has("invlpgb"))
		return "the CPUs broadcast them (INVLPGB)";
	if (!access("/sys/hypervisor/type", F_OK) || !access("/sys/bus/vmbus", F_OK))
		return "the hypervisor does them";
	return NULL;
}

static long major_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_majflt;
}

/* A file a number. */
static const struct {
	const char *prefix, *path;
} folders[] = {
	{"self:", "/proc/self"},
	{"khugepaged:", "/sys/kernel/mm/transparent_hugepage/khugepaged"},
};

static long number_in_folder(const char *folder, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return pages_number_in(path, LONG_MIN);
}

long moves_now(const char *what, int order)
{
	unsigned int i;

	if (!strncmp(what, "vmstat:", 7))
		return moves_in_file("/proc/vmstat", what + 7);
	if (!strncmp(what, "status:", 7))
		return moves_in_file("/proc/self/status", what + 7);
	if (!strncmp(what, "thp:", 4))
		return thp_stat(what + 4, order);
	if (!strncmp(what, "meminfo:", 8))
		return moves_in_file("/proc/meminfo", what + 8);
	if (!strcmp(what, "major-faults"))
		return major_faults();
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!strncmp(what, folders[i].prefix, strlen(folders[i].prefix)))
			return number_in_folder(folders[i].path, what + strlen(folders[i].prefix));
	if (!strncmp(what, "log:", 4))
		return log_sum(what + 4);
	if (!strncmp(what, "interrupts:", 11))
		return interrupts(what + 11);
	return !strcmp(what, "userfaults") ? atomic_load(&moves_userfaults) : LONG_MIN;
}

static const struct timespec moment_of_kernel = {.tv_nsec = 10000000};

long moves_since(const struct bench_move *move, int order, long before)
{
	int tries = strncmp(move->what, "khugepaged:", 11) ? 0 : 100;
	long by;

	while ((by = moves_now(move->what, order) - before) < move->min && tries-- > 0)
		nanosleep(&moment_of_kernel, NULL);
	return by;
}

/* What it is when nothing is given back any more: what a process before this one had is so for a
 * while. */
static long when_settled(const char *what)
{
	long number = moves_now(what, 0), now;
	int tries, still = 0;

	for (tries = 0; still < 5 && tries < 100; tries++) {
		nanosleep(&moment_of_kernel, NULL);
		now = moves_now(what, 0);
		still = now < number ? 0 : still + 1;
		number = now < number ? now : number;
	}
	return number;
}

int bench_wait_back(struct bench_run *run, const char *what, long slack)
{
	static struct {
		const char *what;
		long number;
	} at_first[BENCH_MAX_MOVES];
	int tries, i = 0;

	while (i < BENCH_MAX_MOVES - 1 && at_first[i].what && strcmp(at_first[i].what, what))
		i++;
	if (!at_first[i].what) {
		at_first[i].what = what;
		at_first[i].number = when_settled(what);
	}
	for (tries = 0; moves_now(what, 0) > at_first[i].number + slack; tries++) {
		if (tries == 500)
			return bench_fail(run, "%s does not come back to what it was", what);
		nanosleep(&moment_of_kernel, NULL);
	}
	return 0;
}

long bench_number_in(const char *path)
{
	return pages_number_in(path, -1);
}

static time_t now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

bool bench_wait(struct bench_run *run, const char *who, bool (*done)(const void *), const void *arg)
{
	const struct timespec moment = {.tv_nsec = MOMENT_NS};
	const time_t last = now_s() + MOST_S;

	while (!done(arg)) {
		if (now_s() > last) {
			bench_fail(run,
				   "%s was waited for %d s and has not done its part: others have "
				   "the CPUs, or it cannot",
				   who, MOST_S);
			return false;
		}
		nanosleep(&moment, NULL);
	}
	return true;
}

void moves_wanted(const struct bench_move *move, char text[64])
{
	if (move->min == LONG_MIN && move->max == LONG_MAX)
		snprintf(text, 64, "recorded");
	else if (move->min == LONG_MIN)
		snprintf(text, 64, "at most %ld", move->max);
	else if (move->max == LONG_MAX)
		snprintf(text, 64, "at least %ld", move->min);
	else if (move->max == move->min)
		snprintf(text, 64, "%ld", move->min);
	else
		snprintf(text, 64, "%ld to %ld", move->min, move->max);
}
