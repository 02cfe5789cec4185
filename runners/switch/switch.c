// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/switch.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/msg.h"
#include "common/seconds.h"
#include "runners/machine.h"
#include "runners/signals.h"
#include "runners/switch/command.h"
#include "runners/switch/entry.h"
#include "runners/switch/helper.h"
#include "runners/switch/host.h"

#define BOOT_ID 65

/* A command of the machine file's, of that key. */
static bool run_command(const struct switch_keys *k, const struct runner_boot *boot,
			const char *key, const char *command)
{
	char *why = NULL;
	bool ok = switch_command(k, command, boot->kernel, &why);

	if (!ok)
		err("%s: the %s %s", boot->what, key, why);
	free(why);
	return ok;
}

/* Waiting for a host to be there. */
struct wait {
	const struct switching *s;
	const char *before;   /* the boot that it was in; "": any will do */
	bool (*moment)(void); /* a second later; false if nobody wants any more */
	bool unwanted;
	struct host now;
	char why[256]; /* it is not there */
};

static bool while_input(void)
{
	struct pollfd in = {STDIN_FILENO, 0, 0};

	return poll(&in, 1, 1000) == 0;
}

static bool while_no_signal(void)
{
	const struct timespec second = {1, 0};

	return ppoll(NULL, 0, &second, signals_open()) == 0 && !signals_came();
}

static void wait_begin(struct wait *w, const struct switching *s, const char *before)
{
	*w = (struct wait){.s = s, .before = before, .moment = while_input};
}

/* Whether it is there within the boot's limit from now. */
static bool wait_up(struct wait *w)
{
	double begun = seconds_now(), limit = w->s->keys->boot_limit_s;
	struct reach reach = w->s->reach;

	do {
		/* One that is there and slow is waited for in the end. */
		reach.often = seconds_now() < begun + limit / 2;
		if (host_ask(&reach, &w->now, w->why)) {
			if (strcmp(w->now.boot_id, w->before) != 0)
				return true;
			snprintf(w->why, sizeof(w->why), "it is still in the boot that it was in");
		}
		w->unwanted = !w->moment();
	} while (!w->unwanted && seconds_now() < begun + limit);
	return false;
}

/* That, and once more after a rescue, if there is one. Where it is not, that is said. */
static bool wait_or_rescue(struct wait *w, const struct runner_boot *boot)
{
	const struct switch_keys *k = w->s->keys;

	if (wait_up(w))
		return true;
	if (w->unwanted)
		return false;
	if (k->rescue) {
		note("%s: the host did not come up within %d s (boot-limit): %s; the rescue is run",
		     boot->what, k->boot_limit_s, w->why);
		if (!run_command(k, boot, "rescue", k->rescue))
			return false;
		if (wait_up(w) || w->unwanted)
			return !w->unwanted;
	}
	return err("%s: the host did not come up within %d s (boot-limit)%s: %s", boot->what,
		   k->boot_limit_s, k->rescue ? " of its rescue" : "", w->why);
}

/* An action of the helper's. */
static bool act(const struct switching *s, const char *what, const char *action, const char *entry)
{
	char *text;
	int status = helper_run(&s->reach, action, entry, -1, &text);

	if (status)
		err("%s: faultbench-root %s: %s", what, action, text);
	free(text);
	return !status;
}

/* The boot that the helper says is ending, in a line behind whatever else a login prints. */
static void take_boot(char *text, char ret_boot[BOOT_ID])
{
	static const char front[] = "boot ";
	const size_t len = sizeof(front) - 1;
	char *line;

	*ret_boot = '\0';
	while ((line = strsep(&text, "\n")))
		if (!strncmp(line, front, len) && line[len] &&
		    !line[len + strspn(line + len, "0123456789abcdef-")])
			snprintf(ret_boot, BOOT_ID, "%s", line + len);
}

/*
 * The machine leaves for the entry, which is not looked for before: a login is what takes the
 * longest. Returns whether it does; ret_boot is the boot that ends, and why it does not, in
 * *ret_why, malloc'ed.
 */
static bool leave(const struct switching *s, const char *entry, char ret_boot[BOOT_ID],
		  char **ret_why)
{
	char *text;

	if (!entry_leave(&s->reach, s->keys, entry, &text)) {
		*ret_why = text;
		return false;
	}
	take_boot(text, ret_boot);
	free(text);
	return true;
}

/* Whether it runs its own kernel, after it was told to; if not, that is said. */
static bool is_own(const struct wait *w, const char *what)
{
	return !strcmp(w->now.entry, "-") ||
	       err("%s: the host did not come back to its own kernel: it runs %s", what,
		   w->now.release);
}

