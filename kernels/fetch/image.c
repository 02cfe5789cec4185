// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/fetch/image.h"

#include <ctype.h>
#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/msg.h"
#include "kernels/fetch/unpack.h"

#define NOTE_PVH     18 /* XEN_ELFNOTE_PHYS32_ENTRY */
#define MOST_RELEASE 64 /* __NEW_UTS_LEN */

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

/* A half word of an ELF file's head, in its own byte order. */
static unsigned int elf_half(const unsigned char *head, unsigned int at)
{
	bool big = head[EI_DATA] == ELFDATA2MSB;

	return (unsigned int)head[big ? at : at + 1] << 8 | head[big ? at + 1 : at];
}

static bool is_elf(const unsigned char *head, size_t len)
{
	return len >= sizeof(Elf64_Ehdr) && !memcmp(head, ELFMAG, SELFMAG) &&
	       (elf_half(head, 16) == ET_EXEC || elf_half(head, 16) == ET_DYN);
}

static bool is_elf64(const unsigned char *head, size_t len)
{
	return is_elf(head, len) && head[EI_CLASS] == ELFCLASS64 && head[EI_DATA] == ELFDATA2LSB;
}

/* What has a row is 64-bit and little-endian; i386, arm and s390x say what they are in any form. */
static const char *elf_arch(const unsigned char *head, size_t len)
{
	const char *name = arch_of_elf(elf_half(head, 18));

	return name && (is_elf64(head, len) || !arch_find(name)) ? name : NULL;
}

enum image_format image_recognise(const unsigned char *head, size_t len)
{
	if (is_bzimage(head, len))
		return IMAGE_BZIMAGE;
	if (is_elf(head, len))
		return IMAGE_ELF;
	if (len >= 64 && arch_of_magic(head + 56))
		return IMAGE_RAW;
	if (len >= 56 && !memcmp(head, "MZ", 2) && !memcmp(head + 4, "zimg", 4))
		return IMAGE_ZBOOT;
	if (unpack_how(head, len))
		return IMAGE_PACKED;
	return IMAGE_UNKNOWN;
}

const char *image_format_name(enum image_format format)
{
	static const char *const names[] = {
		[IMAGE_UNKNOWN] = "unknown",	[IMAGE_BZIMAGE] = "bzImage",
		[IMAGE_ELF] = "vmlinux",	[IMAGE_RAW] = "Image",
		[IMAGE_PACKED] = "packed file", [IMAGE_ZBOOT] = "EFI zboot",
	};

	return names[format];
}

const char *image_arch(const unsigned char *data, size_t len)
{
	switch (image_recognise(data, len)) {
	case IMAGE_BZIMAGE: /* xloadflags, since protocol 2.12: XLF_KERNEL_64 */
		return get(data + 0x206, 2) >= 0x20c && data[0x236] & 1 ? "x86_64" : NULL;
	case IMAGE_ELF:
		return elf_arch(data, len);
	case IMAGE_RAW:
		return arch_of_magic(data + 56);
	default:
		return NULL;
	}
}

int64_t image_page_size(const unsigned char *data, size_t len)
{
	static const int64_t sizes[] = {0, 4 << 10, 16 << 10, 64 << 10};
	const char *arch;

	if (image_recognise(data, len) != IMAGE_RAW)
		return 0;
	arch = arch_of_magic(data + 56);
	return strcmp(arch, "arm64") ? 0 : sizes[get(data + 24, 8) >> 1 & 3];
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

/* The config in what is packed no more. */
static bool find_config(const char *name, const unsigned char *data, size_t len, char **ret_config)
{
	static const char start[] = "IKCFG_ST\x1f\x8b";
	const unsigned char *at = memmem(data, len, start, strlen(start));
	unsigned char *text;
	char *config;
	size_t size;

	*ret_config = NULL;
	if (!at)
		return true;
	at += strlen("IKCFG_ST");
	if (!unpack(name, at, len - (size_t)(at - data), &text, &size))
		return false;
	config = realloc(text, size + 1);
	if (!config)
		abort();
	config[size] = '\0';
	*ret_config = config;
	return true;
}

/* Where the kernel that a bzImage has packed is, *ret_size bytes; NULL if it does not say. */
static const unsigned char *bzimage_payload(const unsigned char *data, size_t len, size_t *ret_size)
{
	uint64_t start, size;

	/* payload_offset and payload_length, since protocol 2.08, behind the setup's sectors */
	if (!is_bzimage(data, len) || len < 0x250 || get(data + 0x206, 2) < 0x208)
		return NULL;
	start = ((data[0x1f1] ? data[0x1f1] : 4) + 1) * 512 + get(data + 0x248, 4);
	size = get(data + 0x24c, 4);
	if (!size || start > len || size > len - start || !unpack_how(data + start, size))
		return NULL;
	*ret_size = size;
	return data + start;
}

bool image_config(const char *name, const unsigned char *data, size_t len, char **ret_config)
{
	const unsigned char *payload;
	unsigned char *kernel = NULL;
	size_t size;
	bool ok;

	*ret_config = NULL;
	if (!is_bzimage(data, len))
		return find_config(name, data, len, ret_config);
	payload = bzimage_payload(data, len, &size);
	if (!payload)
		return true;
	if (!unpack(name, payload, size, &kernel, &len))
		return false;
	ok = find_config(name, kernel, len, ret_config);
	free(kernel);
	return ok;
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

	if (!is_elf64(data, len))
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

bool image_vmlinux(const char *name, const unsigned char *data, size_t len, unsigned char **ret,
		   size_t *ret_len)
{
	const unsigned char *payload;
	size_t size;

	*ret = NULL;
	payload = bzimage_payload(data, len, &size);
	if (!payload)
		return true;
	if (!unpack(name, payload, size, ret, ret_len))
		return false;
	if (!image_has_pvh(*ret, *ret_len)) {
		free(*ret);
		*ret = NULL;
	}
	return true;
}

/* Whether a zboot header's name for the packing is one of ours: "xzkern", "zstd22", ... */
static bool is_supported(const char *type)
{
	static const char *const prefixes[] = {"gzip", "xz", "lzma", "zstd", "lz4"};
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(type, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

/* The packed part of a zboot image; false with a message if it is not one that can be unpacked. */
static bool zboot_payload(const char *name, const unsigned char **data, size_t *len)
{
	uint64_t offset = get(*data + 8, 4), size = get(*data + 12, 4);
	char type[33] = "";

	if (offset > *len || size > *len - offset)
		return err("%s: EFI zboot image, cut off: its payload ends at byte %llu of %zu; "
			   "copy or build it again",
			   name, (unsigned long long)(offset + size), *len);
	memcpy(type, *data + 24, 32);
	type[strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789-")] = '\0';
	if (!is_supported(type))
		return err("%s: EFI zboot image packed with '%s'; build it with "
			   "CONFIG_KERNEL_ZSTD, _GZIP or _XZ",
			   name, type);
	if (!unpack_how(*data + offset, size))
		return err("%s: EFI zboot image, damaged: its payload is not packed with '%s'; "
			   "copy or build it again",
			   name, type);
	*data += offset;
	*len = size;
	return true;
}

bool image_unpack(const char *name, const unsigned char *data, size_t len, unsigned char **ret,
		  size_t *ret_len)
{
	if (image_recognise(data, len) == IMAGE_ZBOOT && !zboot_payload(name, &data, &len))
		return false;
	return unpack(name, data, len, ret, ret_len);
}
