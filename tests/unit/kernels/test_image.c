// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel images as they are recognised and unpacked, whole, cut and damaged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <elf.h>
#include <zstd.h>

#include "kernels/fetch/image.h"
#include "kernels/fetch/unpack.h"
#include "kernels/kernel.h"
#include "tests/unit/kernels/made_image.h"

static void formats_are_recognised(void **state)
{
	unsigned char image[ROOM], packed[ROOM];
	size_t len, i;

	(void)state;
	len = make_bzimage(image);
	assert_int_equal(image_recognise(image, len), IMAGE_BZIMAGE);
	assert_string_equal(image_arch(image, len), "x86_64");
	image[0x236] = 0; /* 32-bit */
	assert_null(image_arch(image, len));
	len = make_elf(image);
	assert_int_equal(image_recognise(image, len), IMAGE_ELF);
	assert_string_equal(image_arch(image, len), "x86_64");
	len = make_arm64(image);
	assert_int_equal(image_recognise(image, len), IMAGE_RAW);
	assert_string_equal(image_arch(image, len), "arm64");
	assert_int_equal(image_page_size(image, len), 0);
	put(image + 24, 0x8 | 2 << 1, 8);
	assert_int_equal(image_page_size(image, len), 16 << 10);
	put(image + 24, 3 << 1, 8);
	assert_int_equal(image_page_size(image, len), 64 << 10);
	put(image + 24, 0, 8);
	for (i = 0; i < NR_PACKINGS; i++) {
		size_t packed_len = packings[i].pack(packed, image, len);

		assert_int_equal(image_recognise(packed, packed_len), IMAGE_PACKED);
		assert_string_equal(unpack_how(packed, packed_len), packings[i].name);
	}
	len = make_zboot(image, &packings[0]);
	assert_int_equal(image_recognise(image, len), IMAGE_ZBOOT);
	/* What is for no architecture of ours says for which. */
	len = make_arm64(image);
	memcpy(image + 56, "RSC\x05", 4);
	assert_int_equal(image_recognise(image, len), IMAGE_RAW);
	assert_string_equal(image_arch(image, len), "riscv64");
	len = make_elf(image);
	put(image + 18, EM_RISCV, 2);
	assert_string_equal(image_arch(image, len), "riscv64");
	put(image + 16, ET_EXEC << 8, 2);
	put(image + 18, EM_S390 << 8, 2);
	image[EI_DATA] = ELFDATA2MSB;
	assert_string_equal(image_arch(image, len), "s390x");
	put(image + 18, EM_X86_64 << 8, 2);
	assert_null(image_arch(image, len));
	memset(image, 0, ROOM);
	assert_int_equal(image_recognise(image, ROOM), IMAGE_UNKNOWN);
	memset(image, 0xff, ROOM);
	assert_int_equal(image_recognise(image, ROOM), IMAGE_UNKNOWN);
}

/* Everything that is asked about an image, whose every byte may be missing or wrong. */
static void ask_all(const unsigned char *data, size_t len)
{
	unsigned char *copy = malloc(len ? len : 1), *out = NULL; /* so that ASan sees the end */
	size_t out_len;

	memcpy(copy, data, len);
	image_arch(copy, len);
	image_page_size(copy, len);
	free(image_release(copy, len));
	image_has_pvh(copy, len);
	if (image_unpack("x", copy, len, &out, &out_len))
		free(out);
	free(copy);
}

static void cut_and_damaged_images_do_no_harm(void **state)
{
	unsigned char image[ROOM], damaged[ROOM];
	size_t len, cut, i, k;

	(void)state;
	for (i = 0; i < 3 + NR_PACKINGS; i++) {
		len = i == 0   ? make_bzimage(image)
		      : i == 1 ? make_arm64(image)
		      : i == 2 ? make_elf(image)
			       : make_zboot(image, &packings[i - 3]);
		for (cut = 0; cut < len; cut += cut < 0x300 ? 1 : 61)
			ask_all(image, cut);
		for (k = 0; k < 2000; k++) {
			memcpy(damaged, image, len);
			damaged[(k * 7919) % (k % 2 ? 0x240 : len)] = (unsigned char)(k * 31);
			damaged[(k * 104729) % 128] = 0xff;
			ask_all(damaged, len);
		}
	}
}

static void releases_are_read(void **state)
{
	unsigned char image[ROOM];
	char *release;
	size_t len;

	(void)state;
	len = make_bzimage(image);
	release = image_release(image, len);
	assert_string_equal(release, "6.1.0-56-cloud-amd64");
	free(release);
	assert_null(image_release(image, 0x604)); /* cut inside the release */
	put(image + 0x20e, 0xffff, 2);
	assert_null(image_release(image, len));
	len = make_arm64(image);
	release = image_release(image, len);
	assert_string_equal(release, "6.12.117+deb12");
	free(release);
	assert_null(image_release(image, 2010));
}

static void pvh_is_found(void **state)
{
	unsigned char image[ROOM];
	size_t len = make_elf(image);

	(void)state;
	assert_true(image_has_pvh(image, len));
	put(image + 0x21c, 17, 4);
	assert_false(image_has_pvh(image, len));
	make_elf(image);
	put(image + 0x200, UINT32_MAX, 4); /* a name without end */
	assert_false(image_has_pvh(image, len));
	make_elf(image);
	put(image + 32, UINT64_MAX, 8);
	assert_false(image_has_pvh(image, len));
}

/* That data is what kernel, of ROOM bytes, was packed to. */
static void expect_unpacked(const unsigned char *data, size_t len, const unsigned char *kernel)
{
	unsigned char *out = NULL;
	size_t out_len = 0;

	assert_true(image_unpack("z", data, len, &out, &out_len));
	assert_int_equal(out_len, ROOM);
	assert_memory_equal(out, kernel, ROOM);
	free(out);
}

