// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/changes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/harness/provide/changes_write.h"
#include "bench/harness/provide/switch.h"
#include "common/io.h"
#include "common/record.h"
#include "common/runtime_dir.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/* What must be written to get the present value back: files such as "a [b] c" want "b". */
static bool present_value(const char *path, char value[CHANGE_VALUE])
{
	char *text = switch_text(path), *open, *close;

	if (!text)
		return false;
	open = strchr(text, '[');
	close = open ? strchr(open, ']') : NULL;
	if (close)
		snprintf(value, CHANGE_VALUE, "%.*s", (int)(close - open - 1), open + 1);
	else
		snprintf(value, CHANGE_VALUE, "%s", text);
	free(text);
	return true;
}

static int write_change(const struct changes *c, const struct change *change)
{
	return changes_write(c->fd, json_pack("{s:s,s:s,s:s}", "path", change->path, "was",
					      change->was, "set", change->set));
}

/* The change of that path; if there is none and add says so, a new one. */
static struct change *find(struct changes *c, const char *path, bool add)
{
	struct change *more;
	size_t i;

	for (i = 0; i < c->nr; i++)
		if (!strcmp(c->change[i].path, path))
			return &c->change[i];
	if (!add || strlen(path) >= CHANGE_PATH)
		return NULL;
	more = realloc(c->change, (c->nr + 1) * sizeof(*more));
	if (!more)
		return NULL;
	c->change = more;
	more += c->nr++;
	*more = (struct change){0};
	strcpy(more->path, path);
	return more;
}

/* One line of the file. */
static void take(struct changes *c, const json_t *json)
{
	const char *path, *was, *set;
	struct change *change;

	if (memcg_from_json(&c->group, json) || devices_take(&c->devices, json) ||
	    json_unpack((json_t *)json, "{s:s,s:s,s:s}", "path", &path, "was", &was, "set", &set))
		return;
	change = find(c, path, true);
	if (!change)
		return;
	snprintf(change->was, sizeof(change->was), "%s", was);
	snprintf(change->set, sizeof(change->set), "%s", set);
	change->earlier = true;
}

void changes_begin_guest(struct changes *c)
{
	*c = (struct changes){.fd = -1, .devices = DEVICES_NONE};
}

void changes_read(struct changes *c, const char *path)
{
	char *text = io_read_file(path), *rest = text, *line, *now = io_read_file(BOOT_ID);
	const char *boot;
	bool ours = false;
	json_t *json;

	changes_begin_guest(c);
	while (text && (line = strsep(&rest, "\n"))) {
		json = json_loads(line, 0, NULL);
		boot = json_string_value(json_object_get(json, "boot"));
		if (boot)
			ours = now && !strcmp(boot, now);
		else if (ours)
			take(c, json);
		json_decref(json);
	}
	free(now);
	free(text);
}

/* The file has what is still to be put back. 0 or an errno. */
static int write_rest(const struct changes *c)
{
	int error;
	size_t i;

	if (c->fd < 0)
		return 0;
	error = ftruncate(c->fd, 0) ? errno : 0;
	for (i = 0; i < c->nr && !error; i++)
		error = write_change(c, &c->change[i]);
	if (!error)
		error = devices_write(&c->devices, c->fd);
	if (!error && c->group.path[0])
		error = changes_write(c->fd, memcg_to_json(&c->group));
	return error;
}

bool changes_begin(struct changes *c)
{
	char *path = runtime_path(RUNTIME_CHANGED, true);
	int error;

	changes_begin_guest(c);
	if (!path)
		return false;
	changes_read(c, path);
	c->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644);
	error = c->fd < 0 ? errno : 0;
	/* As it stands, it says what is left; of another boot, nothing. */
	if (!error && !c->nr && !devices_any(&c->devices) && !c->group.path[0])
		error = write_rest(c);
	free(path);
	errno = error;
	return !error;
}

