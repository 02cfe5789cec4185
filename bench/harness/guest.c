// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/guest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/harness/clock.h"
#include "bench/harness/fair.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/record.h"

#define PORT	     "faultbench"
#define SETTLE_STEPS 100   /* of 0.1 s */
#define PORT_WAIT_MS 10000 /* a device found while booting appears well before */

/* When things happened, by the guest's clock and by the counter of its CPU. */
struct instant {
	double s;
	uint64_t ticks;
};

static struct {
	struct instant port;
	double settled_s;
} startup;

static void mount_all(void)
{
	static const struct {
		const char *type, *where;
	} mounts[] = {{"proc", "/proc"},
		      {"sysfs", "/sys"},
		      {"devtmpfs", "/dev"},
		      {"tmpfs", "/tmp"},
		      {"tracefs", "/sys/kernel/tracing"}};
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, NULL) &&
		    errno != EBUSY && i < 3)
			err_errno("init: mount %s", mounts[i].where);
}

static bool set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = io_write_all(fd, value, strlen(value)) || err_errno("init: %s = %s", path, value);
	close(fd);
	return ok;
}

static void stop_fair_server(const char *path)
{
	set(path, "0");
}

/*
 * What supervise.c would do for each run, once and for all, for debugfs does not stay: where it is
 * mounted, libpfm4 reads the ids of all tracepoints in every process (0.4 s, emulated).
 */
static void stop_fair_servers(void)
{
	if (mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL))
		return;
	fair_servers(stop_fair_server);
	umount2("/sys/kernel/debug", MNT_DETACH);
}

/* The console as standard output, for messages: the kernel gives us none if it is not ready. */
static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR);

	if (fd < 0)
		return;
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static void load_module(const char *name)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "/modules/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
		err_errno("init: module %s", name);
	if (fd >= 0)
		close(fd);
}

static int is_module(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void load_modules(void)
{
	struct dirent **entries;
	int nr = scandir("/modules", &entries, is_module, alphasort), i;

	for (i = 0; i < nr; i++) {
		load_module(entries[i]->d_name);
		free(entries[i]);
	}
	if (nr >= 0)
		free(entries);
}

/* The device of the port with our name, opened, or -1. */
static int find_port(void)
{
	DIR *dir = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	char *name, path[300];
	int fd = -1;

	while (dir && fd < 0 && (entry = readdir(dir))) {
		name = io_read_filef("/sys/class/virtio-ports/%s/name", entry->d_name);
		if (name && !strcmp(name, PORT)) {
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
			fd = open(path, O_RDWR);
		}
		free(name);
	}
	if (dir)
		closedir(dir);
	return fd;
}

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

bool guest_start(void)
{
	int fd = -1, waited;

	if (access("/proc/self", F_OK)) {
		mount_all();
		/* Loaded without /proc and /sys, libnuma found one node; if there are more, let it
		 * look again. */
		if (!access("/sys/devices/system/node/node1", F_OK)) {
			execl("/proc/self/exe", "init", (char *)NULL);
			return err_errno("init: exec");
		}
	}
	open_console();
	stop_fair_servers();
	load_modules();
	for (waited = 0; waited < PORT_WAIT_MS && fd < 0; waited += 10) {
		fd = find_port();
		/* The port is made by another thread of the kernel; there is no event to wait for.
		 */
		if (fd < 0)
			poll(NULL, 0, 10);
	}
	if (fd < 0)
		return err("init: no virtio port '" PORT "'");
	startup.port = instant();
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	/* A request that came along: then nothing comes from outside (see runners/qemu.c). */
	fd = open("/request", O_RDONLY);
	if (fd >= 0) {
		dup2(fd, STDIN_FILENO);
		close(fd);
	}
	return true;
}

/* Clock ticks since boot that any CPU has spent on anything. */
static long busy_ticks(void)
{
	char *text = io_read_file("/proc/stat");
	long t[8] = {0};

	if (text)
		sscanf(text, "cpu %ld %ld %ld %*d %*d %ld %ld %ld", &t[0], &t[1], &t[2], &t[3],
		       &t[4], &t[5]);
	free(text);
	return t[0] + t[1] + t[2] + t[3] + t[4] + t[5];
}

void guest_settle(void)
{
	int step, quiet = 0;
	long before = busy_ticks(), now;
	double begin = seconds();

	for (step = 0; step < SETTLE_STEPS && quiet < 3; step++) {
		/* Not synchronisation: idleness is something that only time shows. */
		poll(NULL, 0, 100);
		now = busy_ticks();
		quiet = now - before <= 1 ? quiet + 1 : 0;
		before = now;
	}
	startup.settled_s = seconds() - begin;
}

/* Lines of the kernel's log that stand for the steps of a boot. */
enum step {
	STEP_UNPACK,
	STEP_UNPACKED,
	STEP_INIT,
	STEP_READY,
	NR_STEPS
};

static const char *const step_signs[NR_STEPS][2] = {
	[STEP_UNPACK] = {"rootfs image as initramfs", "Unpacking initramfs"},
	[STEP_UNPACKED] = {"Freeing initrd memory"},
	[STEP_INIT] = {"Run /init as init process"},
	[STEP_READY] = {"faultbench: ready"},
};

/* A record of /dev/kmsg is "priority,sequence,time in us,flags;text". */
static void find_step(const char *record, double when[NR_STEPS])
{
	long long us;
	int i;

	if (sscanf(record, "%*u,%*u,%lld", &us) != 1)
		return;
	for (i = 0; i < 2 * NR_STEPS; i++)
		if (step_signs[i / 2][i % 2] && strstr(record, step_signs[i / 2][i % 2]))
			when[i / 2] = (double)us / 1e6;
}

/* Seconds by the log's clock, which is another than ours; 0 where the log does not say. */
static void read_log(double when[NR_STEPS])
{
	int fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	char record[8192];
	ssize_t got;

	if (fd < 0)
		return;
	/* So that what the log says can be told by our clock; at a level no console shows. */
	if (!io_write_all(fd, "<7>faultbench: ready\n", 21))
		err_errno("init: /dev/kmsg");
	while ((got = read(fd, record, sizeof(record) - 1)) > 0 || (got < 0 && errno == EPIPE)) {
		record[got > 0 ? got : 0] = '\0';
		find_step(record, when);
	}
	close(fd);
}

static void put(json_t *json, const char *name, double s)
{
	json_object_set_new(json, name, record_seconds(s));
}

json_t *guest_startup(void)
{
	double when[NR_STEPS] = {0}, tick_s, init_s;
	struct instant ready = instant();
	json_t *json = json_object();

	read_log(when);
	if (when[STEP_UNPACK] && when[STEP_UNPACKED])
		put(json, "unpack_s", when[STEP_UNPACKED] - when[STEP_UNPACK]);
	if (when[STEP_INIT] && when[STEP_READY]) {
		init_s = ready.s - (when[STEP_READY] - when[STEP_INIT]);
		put(json, "init_s", init_s);
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

void guest_steady(void)
{
	set("/proc/sys/vm/stat_interval", "1000000");
}

void guest_stop(void)
{
	sync();
	reboot(RB_POWER_OFF);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}
