// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/local/here.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "runners/machine_keys.h"
#include "runners/signals.h"
#include "runners/switch/command.h"
#include "runners/switch/entry.h"
#include "runners/switch/helper.h"
#include "runners/switch/lacks.h"

bool here_keys_read(struct machine *m, struct ini_file *ini, struct here_keys *k)
{
	static const char *const who[] = {"service", "none", NULL};
	struct ini_setting *go_on = machine_key(ini, "go-on");
	int nr;

	if (!switch_keys_read(m, ini, &k->sw) || !machine_key_choice(ini, "go-on", who, 0, &nr))
		return false;
	k->service = !nr;
	m->alone = m->starts_kernels;
	if (k->sw.how == SWITCH_RESTART)
		return machine_key_wrong(
			ini, machine_key(ini, "switch"),
			"none, boot-entry, kexec or command: what starts a machine "
			"anew is not on it");
	if (k->sw.rescue)
		return machine_key_wrong(
			ini, machine_key(ini, "rescue"),
			"left out: a machine that does not come up runs no command");
	return m->alone || !go_on ||
	       machine_key_wrong(ini, go_on,
				 "beside a switch; without one there is nothing to go "
				 "on with");
}

void here_keys_free(struct here_keys *k)
{
	switch_keys_free(&k->sw);
}

static struct reach reach_of(const struct machine *m)
{
	return (struct reach){.machine = m, .words = reach_here};
}

size_t here_lacks(const struct machine *m, const struct here_keys *k, struct lack ret[LACKS_MOST])
{
	const struct switching s = {&k->sw, reach_of(m)};

	return switch_lacks(&s, NULL, ret);
}

static bool act(const struct machine *m, const char *action, const char *argument, char **ret_why)
{
	const struct reach reach = reach_of(m);
	char *text;
	int status = helper_run(&reach, action, argument, -1, &text);

	if (status)
		*ret_why = files_text("faultbench-root %s: %s", action, text);
	free(text);
	return !status;
}

/* Whether we are told to end while nothing has gone so far that it cannot be left. */
static bool is_stopped(void)
{
	static const struct timespec now;

	return ppoll(NULL, 0, &now, signals_open()) < 0 || signals_came();
}

/* Whether this kernel is one of our entries. */
static bool in_entry(void)
{
	char *cmdline = io_read_file("/proc/cmdline");
	bool in = cmdline && strstr(cmdline, ENTRY_WORD);

	free(cmdline);
	return in;
}

/* Has it leave for an entry, which is installed if it is not there. */
static bool leave_for(const struct machine *m, const struct here_keys *k,
		      const struct runner_kernel *kernel, char **ret_why)
{
	const struct reach reach = reach_of(m);
	char name[ENTRY_NAME], *text;

	if (!entry_install(&reach, kernel, &k->sw, name, ret_why))
		return false;
	if (is_stopped())
		return true;
	if (!entry_leave(&reach, &k->sw, name, &text)) {
		*ret_why = text;
		return false;
	}
	free(text);
	return true;
}

/*
 * That, or for the machine's own kernel (NULL). An entry's kernel may not be able to start another
 * one, which the machine's own is then tried for.
 */
static bool leave_by_helper(const struct machine *m, const struct here_keys *k,
			    const struct runner_kernel *kernel, char **ret_why)
{
	if (!kernel)
		return act(m, "reboot", NULL, ret_why);
	if (leave_for(m, k, kernel, ret_why))
		return true;
	if (!in_entry())
		return false;
	note("%s: %s; the machine's own kernel is booted, to try it from there", m->name, *ret_why);
	free(*ret_why);
	*ret_why = NULL;
	return act(m, "reboot", NULL, ret_why);
}

static bool leave_by_command(const struct here_keys *k, const struct runner_kernel *kernel,
			     char **ret_why)
{
	char *why = NULL;
	bool ok = switch_command(&k->sw, k->sw.command, kernel, &why);

	if (!ok)
		*ret_why = files_text("the switch %s", why);
	free(why);
	return ok;
}

bool here_leave(const struct machine *m, const struct here_keys *k,
		const struct runner_kernel *kernel, char **ret_why)
{
	struct timespec limit = {.tv_sec = k->sw.boot_limit_s};

	if (!(switch_installs(&k->sw) ? leave_by_helper(m, k, kernel, ret_why)
				      : leave_by_command(k, kernel, ret_why)))
		return false;
	if (signals_came() || ppoll(NULL, 0, &limit, signals_open()))
		return true;
	*ret_why = files_text("the machine did not go down within %d s (boot-limit)",
			      k->sw.boot_limit_s);
	return false;
}

/* Services are systemd's, where that runs. */
static bool has_systemd(void)
{
	return !access("/run/systemd/system", F_OK);
}

bool here_go_on(const struct machine *m, const struct here_keys *k, const char *folder,
		char **ret_todo, char **ret_why)
{
	if (k->service && has_systemd())
		return act(m, "service-on", folder, ret_why);
	*ret_todo = files_text("%s/faultbench campaign go-on", folder);
	return true;
}

static bool remove_entries(const struct machine *m, char **ret_why)
{
	const struct reach reach = reach_of(m);
	struct helper_state state;
	char why[512];
	bool ok = true;
	size_t i;

	if (helper_state(&reach, &state, why)) {
		*ret_why = strdup(why);
		return false;
	}
	for (i = 0; ok && i < state.nr_entries; i++)
		ok = act(m, "remove", state.entries[i], ret_why);
	helper_state_free(&state);
	return ok;
}

bool here_end(const struct machine *m, const struct here_keys *k, char **ret_why)
{
	return (!k->service || !has_systemd() || act(m, "service-off", NULL, ret_why)) &&
	       (!switch_installs(&k->sw) || remove_entries(m, ret_why));
}
