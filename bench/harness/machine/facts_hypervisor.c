// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether there is a host below, and whether it takes memory back: then a fault here may cost one
 * there.
 */
#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "bench/harness/machine/facts_part.h"
#include "bench/harness/machine/host.h"
#include "common/io.h"

#define VIRTIO_ID_BALLOON	   "0x0005"
#define VIRTIO_BALLOON_F_REPORTING 5

static const struct fact_file files[] = {
	{"page_reporting.order", "/sys/module/page_reporting/parameters/page_reporting_order",
	 FACT_NUMBER, false},
};

#if defined(__x86_64__) || defined(__i386__)
static const struct {
	const char *signature, *name;
} signatures[] = {
	{"KVMKVMKVM", "KVM"},	     {"TCGTCGTCGTCG", "QEMU TCG"},
	{"Microsoft Hv", "Hyper-V"}, {"VMwareVMware", "VMware"},
	{"XenVMMXenVMM", "Xen"},     {"VBoxVBoxVBox", "VirtualBox"},
	{"bhyve bhyve ", "bhyve"},   {"Linux KVM Hv", "KVM (as Hyper-V)"},
	{"ACRNACRNACRN", "ACRN"},    {" lrpepyh  vr", "Parallels"},
};

/* The vendor's twelve letters in EBX, ECX, EDX of CPUID leaf 0x40000000. */
static void kind_of_host(char *text, size_t room)
{
	unsigned int eax, word[3];
	char signature[13] = "";
	size_t i;

	__cpuid(0x40000000, eax, word[0], word[1], word[2]);
	memcpy(signature, word, sizeof(word));
	snprintf(text, room, "yes (unknown kind)");
	for (i = 0; i < FACTS_NR(signatures); i++)
		if (!strcmp(signature, signatures[i].signature))
			snprintf(text, room, "%s", signatures[i].name);
}

/* The CPU's own flag is the authority, also for the kernel. */
static void find_host(char *text, size_t room)
{
	char *cpuinfo = io_read_file("/proc/cpuinfo");
	char *flags = cpuinfo ? facts_line(cpuinfo, "flags") : NULL;

	snprintf(text, room, "none");
	if (flags && strstr(flags, " hypervisor"))
		kind_of_host(text, room);
	free(flags);
	free(cpuinfo);
}
#else
static void find_host(char *text, size_t room)
{
	host_by_firmware("", text, room);
}
#endif

/* The features file has a digit for each feature bit, bit 0 first, as agreed with the host. */
static void put_balloon(struct facts *f, const char *device)
{
	char *features = io_read_filef("/sys/bus/virtio/devices/%s/features", device);
	char path[256];
	bool bound;

	snprintf(path, sizeof(path), "/sys/bus/virtio/drivers/virtio_balloon/%s", device);
	bound = !access(path, F_OK);
	facts_text(f, "balloon.device", device);
	facts_text(f, "balloon.active", bound ? "yes" : "no");
	if (features && strlen(features) > VIRTIO_BALLOON_F_REPORTING)
		facts_text(f, "balloon.page_reporting",
			   bound && features[VIRTIO_BALLOON_F_REPORTING] == '1' ? "yes" : "no");
	free(features);
}

void facts_hypervisor(struct facts *f)
{
	char text[128], *id;
	glob_t found;
	size_t i;

	find_host(text, sizeof(text));
	facts_text(f, "hypervisor", text);
	facts_files(f, files, FACTS_NR(files));
	if (glob("/sys/bus/virtio/devices/*/device", 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++) {
		id = io_read_file(found.gl_pathv[i]);
		if (id && !strcmp(id, VIRTIO_ID_BALLOON))
			put_balloon(f, basename(dirname(found.gl_pathv[i])));
		free(id);
	}
	globfree(&found);
}
