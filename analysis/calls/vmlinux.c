// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/calls/vmlinux.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clean.h"
#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"

#define IN_TREE "init/main.c" /* each kernel has it, and its path shows where the tree was */

/* Addresses that a compilation unit has code at. */
struct range {
	uint64_t from, to;
	Dwarf_Off unit; /* its DIE */
};

struct vmlinux {
	char *path;
	int fd;
	Dwarf *dwarf;
	struct range *range; /* by address */
	size_t nr, room;
	uint64_t end;  /* of the last one */
	char *tree;    /* what is in front of paths in it, with a slash behind; NULL: not known */
	json_t *files; /* {path: as it is called here} */
};

const char *vmlinux_path(const struct vmlinux *v)
{
	return v->path;
}

/* Takes "x/../" and "./" out of a path. */
static void tidy(char *path)
{
	char *at, *up;

	while ((at = strstr(path, "/./")))
		memmove(at, at + 2, strlen(at + 2) + 1);
	while ((at = strstr(path, "/../"))) {
		*at = '\0';
		up = strrchr(path, '/');
		*at = '/';
		if (!up)
			break;
		memmove(up, at + 3, strlen(at + 3) + 1);
	}
}

static const char *text_of(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attribute;

	return dwarf_formstring(dwarf_attr(die, name, &attribute));
}

/* A path as a unit has it, from the root on if it says which folder it was compiled in; malloc'ed.
 */
static char *whole_path(Dwarf_Die *unit, const char *path)
{
	const char *dir = *path == '/' ? NULL : text_of(unit, DW_AT_comp_dir);
	char *whole = dir ? files_text("%s/%s", dir, path) : files_text("%s", path);

	tidy(whole);
	return whole;
}

/* Learns where the tree was from the unit that every kernel has. */
static void find_tree(struct vmlinux *v, Dwarf_Die *unit)
{
	const char *name = dwarf_diename(unit);
	char *path = name && !v->tree ? whole_path(unit, name) : NULL;
	size_t len = path ? strlen(path) : 0, end = strlen(IN_TREE);

	if (len > end && path[len - end - 1] == '/' && !strcmp(path + len - end, IN_TREE)) {
		path[len - end] = '\0';
		v->tree = path;
	} else {
		free(path);
	}
}

static bool add_range(struct vmlinux *v, uint64_t from, uint64_t to, Dwarf_Off unit)
{
	struct range *more;

	if (v->nr == v->room) {
		more = realloc(v->range, (2 * v->room + 1024) * sizeof(*more));
		if (!more)
			return false;
		v->range = more;
		v->room = 2 * v->room + 1024;
	}
	v->range[v->nr++] = (struct range){from, to, unit};
	v->end = to > v->end ? to : v->end;
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static bool no_lines(const struct vmlinux *v, const char *why)
{
	return err("%s: has no lines of source: %s; `kernel build --debug` keeps a vmlinux that "
		   "has, and CONFIG_DEBUG_INFO makes one",
		   v->path, why);
}

/* Not by .debug_aranges, which not every compiler makes. */
static bool read_units(struct vmlinux *v)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Addr base, from, to;
	Dwarf_Die unit;
	uint8_t kind;
	ptrdiff_t at;
	bool ok = true;

	while (ok && !dwarf_get_units(v->dwarf, cu, &cu, NULL, &kind, &unit, NULL)) {
		if (kind != DW_UT_compile)
			continue;
		find_tree(v, &unit);
		for (at = 0; ok && (at = dwarf_ranges(&unit, at, &base, &from, &to)) > 0;)
			ok = add_range(v, from, to, dwarf_dieoffset(&unit));
	}
	if (v->nr)
		qsort(v->range, v->nr, sizeof(*v->range), by_address);
	return v->nr || no_lines(v, "no unit has code");
}

struct vmlinux *vmlinux_open(const char *path)
{
	struct vmlinux *v = calloc(1, sizeof(*v));

	if (!v)
		abort();
	*v = (struct vmlinux){
		.path = files_text("%s", path), .fd = io_open_file(path), .files = json_object()};
	if (v->fd >= 0)
		v->dwarf = dwarf_begin(v->fd, DWARF_C_READ);
	if (v->fd >= 0 && !v->dwarf)
		no_lines(v, dwarf_errmsg(-1));
	if (v->dwarf && read_units(v))
		return v;
	vmlinux_close(v);
	return NULL;
}

