// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/kernels/image.h"

#include <ctype.h>
#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/msg.h"

#define NOTE_PVH      18	 /* XEN_ELFNOTE_PHYS32_ENTRY */
#define MOST_UNPACKED (1u << 30) /* no kernel is this large; a gzip bomb is */
#define MOST_RELEASE  64	 /* __NEW_UTS_LEN */

static uint64_t get(const unsigned char *at, unsigned int bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];
	return value;
}

static bool is_bzimage(const unsigned char *head, size_t len)
{
	return len >= 0x238 && get(head + 0x1fe, 2) == 0xaa55 && !memcmp(head + 0x202, "HdrS", 4);
}

static bool is_elf(const unsigned char *head, size_t len)
{
	if (len < sizeof(Elf64_Ehdr) || memcmp(head, ELFMAG, SELFMAG) ||
	    head[EI_CLASS] != ELFCLASS64 || head[EI_DATA] != ELFDATA2LSB)
		return false;
	return (get(head + 16, 2) == ET_EXEC || get(head + 16, 2) == ET_DYN) &&
	       (get(head + 18, 2) == EM_X86_64 || get(head + 18, 2) == EM_AARCH64);
}

enum image_format image_recognise(const unsigned char *head, size_t len)
{
	if (is_bzimage(head, len))
		return IMAGE_BZIMAGE;
	if (is_elf(head, len))
		return IMAGE_ELF;
	if (len >= 64 && !memcmp(head + 56, "ARM\x64", 4))
		return IMAGE_ARM64;
	if (len >= 56 && !memcmp(head, "MZ", 2) && !memcmp(head + 4, "zimg", 4))
		return IMAGE_ZBOOT;
	if (len >= 18 && !memcmp(head, "\x1f\x8b\x08", 3))
		return IMAGE_GZIP;
	return IMAGE_UNKNOWN;
}

const char *image_format_name(enum image_format format)
{
	static const char *const names[] = {
		[IMAGE_UNKNOWN] = "unknown", [IMAGE_BZIMAGE] = "bzImage",
		[IMAGE_ELF] = "vmlinux",     [IMAGE_ARM64] = "Image",
		[IMAGE_GZIP] = "gzip",	     [IMAGE_ZBOOT] = "EFI zboot",
	};

	return names[format];
}

const char *image_arch(const unsigned char *data, size_t len)
{
	switch (image_recognise(data, len)) {
	case IMAGE_BZIMAGE: /* xloadflags, since protocol 2.12: XLF_KERNEL_64 */
		return get(data + 0x206, 2) >= 0x20c && data[0x236] & 1 ? "x86_64" : NULL;
	case IMAGE_ELF:
		return get(data + 18, 2) == EM_X86_64 ? "x86_64" : "arm64";
	case IMAGE_ARM64:
		return "arm64";
	default:
		return NULL;
	}
}

static bool release_char(unsigned char c)
{
	return isalnum(c) || (c && strchr("._+-~", c));
}

/* The release that starts at data + at, if one does. */
static char *release_at(const unsigned char *data, size_t len, size_t at)
{
	size_t end = at;

	while (end < len && end - at <= MOST_RELEASE && release_char(data[end]))
		end++;
	if (at >= end || end == len || end - at > MOST_RELEASE || !isdigit(data[at]))
		return NULL;
	return strndup((const char *)data + at, end - at);
}

char *image_release(const unsigned char *data, size_t len)
{
	static const char banner[] = "Linux version ";
	const unsigned char *at = data;
	char *release;

	if (is_bzimage(data, len)) {
		if (!get(data + 0x20e, 2))
			return NULL;
		return release_at(data, len, get(data + 0x20e, 2) + 0x200);
	}
	/* The first hit may be a format string: "Linux version %s". */
	while ((at = memmem(at, len - (size_t)(at - data), banner, strlen(banner)))) {
		at += strlen(banner);
		release = release_at(data, len, (size_t)(at - data));
		if (release)
			return release;
	}
	return NULL;
}

