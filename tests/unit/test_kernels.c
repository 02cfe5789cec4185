// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <elf.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "common/files.h"
#include "common/map.h"
#include "kernels/fetch/image.h"
#include "kernels/fetch/unpack.h"
#include "kernels/kernel.h"

#define ROOM 4096

static void put(unsigned char *at, uint64_t value, int bytes)
{
	for (; bytes--; value >>= 8)
		*at++ = (unsigned char)value;
}

/* Just enough of each format; each returns how much of it there is. */
static size_t make_bzimage(unsigned char *image)
{
	memset(image, 0, ROOM);
	put(image + 0x1fe, 0xaa55, 2);
	memcpy(image + 0x202, "HdrS", 4);
	put(image + 0x206, 0x20f, 2);
	put(image + 0x20e, 0x400, 2);
	image[0x236] = 1;
	strcpy((char *)image + 0x600, "6.1.0-56-cloud-amd64 (someone) #1 SMP");
	return ROOM;
}

static size_t make_arm64(unsigned char *image)
{
	memset(image, 0, ROOM);
	memcpy(image, "MZ", 2);
	memcpy(image + 56, "ARM\x64", 4);
	strcpy((char *)image + 1000, "Linux version %s (%s)");
	strcpy((char *)image + 2000, "Linux version 6.12.117+deb12 (someone) #1");
	return ROOM;
}

/* A vmlinux with one PT_NOTE segment: a note of another owner, then the PVH entry. */
static size_t make_elf(unsigned char *image)
{
	memset(image, 0, ROOM);
	memcpy(image,
	       "\x7f"
	       "ELF\2\1\1",
	       7);
	put(image + 16, 2, 2);
	put(image + 18, 62, 2);
	put(image + 32, 64, 8); /* e_phoff */
	put(image + 54, 56, 2); /* e_phentsize */
	put(image + 56, 1, 2);	/* e_phnum */
	put(image + 64, 4, 4);	/* PT_NOTE */
	put(image + 72, 0x200, 8);
	put(image + 96, 40, 8);
	memcpy(image + 0x200, "\4\0\0\0\4\0\0\0\1\0\0\0GNU\0abcd", 20);
	memcpy(image + 0x214, "\4\0\0\0\4\0\0\0\x12\0\0\0Xen\0abcd", 20);
	return ROOM;
}

static size_t pack_gzip(unsigned char *out, const unsigned char *data, size_t len)
{
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, 0), Z_OK);
	z.next_in = (unsigned char *)data;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = ROOM;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return ROOM - z.avail_out;
}

static size_t pack_xz(unsigned char *out, const unsigned char *data, size_t len)
{
	size_t used = 0;

	assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, NULL, data, len, out, &used,
						 ROOM),
			 LZMA_OK);
	return used;
}

static size_t pack_lzma(unsigned char *out, const unsigned char *data, size_t len)
{
	lzma_stream lzma = LZMA_STREAM_INIT;
	lzma_options_lzma options;

	assert_false(lzma_lzma_preset(&options, 6));
	assert_int_equal(lzma_alone_encoder(&lzma, &options), LZMA_OK);
	lzma.next_in = data;
	lzma.avail_in = len;
	lzma.next_out = out;
	lzma.avail_out = ROOM;
	assert_int_equal(lzma_code(&lzma, LZMA_FINISH), LZMA_STREAM_END);
	lzma_end(&lzma);
	return ROOM - lzma.avail_out;
}

static size_t pack_zstd(unsigned char *out, const unsigned char *data, size_t len)
{
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	size_t used;

	ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1); /* as the program zstd does */
	used = ZSTD_compress2(zstd, out, ROOM, data, len);
	assert_false(ZSTD_isError(used));
	ZSTD_freeCCtx(zstd);
	return used;
}

static const struct packing {
	const char *name, *zboot; /* zboot: what a kernel build calls it */
	size_t (*pack)(unsigned char *out, const unsigned char *data, size_t len);
} packings[] = {
	{"gzip", "gzip", pack_gzip},
	{"xz", "xzkern", pack_xz},
	{"lzma", "lzma", pack_lzma},
	{"zstd", "zstd22", pack_zstd},
};

#define NR_PACKINGS (sizeof(packings) / sizeof(packings[0]))

static size_t make_zboot(unsigned char *image, const struct packing *packing)
{
	unsigned char kernel[ROOM], packed[ROOM];
	size_t len = packing->pack(packed, kernel, make_arm64(kernel));

	memset(image, 0, ROOM);
	memcpy(image, "MZ\0\0zimg", 8);
	put(image + 8, 0x400, 4);
	put(image + 12, len, 4);
	strcpy((char *)image + 24, packing->zboot);
	memcpy(image + 0x400, packed, len);
	return 0x400 + len;
}

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
		strcpy((char *)image + 24, "lz4");
		expect_refused(image, len);
		memset(image + 24, 'x', 64); /* no end */
		expect_refused(image, len);
	}
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
		{"modules.order", "drivers/virtio/virtio_ring.o\ndrivers/virtio/virtio-pci.o\n"},
		{"drivers/virtio/virtio_ring.ko", "ring"},
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
	assert_int_equal(got.nr_load, 2);
	assert_non_null(strstr(got.load[0], "/modules/kernel/drivers/virtio/virtio_ring.ko"));
	assert_non_null(strstr(got.load[1], "/modules/kernel/drivers/virtio/virtio-pci.ko"));
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
	static const char *const names[] = {"virtio_pci.ko.gz", "virtio_pci.ko.xz", NULL,
					    "virtio_pci.ko.zst"};
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
		cmocka_unit_test(formats_are_recognised),
		cmocka_unit_test(releases_are_read),
		cmocka_unit_test(pvh_is_found),
		cmocka_unit_test(zboot_is_unpacked),
		cmocka_unit_test_setup_teardown(packed_images_are_unpacked, be_quiet, speak_again),
		cmocka_unit_test(bombs_are_refused),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(features_are_told),
		cmocka_unit_test(damaged_entries_are_refused),
		cmocka_unit_test(images_are_fetched),
		cmocka_unit_test(build_folders_are_fetched),
		cmocka_unit_test(packed_modules_are_unpacked),
		cmocka_unit_test_setup_teardown(cut_and_damaged_images_do_no_harm, be_quiet,
						speak_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
