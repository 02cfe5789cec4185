// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What machines of arm64 are told to be, by made-up trees of sysfs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/harness/machine/host.h"

#define DMI "sys/class/dmi/id/"
#define DT  "sys/firmware/devicetree/base/"

static char root[64];

static int begin(void **state)
{
	(void)state;
	strcpy(root, "/tmp/faultbench-test-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int end(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r '%s'", root);
	return system(command);
}

/* A file below the root, with len bytes in it. */
static void put_bytes(const char *path, const char *bytes, size_t len)
{
	char command[512];
	FILE *file;

	snprintf(command, sizeof(command), "mkdir -p \"$(dirname '%s/%s')\"", root, path);
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof(command), "%s/%s", root, path);
	file = fopen(command, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

/* BIOS information that says, or does not, that it is a VM's. */
static void put_smbios(int vm)
{
	char bios[26] = {0, 26};

	bios[19] = (char)(vm ? 0x1c : 0x0c);
	put_bytes("sys/firmware/dmi/entries/0-0/raw", bios, sizeof(bios));
}

static void expect(const char *host)
{
	char text[128];

	host_by_firmware(root, text, sizeof(text));
	assert_string_equal(text, host);
}

static void ec2_sells_both(void **state)
{
	(void)state;
	put(DMI "sys_vendor", "Amazon EC2\n");
	put(DMI "product_name", "m7g.large\n");
	expect("KVM (Amazon EC2)");
	put(DMI "product_name", "c7g.metal\n");
	expect("none");
	put(DMI "product_name", "m8g.metal-24xl\n");
	expect("none");
	put_smbios(1);
	expect("KVM (Amazon EC2)");
	put(DMI "product_name", "m7g.large\n");
	put_smbios(0);
	expect("none");
}

static void google_sells_both(void **state)
{
	(void)state;
	put(DMI "sys_vendor", "Google\n");
	put(DMI "product_name", "Google Compute Engine\n");
	put_smbios(0);
	expect("KVM (Google)");
	put("sys/class/misc/kvm/dev", "10:232\n");
	expect("none");
}

static void others_give_themselves_away(void **state)
{
	(void)state;
	expect("none");
	put("sys/bus/virtio/devices/virtio0/device", "0x0001\n");
	expect("yes (unknown kind)");
	put(DT "compatible", "linux,dummy-virt");
	expect("yes (a virt machine)");
	put(DMI "sys_vendor", "QEMU\n");
	expect("QEMU");
	put(DMI "product_name", "OpenStack Nova\n");
	expect("KVM (OpenStack)");
	put(DMI "product_name", "Apple Virtualization Generic Platform\n");
	expect("Apple Virtualization");
	put(DT "hypervisor/compatible", "linux,kvm");
	expect("linux,kvm");
}

/* Firmware that says nothing but that it is a VM's; and real hardware. */
static void firmware_has_a_bit(void **state)
{
	(void)state;
	put(DMI "sys_vendor", "Hetzner\n");
	put(DMI "product_name", "vServer\n");
	put_smbios(1);
	expect("yes (unknown kind)");
	put(DMI "sys_vendor", "GIGABYTE\n");
	put(DMI "product_name", "R272-P30-JG\n");
	put("sys/class/misc/kvm/dev", "10:232\n");
	put_smbios(0);
	expect("none");
}

static void cores_have_names(void **state)
{
	(void)state;
	assert_string_equal(host_core(root, "0x61", "0x032", 24000000), "Apple M2");
	assert_string_equal(host_core(root, "0x61", "0x000", 24000000), "Apple core");
	assert_string_equal(host_core(root, "0x61", "0x052", 1000000000), "Apple core");
	assert_string_equal(host_core(root, "0x00", "0x000", 24000000), "Apple core");
	assert_string_equal(host_core(root, "0x00", "0x051", 62500000), "QEMU max");
	assert_null(host_core(root, "0x00", "0x000", 1000000000));
	assert_null(host_core(root, "0x48", "0xd01", 100000000));
	put(DMI "sys_vendor", "Apple Inc.\n");
	assert_string_equal(host_core(root, "0x00", "0x000", 1000000000), "Apple core");
	assert_null(host_core(root, "0x00", "0xd40", 1000000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ec2_sells_both, begin, end),
		cmocka_unit_test_setup_teardown(google_sells_both, begin, end),
		cmocka_unit_test_setup_teardown(others_give_themselves_away, begin, end),
		cmocka_unit_test_setup_teardown(firmware_has_a_bit, begin, end),
		cmocka_unit_test_setup_teardown(cores_have_names, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
