// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/machine/guest.h"

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

#include "bench/harness/provide/fair_server.h"
#include "common/io.h"
#include "common/msg.h"

#define PORT	     "faultbench"
#define PORT_WAIT_MS 10000 /* a device found while booting appears well before */

static void mount_all(void)
{
	static const struct {
		const char *type, *where, *options;
	} mounts[] = {{"proc", "/proc", NULL},
		      {"sysfs", "/sys", NULL},
		      {"devtmpfs", "/dev", NULL},
		      /* By itself it is half as large as memory. */
		      {"tmpfs", "/tmp", "size=100%"},
		      {"tracefs", "/sys/kernel/tracing", NULL},
		      /* For files that are on a file system, not in shared memory. */
		      {"ramfs", "/var/tmp", NULL}};
	size_t i;

	mkdir("/var", 0755);
	mkdir("/var/tmp", 01777);
	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, mounts[i].options) &&
		    errno != EBUSY && i < 3)
			err_errno("init: mount %s", mounts[i].where);
	/* A security module (TOMOYO, of 5.10) looks for what execveat() names there. */
	if (symlink("/proc/self/fd", "/dev/fd") && errno != EEXIST)
		err_errno("init: /dev/fd");
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

/* "12-null_blk.ko": the device that is made by itself is as large as a disk, and nobody's. */
static const char *parameters_of(const char *name)
{
	return strstr(name, "-null_blk.ko") ? "nr_devices=0" : "";
}

static void load_module(const char *name)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "/modules/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (syscall(SYS_finit_module, fd, parameters_of(name), 0) && errno != EEXIST))
		err_errno("init: module %s", name);
	if (fd >= 0)
		close(fd);
}

/* What tests while it is loaded is loaded by whoever measures it. */
static int is_module(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !strstr(entry->d_name, "-test_vmalloc.ko");
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
	mount("configfs", "/sys/kernel/config", "configfs", 0, NULL);
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

/* A request that came along: then nothing comes from outside (see runners/qemu/qemu.c). */
static bool take_request(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return false;
	dup2(fd, STDIN_FILENO);
	close(fd);
	return true;
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
	/* Whoever started us reads the console, and nothing else. */
	if (take_request("/console-request"))
		return true;
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
	take_request("/request");
	return true;
}

void guest_mount_groups(void)
{
	mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL);
}

void guest_steady(void)
{
	set("/proc/sys/vm/stat_interval", "1000000");
}

void guest_show_addresses(void)
{
	set("/proc/sys/kernel/kptr_restrict", "1");
}

void guest_stop(void)
{
	sync();
	reboot(RB_POWER_OFF);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}
