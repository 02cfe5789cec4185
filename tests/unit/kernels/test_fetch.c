// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernels as others ship them, made of a few bytes each, and the entries they become.
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
#include <zlib.h>

#include "common/files.h"
#include "kernels/kernel.h"

#define INSTALLED  "6.12.117+deb12"
#define IMAGE_SIZE 512

static int own_stderr;

/* For tests whose refusals are many and expected. */
static int be_quiet(void **state)
{
	(void)state;
	own_stderr = dup(STDERR_FILENO);
	return !freopen("/dev/null", "w", stderr);
}

static int speak_again(void **state)
{
	(void)state;
	return dup2(own_stderr, STDERR_FILENO) < 0 || close(own_stderr);
}

/* As much of an arm64 Image as is looked at. */
static void make_image(unsigned char image[IMAGE_SIZE])
{
	memset(image, 0, IMAGE_SIZE);
	memcpy(image + 56, "ARM\x64", 4);
	strcpy((char *)image + 128, "Linux version " INSTALLED " (someone) #1");
}

/* As much of a bzImage. */
static void make_bzimage(unsigned char image[2 * IMAGE_SIZE])
{
	memset(image, 0, 2 * IMAGE_SIZE);
	memcpy(image + 0x1fe, "\x55\xaaxxHdrS\x0f\x02", 10);
	memcpy(image + 0x20e, "\x80\x01", 2);
	image[0x236] = 1;
	strcpy((char *)image + 0x380, INSTALLED " (someone) #1");
}

/* Files of a kernel as somebody ships it; their content is the kernel's image, or a line of text.
 */
static void lay_out(const char *root, const char *const *files)
{
	unsigned char image[IMAGE_SIZE];
	char *path;

	make_image(image);
	for (; *files; files++) {
		path = files_text("%s/%s", root, *files);
		assert_true(files_make_above(path));
		if (strstr(path, "vmlinu") || strstr(path, "Image"))
			assert_true(files_write(path, image, sizeof(image)));
		else if (strstr(path, "modules.order"))
			assert_true(files_write(path, "kernel/virtio_pci.ko\n", 21));
		else
			assert_true(files_write(path, "CONFIG_ARM64=y\n", 15));
		free(path);
	}
}

/* Wherever distributions put it, its config and its modules are found. */
static void installed_kernels_are_found(void **state)
{
	static const struct {
		const char *below; /* the folder that is named */
		const char *files[6];
	} layouts[] = {
		{"",
		 {"boot/vmlinuz-" INSTALLED, "boot/config-" INSTALLED,
		  "lib/modules/" INSTALLED "/modules.order",
		  "lib/modules/" INSTALLED "/kernel/virtio_pci.ko"}},
		{"",
		 {"boot/Image-" INSTALLED, "boot/config-" INSTALLED,
		  "usr/lib/modules/" INSTALLED "/modules.order",
		  "usr/lib/modules/" INSTALLED "/kernel/virtio_pci.ko"}},
		{"",
		 {"usr/lib/modules/" INSTALLED "/vmlinuz", "usr/lib/modules/" INSTALLED "/config",
		  "usr/lib/modules/" INSTALLED "/modules.order",
		  "usr/lib/modules/" INSTALLED "/kernel/virtio_pci.ko"}},
		{"",
		 {"lib/modules/" INSTALLED "/vmlinuz", "lib/modules/" INSTALLED "/config",
		  "lib/modules/" INSTALLED "/modules.order",
		  "lib/modules/" INSTALLED "/kernel/virtio_pci.ko"}},
		{"/boot",
		 {"boot/vmlinuz-" INSTALLED, "boot/config-" INSTALLED,
		  "lib/modules/" INSTALLED "/modules.order",
		  "lib/modules/" INSTALLED "/kernel/virtio_pci.ko"}},
		{"/usr/lib/modules/" INSTALLED,
		 {"usr/lib/modules/" INSTALLED "/Image", "usr/lib/modules/" INSTALLED "/config",
		  "usr/lib/modules/" INSTALLED "/modules.order",
		  "usr/lib/modules/" INSTALLED "/kernel/virtio_pci.ko"}},
		{"/usr/lib/modules/" INSTALLED "/vmlinuz",
		 {"usr/lib/modules/" INSTALLED "/vmlinuz", "usr/lib/modules/" INSTALLED "/config",
		  "usr/lib/modules/" INSTALLED "/modules.order",
		  "usr/lib/modules/" INSTALLED "/kernel/virtio_pci.ko"}},
	};
	char cache[] = "/tmp/test-kernels-XXXXXX", label[8], *root, *path;
	struct kernel got;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(cache));
	setenv("XDG_CACHE_HOME", cache, 1);
	for (i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		snprintf(label, sizeof(label), "k%zu", i);
		root = files_text("%s/%zu", cache, i);
		path = files_text("%s%s", root, layouts[i].below);
		lay_out(root, layouts[i].files);
		assert_true(kernel_fetch(path, NULL, label, &got));
		assert_string_equal(got.release, INSTALLED);
		assert_non_null(got.config);
		assert_int_equal(got.nr_load, 1);
		kernel_free(&got);
		free(path);
		free(root);
	}
	files_remove(cache);
}