static void expect_refused(const unsigned char *data, size_t len)
{
	unsigned char *out = NULL;
	size_t out_len;

	assert_false(image_unpack("z", data, len, &out, &out_len));
	assert_null(out);
}

static void zboot_is_unpacked(void **state)
{
	unsigned char image[ROOM], kernel[ROOM];
	size_t len, i;

	(void)state;
	make_arm64(kernel);
	for (i = 0; i < NR_PACKINGS; i++) {
		len = make_zboot(image, &packings[i]);
		expect_unpacked(image, len, kernel);
		put(image + len, ROOM, 4); /* the size that a build appends to the payload */
		expect_unpacked(image, len + 4, kernel);
		expect_refused(image, len - 1);
		put(image + 12, len - 0x400 - 20, 4); /* the packed data itself is cut */
		expect_refused(image, len);
		put(image + 12, 0, 4);
		expect_refused(image, len);
		len = make_zboot(image, &packings[i]);
		memset(image + 0x400, 0xa5, len - 0x400);
		expect_refused(image, len);
		len = make_zboot(image, &packings[i]);
		strcpy((char *)image + 24, "lzo");
		expect_refused(image, len);
		memset(image + 24, 'x', 64); /* no end */
		expect_refused(image, len);
	}
}

/* A vmlinux in a bzImage is found; one that QEMU cannot start is not, a damaged one is an error. */
static void vmlinux_is_unpacked(void **state)
{
	unsigned char image[2 * ROOM], kernel[ROOM], *out;
	size_t len, out_len, size, i;

	(void)state;
	for (i = 0; i < NR_PACKINGS; i++) {
		make_bzimage(image);
		make_elf(kernel);
		size = packings[i].pack(image + 0xc00, kernel, ROOM);
		put(image + 0xc00 + size, ROOM, 4);
		put(image + 0x248, 0x200, 4);
		put(image + 0x24c, size + 4, 4);
		len = 0xc00 + size + 4;
		assert_true(image_vmlinux("z", image, len, &out, &out_len));
		assert_int_equal(out_len, ROOM);
		assert_memory_equal(out, kernel, ROOM);
		free(out);
		assert_true(image_vmlinux("z", image, len - 1, &out, &out_len)); /* cut */
		assert_null(out);
		memset(image + 0xc00 + 10, 0xa5, size - 10);
		assert_false(image_vmlinux("z", image, len, &out, &out_len));
		kernel[0x214 + 8] = 0x13; /* no PVH */
		size = packings[i].pack(image + 0xc00, kernel, ROOM);
		put(image + 0x24c, size, 4);
		assert_true(image_vmlinux("z", image, 0xc00 + size, &out, &out_len));
		assert_null(out);
		put(image + 0x206, 0x207, 2); /* does not say where it is */
		assert_true(image_vmlinux("z", image, len, &out, &out_len));
		assert_null(out);
	}
	assert_true(image_vmlinux("z", kernel, make_elf(kernel), &out, &out_len));
	assert_null(out);
}

/* Packed by itself, once and twice; cut anywhere; with its middle damaged. */
static void packed_images_are_unpacked(void **state)
{
	unsigned char kernel[ROOM], packed[2 * ROOM];
	size_t len, cut, i;

	(void)state;
	make_arm64(kernel);
	for (i = 0; i < NR_PACKINGS; i++) {
		len = packings[i].pack(packed, kernel, ROOM);
		expect_unpacked(packed, len, kernel);
		for (cut = 0; cut < len; cut++)
			expect_refused(packed, cut);
		memset(packed + len / 2, 0xa5, 8);
		expect_refused(packed, len);
		len = packings[i].pack(packed, kernel, ROOM / 2);
		if (packings[i].pack == pack_lzma) /* which has no mark to know another by */
			continue;
		len += packings[i].pack(packed + len, kernel + ROOM / 2, ROOM / 2);
		expect_unpacked(packed, len, kernel);
	}
}

/* 65 frames of 16 MiB each. */
static void bombs_are_refused(void **state)
{
	size_t part = 1 << 24, len = 0, i;
	unsigned char *zeros = calloc(1, part), bomb[65 * ROOM / 2];

	(void)state;
	for (i = 0; i < 65; i++)
		len += ZSTD_compress(bomb + len, ROOM / 2, zeros, part, 1);
	assert_true(len < sizeof(bomb));
	expect_refused(bomb, len);
	free(zeros);
}

/* Little data, but with a window of 2 GiB or a dictionary of 1 GiB. */
static void memory_is_bounded(void **state)
{
	static const unsigned char zstd[] = "\x28\xb5\x2f\xfd\0\xa8\x21\0\0abcd";
	unsigned char kernel[ROOM], packed[ROOM];
	size_t len;

	(void)state;
	expect_refused(zstd, sizeof(zstd) - 1);
	len = pack_lzma(packed, kernel, make_arm64(kernel));
	put(packed + 1, 1 << 30, 4);
	expect_refused(packed, len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_are_recognised),
		cmocka_unit_test_setup_teardown(cut_and_damaged_images_do_no_harm, be_quiet,
						speak_again),
		cmocka_unit_test(releases_are_read),
		cmocka_unit_test(pvh_is_found),
		cmocka_unit_test(zboot_is_unpacked),
		cmocka_unit_test_setup_teardown(vmlinux_is_unpacked, be_quiet, speak_again),
		cmocka_unit_test_setup_teardown(packed_images_are_unpacked, be_quiet, speak_again),
		cmocka_unit_test(bombs_are_refused),
		cmocka_unit_test(memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
