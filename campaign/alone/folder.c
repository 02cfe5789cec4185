// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/alone/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"

#define TASK	   "campaign.json"
#define PROGRAM	   "faultbench"
#define STOP	   "stop"
#define LOCK	   "lock"
#define SCHEMA	   1
#define WORDS_MOST 4096

const char *const alone_env[] = {"HOME",	   "PATH",   "XDG_CACHE_HOME",	  "XDG_CONFIG_HOME",
				 "XDG_STATE_HOME", "TMPDIR", "FAULTBENCH_WORKER", NULL};

static char *users_folder(void)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (xdg && *xdg == '/')
		return files_text("%s/faultbench/campaign", xdg);
	if (home && *home == '/')
		return files_text("%s/.local/state/faultbench/campaign", home);
	err("no place for a campaign: neither XDG_STATE_HOME nor HOME is set to a folder");
	return NULL;
}

/* What is in there is done without a question: nobody else may have put it there. */
static bool is_ours(const char *path, mode_t kind)
{
	struct stat st;

	return !lstat(path, &st) && (st.st_mode & S_IFMT) == kind && st.st_uid == geteuid() &&
	       !(st.st_mode & 022);
}

bool alone_folder_open(struct alone_folder *ret, const char *path, bool make)
{
	*ret = (struct alone_folder){.lock = -1};
	ret->path = path ? strdup(path) : users_folder();
	if (!ret->path || (make && !files_make_above(ret->path)))
		return false;
	if (make && mkdir(ret->path, 0700) && errno != EEXIST)
		return err_errno("%s: cannot be made", ret->path);
	return (!make && access(ret->path, F_OK)) || is_ours(ret->path, S_IFDIR) ||
	       err("%s: not a folder of yours that nobody else can write to", ret->path);
}

static char *in(const struct alone_folder *f, const char *name)
{
	return files_text("%s/%s", f->path, name);
}

static int open_lock(const struct alone_folder *f, int flags)
{
	char *path = in(f, LOCK);
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);

	free(path);
	return fd;
}

/* Who has a lock of the whole file; 0: nobody. */
static pid_t holder_of(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return !fcntl(fd, F_GETLK, &lock) && lock.l_type != F_UNLCK ? lock.l_pid : 0;
}

bool alone_folder_lock(struct alone_folder *f, pid_t *ret_holder)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open_lock(f, O_CREAT);

	*ret_holder = 0;
	if (fd < 0)
		return err_errno("%s: cannot be locked", f->path);
	if (fcntl(fd, F_SETLK, &lock)) {
		*ret_holder = holder_of(fd);
		close(fd);
		return false;
	}
	f->lock = fd;
	return true;
}

pid_t alone_folder_holder(const struct alone_folder *f)
{
	int fd = open_lock(f, 0);
	pid_t holder = fd < 0 ? 0 : holder_of(fd);

	if (fd >= 0)
		close(fd);
	return holder;
}

/* What is new in the folder stays there, come what may. */
static bool keep(const struct alone_folder *f)
{
	int fd = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && !fsync(fd);

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool write_whole(const struct alone_folder *f, const char *name, const char *text)
{
	char *path = in(f, name), *part = files_text("%s.part", path);
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok = fd >= 0 && io_write_all(fd, text, strlen(text)) && !fsync(fd);

	if (fd >= 0)
		ok = !close(fd) && ok;
	ok = (ok && !rename(part, path) && keep(f)) || err_errno("%s: cannot be written", path);
	if (!ok)
		unlink(part);
	free(part);
	free(path);
	return ok;
}

static const char *text_of(const struct alone_task *task, const char *name, bool path)
{
	const char *text = json_string_value(json_object_get(task->json, name));

	return text && (!path || *text == '/') ? text : NULL;
}

static bool all_texts(const json_t *words)
{
	json_t *word;
	size_t i;

	json_array_foreach(words, i, word)
		if (!json_is_string(word))
			return false;
	return json_array_size(words) && json_array_size(words) <= WORDS_MOST;
}

/* Of a file that we have written, and that is looked at all the same. */
static bool is_task(struct alone_task *task)
{
	const json_t *env = json_object_get(task->json, "env");
	size_t i;

	for (i = 0; alone_env[i]; i++)
		if (json_object_get(env, alone_env[i]) &&
		    !json_is_string(json_object_get(env, alone_env[i])))
			return false;
	task->program = text_of(task, "program", true);
	task->cwd = text_of(task, "cwd", true);
	task->journal = text_of(task, "journal", true);
	task->machine = text_of(task, "machine", true);
	task->plan = text_of(task, "plan", false);
	task->at_end = text_of(task, "at_end", false);
	return json_integer_value(json_object_get(task->json, "schema")) == SCHEMA &&
	       task->program && task->cwd && task->journal && task->machine && task->plan &&
	       json_is_object(env) && all_texts(json_object_get(task->json, "words"));
}

bool alone_task_read(const struct alone_folder *f, struct alone_task *ret, bool *ret_bad)
{
	char *path = in(f, TASK), *text;
	bool ok = false;

	*ret = (struct alone_task){0};
	*ret_bad = false;
	if (!access(path, F_OK)) {
		text = is_ours(path, S_IFREG) ? io_read_file(path) : NULL;
		ret->json = text ? json_loads(text, 0, NULL) : NULL;
		free(text);
		ok = ret->json && is_task(ret);
		*ret_bad =
			!ok && !err("%s: not what a campaign is gone on with by; remove it", path);
	}
	if (!ok)
		alone_task_free(ret);
	free(path);
	return ok;
}

bool alone_task_write(const struct alone_folder *f, const json_t *task)
{
	const char *program = json_string_value(json_object_get(task, "program"));
	char *path = in(f, PROGRAM), *text;
	json_t *json = json_copy((json_t *)task);
	bool ok;

	json_object_set_new(json, "schema", json_integer(SCHEMA));
	text = json_dumps(json, JSON_INDENT(2));
	unlink(path);
	ok = (!symlink(program, path) || err_errno("%s: cannot be made", path)) && text &&
	     write_whole(f, TASK, text);
	json_decref(json);
	free(text);
	free(path);
	return ok;
}

bool alone_task_is_into(const struct alone_task *task, const char *journal)
{
	char *x = realpath(journal, NULL), *y = realpath(task->journal, NULL);
	bool same = x && y && !strcmp(x, y);

	free(x);
	free(y);
	return same;
}

void alone_task_free(struct alone_task *task)
{
	json_decref(task->json);
	*task = (struct alone_task){0};
}

bool alone_folder_want_stop(const struct alone_folder *f)
{
	return write_whole(f, STOP, "");
}

bool alone_folder_stopping(const struct alone_folder *f)
{
	char *path = in(f, STOP);
	bool is = !access(path, F_OK);

	free(path);
	return is;
}

void alone_folder_clear(struct alone_folder *f)
{
	static const char *const names[] = {TASK, PROGRAM, STOP};
	char *path;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path = in(f, names[i]);
		if (unlink(path) && errno != ENOENT)
			err_errno("%s: cannot be removed", path);
		free(path);
	}
	keep(f);
}

void alone_folder_close(struct alone_folder *f)
{
	if (f->lock >= 0)
		close(f->lock);
	free(f->path);
	*f = (struct alone_folder){.lock = -1};
}
