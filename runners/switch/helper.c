// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/process.h"

#define TEXT_OF(number)	  #number
#define STATUS_OF(number) TEXT_OF(number)

/* Reads an action and its argument, a line each; what follows is the helper's to read. */
static const char script[] = REACH_SCRIPT(
	"IFS= read -r action; IFS= read -r argument; h=; s=; "
	"for p in " HELPER_INSTALLED " /usr/sbin/" HELPER "; do [ -x $p ] && h=$p && break; done; "
	"[ -n \"$h\" ] || exit " STATUS_OF(
		HELPER_MISSING) "; "
				"if [ $(id -u) = 0 ]; then :; "
				"elif command -v sudo >/dev/null; then s=\"sudo -n\"; "
				"elif command -v doas >/dev/null; then s=\"doas -n\"; "
				"else exit " STATUS_OF(
					HELPER_NO_SUDO) "; fi; "
							"exec $s $h $action "
							"${argument:+\"$argument\"}");

static bool is_refusal(const char *said)
{
	return !strncmp(said, "sudo:", 5) || !strncmp(said, "doas:", 5);
}

/* Why the helper was not run, or did not do it; malloc'ed. */
static char *reason(int status, const char *said)
{
	static const char front[] = HELPER ": ",
			  doctor[] = "`faultbench doctor --machine` says how";

	if (status == HELPER_MISSING)
		return files_text("there is no " HELPER_INSTALLED " there, which does what root is "
				  "needed for; %s to install it",
				  doctor);
	if (status == HELPER_NO_SUDO)
		return files_text("there is neither sudo nor doas there, which " HELPER_INSTALLED
				  " is run by");
	if (is_refusal(said))
		return files_text("%s, and " HELPER_INSTALLED " is run by it; %s to allow that",
				  said, doctor);
	return files_text("%s", said + (strncmp(said, front, strlen(front)) ? 0 : strlen(front)));
}

/* The two lines, and then the file. */
static bool fill(int fd, const char *action, const char *argument, int in)
{
	char *head = files_text("%s\n%s\n", action, argument ? argument : "");
	off_t at = 0, size = in < 0 ? 0 : lseek(in, 0, SEEK_END);
	bool ok = io_write_all(fd, head, strlen(head));

	while (ok && at < size)
		ok = sendfile(fd, in, &at, (size_t)(size - at)) > 0;
	free(head);
	return ok;
}

int helper_run(const struct reach *r, const char *action, const char *argument, int in,
	       char **ret_text)
{
	int fd = memfd_create("action", MFD_CLOEXEC), status = 1;
	char *path = files_text("/proc/self/fd/%d", fd), *text;

	*ret_text = NULL;
	if (fd >= 0 && fill(fd, action, argument, in))
		status = reach_run(r, script, path, ret_text);
	if (status) {
		text = *ret_text;
		*ret_text = reason(status, text ? text : "there is no memory for what is sent");
		free(text);
	}
	close(fd);
	free(path);
	return status;
}

static void add_entry(struct helper_state *state, const char *name)
{
	state->entries = realloc(state->entries, (state->nr_entries + 1) * sizeof(char *));
	if (!state->entries)
		abort();
	state->entries[state->nr_entries++] = files_text("%.*s", (int)strcspn(name, " "), name);
}

static void take(struct helper_state *state, const char *line)
{
	const char *value = strchr(line, ' ');
	size_t len = strcspn(line, " ");

	value = value ? value + 1 : "";
	if (!strncmp(line, "version", len))
		state->version = atoi(value);
	else if (!strncmp(line, "loader", len))
		snprintf(state->loader, sizeof(state->loader), "%s", value);
	else if (!strncmp(line, "kexec", len))
		snprintf(state->kexec, sizeof(state->kexec), "%s", value);
	else if (!strncmp(line, "watchdog", len))
		snprintf(state->watchdog, sizeof(state->watchdog), "%s", value);
	else if (!strncmp(line, "initrd", len))
		snprintf(state->initrd, sizeof(state->initrd), "%s", value);
	else if (!strncmp(line, "entry", len))
		add_entry(state, value);
}

enum helper_why helper_state(const struct reach *r, struct helper_state *ret, char why[512])
{
	char *text, *line, *rest;
	int status = helper_run(r, "state", NULL, -1, &text);
	enum helper_why how = status == HELPER_MISSING ? HELPER_NOT_THERE
			      : status == HELPER_NO_SUDO || (status && is_refusal(text))
				      ? HELPER_REFUSED
			      : status ? HELPER_FAILED
				       : HELPER_FINE;

	*ret = (struct helper_state){.version = 0};
	rest = text;
	while (!status && (line = strsep(&rest, "\n")))
		if (*line)
			take(ret, line);
	if (status)
		snprintf(why, 512, "%s", text);
	free(text);
	if (how || ret->version == HELPER_VERSION)
		return how;
	snprintf(why, 512, HELPER_INSTALLED " there is of version %d, and %d is needed",
		 ret->version, HELPER_VERSION);
	helper_state_free(ret);
	return HELPER_OTHER;
}

bool helper_has(const struct helper_state *state, const char *entry)
{
	size_t i;

	for (i = 0; i < state->nr_entries; i++)
		if (!strcmp(state->entries[i], entry))
			return true;
	return false;
}

void helper_state_free(struct helper_state *state)
{
	while (state->nr_entries)
		free(state->entries[--state->nr_entries]);
	free(state->entries);
	*state = (struct helper_state){0};
}