/* The host, which runs an entry that cannot be left for that reason, boots its own kernel. */
static bool boot_own(const struct switching *s, const struct runner_boot *boot, struct wait *w,
		     const char *why)
{
	char before[BOOT_ID];

	note("%s: %s; the host's own kernel is booted, to try it from there", boot->what, why);
	snprintf(before, sizeof(before), "%s", w->now.boot_id);
	wait_begin(w, s, before);
	return act(s, boot->what, "reboot", NULL) && wait_or_rescue(w, boot) &&
	       is_own(w, boot->what);
}

/*
 * The same where the host may be on its way from a boot that has failed, has no entry yet, or runs
 * one whose kernel cannot start another: without a file system or kexec, say.
 */
static bool install_and_leave(const struct switching *s, const struct runner_boot *boot,
			      char entry[ENTRY_NAME], char ret_boot[BOOT_ID])
{
	bool ok = false, own;
	char *why = NULL;
	struct wait w;

	wait_begin(&w, s, "");
	if (!wait_or_rescue(&w, boot))
		return false;
	do {
		own = !strcmp(w.now.entry, "-");
		free(why);
		why = NULL;
		ok = entry_install(&s->reach, boot->kernel, s->keys, entry, &why) &&
		     leave(s, entry, ret_boot, &why);
		if (!ok && own)
			err("%s: %s", boot->what, why);
	} while (!ok && !own && boot_own(s, boot, &w, why));
	free(why);
	return ok;
}

/* By an entry. */
static bool switch_entry(const struct switching *s, const struct runner_boot *boot)
{
	char entry[ENTRY_NAME], before[BOOT_ID] = "", *why = NULL;
	struct wait w;
	bool left;

	left = entry_name(boot->kernel, s->keys, entry) && leave(s, entry, before, &why);
	free(why);
	if (!left && !install_and_leave(s, boot, entry, before))
		return false;
	wait_begin(&w, s, before);
	if (!wait_or_rescue(&w, boot))
		return false;
	return !strcmp(w.now.entry, entry) ||
	       err("%s: %s did not come up, or not for long: the host runs %s, which is %s",
		   boot->what, boot->kernel->release, w.now.release,
		   strcmp(w.now.entry, "-") ? "another entry" : "its own kernel");
}

static bool switch_by_command(const struct switching *s, const struct runner_boot *boot)
{
	struct host before = {.boot_id = ""};
	char why[256];
	struct wait w;

	host_ask(&s->reach, &before, why);
	wait_begin(&w, s, before.boot_id);
	return run_command(s->keys, boot, "switch", s->keys->command) && wait_or_rescue(&w, boot);
}

bool switch_kernel(const struct switching *s, const struct runner_boot *boot)
{
	return switch_installs(s->keys) ? switch_entry(s, boot) : switch_by_command(s, boot);
}

/* Removes all entries; false if that cannot be, which is said unless it is tried again. */
static bool remove_entries(const struct switching *s, bool again)
{
	const char *name = s->reach.machine->name;
	struct helper_state state;
	char *text, why[512];
	bool ok = true;
	size_t i;

	if (helper_state(&s->reach, &state, why))
		return !again && err("%s: %s", name, why);
	for (i = 0; i < state.nr_entries; i++, free(text)) {
		if (!helper_run(&s->reach, "remove", state.entries[i], -1, &text))
			continue;
		ok = false;
		if (!again)
			err("%s: faultbench-root remove: %s", name, text);
	}
	helper_state_free(&state);
	return ok;
}

/* From an entry into its own kernel. False if it did not come there, which is said. */
static bool back_to_own(struct wait *w)
{
	const struct switching *s = w->s;
	const char *name = s->reach.machine->name;
	char before[BOOT_ID];

	snprintf(before, sizeof(before), "%s", w->now.boot_id);
	w->before = before;
	if (!act(s, name, "reboot", NULL))
		return false;
	if (signals_came()) {
		note("%s: the host is on its way back to its own kernel", name);
		return false;
	}
	if (!wait_up(w))
		return !w->unwanted &&
		       err("%s: the host did not come back to its own kernel within %d s "
			   "(boot-limit): %s",
			   name, s->keys->boot_limit_s, w->why);
	return is_own(w, name);
}

void switch_back(const struct switching *s)
{
	bool removed, own;
	struct wait w;

	wait_begin(&w, s, "");
	w.moment = while_no_signal;
	if (!wait_up(&w)) {
		err("%s: the host does not answer: %s; entries of faultbench may be left there, "
		    "which the next run removes",
		    s->reach.machine->name, w.why);
		return;
	}
	/* An entry's kernel may not have the file system that they are on. */
	own = !strcmp(w.now.entry, "-");
	removed = remove_entries(s, !own && !signals_came());
	if (!own && back_to_own(&w) && !removed)
		remove_entries(s, false);
}
