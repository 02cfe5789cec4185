// SPDX-License-Identifier: GPL-2.0-or-later
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/map.h"
#include "common/msg.h"
#include "kernels/beneath.h"
#include "kernels/fetch/parts.h"
#include "kernels/fetch/unpack.h"

struct pack {
	const struct parts *from;
	struct archive *tar;
	char *order; /* text of modules.order, as an installed kernel has it */
	size_t used;
};

static bool put(struct pack *p, const char *name, const void *data, size_t len)
{
	struct archive_entry *entry = archive_entry_new();
	bool ok;

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)len);
	ok = archive_write_header(p->tar, entry) == ARCHIVE_OK &&
	     archive_write_data(p->tar, data, len) == (la_ssize_t)len;
	archive_entry_free(entry);
	return ok || err("%s: %s", name, archive_error_string(p->tar));
}

/* Puts the file of the folder there, unpacked. */
static bool put_file(struct pack *p, const char *path, const char *name)
{
	unsigned char *out = NULL;
	struct file_map map;
	size_t len = 0;
	bool ok;

	if (!beneath_map(p->from->root, path, &map))
		return false;
	if (unpack_how(map.data, map.len))
		ok = unpack(path, map.data, map.len, &out, &len) && put(p, name, out, len);
	else
		ok = put(p, name, map.data, map.len);
	free(out);
	unmap_file(&map);
	return ok;
}

/* A module that modules.order calls line[0..len). A build folder's list has no "kernel/" in front.
 */
static bool put_module(struct pack *p, const char *line, size_t len)
{
	const char *dot = memrchr(line, '.', len);
	int stem = (int)(dot ? dot - line : (ssize_t)len);
	const char *above = strncmp(line, "kernel/", 7) ? "kernel/" : "";
	char *name = files_text("%s%.*s.ko", above, stem, line), *plain = name + strlen(above),
	     *path;
	bool ok = beneath_is_plain(plain);

	if (!ok)
		err("%s/modules.order: %s leads out of it", p->from->modules, plain);
	path = modules_file(p->from, plain);
	ok = ok && path && put_file(p, path, name);
	p->used += ok ? (size_t)sprintf(p->order + p->used, "%s\n", name) : 0;
	free(path);
	free(name);
	return ok;
}

static bool put_modules(struct pack *p)
{
	char *path = files_text("%s/modules.order", p->from->modules);
	char *order = beneath_read(p->from->root, path);
	size_t len, room = order ? strlen(order) : 0;
	const char *line;
	bool ok = order;

	/* Each line may get "kernel/" in front, and an "o" become "ko". */
	p->order = calloc(room + 1, 9);
	for (line = order; ok && p->order && *line; line += len + !!line[len]) {
		len = strcspn(line, "\n");
		ok = !len || put_module(p, line, len);
	}
	ok = ok && p->order && put(p, "modules.order", p->order, p->used);
	free(p->order);
	free(order);
	free(path);
	return ok;
}

/* What is built in, for depmod. */
static bool put_builtin(struct pack *p)
{
	static const char *const names[] = {"modules.builtin", "modules.builtin.modinfo"};
	bool ok = true;
	char *path;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && ok; i++) {
		path = files_if_there("%s/%s", p->from->modules, names[i]);
		ok = !path || put_file(p, path, names[i]);
		free(path);
	}
	return ok;
}

bool modules_pack(const struct parts *parts, const char *to)
{
	struct pack p = {.from = parts, .tar = archive_write_new()};
	bool ok;

	archive_write_set_format_ustar(p.tar);
	archive_write_add_filter_gzip(p.tar);
	archive_write_set_filter_option(p.tar, "gzip", "compression-level", "1");
	ok = archive_write_open_filename(p.tar, to) == ARCHIVE_OK ||
	     err("%s: %s", to, archive_error_string(p.tar));
	ok = ok && put_modules(&p) && put_builtin(&p) &&
	     (archive_write_close(p.tar) == ARCHIVE_OK ||
	      err("%s: %s", to, archive_error_string(p.tar)));
	archive_write_free(p.tar);
	return ok;
}
