// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/units/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/clean.h"
#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/record.h"
#include "common/sha256.h"

#define UNIT_VERSION 1 /* of what a key is made of, and of the file */

char *unit_key(const char *machine, const char *kernel, const json_t *request, int sample)
{
	json_t *asked = json_copy((json_t *)request), *parts;
	char sum[SHA256_TEXT], *text;

	json_object_del(asked, "wait");
	parts = json_pack("{s:i,s:s,s:s,s:o,s:i}", "version", UNIT_VERSION, "machine", machine,
			  "kernel", kernel, "request", asked, "sample", sample);
	text = json_dumps(parts, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text)
		abort();
	sha256_data(text, strlen(text), sum);
	free(text);
	json_decref(parts);
	return files_text("%s", sum);
}

char *unit_path(const char *cache, const char *key, const char *ending)
{
	return files_text("%s/%.2s/%s%s", cache, key, key, ending);
}

static void read_origin(const json_t *head, struct unit_origin *ret)
{
	const char *host = json_string_value(json_object_get(head, "host"));

	ret->measured = json_number_value(json_object_get(head, "measured"));
	ret->took_s = json_number_value(json_object_get(head, "took_s"));
	snprintf(ret->host, sizeof(ret->host), "%s", host ? host : "");
}

/* The records behind the first line, if that line is of this key and says what they are. */
static json_t *read_unit(char *text, const char *key, struct unit_origin *ret)
{
	char *rest = strchr(text, '\n'), *line, sum[SHA256_TEXT];
	json_t *head, *records = json_array(), *record;
	bool ok;

	if (rest)
		*rest++ = '\0';
	head = rest ? json_loads(text, 0, NULL) : NULL;
	if (head)
		clean_json(head);
	if (rest)
		sha256_data(rest, strlen(rest), sum);
	ok = rest && json_is_string(json_object_get(head, "key")) &&
	     json_is_string(json_object_get(head, "sha256")) &&
	     !strcmp(json_string_value(json_object_get(head, "key")), key) &&
	     !strcmp(json_string_value(json_object_get(head, "sha256")), sum);
	if (ok && ret)
		read_origin(head, ret);
	json_decref(head);
	while (ok && (line = strsep(&rest, "\n"))) {
		record = *line ? json_loads(line, JSON_REJECT_DUPLICATES, NULL) : NULL;
		ok = !*line || json_is_object(record);
		if (record)
			clean_json(record);
		if (record)
			json_array_append_new(records, record);
	}
	if (ok && json_array_size(records))
		return records;
	json_decref(records);
	return NULL;
}

json_t *unit_load(const char *cache, const char *key, struct unit_origin *ret)
{
	char *path = unit_path(cache, key, ".jsonl"), *text = io_read_file(path), *whole;
	json_t *records = NULL;

	if (text) {
		/* It was read without its last newline. */
		whole = files_text("%s\n", text);
		records = read_unit(whole, key, ret);
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
static char *unit_text(const char *key, const json_t *records, double took_s)
{
	char *text = NULL, *line, *whole, sum[SHA256_TEXT];
	char host[UNIT_HOST];
	json_t *record, *bare, *head;
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
	head = json_pack("{s:s,s:s,s:s,s:o,s:s,s:o}", "type", "unit", "key", key, "sha256", sum,
			 "measured", record_seconds((double)time(NULL)), "host", unit_host(host),
			 "took_s", record_seconds(took_s));
	line = json_dumps(head, RECORD_DUMP);
	whole = files_text("%s\n%s", line, text);
	json_decref(head);
	free(line);
	free(text);
	return whole;
}

const char *unit_host(char host[UNIT_HOST])
{
	memset(host, 0, UNIT_HOST);
	gethostname(host, UNIT_HOST - 1);
	return host;
}

bool unit_write_whole(const char *path, const char *text)
{
	char host[UNIT_HOST], *part;
	bool ok;
	int fd;

	part = files_text("%s.%s.%d", path, unit_host(host), (int)getpid());
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

void unit_store(const char *cache, const char *key, const json_t *records, double took_s)
{
	char *path = unit_path(cache, key, ".jsonl"), *text = unit_text(key, records, took_s);

	if (!files_make_above(path))
		note("%s: what was measured is in the journal alone", cache);
	else if (!unit_write_whole(path, text))
		note("%s: cannot be written: %s; what was measured is in the journal alone", path,
		     strerror(errno));
	free(text);
	free(path);
}
