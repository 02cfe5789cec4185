// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/kcore.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NOTE_NAME "VMCOREINFO"

static bool read_at(const struct kcore *k, off_t at, void *to, size_t size)
{
	return pread(k->fd, to, size, at) == (ssize_t)size;
}

bool kcore_open(struct kcore *k)
{
	Elf64_Ehdr head;

	k->nr = 0;
	k->fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	if (k->fd < 0)
		return false;
	if (read_at(k, 0, &head, sizeof(head)))
		k->nr = head.e_phnum < KCORE_SEGMENTS ? head.e_phnum : KCORE_SEGMENTS;
	if (k->nr && read_at(k, (off_t)head.e_phoff, k->segment, k->nr * sizeof(*k->segment)))
		return true;
	kcore_close(k);
	return false;
}

void kcore_close(struct kcore *k)
{
	if (k->fd >= 0)
		close(k->fd);
	k->fd = -1;
	k->nr = 0;
}

bool kcore_read(const struct kcore *k, uint64_t vaddr, void *to, size_t size)
{
	const Elf64_Phdr *p;

	for (p = k->segment; p < k->segment + k->nr; p++)
		if (p->p_type == PT_LOAD && vaddr >= p->p_vaddr && vaddr - p->p_vaddr < p->p_memsz)
			return read_at(k, (off_t)(p->p_offset + (vaddr - p->p_vaddr)), to, size);
	return false;
}

bool kcore_read_physical(const struct kcore *k, uint64_t paddr, void *to, size_t size)
{
	const Elf64_Phdr *p;

	for (p = k->segment; p < k->segment + k->nr; p++)
		if (p->p_type == PT_LOAD && paddr >= p->p_paddr && paddr - p->p_paddr < p->p_memsz)
			return read_at(k, (off_t)(p->p_offset + (paddr - p->p_paddr)), to, size);
	return false;
}

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

size_t kcore_vmcoreinfo(const struct kcore *k, char *to, size_t size)
{
	const Elf64_Phdr *p = k->segment;
	char name[sizeof(NOTE_NAME)];
	Elf64_Nhdr note;
	off_t at, end;

	while (p < k->segment + k->nr && p->p_type != PT_NOTE)
		p++;
	if (p == k->segment + k->nr)
		return 0;
	end = (off_t)(p->p_offset + p->p_filesz);
	for (at = (off_t)p->p_offset; at < end && read_at(k, at, &note, sizeof(note));) {
		at += (off_t)sizeof(note);
		if (note.n_namesz == sizeof(name) && read_at(k, at, name, sizeof(name)) &&
		    !memcmp(name, NOTE_NAME, sizeof(name))) {
			at += (off_t)padded(note.n_namesz);
			size = note.n_descsz < size ? note.n_descsz : size - 1;
			size = read_at(k, at, to, size) ? size : 0;
			to[size] = 0;
			return size;
		}
		at += (off_t)(padded(note.n_namesz) + padded(note.n_descsz));
	}
	return 0;
}
