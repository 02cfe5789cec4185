// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/clean.h"
#include "common/files.h"
#include "common/msg.h"
#include "kernels/fetch/fetch.h"
#include "kernels/fetch/image.h"

/* Whether QEMU starts what is in data, and for which architecture it is. */
static bool is_startable(struct fetch *f, const unsigned char *data, size_t len)
{
	const char *arch = image_arch(data, len), *name = f->parts.image;
	const struct arch *row;
	enum image_format format = image_recognise(data, len);

	if (format == IMAGE_UNKNOWN)
		return err("%s: no kernel image that is known here (bzImage, vmlinux, Image, "
			   "EFI zboot, or one of these packed with gzip, xz, lzma or zstd)",
			   name);
	if (!arch)
		return err("%s: a %s, but no 64-bit kernel", name, image_format_name(format));
	row = arch_need(name, arch);
	if (!row)
		return false;
	if (f->arch && f->arch != row)
		return err("%s: is for %s, not %s", name, arch, f->arch->name);
	if (format == IMAGE_ELF && !row->starts_elf)
		return err("%s: QEMU does not start a vmlinux of %s; use %s", name, arch,
			   row->images[0]);
	if (format == IMAGE_ELF && !image_has_pvh(data, len))
		return err(
			"%s: no PVH note, so QEMU cannot start it (CONFIG_PVH=y, or use bzImage)",
			name);
	json_object_set_new(f->json, "arch", json_string(arch));
	return true;
}

/* What the image alone can say: the size of its pages, and where the rest of it may be. */
static bool describe_more(struct fetch *f, const unsigned char *data, size_t len,
			  const char *release)
{
	const char *name = json_string_value(json_object_get(f->json, "arch"));
	const struct arch_pages *pages =
		arch_pages_sized(arch_find(name), image_page_size(data, len));

	if (pages)
		json_object_set_new(f->json, "page_size", json_string(pages->name));
	return parts_complete(&f->parts, release, name);
}

/* Writes the image, of which data is the unpacked form, and learns the release from it. */
static enum exit_status put_image(struct fetch *f, const unsigned char *data, size_t len)
{
	char *to, *release;
	bool ok;

	if (!is_startable(f, data, len))
		return EXIT_USAGE;
	release = image_release(data, len);
	if (!release && f->parts.release)
		release = clean_text(f->parts.release);
	if (!release) {
		err("%s: does not say which release it is", f->parts.image);
		return EXIT_USAGE;
	}
	json_object_set_new(f->json, "release", json_string(release));
	ok = describe_more(f, data, len, release);
	free(release);
	if (!ok)
		return EXIT_USAGE;
	if (!f->parts.config && !image_config(f->parts.image, data, len, &f->config))
		return EXIT_USAGE;
	to = files_text("%s/image", f->entry);
	ok = files_make_dirs(f->entry) && files_write(to, data, len);
	free(to);
	return ok ? EXIT_OK : EXIT_FAILED;
}

static enum exit_status put_bootable(const struct fetch *f)
{
	char *to = files_text("%s/bootable", f->entry);
	bool ok = files_write(to, f->image.data, f->image.len);

	free(to);
	return ok ? EXIT_OK : EXIT_FAILED;
}

enum exit_status take_image(struct fetch *f)
{
	enum image_format format = image_recognise(f->image.data, f->image.len);
	enum exit_status status = EXIT_USAGE;
	unsigned char *unpacked = NULL;
	size_t len = 0;

	json_object_set_new(f->json, "format", json_string(image_format_name(format)));
	if (f->whole && format == IMAGE_ELF) {
		err("%s: a vmlinux, which loaders do not take: name its bzImage", f->parts.image);
		return EXIT_USAGE;
	}
	if (format == IMAGE_PACKED || format == IMAGE_ZBOOT) {
		if (image_unpack(f->parts.image, f->image.data, f->image.len, &unpacked, &len))
			status = put_image(f, unpacked, len);
	} else if (image_vmlinux(f->parts.image, f->image.data, f->image.len, &unpacked, &len)) {
		/* As a kernel that is built here: unpacked once, not in each guest again. */
		status = unpacked ? put_image(f, unpacked, len)
				  : put_image(f, f->image.data, f->image.len);
		if (!status && unpacked && f->whole)
			status = put_bootable(f);
	}
	free(unpacked);
	return status;
}
