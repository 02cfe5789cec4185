// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/initramfs.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/map.h"
#include "common/msg.h"

#define MAX_FILES 128

struct archive {
	FILE *out;
	const char *sysroot;
	unsigned int machine;	/* ELF's name for the architecture of the worker */
	char *names[MAX_FILES]; /* what is in there, "lib/x.so" */
	size_t nr;
	unsigned int inode; /* the last one given: the same content is the same to the byte */
};

/* One entry of the "newc" format (Documentation/driver-api/early-userspace/buffer-format.rst). */
static void put_entry(struct archive *a, const char *name, unsigned int mode,
		      const unsigned char *data, size_t size)
{
	static const char zeros[4];
	size_t head = 110 + strlen(name) + 1;

	fprintf(a->out, "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X", ++a->inode,
		mode, 0, 0, 1, 0, size, 0, 0, 0, 0, strlen(name) + 1, 0);
	fwrite(name, 1, strlen(name) + 1, a->out);
	fwrite(zeros, 1, -head & 3, a->out);
	if (size)
		fwrite(data, 1, size, a->out);
	fwrite(zeros, 1, -size & 3, a->out);
}

static bool have(const struct archive *a, const char *name)
{
	size_t i;

	for (i = 0; i < a->nr; i++)
		if (!strcmp(a->names[i], name))
			return true;
	return false;
}

static void remember(struct archive *a, const char *name)
{
	if (a->nr < MAX_FILES)
		a->names[a->nr++] = strdup(name);
}

/* The folders above a name, each once. */
static void put_folders(struct archive *a, const char *name)
{
	char folder[512];
	const char *p;

	for (p = strchr(name, '/'); p; p = strchr(p + 1, '/')) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(p - name), name);
		if (have(a, folder))
			continue;
		put_entry(a, folder, 040755, NULL, 0);
		remember(a, folder);
	}
}

static bool put_file(struct archive *a, const char *name, const struct file_map *m)
{
	if (have(a, name))
		return true;
	put_folders(a, name);
	put_entry(a, name, 0100755, m->data, m->len);
	remember(a, name);
	return a->nr < MAX_FILES || err("initramfs: more than %d files", MAX_FILES);
}

/* Where the table of strings and the dynamic section of a 64-bit ELF file are. False if it is not
 * one. */
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

/* Debian's folders for libraries, and where others keep them. */
static bool find_library(const struct archive *a, const char *name, char path[512])
{
	static const char *const folders[] = {"lib/x86_64-linux-gnu",
					      "usr/lib/x86_64-linux-gnu",
					      "lib/aarch64-linux-gnu",
					      "usr/lib/aarch64-linux-gnu",
					      "lib64",
					      "usr/lib64",
					      "lib",
					      "usr/lib"};
	struct dynamic d;
	struct file_map m;
	bool fits;
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, 512, "%s/%s/%s", a->sysroot, folders[i], name);
		if (access(path, R_OK) || !map_file(path, &m))
			continue;
		fits = find_dynamic(&m, &d) && d.machine == a->machine;
		unmap_file(&m);
		if (fits)
			return true;
	}
	return err("initramfs: %s: not found below %s/lib", name, a->sysroot);
}

static bool put_needed(struct archive *a, const struct file_map *m);

/* A library at its path in the guest, and what it needs itself. */
static bool put_library(struct archive *a, const char *path, const char *name)
{
	struct file_map m;
	bool ok;

	if (have(a, name))
		return true;
	if (!map_file(path, &m))
		return false;
	ok = put_file(a, name, &m) && put_needed(a, &m);
	unmap_file(&m);
	return ok;
}

static bool put_needed(struct archive *a, const struct file_map *m)
{
	char path[512], name[512];
	struct dynamic d;
	size_t i;

	if (!find_dynamic(m, &d))
		return err(
			"initramfs: the worker or one of its libraries is not a 64-bit ELF file");
	if (d.interpreter) {
		snprintf(path, sizeof(path), "%s%s", a->sysroot, d.interpreter);
		if (!put_library(a, path, d.interpreter + 1))
			return false;
	}
	for (i = 0; d.strings && i < d.nr && d.entries[i].d_tag != DT_NULL; i++) {
		if (d.entries[i].d_tag != DT_NEEDED || d.entries[i].d_un.d_val >= d.strings_size)
			continue;
		if (!find_library(a, d.strings + d.entries[i].d_un.d_val, path))
			return false;
		/* One folder that every loader searches, whatever the host's layout. */
		snprintf(name, sizeof(name), "lib/%s", strrchr(path, '/') + 1);
		if (!put_library(a, path, name))
			return false;
	}
	return true;
}

static bool put_modules(struct archive *a, char *const *modules, size_t nr)
{
	const char *slash;
	struct file_map m;
	char name[512];
	size_t i;
	bool ok;

	for (i = 0; i < nr; i++) {
		if (!map_file(modules[i], &m))
			return false;
		slash = strrchr(modules[i], '/');
		snprintf(name, sizeof(name), "modules/%02zu-%s", i, slash ? slash + 1 : modules[i]);
		ok = put_file(a, name, &m);
		unmap_file(&m);
		if (!ok)
			return false;
	}
	return true;
}

static bool put_config(struct archive *a, const char *config, const char *release)
{
	struct file_map m;
	char name[256];
	bool ok;

	if (!config)
		return true;
	if (!map_file(config, &m))
		return false;
	snprintf(name, sizeof(name), "boot/config-%s", release);
	ok = put_file(a, name, &m);
	unmap_file(&m);
	return ok;
}

bool initramfs_write(int fd, const struct initramfs *content)
{
	struct archive a = {.out = fdopen(dup(fd), "we"), .sysroot = content->sysroot};
	struct dynamic d;
	struct file_map m;
	bool ok = false;
	size_t i;

	if (!a.out || !map_file(content->worker, &m)) {
		err_errno("%s", content->worker);
		goto out;
	}
	if (!find_dynamic(&m, &d)) {
		err("%s: not a 64-bit ELF program", content->worker);
		goto unmap;
	}
	a.machine = d.machine;
	put_folders(&a, "proc/x");
	put_folders(&a, "sys/x");
	put_folders(&a, "dev/x");
	put_folders(&a, "tmp/x");
	ok = put_file(&a, "init", &m) && put_needed(&a, &m) &&
	     put_modules(&a, content->modules, content->nr_modules) &&
	     put_config(&a, content->config, content->release);
	if (content->request)
		put_entry(&a, "request", 0100644, (const unsigned char *)content->request,
			  strlen(content->request));
	put_entry(&a, "TRAILER!!!", 0, NULL, 0);
unmap:
	unmap_file(&m);
out:
	for (i = 0; i < a.nr; i++)
		free(a.names[i]);
	if (a.out && fclose(a.out) && ok)
		ok = err_errno("initramfs: cannot be written");
	return ok;
}