void vmlinux_close(struct vmlinux *v)
{
	if (!v)
		return;
	if (v->dwarf)
		dwarf_end(v->dwarf);
	if (v->fd >= 0)
		close(v->fd);
	json_decref(v->files);
	free(v->range);
	free(v->tree);
	free(v->path);
	free(v);
}

/* The table of symbols; NULL if there is none. */
static Elf_Data *symbols_of(Elf *elf, GElf_Shdr *ret)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, ret) && ret->sh_type == SHT_SYMTAB && ret->sh_entsize)
			return elf_getdata(scn, NULL);
	return NULL;
}

uint64_t vmlinux_address(const json_t *functions, const char *name)
{
	const json_t *function = json_object_get(functions, name);
	const char *addr = json_string_value(json_object_get(function, "addr"));

	return addr ? strtoull(addr, NULL, 16) : 0;
}

/* Notes of each function whether it is at one of the addresses that its name has. */
static json_t *found_in(const struct vmlinux *v, const json_t *functions)
{
	Elf *elf = dwarf_getelf(v->dwarf);
	GElf_Shdr hdr = {0};
	Elf_Data *data = symbols_of(elf, &hdr);
	size_t nr = data ? hdr.sh_size / hdr.sh_entsize : 0, i;
	json_t *found = json_object();
	GElf_Sym symbol;
	const char *name;
	uint64_t addr;

	for (i = 0; i < nr; i++) {
		name = gelf_getsym(data, (int)i, &symbol)
			       ? elf_strptr(elf, hdr.sh_link, symbol.st_name)
			       : NULL;
		addr = name ? vmlinux_address(functions, name) : 0;
		if (addr < v->range[0].from || addr >= v->end)
			continue;
		if (addr == symbol.st_value || !json_object_get(found, name))
			json_object_set_new(found, name, json_boolean(addr == symbol.st_value));
	}
	return found;
}

bool vmlinux_fits(const struct vmlinux *v, const json_t *functions, const char *label)
{
	json_t *found = found_in(v, functions), *same;
	bool ok = json_object_size(found) ||
		  err("%s: is not the vmlinux of %s: it has none of the functions that were "
		      "executed",
		      v->path, label);
	const char *name;

	json_object_foreach(found, name, same) {
		if (ok && !json_is_true(same))
			ok = err("%s: is not the vmlinux of %s: there %s is not at %llx", v->path,
				 label, name, (unsigned long long)vmlinux_address(functions, name));
	}
	json_decref(found);
	return ok;
}

bool vmlinux_is(const struct vmlinux *v, const char *build_id)
{
	char text[2 * 64 + 1] = "";
	const void *id = NULL;
	ssize_t len = dwelf_elf_gnu_build_id(dwarf_getelf(v->dwarf), &id), i;

	for (i = 0; i < len && i < 64; i++)
		sprintf(text + 2 * i, "%02x", ((const unsigned char *)id)[i]);
	return len > 0 && !strcmp(text, build_id);
}

/* The last range that begins at or before an address, if it reaches that. */
static const struct range *range_of(const struct vmlinux *v, uint64_t addr)
{
	size_t low = 0, high = v->nr, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (v->range[mid].from <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low && addr < v->range[low - 1].to ? &v->range[low - 1] : NULL;
}

static const char *name_of(struct vmlinux *v, Dwarf_Die *unit, const char *path)
{
	char *whole = whole_path(unit, path);
	size_t in = v->tree && !strncmp(whole, v->tree, strlen(v->tree)) ? strlen(v->tree) : 0;
	json_t *name = json_object_get(v->files, whole);

	char *clean;

	if (!name) {
		clean = clean_text(whole + in);
		name = json_string(clean);
		json_object_set_new_nocheck(v->files, whole, name);
		free(clean);
	}
	free(whole);
	return json_string_value(name);
}

const char *vmlinux_line(struct vmlinux *v, uint64_t addr, unsigned int *ret_line)
{
	const struct range *range = range_of(v, addr);
	Dwarf_Line *line = NULL;
	const char *path;
	Dwarf_Die unit;
	int number;

	*ret_line = 0;
	if (range && dwarf_offdie(v->dwarf, range->unit, &unit))
		line = dwarf_getsrc_die(&unit, addr);
	path = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	if (!path || dwarf_lineno(line, &number))
		return NULL;
	*ret_line = (unsigned int)number;
	return name_of(v, &unit, path);
}
