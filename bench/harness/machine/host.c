// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/machine/host.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"

#define NR(table) (sizeof(table) / sizeof((table)[0]))

#define DMI	"/sys/class/dmi/id/"
#define DT	"/sys/firmware/devicetree/base/"
#define VENDOR	DMI "sys_vendor"
#define PRODUCT DMI "product_name"

/* Who sells machines of both kinds is asked before this which one it is. */
static const struct {
	const char *path, *begins, *name;
} signs[] = {
	{"/sys/hypervisor/type", "", NULL},
	{DT "hypervisor/compatible", "", NULL},
	{PRODUCT, "Google Compute Engine", "KVM (Google)"},
	{PRODUCT, "KVM", "KVM"},
	{PRODUCT, "OpenStack", "KVM (OpenStack)"},
	{PRODUCT, "KubeVirt", "KVM (KubeVirt)"},
	{PRODUCT, "Virtual Machine", "Hyper-V"},
	{PRODUCT, "Apple Virtualization", "Apple Virtualization"},
	{PRODUCT, "VMware", "VMware"},
	{PRODUCT, "Parallels", "Parallels"},
	{VENDOR, "Amazon EC2", "KVM (Amazon EC2)"},
	{VENDOR, "QEMU", "QEMU"},
	{VENDOR, "VMware", "VMware"},
	{VENDOR, "innotek GmbH", "VirtualBox"},
	{VENDOR, "Parallels", "Parallels"},
	{VENDOR, "Xen", "Xen"},
	{DT "compatible", "linux,dummy-virt", "yes (a virt machine)"},
	{"/sys/bus/virtio/devices/virtio0/device", "", "yes (unknown kind)"},
};

static bool begins(const char *root, const char *path, const char *with)
{
	char *seen = io_read_filef("%s%s", root, path);
	bool so = seen && !strncmp(seen, with, strlen(with));

	free(seen);
	return so;
}

/*
 * What SMBIOS says of itself: bit 4 of the second extension byte of BIOS information (DSP0134,
 * 7.1.2.2) is that of a VM. 1 or 0; -1 if it cannot be read, as by others than root.
 */
static int smbios_vm(const char *root)
{
	unsigned char bios[20];
	char path[256];
	FILE *file;
	int vm = -1;

	snprintf(path, sizeof(path), "%s/sys/firmware/dmi/entries/0-0/raw", root);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (fread(bios, 1, sizeof(bios), file) == sizeof(bios) && bios[1] >= sizeof(bios))
		vm = bios[19] >> 4 & 1;
	fclose(file);
	return vm;
}

/* "m7g.metal", "c7g.metal-24xl". */
static bool is_metal_type(const char *root)
{
	char *type = io_read_filef("%s" PRODUCT, root);
	const char *metal = type ? strstr(type, ".metal") : NULL;
	bool is = metal && (!metal[6] || metal[6] == '-' || metal[6] == '\n');

	free(type);
	return is;
}

/*
 * EC2 sets the bit of VMs. Google does not, so there it is whether KVM runs here: it is part of
 * kernels for arm64, and guests there cannot nest.
 */
static bool is_sold_metal(const char *root)
{
	char kvm[256];
	int vm;

	if (begins(root, VENDOR, "Amazon EC2")) {
		vm = smbios_vm(root);
		return vm < 0 ? is_metal_type(root) : !vm;
	}
	snprintf(kvm, sizeof(kvm), "%s/sys/class/misc/kvm", root);
	return begins(root, PRODUCT, "Google Compute Engine") && !access(kvm, F_OK);
}

void host_by_firmware(const char *root, char *text, size_t room)
{
	char *seen = NULL;
	size_t i;

	snprintf(text, room, "none");
	if (is_sold_metal(root))
		return;
	for (i = 0; i < NR(signs) && !begins(root, signs[i].path, signs[i].begins); i++)
		;
	if (i < NR(signs)) {
		seen = signs[i].name ? NULL : io_read_filef("%s%s", root, signs[i].path);
		snprintf(text, room, "%s", seen ? seen : signs[i].name);
		text[strcspn(text, "\n")] = '\0';
	} else if (smbios_vm(root) == 1) {
		snprintf(text, room, "yes (unknown kind)");
	}
	free(seen);
}

/* Cores of arm64 that our users have and libpfm4 does not know. */
static const struct {
	const char *implementer, *part, *name;
} cores[] = {
	/* target/arm/cpu64.c of QEMU: what its "max" shows to guests */
	{"0x00", "0x051", "QEMU max"},
	/* arch/arm64/include/asm/cputype.h */
	{"0x61", "0x022", "Apple M1"},
	{"0x61", "0x023", "Apple M1"},
	{"0x61", "0x024", "Apple M1 Pro"},
	{"0x61", "0x025", "Apple M1 Pro"},
	{"0x61", "0x028", "Apple M1 Max"},
	{"0x61", "0x029", "Apple M1 Max"},
	{"0x61", "0x032", "Apple M2"},
	{"0x61", "0x033", "Apple M2"},
	{"0x61", "0x034", "Apple M2 Pro"},
	{"0x61", "0x035", "Apple M2 Pro"},
	{"0x61", "0x038", "Apple M2 Max"},
	{"0x61", "0x039", "Apple M2 Max"},
};

#define APPLE_HZ 24000000 /* the counter of all of them up to M3 */

/* In a VM they have no number, or not even their maker's. */
static bool is_apple(const char *root, const char *implementer, const char *part,
		     unsigned long counter_hz)
{
	if (strcmp(implementer, "0x00") || strcmp(part, "0x000"))
		return !strcmp(implementer, "0x61");
	return begins(root, VENDOR, "Apple") || begins(root, PRODUCT, "Apple") ||
	       begins(root, DT "model", "Apple") || counter_hz == APPLE_HZ;
}

const char *host_core(const char *root, const char *implementer, const char *part,
		      unsigned long counter_hz)
{
	size_t i;

	for (i = 0; i < NR(cores); i++)
		if (!strcmp(cores[i].implementer, implementer) && !strcmp(cores[i].part, part))
			return cores[i].name;
	return is_apple(root, implementer, part, counter_hz) ? "Apple core" : NULL;
}

unsigned long host_counter_hz(void)
{
#ifdef __aarch64__
	unsigned long hz;

	__asm__("mrs %0, cntfrq_el0" : "=r"(hz));
	return hz;
#else
	return 0;
#endif
}
