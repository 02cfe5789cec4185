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

#include "common/io.h"
#include "common/msg.h"

#define PORT	     "faultbench"
#define SETTLE_STEPS 100   /* of 0.1 s */
#define PORT_WAIT_MS 10000 /* a device found while booting appears well before */

static void mount_all(void)
{
	static const struct {
		const char *type, *where;
	} mounts[] = {{"proc", "/proc"},
		      {"sysfs", "/sys"},
		      {"devtmpfs", "/dev"},
		      {"tmpfs", "/tmp"},
		      {"debugfs", "/sys/kernel/debug"},
		      {"tracefs", "/sys/kernel/tracing"}};
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, NULL) &&
		    errno != EBUSY && i < 3)
			err_errno("init: mount %s", mounts[i].where);
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

bool guest_start(void)
{
	int fd = -1, waited;

	if (access("/proc/self", F_OK)) {
		mount_all();
		/* libnuma and others looked at /proc and /sys when we were loaded; let them look
		 * again. */
		execl("/proc/self/exe", "init", (char *)NULL);
		return err_errno("init: exec");
	}
	open_console();
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

double guest_settle(void)
{
	int step, quiet = 0;
	long before = busy_ticks(), now;

	for (step = 0; step < SETTLE_STEPS && quiet < 3; step++) {
		/* Not synchronisation: idleness is something that only time shows. */
		poll(NULL, 0, 100);
		now = busy_ticks();
		quiet = now - before <= 1 ? quiet + 1 : 0;
		before = now;
	}
	return step / 10.0;
}

static void set_sysctl(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/vm/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (!io_write_all(fd, value, strlen(value)))
		err_errno("init: %s = %s", path, value);
	close(fd);
}

void guest_steady(void)
{
	set_sysctl("stat_interval", "1000000");
}

void guest_stop(void)
{
	sync();
	reboot(RB_POWER_OFF);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}
