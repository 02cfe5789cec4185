// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/kvm.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/process.h"

#define LIMIT_S 5

#if defined(__x86_64__)

#define BIOS_SIZE 65536
#define ENDED	  ((0x10 << 1) | 1) /* what isa-debug-exit makes of the 0x10 written to it */

/* A BIOS whose reset vector leaves through isa-debug-exit: mov $0x10,%al; out %al,$0xf4; hlt. */
static bool write_guest(int fd)
{
	static const unsigned char code[] = {0xb0, 0x10, 0xe6, 0xf4, 0xf4};

	return !ftruncate(fd, BIOS_SIZE) &&
	       pwrite(fd, code, sizeof(code), BIOS_SIZE - 16) == sizeof(code);
}

static void become_probe(const char *path)
{
	execlp("qemu-system-x86_64", "qemu-system-x86_64", "-nodefaults", "-no-user-config",
	       "-display", "none", "-no-reboot", "-machine", "pc", "-accel", "kvm", "-m", "16",
	       "-bios", path, "-device", "isa-debug-exit,iobase=0xf4,iosize=1", (char *)NULL);
}

#elif defined(__aarch64__)

#define ENDED 0

/* PSCI SYSTEM_OFF: movz w0,#0x8400,lsl #16; movk w0,#8; hvc #0; b . */
static bool write_guest(int fd)
{
	static const unsigned int code[] = {0x52b08000, 0x72800100, 0xd4000002, 0x14000000};

	return pwrite(fd, code, sizeof(code), 0) == sizeof(code);
}

static void become_probe(const char *path)
{
	execlp("qemu-system-aarch64", "qemu-system-aarch64", "-nodefaults", "-no-user-config",
	       "-display", "none", "-no-reboot", "-machine", "virt,gic-version=max", "-accel",
	       "kvm", "-cpu", "host", "-m", "64", "-kernel", path, (char *)NULL);
}

#else

#define ENDED 0

static bool write_guest(int fd)
{
	return fd < 0; /* never: nothing is known of this machine's instructions */
}

static void become_probe(const char *path)
{
	(void)path;
}

#endif

static void start_probe(int guest)
{
	char path[32];
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	fcntl(guest, F_SETFD, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", guest);
	become_probe(path);
	_exit(127);
}

static const char *probe(void)
{
	const char *why = "a small guest did not run with it";
	int guest, status;
	pid_t pid;

	if (access("/dev/kvm", R_OK | W_OK))
		return "/dev/kvm is not there or may not be used";
	guest = memfd_create("kvm-probe", MFD_CLOEXEC);
	if (guest < 0 || !write_guest(guest))
		return "a small guest could not be made";
	pid = fork();
	if (pid == 0)
		start_probe(guest);
	close(guest);
	if (!child_wait(pid, LIMIT_S, &status))
		return "/dev/kvm is there, but a small guest hung with it";
	if (WIFEXITED(status) && WEXITSTATUS(status) == ENDED)
		why = NULL;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		why = "QEMU is not installed";
	return why;
}

static bool asked;
static const char *why_not; /* NULL: it works */

bool kvm_works(const char **ret_why)
{
	if (!asked)
		why_not = probe();
	asked = true;
	*ret_why = why_not;
	return !why_not;
}

void kvm_broke(const char *why)
{
	asked = true;
	why_not = why;
}
