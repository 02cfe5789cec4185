// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/machine/startup.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/harness/kernel/clock.h"
#include "bench/harness/machine/busy.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/record.h"

#define QUIET_S	 0.3
#define STEP_S	 0.1
#define TICK_S	 0.01 /* of /proc/stat */
#define SETTLE_S 10.0

/* When something happened, by the guest's clock and by the counter of its CPU. */
struct instant {
	double s;
	uint64_t ticks;
};

/* Lines of the kernel's log that stand for the steps of a boot. */
enum step {
	STEP_UNPACK,
	STEP_UNPACKED,
	STEP_INIT,
	STEP_LOOKED,
	NR_STEPS
};

static const char *const step_signs[NR_STEPS][2] = {
	[STEP_UNPACK] = {"rootfs image as initramfs", "Unpacking initramfs"},
	[STEP_UNPACKED] = {"Freeing initrd memory"},
	[STEP_INIT] = {"Run /init as init process"},
	[STEP_LOOKED] = {"faultbench: looked"},
};

static struct {
	struct instant port;
	double others_s;	/* what busy_others() said last, */
	double asked_s;		/* and when that was */
	double quiet_s;		/* others have not run for so long */
	double settled_s;	/* what startup_settle() took */
	double looked_s;	/* when the log was read */
	double log_s[NR_STEPS]; /* seconds by the log's clock, another than ours; or 0 */
} startup;

static double seconds(void)
{
	return (double)clock_now(CLOCK_BOOTTIME) / 1e9;
}

/* The CPU's counter, which hypervisors and emulators let begin when the VM does; 0 if unknown. */
static uint64_t ticks(void)
{
#if defined(__x86_64__)
	return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
	uint64_t count;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(count));
	return count;
#else
	return 0;
#endif
}

static struct instant instant(void)
{
	return (struct instant){seconds(), ticks()};
}

/* Judges the time since the last call: a tick in each step is nothing, nor is slack. */
static void look(double slack)
{
	double now = seconds(), others = busy_others(), passed = now - startup.asked_s;

	if (others - startup.others_s > TICK_S * passed / STEP_S + slack)
		startup.quiet_s = 0;
	else
		startup.quiet_s += passed;
	startup.others_s = others;
	startup.asked_s = now;
}

void startup_watch(void)
{
	startup.port = instant();
	startup.others_s = busy_others();
	startup.asked_s = startup.port.s;
}

/* A record of /dev/kmsg is "priority,sequence,time in us,flags;text". */
static void find_step(const char *record)
{
	long long us;
	int i;

	if (sscanf(record, "%*u,%*u,%lld", &us) != 1)
		return;
	for (i = 0; i < 2 * NR_STEPS; i++)
		if (step_signs[i / 2][i % 2] && strstr(record, step_signs[i / 2][i % 2]))
			startup.log_s[i / 2] = (double)us / 1e6;
}

static void read_log(void)
{
	int fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	char record[8192];
	ssize_t got;

	if (fd < 0)
		return;
	/* So that what the log says can be told by our clock; at a level no console shows. */
	startup.looked_s = seconds();
	if (!io_write_all(fd, "<7>faultbench: looked\n", 22))
		err_errno("init: /dev/kmsg");
	while ((got = read(fd, record, sizeof(record) - 1)) > 0 || (got < 0 && errno == EPIPE)) {
		record[got > 0 ? got : 0] = '\0';
		find_step(record);
	}
	close(fd);
}

/* x86 begins with a clock that it replaces, with all CPUs stopped, once it has calibrated it. */
static bool clock_provisional(void)
{
	char *name =
		io_read_file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
	bool provisional = name && strstr(name, "-early");

	free(name);
	return provisional;
}

void startup_settle(void)
{
	double begin, wait;

	read_log();
	begin = seconds();
	/* How many of the ticks were ours can be told to one only. */
	look(TICK_S);
	do {
		wait = startup.quiet_s > 0 ? fmax(QUIET_S - startup.quiet_s, STEP_S) : STEP_S;
		/* Not synchronisation: idleness is something that only time shows. */
		poll(NULL, 0, (int)(wait * 1000));
		look(0);
	} while ((startup.quiet_s < QUIET_S || clock_provisional()) &&
		 startup.asked_s - begin < SETTLE_S);
	startup.settled_s = startup.asked_s - begin;
}

static void put(json_t *json, const char *name, double s)
{
	json_object_set_new(json, name, record_seconds(s));
}

json_t *startup_json(void)
{
	const double *log = startup.log_s;
	struct instant ready = instant();
	json_t *json = json_object();
	double tick_s;

	if (log[STEP_UNPACK] && log[STEP_UNPACKED])
		put(json, "unpack_s", log[STEP_UNPACKED] - log[STEP_UNPACK]);
	if (log[STEP_INIT] && log[STEP_LOOKED]) {
		put(json, "init_s", startup.looked_s - (log[STEP_LOOKED] - log[STEP_INIT]));
		put(json, "port_s", startup.port.s);
	}
	put(json, "settled_s", startup.settled_s);
	put(json, "ready_s", ready.s);
	if (ready.ticks > startup.port.ticks) {
		tick_s = (ready.s - startup.port.s) / (double)(ready.ticks - startup.port.ticks);
		put(json, "vm_s", (double)ready.ticks * tick_s);
	}
	return json;
}
