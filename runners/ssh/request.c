// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/ssh/request.h"

#include <pwd.h>
#include <unistd.h>

#include "common/files.h"

#define SILENT_S 60 /* beyond what a run may take: then somebody has gone */

char *request_who(const char *what)
{
	const struct passwd *pw = getpwuid(getuid());
	char host[65] = "", *text, *p;

	gethostname(host, sizeof(host) - 1);
	text = files_text("%s, for %s@%s", what, pw ? pw->pw_name : "?", host);
	for (p = text; *p; p++)
		if (*p > 0 && *p < ' ')
			*p = '?';
	return text;
}

double request_silence(const json_t *request)
{
	json_t *points = json_object_get(json_object_get(request, "plan"), "points"), *point;
	json_int_t most = 0, limit;
	size_t i;

	json_array_foreach(points, i, point) {
		limit = json_integer_value(json_object_get(point, "time_limit_s"));
		most = limit > most ? limit : most;
	}
	return (double)most + SILENT_S;
}

char *request_progress(const json_t *request, const struct plan *plan, size_t next)
{
	json_t *todo = json_object_get(request, "todo");
	struct plan_step at;

	if (next >= json_array_size(todo))
		return NULL;
	at = plan_step(plan, (size_t)json_integer_value(json_array_get(todo, next)));
	return files_text("{\"type\":\"progress\",\"point\":%zu,\"run\":%d}\n", at.point, at.run);
}
