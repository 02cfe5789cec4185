// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/pin.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/io.h"

/* The nth CPU of a set, from 0. */
static int nth_cpu(const cpu_set_t *set, int n)
{
	int cpu;

	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, set) && n-- == 0)
			return cpu;
	return -1;
}

/* Such a thread is called "CPU 1/KVM". */
static int pin_thread(const char *task, pid_t qemu, const cpu_set_t *allowed)
{
	char *name = io_read_filef("/proc/%d/task/%s/comm", (int)qemu, task);
	int vcpu = -1, pinned = 0;
	cpu_set_t one;

	if (name && sscanf(name, "CPU %d/", &vcpu) == 1 && nth_cpu(allowed, vcpu) >= 0) {
		CPU_ZERO(&one);
		CPU_SET(nth_cpu(allowed, vcpu), &one);
		pinned = !sched_setaffinity(atoi(task), sizeof(one), &one);
	}
	free(name);
	return pinned;
}

int pin_vcpus(pid_t qemu, int vcpus)
{
	struct dirent *entry;
	cpu_set_t allowed;
	int pinned = 0;
	char path[64];
	DIR *dir;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) || CPU_COUNT(&allowed) < vcpus)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)qemu);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			pinned += pin_thread(entry->d_name, qemu, &allowed);
	if (dir)
		closedir(dir);
	return pinned;
}
