// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/closure.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/arch.h"
#include "common/msg.h"

#define MAX_FILES 128

struct closure {
	const char *sysroot;
	const struct arch *arch;
	closure_fn *fn;
	void *arg;
	char *names[MAX_FILES]; /* that fn was called with */
	size_t nr;
};

/* What the dynamic section of a 64-bit ELF file says. */
struct dynamic {
	const Elf64_Dyn *entries;
	size_t nr;
	const char *strings;
	size_t strings_size;
	const char *interpreter; /* NULL if it names none */
	unsigned int machine;
};

static bool inside(const struct file_map *m, size_t offset, size_t size)
{
	return offset <= m->len && size <= m->len - offset;
}

/* The file offset of a virtual address. */
static size_t offset_of(const Elf64_Phdr *ph, unsigned int nr, uint64_t address)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (ph[i].p_type == PT_LOAD && address - ph[i].p_vaddr < ph[i].p_filesz)
			return address - ph[i].p_vaddr + ph[i].p_offset;
	return SIZE_MAX;
}

/* False if it is no 64-bit ELF file. */
static bool find_dynamic(const struct file_map *m, struct dynamic *d)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)m->data;
	const Elf64_Phdr *ph;
	size_t i, strings = SIZE_MAX;

	*d = (struct dynamic){0};
	if (m->len < sizeof(*eh) || memcmp(eh->e_ident, ELFMAG, SELFMAG) ||
	    eh->e_ident[EI_CLASS] != ELFCLASS64 ||
	    !inside(m, eh->e_phoff, eh->e_phnum * sizeof(*ph)))
		return false;
	d->machine = eh->e_machine;
	ph = (const Elf64_Phdr *)(m->data + eh->e_phoff);
	for (i = 0; i < eh->e_phnum; i++) {
		if (!inside(m, ph[i].p_offset, ph[i].p_filesz))
			continue;
		if (ph[i].p_type == PT_INTERP)
			d->interpreter = (const char *)m->data + ph[i].p_offset;
		if (ph[i].p_type != PT_DYNAMIC)
			continue;
		d->entries = (const Elf64_Dyn *)(m->data + ph[i].p_offset);
		d->nr = ph[i].p_filesz / sizeof(*d->entries);
	}
	for (i = 0; i < d->nr; i++) {
		if (d->entries[i].d_tag == DT_STRTAB)
			strings = offset_of(ph, eh->e_phnum, d->entries[i].d_un.d_ptr);
		if (d->entries[i].d_tag == DT_STRSZ)
			d->strings_size = d->entries[i].d_un.d_val;
	}
	if (!inside(m, strings, d->strings_size))
		return d->nr == 0;
	d->strings = (const char *)m->data + strings;
	return true;
}

static bool is_library(const struct closure *c, const char *path)
{
	struct dynamic d;
	struct file_map m;
	bool fits;

	if (access(path, R_OK) || !map_file(path, &m))
		return false;
	fits = find_dynamic(&m, &d) && d.machine == c->arch->elf;
	unmap_file(&m);
	return fits;
}

/* Debian's folders for libraries, and where others keep them. */
static bool find_library(const struct closure *c, const char *name, char path[512])
{
	static const char *const folders[] = {"lib", "usr/lib", "lib64", "usr/lib64"};
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(path, 512, "%s/%s/%s/%s", c->sysroot, folders[i], c->arch->triplet, name);
		if (is_library(c, path))
			return true;
	}
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, 512, "%s/%s/%s", c->sysroot, folders[i], name);
		if (is_library(c, path))
			return true;
	}
	return err("the worker needs %s, which is not below %s/lib", name, c->sysroot);
}

static bool have(const struct closure *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->nr; i++)
		if (!strcmp(c->names[i], name))
			return true;
	return false;
}

static bool take_needed(struct closure *c, const struct file_map *m);

/* A file at its path and name, and what it needs itself. */
static bool take(struct closure *c, const char *path, const char *name)
{
	struct file_map m;
	bool ok;

	if (have(c, name))
		return true;
	if (c->nr == MAX_FILES)
		return err("the worker needs more than %d libraries", MAX_FILES);
	if (!map_file(path, &m))
		return false;
	c->names[c->nr++] = strdup(name);
	ok = c->fn(c->arg, name, &m) && take_needed(c, &m);
	unmap_file(&m);
	return ok;
}

static bool take_needed(struct closure *c, const struct file_map *m)
{
	char path[512], name[512];
	struct dynamic d;
	size_t i;

	if (!find_dynamic(m, &d))
		return err("one of the worker's libraries is not a 64-bit ELF file");
	if (d.interpreter) {
		snprintf(path, sizeof(path), "%s%s", c->sysroot, d.interpreter);
		if (!take(c, path, d.interpreter + 1))
			return false;
	}
	for (i = 0; d.strings && i < d.nr && d.entries[i].d_tag != DT_NULL; i++) {
		if (d.entries[i].d_tag != DT_NEEDED || d.entries[i].d_un.d_val >= d.strings_size)
			continue;
		if (!find_library(c, d.strings + d.entries[i].d_un.d_val, path))
			return false;
		snprintf(name, sizeof(name), "lib/%s", strrchr(path, '/') + 1);
		if (!take(c, path, name))
			return false;
	}
	return true;
}

void closure_relocate(unsigned char *program, size_t len)
{
	struct file_map m = {.data = program, .len = len};
	struct dynamic d;
	char *path;

	if (!find_dynamic(&m, &d) || !d.interpreter)
		return;
	path = (char *)program + (d.interpreter - (const char *)program);
	memmove(path, path + 1, strlen(path));
}

bool closure_each(const char *path, const struct file_map *program, const char *sysroot,
		  closure_fn *fn, void *arg)
{
	struct closure c = {.sysroot = sysroot, .fn = fn, .arg = arg};
	const char *name;
	struct dynamic d;
	bool ok = false;
	size_t i;

	if (!find_dynamic(program, &d))
		return err("%s: not a 64-bit ELF program", path);
	name = arch_of_elf(d.machine);
	c.arch = arch_need(path, name ? name : "unknown");
	if (c.arch)
		ok = take_needed(&c, program);
	for (i = 0; i < c.nr; i++)
		free(c.names[i]);
	return ok;
}
