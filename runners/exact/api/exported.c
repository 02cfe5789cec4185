// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registers where plugins are shown none (API 1): by functions of QEMU's own, which one that loads
 * modules shows to all (Debian's, Ubuntu's).
 */
#include <dlfcn.h>
#include <string.h>

#include "runners/exact/api/bytes.h"
#include "runners/exact/qemu_api.h"

static struct {
	void *(*find)(int number); /* vCPU */
	/* What GDB would be told of a register of it is appended; its size. */
	int (*read)(void *cpu, struct bytes *to, int number);
} qemu;

bool api_registers(const char *const *names)
{
	(void)names;
	*(void **)&qemu.find = dlsym(RTLD_DEFAULT, "qemu_get_cpu");
	*(void **)&qemu.read = dlsym(RTLD_DEFAULT, "aarch64_cpu_gdb_read_register");
	if (!qemu.read)
		*(void **)&qemu.read = dlsym(RTLD_DEFAULT, "x86_cpu_gdb_read_register");
	return qemu.find && qemu.read;
}

bool api_register(unsigned int number, uint64_t *ret)
{
	struct bytes *bytes = bytes_empty();

	qemu.read(qemu.find(0), bytes, (int)number);
	return bytes_number(bytes, ret);
}
