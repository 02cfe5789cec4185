// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/vmstat.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"

#define MAX_KEYS 512
#define ROOM	 32768

struct vmstat {
	int fd;
	size_t nr;
	char *names[MAX_KEYS];
	long long before[MAX_KEYS];
	long long change[MAX_KEYS];
	char text[ROOM];
};

/* The text, NUL-terminated; its lines are always the same keys in the same order. */
static bool read_text(struct vmstat *v)
{
	ssize_t got, used = 0;

	while ((got = pread(v->fd, v->text + used, ROOM - 1 - (size_t)used, used)) > 0)
		used += got;
	v->text[used] = '\0';
	return used > 0;
}

struct vmstat *vmstat_open(void)
{
	struct vmstat *v = calloc(1, sizeof(*v));
	char *line, *rest, *space;

	if (!v)
		return NULL;
	v->fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
	if (v->fd < 0 || !read_text(v)) {
		free(v);
		return NULL;
	}
	rest = v->text;
	while ((line = strsep(&rest, "\n")) && v->nr < MAX_KEYS) {
		space = strchr(line, ' ');
		if (space)
			v->names[v->nr++] = strndup(line, (size_t)(space - line));
	}
	return v;
}

static void read_values(struct vmstat *v, long long values[MAX_KEYS])
{
	char *p = v->text;
	size_t i;

	if (!read_text(v))
		return;
	for (i = 0; i < v->nr && (p = strchr(p, ' ')); i++)
		values[i] = strtoll(p + 1, &p, 10);
}

void vmstat_before(struct vmstat *v)
{
	read_values(v, v->before);
}

void vmstat_after(struct vmstat *v)
{
	static long long now[MAX_KEYS];
	size_t i;

	read_values(v, now);
	for (i = 0; i < v->nr; i++)
		v->change[i] += now[i] - v->before[i];
}

void vmstat_reset(struct vmstat *v)
{
	memset(v->change, 0, sizeof(v->change));
}

json_t *vmstat_to_json(const struct vmstat *v)
{
	json_t *json = json_object();
	size_t i;

	for (i = 0; i < v->nr; i++)
		if (v->change[i])
			json_object_set_new(json, v->names[i], json_integer(v->change[i]));
	return json;
}

long vmstat_now(const char *key)
{
	char *text = io_read_file("/proc/vmstat"), *p = text;
	size_t len = strlen(key);
	long value = -1;

	while (p) {
		if (!strncmp(p, key, len) && p[len] == ' ') {
			value = atol(p + len);
			break;
		}
		p = strchr(p, '\n');
		if (p)
			p++;
	}
	free(text);
	return value;
}
