// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/knobs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/harness/provide/changes.h"
#include "bench/harness/provide/claim.h"
#include "common/msg.h"

/* A request to the keeper; an empty path asks it for a device, a group, or to restore everything.
 */
struct request {
	size_t zram;  /* bytes of a device, */
	bool swap;    /* for that */
	size_t nullb; /* bytes of another device, */
	long us;      /* and what its requests take */
	int levels;   /* of control groups */
	char path[CHANGE_PATH];
	char value[CHANGE_VALUE];
};

struct answer {
	int error;
	char failed[CHANGE_PATH]; /* what could not be put back */
	char group[MEMCG_PATH];
	char device[32]; /* its path */
};

static int keeper = -1; /* our end of the socket; messages keep their bounds */
static struct changes changes = {.fd = -1, .devices = {.zram = -1}}; /* the keeper's */
static int no_place; /* an errno: nothing may be changed */

static struct answer carry_out(const struct request *r)
{
	struct answer answer = {0};
	bool any = r->path[0] || r->zram || r->nullb || r->levels;

	if (any && no_place)
		answer.error = no_place;
	else if (r->path[0])
		answer.error = changes_set(&changes, r->path, r->value);
	else if (r->zram)
		answer.error = devices_zram(&changes.devices, changes.fd, r->zram, r->swap);
	else if (r->nullb)
		answer.error =
			devices_nullb(&changes.devices, changes.fd, r->nullb, r->us, answer.device);
	else if (r->levels)
		answer.error = changes_group(&changes, r->levels, answer.group);
	else
		answer.error = changes_undo(&changes);
	if (r->zram)
		snprintf(answer.device, sizeof(answer.device), "/dev/zram%d", changes.devices.zram);
	return answer;
}

/* The keeper's life. It must outlive a ^C that ends everyone else. */
static void keep(int fd)
{
	struct request request;
	struct answer answer;

	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	while (recv(fd, &request, sizeof(request), 0) == sizeof(request)) {
		answer = carry_out(&request);
		strcpy(answer.failed, changes.failed);
		if (send(fd, &answer, sizeof(answer), MSG_NOSIGNAL) < 0)
			break;
	}
	changes_undo(&changes);
	claim_forget();
	_exit(0);
}

size_t knobs_put_back(void)
{
	json_t *found, *left;
	const char *who = claim_before();
	char *text;
	size_t nr;

	no_place = changes_begin(&changes) ? 0 : errno;
	found = changes_list(&changes);
	text = changes_text(found, "what", "; ");
	if (json_array_size(found))
		note("%s was killed, and what it had changed is put back: %s",
		     who ? who : "a faultbench", text);
	free(text);
	changes_undo(&changes);
	left = changes_list(&changes);
	text = changes_text(left, "what", "; ");
	nr = json_array_size(left);
	if (nr)
		err("cannot be put back, `faultbench doctor` says by what it can: %s", text);
	free(text);
	json_decref(found);
	json_decref(left);
	return nr;
}

bool knobs_start(void)
{
	int ends[2], null;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return false;
	pid = fork();
	if (pid < 0)
		return false;
	if (pid == 0) {
		/* Holding our caller's streams would keep its readers waiting. */
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		close(ends[0]);
		keep(ends[1]);
	}
	close(ends[1]);
	keeper = ends[0];
	return true;
}

static struct answer ask(const struct request *request)
{
	struct answer answer = {0};

	if (send(keeper, request, sizeof(*request), MSG_NOSIGNAL) < 0)
		answer.error = errno;
	else if (recv(keeper, &answer, sizeof(answer), 0) != sizeof(answer))
		answer = (struct answer){.error = EPIPE};
	return answer;
}

bool knobs_set(const char *path, const char *value, char *why, size_t room)
{
	struct request request = {0};
	int error;

	snprintf(request.path, sizeof(request.path), "%s", path);
	snprintf(request.value, sizeof(request.value), "%s", value);
	error = ask(&request).error;
	if (error)
		snprintf(why, room, "%s cannot be set to %s: %s", path, value, strerror(error));
	return !error;
}

bool knobs_swap(size_t size, char *why, size_t room)
{
	int error = ask(&(struct request){.zram = size, .swap = true}).error;

	if (error)
		snprintf(why, room, "swap on zram cannot be had: %s", strerror(error));
	return !error;
}

bool knobs_disk(size_t size, char path[32], char *why, size_t room)
{
	struct answer answer = ask(&(struct request){.zram = size});

	memcpy(path, answer.device, 32);
	if (answer.error)
		snprintf(why, room, "needs a zram device, which cannot be had: %s",
			 strerror(answer.error));
	return !answer.error;
}

bool knobs_slow_disk(size_t size, long us, char path[32], char *why, size_t room)
{
	struct answer answer = ask(&(struct request){.nullb = size, .us = us});

	memcpy(path, answer.device, 32);
	if (answer.error)
		snprintf(why, room, "needs a null_blk device, which cannot be had: %s",
			 strerror(answer.error));
	return !answer.error;
}

bool knobs_group(int levels, char ret_path[MEMCG_PATH], char *why, size_t room)
{
	struct answer answer = ask(&(struct request){.levels = levels});

	memcpy(ret_path, answer.group, MEMCG_PATH);
	if (answer.error)
		snprintf(why, room, "needs a control group of memory, which cannot be made: %s",
			 strerror(answer.error));
	return !answer.error;
}

bool knobs_restore(char *why, size_t room)
{
	struct answer answer = ask(&(struct request){0});

	if (answer.error)
		snprintf(why, room, "%s could not be put back: %s",
			 answer.failed[0] ? answer.failed : "a switch", strerror(answer.error));
	return !answer.error;
}
