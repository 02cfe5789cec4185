// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/objects.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/clean.h"
#include "common/files.h"
#include "common/io.h"
#include "common/map.h"
#include "common/msg.h"
#include "common/process.h"

#define THIN "!<thin>\n"

/* The header of a member of an archive, ar(5); blanks behind each text. */
struct ar_header {
	char name[16], date[12], uid[6], gid[6], mode[8], size[10], end[2];
};

/* A number of a header's field, which has no NUL. */
static size_t number(const char *field, size_t len)
{
	char text[17] = "";

	memcpy(text, field, len);
	return strtoul(text, NULL, 10);
}

/* Adds the member whose name stands at that place of the table of names. */
static bool add_member(json_t *paths, const char *folder, const char *names, size_t len, size_t at)
{
	const char *end = at < len ? memchr(names + at, '\n', len - at) : NULL;
	char *path;

	if (!end || end - (names + at) < 2)
		return false;
	path = files_text("%s%.*s", folder, (int)(end - (names + at)) - 1, names + at);
	json_array_append_new(paths, json_string(path));
	free(path);
	return true;
}

/*
 * Members of a thin archive, which holds the names of its members, relative to its own folder, and
 * nothing of them. Only the tables, whose own names are not numbers, have content.
 */
static bool read_thin(json_t *paths, const char *folder, const char *data, size_t len)
{
	size_t at = strlen(THIN), nr_names = 0, size;
	const struct ar_header *header;
	const char *names = NULL;

	for (; at + sizeof(*header) <= len; at += (at & 1)) {
		header = (const struct ar_header *)(data + at);
		at += sizeof(*header);
		if (memcmp(header->end, "`\n", 2) || header->name[0] != '/')
			return false;
		if (header->name[1] >= '0' && header->name[1] <= '9') {
			if (!add_member(paths, folder, names, nr_names,
					number(header->name + 1, sizeof(header->name) - 1)))
				return false;
			continue;
		}
		size = number(header->size, sizeof(header->size));
		if (size > len - at)
			return false;
		if (header->name[1] == '/') {
			names = data + at;
			nr_names = size;
		}
		at += size;
	}
	return at >= len;
}

/* Adds the members of an archive in the build folder. */
static bool add_archive(json_t *paths, const char *out, const char *archive)
{
	char *path = files_text("%s/%s", out, archive), *folder;
	const char *slash = strrchr(archive, '/');
	struct file_map map;
	bool ok;

	folder = files_text("%.*s", slash ? (int)(slash - archive) + 1 : 0, archive);
	ok = map_file(path, &map);
	if (ok) {
		ok = (map.len >= strlen(THIN) && !memcmp(map.data, THIN, strlen(THIN)) &&
		      read_thin(paths, folder, (const char *)map.data, map.len)) ||
		     err("%s: is no thin archive", path);
		unmap_file(&map);
	}
	free(folder);
	free(path);
	return ok;
}

/* All archives that a command names. */
static bool add_archives(json_t *paths, const char *out, const char *command)
{
	char *copy = files_text("%.*s", (int)strcspn(command, "\n;"), command), *rest = copy, *word;
	bool ok = true;

	while (ok && (word = strsep(&rest, " ")))
		if (strlen(word) > 2 && !strcmp(word + strlen(word) - 2, ".a"))
			ok = add_archive(paths, out, word);
	free(copy);
	return ok;
}

/* ar makes no thin archive of nothing. */
static bool is_empty_archive(const char *path)
{
	struct stat st;

	return !stat(path, &st) && st.st_size == (off_t)strlen(THIN);
}

/* What a pattern below the build folder finds: archives, whose members are added, and objects. */
static bool add_found(json_t *paths, const char *out, const char *pattern)
{
	char *all = files_text("%s/%s", out, pattern);
	const char *path;
	bool ok = true;
	glob_t found;
	size_t i;

	if (glob(all, 0, NULL, &found))
		found.gl_pathc = 0;
	for (i = 0; i < found.gl_pathc && ok; i++) {
		path = found.gl_pathv[i] + strlen(out) + 1;
		if (path[strlen(path) - 1] == 'o')
			json_array_append_new(paths, json_string(path));
		else if (!is_empty_archive(found.gl_pathv[i]))
			ok = add_archive(paths, out, path);
	}
	globfree(&found);
	free(all);
	return ok;
}

