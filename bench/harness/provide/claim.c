// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/harness/kernel/clock.h"
#include "common/clean.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/runtime_dir.h"
#include "common/units.h"

#define COMMAND_SHOWN 100  /* characters */
#define LOOK_MS	      1000 /* while waiting, for whom has changed */

/* When a process began, in ticks since boot; 0 if it is not there. */
static unsigned long long began(pid_t pid)
{
	char *text = io_read_filef("/proc/%d/stat", (int)pid),
	     *p = text ? strrchr(text, ')') : NULL;
	unsigned long long ticks = 0;
	int i;

	/* Field 22; the second ends with that parenthesis. */
	for (i = 2; p && i < 22; i++)
		p = strchr(p + 1, ' ');
	if (p)
		ticks = strtoull(p, NULL, 10);
	free(text);
	return ticks;
}

/* The words of a process, malloc'ed. */
static char *command_of(pid_t pid)
{
	char path[64], words[COMMAND_SHOWN + 1] = "", *slash;
	ssize_t got = -1, i;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		got = read(fd, words, sizeof(words) - 1);
		close(fd);
	}
	slash = got > 0 ? strrchr(words, '/') : NULL; /* of the program's own name */
	for (i = 0; i < got - 1; i++)
		words[i] = words[i] ? words[i] : ' ';
	return clean_text(slash ? slash + 1 : words);
}

static json_t *read_holder(const char *path)
{
	char *text = path ? io_read_file(path) : NULL;
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;

	free(text);
	return json;
}

static json_t *our_holder(void)
{
	char *path = runtime_path(RUNTIME_HOLDER, false);
	json_t *json = read_holder(path);

	free(path);
	return json;
}

static char *before; /* holder_text() of who had it and did not say that it is over */

static char *holder_text(const json_t *json)
{
	const char *command, *since;
	char *text = NULL, *shown;
	int pid;

	if (json_unpack((json_t *)json, "{s:i,s:s,s:s}", "pid", &pid, "command", &command, "since",
			&since) ||
	    asprintf(&text, "pid %d (`%s`, since %s)", pid, command, since) < 0)
		return NULL;
	shown = clean_text(text);
	free(text);
	return shown;
}

/* Whoever started us is who the user knows. */
static void write_holder(void)
{
	pid_t pid = getppid() > 1 ? getppid() : getpid();
	char *path = runtime_path(RUNTIME_HOLDER, true), *command = command_of(pid),
	     since[UNITS_TEXT];
	json_t *json;
	int fd;

	units_when((double)time(NULL), since);
	json = json_pack("{s:i,s:I,s:s,s:s}", "pid", (int)pid, "began", (json_int_t)began(pid),
			 "command", command ? command : "", "since", since);
	fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
	if (fd >= 0) {
		json_dumpfd(json, fd, JSON_COMPACT);
		close(fd);
	}
	json_decref(json);
	free(command);
	free(path);
}

static bool is_alive(const json_t *holder)
{
	pid_t pid = (pid_t)json_integer_value(json_object_get(holder, "pid"));
	json_int_t then = json_integer_value(json_object_get(holder, "began"));

	return then && (json_int_t)began(pid) == then;
}

bool claim_of_root(void)
{
	json_t *json = read_holder(RUNTIME_OF_ROOT "/" RUNTIME_HOLDER);
	bool alive = is_alive(json);

	json_decref(json);
	return alive;
}

char *claim_holder(void)
{
	json_t *json = NULL;
	char *text;

	if (geteuid() && claim_of_root())
		json = read_holder(RUNTIME_OF_ROOT "/" RUNTIME_HOLDER);
	if (!json)
		json = our_holder();
	text = holder_text(json);
	json_decref(json);
	return text;
}

const char *claim_before(void)
{
	return before;
}

void claim_forget(void)
{
	char *path = runtime_path(RUNTIME_HOLDER, false);

	if (path)
		unlink(path);
	free(path);
}

/*
 * A process that waits for the lock, which belongs to whoever has the file open: the kernel lets
 * those who wait have it in the order in which they came. Returns its pidfd.
 */
static int start_waiter(int lock, pid_t *ret_pid)
{
	*ret_pid = fork();
	if (*ret_pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (flock(lock, LOCK_EX) && errno == EINTR)
			;
		_exit(0);
	}
	return *ret_pid < 0 ? -1 : pidfd_open(*ret_pid, 0);
}

/* Says for whom we wait, if that is another one than before; *last is freed. */
static void say_waiting(char **last)
{
	char *holder = claim_holder();

	if (holder && (!*last || strcmp(holder, *last)))
		note("waiting for another faultbench that measures here: %s", holder);
	free(*last);
	*last = holder;
}

/* Waits until the process ends, has waited for long enough, or nobody wants it any more. */
static enum claim wait_with(int waiter, int wait_ms, int control_fd)
{
	uint64_t end = clock_now(CLOCK_MONOTONIC) + (uint64_t)wait_ms * 1000000, now;
	struct pollfd fds[2] = {{waiter, POLLIN, 0}, {control_fd, 0, 0}};
	bool patient = wait_ms < 0;
	char *last = NULL;
	enum claim claim = CLAIM_THEIRS;

	while (claim == CLAIM_THEIRS && (patient || (now = clock_now(CLOCK_MONOTONIC)) < end)) {
		if (patient)
			say_waiting(&last);
		poll(fds, 2, patient ? LOOK_MS : (int)((end - now) / 1000000) + 1);
		claim = fds[0].revents	 ? CLAIM_OURS
			: fds[1].revents ? CLAIM_ABANDONED
					 : CLAIM_THEIRS;
	}
	free(last);
	return claim;
}

static enum claim wait_for_lock(int lock, int wait_ms, int control_fd)
{
	enum claim claim;
	pid_t pid;
	int waiter = start_waiter(lock, &pid);

	if (waiter < 0)
		return CLAIM_THEIRS;
	claim = wait_with(waiter, wait_ms, control_fd);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(waiter);
	return claim;
}

/* Root does not ask a user: nobody may hold up root's runs. */
static enum claim wait_for_root(int wait_ms, int control_fd)
{
	struct pollfd end = {control_fd, 0, 0};
	char *last = NULL;
	int step = 100, waited = 0;

	while (geteuid() && claim_of_root() && (wait_ms < 0 || waited < wait_ms) && !end.revents) {
		if (wait_ms < 0)
			say_waiting(&last);
		poll(&end, 1, step);
		waited += step;
	}
	free(last);
	return end.revents		      ? CLAIM_ABANDONED
	       : geteuid() && claim_of_root() ? CLAIM_THEIRS
					      : CLAIM_OURS;
}

enum claim claim_machine(int wait_ms, int control_fd)
{
	char *path = runtime_path(RUNTIME_LOCK, true);
	int lock = path ? open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	enum claim claim = CLAIM_OURS;
	json_t *json;

	free(path);
	/* The descriptor stays open as long as we and the keeper are there. */
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB))
		claim = wait_for_lock(lock, wait_ms, control_fd);
	if (claim == CLAIM_OURS)
		claim = wait_for_root(wait_ms, control_fd);
	if (claim == CLAIM_OURS && lock >= 0) {
		json = our_holder();
		before = holder_text(json);
		json_decref(json);
		write_holder();
	} else if (lock >= 0) {
		close(lock);
	}
	return claim;
}
