// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/record.h"
#include "common/sha256.h"
#include "runners/machine.h"

#define UNIT_VERSION 1 /* of what a key is made of, and of the file */

char *unit_key(const struct runner_boot *wanted, const char *sums, int sample)
{
	char *identity = machine_identity(wanted), *text = NULL, sum[SHA256_TEXT];
	json_t *request = json_copy(wanted->request), *parts;

	json_object_del(request, "wait");
	parts = identity ? json_pack("{s:i,s:s,s:s,s:O,s:i}", "version", UNIT_VERSION, "machine",
				     identity, "kernel", sums, "request", request, "sample", sample)
			 : NULL;
	json_decref(request);
	free(identity);
	if (!parts)
		return NULL;
	text = json_dumps(parts, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(parts);
	sha256_data(text, strlen(text), sum);
	free(text);
	return files_text("%s", sum);
}

static char *unit_path(const char *cache, const char *key)
{
	return files_text("%s/%.2s/%s.jsonl", cache, key, key);
}

/* The records behind the first line, if that line is of this key and says what they are. */
static json_t *read_unit(char *text, const char *key)
{
	char *rest = strchr(text, '\n'), *line, sum[SHA256_TEXT];
	json_t *head, *records = json_array(), *record;
	bool ok;

	if (rest)
		*rest++ = '\0';
	head = rest ? json_loads(text, 0, NULL) : NULL;
	if (rest)
		sha256_data(rest, strlen(rest), sum);
	ok = rest && json_is_string(json_object_get(head, "key")) &&
	     json_is_string(json_object_get(head, "sha256")) &&
	     !strcmp(json_string_value(json_object_get(head, "key")), key) &&
	     !strcmp(json_string_value(json_object_get(head, "sha256")), sum);
	json_decref(head);
	while (ok && (line = strsep(&rest, "\n"))) {
		record = *line ? json_loads(line, JSON_REJECT_DUPLICATES, NULL) : NULL;
		ok = !*line || json_is_object(record);
		if (record)
			json_array_append_new(records, record);
	}
	if (ok && json_array_size(records))
		return records;
	json_decref(records);
	return NULL;
}

json_t *unit_load(const char *cache, const char *key)
{
	char *path = unit_path(cache, key), *text = io_read_file(path), *whole;
	json_t *records = NULL;

	if (text) {
		/* It was read without its last newline. */
		whole = files_text("%s\n", text);
		records = read_unit(whole, key);
		free(whole);
		if (!records)
			note("%s: is damaged; it is measured again", path);
	} else if (errno != ENOENT) {
		note("%s: %s; it is measured again", path, strerror(errno));
	}
	free(text);
	free(path);
	return records;
}

/* The file's text, malloc'ed. */
static char *unit_text(const char *key, const json_t *records)
{
	char *text = NULL, *line, *whole, sum[SHA256_TEXT];
	json_t *record, *bare;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	json_array_foreach(records, i, record) {
		bare = json_deep_copy(record);
		json_object_del(bare, "kernel");
		json_object_del(json_object_get(bare, "facts"), "machine.title");
		line = json_dumps(bare, RECORD_DUMP);
		fprintf(out, "%s\n", line);
		free(line);
		json_decref(bare);
	}
	fclose(out);
	sha256_data(text, strlen(text), sum);
	whole = files_text("{\"type\":\"unit\",\"key\":\"%s\",\"sha256\":\"%s\"}\n%s", key, sum,
			   text);
	free(text);
	return whole;
}

/* On the disk before it has its name. */
static bool write_whole(const char *path, const char *text)
{
	char host[64] = "", *part;
	bool ok;
	int fd;

	gethostname(host, sizeof(host) - 1);
	part = files_text("%s.%s.%d", path, host, (int)getpid());
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	ok = fd >= 0 && io_write_all(fd, text, strlen(text)) && !fsync(fd);
	if (fd >= 0)
		ok = !close(fd) && ok;
	ok = ok && !rename(part, path);
	if (!ok)
		unlink(part);
	free(part);
	return ok;
}

void unit_store(const char *cache, const char *key, const json_t *records)
{
	char *path = unit_path(cache, key), *text = unit_text(key, records);

	if (!files_make_above(path))
		note("%s: what was measured is in the journal alone", cache);
	else if (!write_whole(path, text))
		note("%s: cannot be written: %s; what was measured is in the journal alone", path,
		     strerror(errno));
	free(text);
	free(path);
}