/* Whether the notes in data[0..len) hold the PVH entry. */
static bool notes_have_pvh(const unsigned char *data, size_t len)
{
	uint64_t at = 0, name, desc;

	while (at + sizeof(Elf64_Nhdr) <= len) {
		name = get(data + at, 4);
		desc = get(data + at + 4, 4);
		if (get(data + at + 8, 4) == NOTE_PVH && name == 4 && at + 16 <= len &&
		    !memcmp(data + at + 12, "Xen", 4))
			return true;
		at += sizeof(Elf64_Nhdr) + ((name + 3) & ~UINT64_C(3)) +
		      ((desc + 3) & ~UINT64_C(3));
	}
	return false;
}

bool image_has_pvh(const unsigned char *data, size_t len)
{
	uint64_t table, size, nr, i, offset, bytes;
	const unsigned char *header;

	if (!is_elf(data, len))
		return false;
	table = get(data + offsetof(Elf64_Ehdr, e_phoff), 8);
	size = get(data + offsetof(Elf64_Ehdr, e_phentsize), 2);
	nr = get(data + offsetof(Elf64_Ehdr, e_phnum), 2);
	if (size < sizeof(Elf64_Phdr) || table > len || nr > (len - table) / size)
		return false;
	for (i = 0; i < nr; i++) {
		header = data + table + i * size;
		offset = get(header + offsetof(Elf64_Phdr, p_offset), 8);
		bytes = get(header + offsetof(Elf64_Phdr, p_filesz), 8);
		if (get(header, 4) == PT_NOTE && offset <= len && bytes <= len - offset &&
		    notes_have_pvh(data + offset, bytes))
			return true;
	}
	return false;
}

/* The packed part of a zboot image; false with a message if gzip is not what packed it. */
static bool zboot_payload(const char *name, const unsigned char **data, size_t *len)
{
	uint64_t offset = get(*data + 8, 4), size = get(*data + 12, 4);
	char type[33] = "";

	if (offset > *len || size > *len - offset)
		return err("%s: EFI zboot image, cut off: its payload ends at byte %llu of %zu",
			   name, (unsigned long long)(offset + size), *len);
	memcpy(type, *data + 24, 32);
	if (strcmp(type, "gzip"))
		return err("%s: EFI zboot image packed with '%.*s'; only gzip is supported here",
			   name, (int)strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789-"), type);
	*data += offset;
	*len = size;
	return true;
}

/* Inflates into a buffer that grows; Z_STREAM_END if all of it is there. */
static int inflate_all(z_stream *z, unsigned char **out, size_t *used)
{
	size_t room = 1 << 20;
	unsigned char *larger;
	int rc = Z_OK;

	while (rc == Z_OK && *used < MOST_UNPACKED) {
		room *= 2;
		larger = realloc(*out, room);
		if (!larger)
			return Z_MEM_ERROR;
		*out = larger;
		z->next_out = *out + *used;
		z->avail_out = (uInt)(room - *used);
		rc = inflate(z, Z_NO_FLUSH);
		*used = room - z->avail_out;
		if (rc == Z_OK && z->avail_out)
			return Z_BUF_ERROR; /* the input is used up */
	}
	return rc;
}

bool image_unpack(const char *name, const unsigned char *data, size_t len, unsigned char **ret,
		  size_t *ret_len)
{
	unsigned char *out = NULL;
	z_stream z = {0};
	size_t used = 0;
	int rc;

	if (image_recognise(data, len) == IMAGE_ZBOOT && !zboot_payload(name, &data, &len))
		return false;
	if (len > UINT32_MAX || inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return err("%s: cannot be unpacked", name);
	z.next_in = (unsigned char *)data;
	z.avail_in = (uInt)len;
	rc = inflate_all(&z, &out, &used);
	inflateEnd(&z);
	if (rc != Z_STREAM_END || !used) {
		free(out);
		return err("%s: the gzip'ed data in it is %s", name,
			   rc == Z_BUF_ERROR ? "cut off" : "damaged");
	}
	*ret = out;
	*ret_len = used;
	return true;
}
