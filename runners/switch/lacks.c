// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/lacks.h"

#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/installed.h"
#include "runners/switch/helper.h"
#include "runners/switch/host.h"

struct list {
	const char *host; /* NULL: this machine */
	struct lack *lacks;
	size_t nr;
};

static void add(struct list *l, bool stops, const char *title, char *what, char *mend)
{
	l->lacks[l->nr++] = (struct lack){stops, title, what, mend};
}

/* How the helper gets to where it is run. */
static char *how_to_install(const struct list *l)
{
	char *from = installed_program(HELPER), *text;

	if (l->host)
		text = files_text(
			"scp %s %s: && ssh -t %s sudo install -o root -g root -m 755 " HELPER
			" " HELPER_INSTALLED,
			from, l->host, l->host);
	else
		text = files_text("sudo install -o root -g root -m 755 %s " HELPER_INSTALLED, from);
	free(from);
	return text;
}

static char *how_to_allow(void)
{
	return files_text("there, by `visudo -f /etc/sudoers.d/faultbench`, the line\n"
			  "USER ALL=(root) NOPASSWD: " HELPER_INSTALLED "\n"
			  "or in /etc/doas.conf\n"
			  "permit nopass USER as root cmd " HELPER_INSTALLED);
}

static void add_helper(struct list *l, enum helper_why why, const char *what)
{
	add(l, true, "root", files_text("%s", what),
	    why == HELPER_NOT_THERE || why == HELPER_OTHER ? how_to_install(l)
	    : why == HELPER_REFUSED			   ? how_to_allow()
							   : NULL);
}

/* The words behind the first, which says no. */
static void add_reason(struct list *l, const char *title, const char *text, const char *mend)
{
	const char *why = strchr(text, ' ');

	add(l, true, title, files_text("%s", why ? why + 1 : text), files_text("%s", mend));
}

static void look_at_state(struct list *l, const struct switch_keys *k,
			  const struct helper_state *state)
{
	if (k->how == SWITCH_BOOT_ENTRY && !strncmp(state->loader, "none", 4))
		add_reason(l, "boot entries", state->loader,
			   "another switch in the machine file: kexec, or command");
	if (k->how == SWITCH_KEXEC && strcmp(state->kexec, "yes") != 0)
		add_reason(l, "kexec", state->kexec,
			   "another switch in the machine file: boot-entry, or command");
	if (!strcmp(state->initrd, "none"))
		add(l, true, "initrd", files_text("nothing there makes one"),
		    files_text("install initramfs-tools, dracut or mkinitcpio there"));
	if (!*state->watchdog && !k->rescue)
		add(l, false, "watchdog",
		    files_text("there is none, and no rescue in the machine file: a kernel that "
			       "hangs stays that way until somebody comes"),
		    files_text("have a watchdog's driver loaded there, or name a rescue, a command "
			       "that switches the machine off and on"));
}

size_t switch_lacks(const struct switching *s, const char *host, struct lack ret[LACKS_MOST])
{
	struct list l = {.host = host, .lacks = ret};
	struct helper_state state;
	enum helper_why how;
	struct host now;
	char why[512];

	if (!host_ask(&s->reach, &now, why)) {
		add(&l, true, "connection", files_text("%s", why),
		    files_text("`ssh %s true` has to work without a question", host));
	} else if (switch_installs(s->keys)) {
		how = helper_state(&s->reach, &state, why);
		if (how)
			add_helper(&l, how, why);
		else
			look_at_state(&l, s->keys, &state);
		helper_state_free(&state);
	}
	return l.nr;
}