/* Of several nobody chooses for the user, and a folder without any is no kernel. */
static void several_kernels_are_refused(void **state)
{
	static const char *const two[] = {"lib/modules/6.1/vmlinuz", "lib/modules/6.2/vmlinuz",
					  NULL};
	static const char *const none[] = {"lib/modules/6.1/modules.order", "boot/config-6.1",
					   NULL};
	char cache[] = "/tmp/test-kernels-XXXXXX", *root;
	struct kernel got;

	(void)state;
	assert_non_null(mkdtemp(cache));
	setenv("XDG_CACHE_HOME", cache, 1);
	root = files_text("%s/two", cache);
	lay_out(root, two);
	assert_false(kernel_fetch(root, NULL, NULL, &got));
	assert_int_equal(got.status, EXIT_USAGE);
	free(root);
	root = files_text("%s/none", cache);
	lay_out(root, none);
	assert_false(kernel_fetch(root, NULL, NULL, &got));
	assert_int_equal(got.status, EXIT_USAGE);
	free(root);
	files_remove(cache);
}

/* A bare image in the folder. */
static char *put_image(const char *folder, const char *name, const unsigned char *image, size_t len)
{
	char *path = files_text("%s/%s", folder, name);

	assert_true(files_write(path, image, len));
	return path;
}

static void expect_open(const char *what, const char *arch, const char *wanted_arch)
{
	struct kernel got;

	assert_true(kernel_open(what, arch, &got));
	assert_string_equal(got.label, "v1");
	assert_string_equal(got.arch, wanted_arch);
	kernel_free(&got);
}

/* Kernels of two architectures have one label; which is meant is known, or has to be said. */
static void labels_are_of_an_architecture(void **state)
{
	unsigned char arm64[IMAGE_SIZE], x86[2 * IMAGE_SIZE];
	char cache[] = "/tmp/test-kernels-XXXXXX", *image[2], **names;
	struct kernel got;
	size_t nr;

	(void)state;
	assert_non_null(mkdtemp(cache));
	setenv("XDG_CACHE_HOME", cache, 1);
	make_image(arm64);
	make_bzimage(x86);
	image[0] = put_image(cache, "Image", arm64, sizeof(arm64));
	image[1] = put_image(cache, "bzImage", x86, sizeof(x86));
	assert_true(kernel_fetch(image[0], NULL, "v1", &got));
	kernel_free(&got);
	expect_open("v1", NULL, "arm64");
	expect_open("v1", "x86_64", "arm64"); /* the only one */
	assert_false(kernel_open("v1:x86_64", NULL, &got));
	assert_true(kernel_fetch(image[1], NULL, "v1", &got));
	assert_string_equal(got.label, "v1");
	kernel_free(&got);
	assert_true(kernel_fetch(image[1], NULL, "v1", &got)); /* again: it is there */
	kernel_free(&got);
	expect_open("v1", "arm64", "arm64");
	expect_open("v1", "x86_64", "x86_64");
	expect_open("v1:x86_64", NULL, "x86_64");
	expect_open("v1:arm64", NULL, "arm64");
	assert_false(kernel_open("v1", NULL, &got));
	assert_int_equal(kernel_remove("v1"), EXIT_USAGE);
	names = kernel_names(&nr);
	assert_int_equal(nr, 2);
	assert_string_equal(names[0], "v1");
	assert_string_equal(names[1], "v1:x86_64");
	free(names[0]);
	free(names[1]);
	free(names);
	assert_int_equal(kernel_remove("v1:arm64"), EXIT_OK);
	expect_open("v1", NULL, "x86_64");
	/* It keeps its place. */
	assert_true(kernel_fetch(image[0], NULL, "v1", &got));
	kernel_free(&got);
	expect_open("v1", "x86_64", "x86_64");
	expect_open("v1", "arm64", "arm64");
	assert_int_equal(kernel_remove("v1:x86_64"), EXIT_OK);
	assert_int_equal(kernel_remove("v1"), EXIT_OK);
	free(image[0]);
	free(image[1]);
	files_remove(cache);
}