/*
 * Older trees link vmlinux by a script that leaves no command: of the archives of the folders that
 * are linked, which have those of the folders below in them, of libraries, and what stands first.
 */
static bool add_folders(json_t *paths, const char *out)
{
	static const char *const patterns[] = {
		"*/built-in.a",		"arch/*/built-in.a",
		"arch/*/*/built-in.a",	"lib/lib.a",
		"arch/*/lib/lib.a",	"drivers/firmware/efi/libstub/lib.a",
		"arch/*/kernel/head*.o"};
	bool ok = true;
	size_t i;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]) && ok; i++)
		ok = add_found(paths, out, patterns[i]);
	return ok;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The list of these files; NULL with a message, unless child_interrupted(). */
static char *sum_all(const char *out, const json_t *paths)
{
	size_t nr = json_array_size(paths), i, size;
	const char **sorted = calloc(nr + 1, sizeof(*sorted));
	char *text = NULL, *path, *sum;
	FILE *lines = open_memstream(&text, &size);
	bool ok = lines && sorted;

	for (i = 0; ok && i < nr; i++)
		sorted[i] = json_string_value(json_array_get(paths, i));
	if (ok)
		qsort(sorted, nr, sizeof(*sorted), by_text);
	for (i = 0; ok && i < nr; i++) {
		if (i && !strcmp(sorted[i], sorted[i - 1]))
			continue; /* an archive may be in another */
		path = files_text("%s/%s", out, sorted[i]);
		sum = child_interrupted() ? NULL : files_sha256(path);
		ok = sum && fprintf(lines, "%s%s  %s", i ? "\n" : "", sum, sorted[i]) > 0;
		free(sum);
		free(path);
	}
	if (lines)
		fclose(lines);
	if (!ok) {
		free(text);
		text = NULL;
	}
	free(sorted);
	return text;
}

bool objects_list(const char *out, char **ret_text)
{
	char *path = files_if_there("%s/.vmlinux.o.cmd", out), *command;
	json_t *paths = json_array();
	char *text = NULL;
	bool ok = true;

	command = path ? io_read_file(path) : NULL;
	if (path && !command)
		ok = err_errno("%s", path);
	if (ok)
		ok = command ? add_archives(paths, out, command) : add_folders(paths, out);
	if (ok && (command || json_array_size(paths))) {
		text = sum_all(out, paths);
		ok = text;
	}
	if (ok)
		*ret_text = text;
	json_decref(paths);
	free(command);
	free(path);
	return ok;
}

json_t *objects_parse(const char *text)
{
	json_t *objects = json_object();
	size_t sum, len;
	char *path;

	for (; *text; text += len, text += *text == '\n') {
		len = strcspn(text, "\n");
		sum = strcspn(text, " \n");
		if (sum + 2 >= len)
			continue;
		path = files_text("%.*s", (int)(len - sum - 2), text + sum + 2);
		json_object_set_new(objects, path, json_stringn(text, sum));
		free(path);
	}
	clean_json(objects);
	return objects;
}

json_t *objects_diff(const json_t *a, const json_t *b)
{
	json_t *differ = json_array(), *only_a = json_array(), *only_b = json_array();
	json_t *sum, *other;
	const char *path;
	size_t both = 0;

	json_object_foreach((json_t *)a, path, sum) {
		other = json_object_get(b, path);
		both += other != NULL;
		if (!other)
			json_array_append_new(only_a, json_string(path));
		else if (!json_equal(sum, other))
			json_array_append_new(differ, json_string(path));
	}
	json_object_foreach((json_t *)b, path, sum) {
		if (!json_object_get(a, path))
			json_array_append_new(only_b, json_string(path));
	}
	return json_pack("{sI so so so}", "objects", (json_int_t)both, "differ", differ, "only_a",
			 only_a, "only_b", only_b);
}
