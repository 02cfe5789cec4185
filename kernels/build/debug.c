// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/debug.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "common/msg.h"

#define ID_BYTES 20 /* a build id, of --build-id=sha1, which kbuild asks for */

/* What is in front of one: lengths of name and id, NT_GNU_BUILD_ID, and the name; all are LE. */
static const unsigned char id_head[] = {4, 0, 0, 0, ID_BYTES, 0,   0,	0,
					3, 0, 0, 0, 'G',      'N', 'U', 0};

struct vmlinux {
	const char *path;
	int fd;
	Elf *elf;
	size_t names;  /* number of the section that names sections */
	Elf_Scn *scn;  /* the one that was looked at last */
	GElf_Shdr hdr; /* its header */
};

/* What was found to be the same. */
struct same {
	size_t sections, ids;
	unsigned long long bytes;
};

static void close_vmlinux(struct vmlinux *v)
{
	if (v->elf)
		elf_end(v->elf);
	if (v->fd >= 0)
		close(v->fd);
}

static bool open_vmlinux(struct vmlinux *v, const char *path)
{
	*v = (struct vmlinux){.path = path, .fd = open(path, O_RDONLY | O_CLOEXEC)};
	if (v->fd < 0)
		return err_errno("%s", path);
	elf_version(EV_CURRENT);
	v->elf = elf_begin(v->fd, ELF_C_READ_MMAP, NULL);
	if (v->elf && elf_kind(v->elf) == ELF_K_ELF && !elf_getshdrstrndx(v->elf, &v->names))
		return true;
	close_vmlinux(v);
	return err("%s: is no ELF file", path);
}

static const char *name_of(const struct vmlinux *v)
{
	const char *name = v->scn ? elf_strptr(v->elf, v->names, v->hdr.sh_name) : NULL;

	return name ? name : "";
}

/* Goes on to the next section that is in memory; false behind the last. */
static bool next_loaded(struct vmlinux *v)
{
	do
		v->scn = elf_nextscn(v->elf, v->scn);
	while (v->scn && gelf_getshdr(v->scn, &v->hdr) && !(v->hdr.sh_flags & SHF_ALLOC));
	return v->scn;
}

bool debug_is_there(const char *path)
{
	struct vmlinux v = {.fd = open(path, O_RDONLY | O_CLOEXEC)};
	bool found = false;

	elf_version(EV_CURRENT);
	v.elf = v.fd < 0 ? NULL : elf_begin(v.fd, ELF_C_READ_MMAP, NULL);
	if (v.elf && !elf_getshdrstrndx(v.elf, &v.names))
		while (!found && (v.scn = elf_nextscn(v.elf, v.scn)))
			found = gelf_getshdr(v.scn, &v.hdr) && !strcmp(name_of(&v), ".debug_line");
	close_vmlinux(&v);
	return found;
}

/* Where the build id that byte `at` of both is in ends; 0 if it is in none. */
static size_t end_of_id(const unsigned char *a, const unsigned char *b, size_t len, size_t at)
{
	size_t id;

	for (id = at + 1 > ID_BYTES ? at + 1 - ID_BYTES : 0; id <= at; id++)
		if (id >= sizeof(id_head) && id + ID_BYTES <= len &&
		    !memcmp(a + id - sizeof(id_head), id_head, sizeof(id_head)) &&
		    !memcmp(b + id - sizeof(id_head), id_head, sizeof(id_head)))
			return id + ID_BYTES;
	return 0;
}

/* Likewise of contents; *ret_at is where they differ. */
static bool same_bytes(const unsigned char *a, const unsigned char *b, size_t len,
		       struct same *same, size_t *ret_at)
{
	size_t at = 0, end;

	for (; len && memcmp(a + at, b + at, len - at); at = end) {
		while (a[at] == b[at])
			at++;
		*ret_at = at;
		end = end_of_id(a, b, len, at);
		if (!end)
			return false;
		same->ids++;
	}
	return true;
}

static bool same_content(struct vmlinux *a, struct vmlinux *b, struct same *same, size_t *ret_at)
{
	Elf_Data *x, *y;

	*ret_at = 0;
	if (a->hdr.sh_type == SHT_NOBITS)
		return true;
	x = elf_rawdata(a->scn, NULL);
	y = elf_rawdata(b->scn, NULL);
	return x && y && x->d_size == y->d_size &&
	       same_bytes(x->d_buf, y->d_buf, x->d_size, same, ret_at);
}

static bool same_place(const struct vmlinux *a, const struct vmlinux *b)
{
	return !strcmp(name_of(a), name_of(b)) && a->hdr.sh_type == b->hdr.sh_type &&
	       a->hdr.sh_flags == b->hdr.sh_flags && a->hdr.sh_addr == b->hdr.sh_addr &&
	       a->hdr.sh_size == b->hdr.sh_size;
}

static bool same_sections(const char *label, struct vmlinux *a, struct vmlinux *b,
			  struct same *same)
{
	size_t at;

	while (next_loaded(a)) {
		if (!next_loaded(b) || !same_place(a, b))
			return err("%s: with DWARF it would be another kernel: %s has %s at %#llx, "
				   "%llu bytes, and %s has not",
				   label, a->path, name_of(a), (unsigned long long)a->hdr.sh_addr,
				   (unsigned long long)a->hdr.sh_size, b->path);
		if (!same_content(a, b, same, &at))
			return err("%s: with DWARF it would be another kernel: %s differs at "
				   "%#llx in %s and %s",
				   label, name_of(a), (unsigned long long)(a->hdr.sh_addr + at),
				   a->path, b->path);
		same->sections++;
		same->bytes += a->hdr.sh_size;
	}
	return !next_loaded(b) || err("%s: with DWARF it would be another kernel: %s has %s, and "
				      "%s has not",
				      label, b->path, name_of(b), a->path);
}

bool debug_compare(const char *label, const char *without, const char *with)
{
	struct vmlinux a, b;
	struct same same = {0};
	bool ok;

	if (!debug_is_there(with))
		return err("%s: %s has no lines of source: this tree's build does not pass on -g1",
			   label, with);
	if (!open_vmlinux(&a, without))
		return false;
	if (!open_vmlinux(&b, with)) {
		close_vmlinux(&a);
		return false;
	}
	ok = same_sections(label, &a, &b, &same);
	ok = ok && (same.sections || err("%s: has no sections", without));
	close_vmlinux(&a);
	close_vmlinux(&b);
	if (ok)
		note("%s: with DWARF and without the same, to the byte: %zu sections, %llu bytes, "
		     "but for %zu build id%s",
		     label, same.sections, same.bytes, same.ids, same.ids == 1 ? "" : "s");
	return ok;
}