/* A config's features, as the cache has it; NULL page: no config at all. */
static void expect_config(const char *source, const char *label, bool config, const char *page)
{
	struct kernel got;
	json_t *features;

	assert_true(kernel_fetch(source, NULL, label, &got));
	assert_int_equal(got.config != NULL, config);
	features = kernel_features(&got);
	assert_string_equal(json_string_value(json_object_get(features, "page_size")), page);
	json_decref(features);
	kernel_free(&got);
}

static size_t pack(unsigned char *to, const void *from, size_t len)
{
	z_stream z = {.next_in = (unsigned char *)from,
		      .avail_in = (uInt)len,
		      .next_out = to,
		      .avail_out = 4096};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

/* A bzImage whose payload carries a config. */
static size_t make_with_config(unsigned char image[8192], const char *config)
{
	unsigned char kernel[4096] = "code", *at = kernel + 100;
	size_t len;

	memcpy(at, "IKCFG_ST", 8);
	len = 108 + pack(at + 8, config, strlen(config));
	memset(image, 0, 8192);
	make_bzimage(image);
	len = pack(image + 5 * 512 + 16, kernel, len);
	image[0x248] = 16;
	image[0x24c] = (unsigned char)len;
	image[0x24d] = (unsigned char)(len >> 8);
	return 5 * 512 + 16 + len + 4;
}

/* A bare image's config: in the image, or beside it; another architecture's is left out. */
static void configs_are_found(void **state)
{
	static const char arm64[] = "CONFIG_ARM64=y\nCONFIG_ARM64_64K_PAGES=y\n";
	static const char x86[] = "CONFIG_X86_64=y\n";
	char cache[] = "/tmp/test-kernels-XXXXXX", *path, *config;
	unsigned char image[8192];
	struct kernel got;
	size_t len;

	(void)state;
	assert_non_null(mkdtemp(cache));
	setenv("XDG_CACHE_HOME", cache, 1);
	make_image(image);
	path = put_image(cache, "Image", image, IMAGE_SIZE);
	expect_config(path, "none", false, "unknown");
	image[24] = 2 << 1;
	free(put_image(cache, "Image", image, IMAGE_SIZE));
	expect_config(path, "head", false, "16K");
	config = put_image(cache, "Image.config", (const unsigned char *)x86, strlen(x86));
	expect_config(path, "foreign", false, "16K");
	free(config);
	config = put_image(cache, "config-" INSTALLED, (const unsigned char *)arm64, strlen(arm64));
	expect_config(path, "beside", true, "64K");
	free(config);
	free(path);
	len = make_with_config(image, x86);
	path = put_image(cache, "bzImage", image, len);
	expect_config(path, "inside", true, "4K");
	free(path);
	image[5 * 512 + 60] ^= 0xff;
	path = put_image(cache, "damaged", image, len);
	assert_false(kernel_fetch(path, NULL, "damaged", &got));
	free(path);
	files_remove(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(installed_kernels_are_found),
		cmocka_unit_test_setup_teardown(configs_are_found, be_quiet, speak_again),
		cmocka_unit_test_setup_teardown(labels_are_of_an_architecture, be_quiet,
						speak_again),
		cmocka_unit_test_setup_teardown(several_kernels_are_refused, be_quiet, speak_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