int changes_set(struct changes *c, const char *path, const char *value)
{
	struct change *change = find(c, path, false);
	bool first = !change;
	int error;

	if (first)
		change = find(c, path, true);
	if (!change)
		return ENOMEM;
	if (first && !present_value(path, change->was)) {
		c->nr--;
		return errno;
	}
	snprintf(change->set, sizeof(change->set), "%s", value);
	change->earlier = false;
	error = write_change(c, change);
	if (!error)
		error = switch_write(path, value);
	if (error && first) {
		c->nr--;
	} else if (!error && present_value(path, change->set) && strcmp(change->set, value)) {
		/* It took another value, as where hugetlb pages are fewer than asked for. */
		write_change(c, change);
	}
	return error;
}

int changes_group(struct changes *c, int levels, char ret_path[MEMCG_PATH])
{
	char why[256];
	int error;

	/* One that an earlier process left stays written down until it is gone. */
	if (c->group.path[0])
		return EBUSY;
	if (!memcg_plan(&c->group, levels, why, sizeof(why)))
		return EPERM;
	error = changes_write(c->fd, memcg_to_json(&c->group));
	if (!error)
		error = memcg_make(&c->group);
	if (error && (error == EEXIST || !memcg_remove(&c->group)))
		c->group.path[0] = '\0';
	else
		memcg_leaf(&c->group, ret_path);
	return error;
}

/* Whether the switch is to be put back; one that is gone is not. */
static bool is_changed(const struct change *change)
{
	char now[CHANGE_VALUE];

	if (!present_value(change->path, now))
		return errno != ENOENT;
	return strcmp(now, change->was) && (!change->earlier || !strcmp(now, change->set));
}

static int undo_group(struct changes *c)
{
	int error = c->group.path[0] ? memcg_remove(&c->group) : 0;

	if (!error)
		c->group.path[0] = '\0';
	else
		snprintf(c->failed, sizeof(c->failed), "a control group, %.100s", c->group.path);
	return c->group.earlier ? 0 : error;
}

int changes_undo(struct changes *c)
{
	bool anything = c->nr || devices_any(&c->devices) || c->group.path[0];
	int first = undo_group(c), error = devices_undo(&c->devices, c->failed, sizeof(c->failed));
	size_t left = c->nr, kept = 0;
	struct change *change;

	first = first ? first : error;
	while (left--) {
		change = &c->change[left];
		error = is_changed(change) ? switch_write(change->path, change->was) : 0;
		if (!error)
			continue;
		if (!first && !change->earlier)
			snprintf(c->failed, sizeof(c->failed), "%s", change->path);
		first = first || change->earlier ? first : error;
		/* Those that failed stay, in their order, at the end. */
		kept++;
		c->change[c->nr - kept] = *change;
	}
	if (kept)
		memmove(c->change, c->change + c->nr - kept, kept * sizeof(*c->change));
	c->nr = kept;
	if (anything)
		write_rest(c);
	return first;
}

json_t *changes_list(const struct changes *c)
{
	json_t *list = json_array();
	char now[CHANGE_VALUE];
	size_t i;

	for (i = 0; i < c->nr; i++) {
		if (!is_changed(&c->change[i]) || !present_value(c->change[i].path, now))
			continue;
		json_array_append_new(list, json_pack("{s:o,s:o}", "what",
						      json_sprintf("%s is %s, and was %s",
								   c->change[i].path, now,
								   c->change[i].was),
						      "mend",
						      json_sprintf("echo %s >%s", c->change[i].was,
								   c->change[i].path)));
	}
	if (memcg_is_there(&c->group))
		json_array_append_new(
			list,
			json_pack("{s:o,s:o}", "what",
				  json_sprintf("the control group %s is there", c->group.path),
				  "mend",
				  json_sprintf("find %s -depth -type d -exec rmdir {} +",
					       c->group.path)));
	devices_list(&c->devices, list);
	return list;
}

char *changes_text(const json_t *list, const char *key, const char *between)
{
	char *text = NULL;
	size_t size, i;
	json_t *entry;
	FILE *out = json_array_size(list) ? open_memstream(&text, &size) : NULL;

	if (!out)
		return NULL;
	json_array_foreach(list, i, entry)
		fprintf(out, "%s%s", i ? between : "",
			json_string_value(json_object_get(entry, key)));
	fclose(out);
	return text;
}

void changes_end(struct changes *c)
{
	if (c->fd >= 0)
		close(c->fd);
	devices_end(&c->devices);
	free(c->change);
	*c = (struct changes){.fd = -1, .devices = DEVICES_NONE};
}
