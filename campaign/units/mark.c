// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/units/mark.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "campaign/units/unit.h"
#include "common/clean.h"
#include "common/files.h"
#include "common/io.h"
#include "common/record.h"

#define RUNNING ".running"
#define FAILED	".failed"

static void put_mark(const char *cache, const char *key, const char *ending, const char *reason)
{
	char *path = unit_path(cache, key, ending), *text;
	char host[UNIT_HOST];
	json_t *json;

	json = json_pack("{s:s,s:i,s:o,s:s*}", "host", unit_host(host), "pid", (int)getpid(),
			 "when", record_seconds((double)time(NULL)), "reason", reason);
	text = json_dumps(json, RECORD_DUMP);
	/* Where the folder cannot be made, unit_store() says so. */
	if (text && files_is_dir(cache) && files_make_above(path))
		unit_write_whole(path, text);
	free(text);
	json_decref(json);
	free(path);
}

/* False if there is none. */
static bool get_mark(const char *cache, const char *key, const char *ending, struct mark *ret)
{
	char *path = unit_path(cache, key, ending), *text = io_read_file(path);
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;
	const char *host, *reason;
	bool found;

	if (json)
		clean_json(json);
	host = json_string_value(json_object_get(json, "host"));
	reason = json_string_value(json_object_get(json, "reason"));
	snprintf(ret->host, sizeof(ret->host), "%s", host ? host : "");
	snprintf(ret->reason, sizeof(ret->reason), "%s", reason ? reason : "");
	ret->pid = (pid_t)json_integer_value(json_object_get(json, "pid"));
	ret->when = json_number_value(json_object_get(json, "when"));
	found = host;
	json_decref(json);
	free(text);
	free(path);
	return found;
}

static bool is_here(const struct mark *mark)
{
	char host[UNIT_HOST];

	return !strcmp(mark->host, unit_host(host));
}

static bool is_gone(const struct mark *mark)
{
	return is_here(mark) && kill(mark->pid, 0) && errno == ESRCH;
}

static void take_away(const char *cache, const char *key, const char *ending)
{
	char *path = unit_path(cache, key, ending);

	unlink(path);
	free(path);
}

void mark_begin(const char *cache, const char *key)
{
	put_mark(cache, key, RUNNING, NULL);
}

void mark_end(const char *cache, const char *key, const char *reason)
{
	struct mark mark;

	if (get_mark(cache, key, RUNNING, &mark) && is_here(&mark) && mark.pid == getpid())
		take_away(cache, key, RUNNING);
	if (reason)
		put_mark(cache, key, FAILED, reason);
	else
		take_away(cache, key, FAILED);
}

void mark_read(const char *cache, const char *key, struct mark *ret)
{
	*ret = (struct mark){0};
	if (get_mark(cache, key, RUNNING, ret) && !is_gone(ret))
		ret->kind = MARK_RUNNING;
	else
		ret->kind = get_mark(cache, key, FAILED, ret) ? MARK_FAILED : MARK_NONE;
}
