// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What images have, and what the cache holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "common/files.h"
#include "common/map.h"
#include "kernels/kernel.h"
#include "tests/unit/kernels/made_image.h"

static void expect_feature(const char *config, const char *release, const char *arch,
			   const char *key, const char *value)
{
	json_t *features = kernel_features_of(config, release, arch);

	assert_string_equal(json_string_value(json_object_get(features, key)), value);
	json_decref(features);
}

static void features_are_told(void **state)
{
	static const char config[] = "CONFIG_PER_VMA_LOCK=y\n"
				     "# CONFIG_PER_VMA_LOCK_STATS is not set\n"
				     "CONFIG_TRANSPARENT_HUGEPAGE=y\n"
				     "CONFIG_ARM64_CONTPTE=y\n"
				     "CONFIG_ARM64_16K_PAGES=y\n"
				     "CONFIG_HW_PERF_EVENTS=y\nCONFIG_ARM_PMUV3=m\n"
				     "CONFIG_HAVE_DEBUG_VM=y\n"
				     "CONFIG_KASAN=y\nCONFIG_INIT_ON_ALLOC_DEFAULT_ON=y\n";
	json_t *features = kernel_features_of(config, "6.12.1", "arm64"), *debug;

	(void)state;
	debug = json_object_get(features, "debug");
	assert_int_equal(json_array_size(debug), 2);
	assert_string_equal(json_string_value(json_array_get(debug, 0)), "KASAN");
	json_decref(features);
	expect_feature(config, "6.12.1", "arm64", "vma_lock", "yes");
	expect_feature(config, "6.12.1", "arm64", "vma_lock_stats", "no");
	expect_feature(config, "6.12.1", "arm64", "page_size", "16K");
	expect_feature(config, "6.12.1", "arm64", "contpte", "yes");
	expect_feature(config, "6.12.1", "x86_64", "contpte", "no");
	expect_feature(config, "6.12.1", "arm64", "pmu", "module");
	expect_feature(config, "6.1.0-56", "arm64", "pmu", "yes");
	expect_feature(config, "6.8.0", "arm64", "mthp", "yes");
	expect_feature(config, "6.7.9", "arm64", "mthp", "no");
	expect_feature(config, "6.8.0", "arm64", "fork_batching", "no");
	expect_feature(config, "6.9-rc1", "arm64", "fork_batching", "yes");
	expect_feature(config, "7.0", "arm64", "zap_batching", "yes");
	expect_feature(NULL, "6.12.1", "arm64", "vma_lock", "unknown");
	expect_feature(NULL, "6.12.1", "arm64", "debug", "unknown");
	expect_feature(NULL, "6.1.0", "arm64", "vma_lock", "no");
}

static void write_entry(const char *cache, const char *name, const char *text)
{
	char *path = files_text("%s/faultbench/kernels/lab/%s", cache, name);

	assert_true(files_make_above(path));
	assert_true(files_write(path, text, strlen(text)));
	free(path);
}

static void damaged_entries_are_refused(void **state)
{
	static const char good[] =
		"{\"label\": \"lab\", \"release\": \"6.1\", \"arch\": \"arm64\","
		" \"source\": \"debian:x\", \"sha256\": \"0\", \"modules\": [\"a/b.ko\"]}";
	char cache[] = "/tmp/test-kernels-XXXXXX";
	struct kernel kernel;
	size_t nr = 0;
	char **labels;

	(void)state;
	assert_non_null(mkdtemp(cache));
	setenv("XDG_CACHE_HOME", cache, 1);
	write_entry(cache, "kernel.json", good);
	assert_false(kernel_open("lab", NULL, &kernel)); /* no image */
	write_entry(cache, "image", "x");
	write_entry(cache, "modules/modules.dep", "");
	assert_true(kernel_open("lab", NULL, &kernel));
	assert_string_equal(kernel.release, "6.1");
	assert_null(kernel.config);
	assert_int_equal(kernel.nr_load, 1);
	assert_non_null(strstr(kernel.load[0], "/lab/modules/a/b.ko"));
	kernel_free(&kernel);
	write_entry(cache, "kernel.json", "{\"label\": \"lab\", \"rel");
	assert_false(kernel_open("lab", NULL, &kernel));
	write_entry(cache, "kernel.json", "{\"label\": \"other\"}");
	assert_false(kernel_open("lab", NULL, &kernel));
	write_entry(cache, "kernel.json", "[]");
	assert_false(kernel_open("lab", NULL, &kernel));
	assert_int_equal(kernel.status, EXIT_USAGE);
	labels = kernel_names(&nr);
	assert_int_equal(nr, 1);
	free(labels[0]);
	free(labels);
	assert_int_equal(kernel_remove("lab"), EXIT_OK);
	assert_int_equal(kernel_remove("lab"), EXIT_USAGE);
	assert_int_equal(kernel_remove("../lab"), EXIT_USAGE);
	files_remove(cache);
}

