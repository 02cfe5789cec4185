/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel images, recognised by what they contain. Nothing here trusts its input: data may be cut,
 * zeroes or garbage.
 */
#ifndef KERNELS_FETCH_IMAGE_H
#define KERNELS_FETCH_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_HEAD 1024 /* bytes that are enough to recognise every format */

enum image_format {
	IMAGE_UNKNOWN,
	IMAGE_BZIMAGE, /* x86 boot protocol, 64-bit (Documentation/arch/x86/boot.rst) */
	IMAGE_ELF,     /* vmlinux */
	IMAGE_RAW, /* Image (Documentation/arch/arm64/booting.rst, .../riscv/boot-image-header.rst)
		    */
	IMAGE_PACKED, /* Image.gz, Image.zst, ..., or anything else that unpack.h unpacks */
	IMAGE_ZBOOT,  /* EFI zboot (drivers/firmware/efi/libstub/zboot-header.S) */
};

/* What head, the first len bytes of a file (up to IMAGE_HEAD are looked at), begins. */
enum image_format image_recognise(const unsigned char *head, size_t len);

/* "bzImage", "vmlinux", ... */
const char *image_format_name(enum image_format format);

/*
 * The architecture of a (not packed) image by our name or, if it has no row (common/arch.h), by its
 * usual one; NULL if the image does not say. Static text.
 */
const char *image_arch(const unsigned char *data, size_t len);

/*
 * Bytes of the kernel's base pages, by bits 1 and 2 of the flags of arm64's Image; 0 if the image
 * does not say.
 */
int64_t image_page_size(const unsigned char *data, size_t len);

/*
 * The release in the image: bzImage's kernel_version, else the "Linux version" banner. malloc'ed,
 * or NULL if there is none.
 */
char *image_release(const unsigned char *data, size_t len);

/*
 * Whether an ELF vmlinux has the PVH entry note (XEN_ELFNOTE_PHYS32_ENTRY), without which QEMU
 * does not start it.
 */
bool image_has_pvh(const unsigned char *data, size_t len);

/*
 * The vmlinux that a bzImage has packed, in malloc'ed memory, if QEMU can start it without the
 * rest; *ret is NULL if it cannot, or if it is packed in a way that is not supported here. False,
 * with a message about name, if what it is packed in is damaged.
 */
bool image_vmlinux(const char *name, const unsigned char *data, size_t len, unsigned char **ret,
		   size_t *ret_len);

/*
 * The config that a kernel with CONFIG_IKCONFIG carries in a (not packed) image, malloc'ed text;
 * *ret_config is NULL if it carries none, or if it is packed in a way that is not supported here.
 * False, with a message about name, if what it is packed in is damaged.
 */
bool image_config(const char *name, const unsigned char *data, size_t len, char **ret_config);

/*
 * Unpacks a packed or zboot image into malloc'ed memory. Returns false, with a message about name
 * printed, if it is cut off, damaged, too large or packed in a way that is not supported.
 */
bool image_unpack(const char *name, const unsigned char *data, size_t len, unsigned char **ret,
		  size_t *ret_len);

#endif