/* A build folder, with a module that depends on another in a folder of its own. */
static void build_folders_are_fetched(void **state)
{
	static const char *const files[][2] = {
		{".config", "CONFIG_ARM64=y\n"},
		{"modules.order", "drivers/virtio/virtio_ring.o\ndrivers/virtio/virtio-pci.o\n"
				  "lib/test_vmalloc.o\nlib/test_xarray.o\n"},
		{"drivers/virtio/virtio_ring.ko", "ring"},
		{"lib/test_vmalloc.ko", "test"},
	};
	char cache[] = "/tmp/test-kernels-XXXXXX", *path;
	unsigned char image[ROOM];
	struct kernel got;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(cache));
	setenv("XDG_CACHE_HOME", cache, 1);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		path = files_text("%s/build/%s", cache, files[i][0]);
		assert_true(files_make_above(path));
		assert_true(files_write(path, files[i][1], strlen(files[i][1])));
		free(path);
	}
	path = files_text("%s/build/drivers/virtio/virtio-pci.ko", cache);
	assert_true(files_write(path, "\0x=1\0depends=virtio_ring,not_there\0", 36));
	free(path);
	path = files_text("%s/build/arch/arm64/boot/Image", cache);
	assert_true(files_make_above(path) && files_write(path, image, make_arm64(image)));
	free(path);
	path = files_text("%s/build", cache);
	assert_true(kernel_open(path, NULL, &got));
	assert_non_null(got.config);
	assert_int_equal(got.nr_load, 3);
	assert_non_null(strstr(got.load[0], "/modules/kernel/drivers/virtio/virtio_ring.ko"));
	assert_non_null(strstr(got.load[1], "/modules/kernel/drivers/virtio/virtio-pci.ko"));
	assert_non_null(strstr(got.load[2], "/modules/kernel/lib/test_vmalloc.ko"));
	kernel_free(&got);
	free(path);
	files_remove(cache);
}

/* A packed module, as `path` in a build folder that needs only it. */
static bool fetch_module(const char *cache, const char *name, const void *data, size_t len)
{
	char *path = files_text("%s/%s/drivers/virtio/%s", cache, name, name);
	char *build = files_text("%s/%s", cache, name);
	char *order = files_text("%s/modules.order", build);
	char *config = files_text("%s/.config", build);
	char *boot = files_text("%s/arch/arm64/boot/Image", build);
	unsigned char image[ROOM];
	struct kernel got;
	bool ok;

	assert_true(files_make_above(path) && files_write(path, data, len));
	assert_true(files_write(config, "CONFIG_ARM64=y\n", 15));
	assert_true(files_write(order, "drivers/virtio/virtio_pci.ko\n", 29));
	assert_true(files_make_above(boot) && files_write(boot, image, make_arm64(image)));
	ok = kernel_fetch(build, NULL, name, &got);
	kernel_free(&got);
	free(path);
	free(build);
	free(order);
	free(config);
	free(boot);
	return ok;
}

static void packed_modules_are_unpacked(void **state)
{
	static const char *const names[NR_PACKINGS] = {"virtio_pci.ko.gz", "virtio_pci.ko.xz", NULL,
						       "virtio_pci.ko.zst", NULL};
	unsigned char module[ROOM], packed[ROOM];
	char cache[] = "/tmp/test-kernels-XXXXXX", *to;
	struct file_map map;
	size_t len, i;

	(void)state;
	assert_non_null(mkdtemp(cache));
	setenv("XDG_CACHE_HOME", cache, 1);
	memset(module, 7, ROOM);
	for (i = 0; i < NR_PACKINGS; i++) {
		if (!names[i])
			continue;
		len = packings[i].pack(packed, module, ROOM);
		assert_true(fetch_module(cache, names[i], packed, len));
		to = files_text("%s/faultbench/kernels/%s/modules/kernel/drivers/virtio/"
				"virtio_pci.ko",
				cache, names[i]);
		assert_true(map_file(to, &map));
		assert_int_equal(map.len, ROOM);
		assert_memory_equal(map.data, module, ROOM);
		unmap_file(&map);
		free(to);
		assert_int_equal(kernel_remove(names[i]), EXIT_OK);
		assert_false(fetch_module(cache, names[i], packed, len - 1));
		assert_false(fetch_module(cache, names[i], module, ROOM));
	}
	files_remove(cache);
}

/* A bare image becomes an entry whose image is the unpacked one; nothing else is left. */
static void images_are_fetched(void **state)
{
	char cache[] = "/tmp/test-kernels-XXXXXX", *path, *left;
	unsigned char image[ROOM], kernel[ROOM];
	size_t len = make_zboot(image, &packings[3]);
	struct file_map map;
	struct kernel got;

	(void)state;
	assert_non_null(mkdtemp(cache));
	setenv("XDG_CACHE_HOME", cache, 1);
	path = files_text("%s/vmlinuz.efi", cache);
	assert_true(files_write(path, image, len));
	assert_false(kernel_fetch(path, "x86_64", NULL, &got));
	assert_int_equal(got.status, EXIT_USAGE);
	assert_true(kernel_fetch(path, "aarch64", "base", &got));
	assert_string_equal(got.release, "6.12.117+deb12");
	assert_string_equal(got.arch, "arm64");
	assert_true(map_file(got.image, &map));
	make_arm64(kernel);
	assert_int_equal(map.len, ROOM);
	assert_memory_equal(map.data, kernel, ROOM);
	unmap_file(&map);
	kernel_free(&got);
	assert_true(kernel_open(path, NULL, &got)); /* the same file: the entry that is there */
	assert_string_equal(got.label, "base");
	kernel_free(&got);
	assert_int_equal(kernel_remove("base"), EXIT_OK);
	left = files_text("%s/faultbench/kernels", cache);
	assert_int_equal(rmdir(left), 0);
	free(left);
	free(path);
	files_remove(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(features_are_told),
		cmocka_unit_test(damaged_entries_are_refused),
		cmocka_unit_test(build_folders_are_fetched),
		cmocka_unit_test(packed_modules_are_unpacked),
		cmocka_unit_test(images_are_fetched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
