// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A host that is reached over ssh, measured as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg.h"
#include "common/process.h"
#include "runners/child.h"
#include "runners/machine.h"
#include "runners/ssh/carrier.h"
#include "runners/ssh/keys.h"
#include "runners/ssh/remote.h"

#define CLEANUP_S 30 /* how long a carrier may take to have the host clean up */

/* The last line of a text that has something in it. */
static const char *last_line(char *text)
{
	char *line = text;
	size_t len;

	for (len = strlen(text); len && (text[len - 1] == '\n' || text[len - 1] == '\r'); len--)
		text[len - 1] = '\0';
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

/* Takes what remote_ask printed. False with a message printed. */
static bool take_facts(struct machine *m, const char *text)
{
	const char *at = text ? strstr(text, REMOTE_HOST) : NULL;
	char uname[33] = "", boot[65] = "", release[129] = "";
	struct ssh_keys *k = m->own;
	long long pages = 0, kib = 0;

	if (!at || sscanf(at + strlen(REMOTE_HOST), "%32s %lld %d %lld %64s %128s", uname, &pages,
			  &m->cpus, &kib, boot, release) != 6)
		return err("%s: %s: it did not say what it is; is it Linux, with a shell for us?",
			   m->name, k->host);
	m->arch = arch_need(m->name, uname);
	if (!m->arch)
		return false;
	if (!arch_pages_sized(m->arch, pages) || m->cpus < 1)
		return err("%s: %s: pages of %lld bytes and %d CPUs cannot be", m->name, k->host,
			   pages, m->cpus);
	m->page_size = pages;
	m->memory = kib * 1024;
	free(m->release);
	m->release = strdup(release);
	free(k->boot_id);
	k->boot_id = strdup(boot);
	return true;
}

static bool ssh_ask(struct machine *m)
{
	const char *words[REMOTE_WORDS];
	char *text = NULL;
	int status;
	bool ok;

	remote_words(m, remote_ask, words);
	status = child_run(words, NULL, &text, NULL);
	if (status == CHILD_MISSING)
		ok = err("%s: kind = ssh needs the program ssh (openssh-client)", m->path);
	else if (status)
		ok = err("%s: %s: %s", m->name, ssh_keys(m)->host,
			 text && *text ? last_line(text) : "ssh did not get there");
	else
		ok = take_facts(m, text);
	free(text);
	return ok;
}

static char *ssh_boot_id(const struct machine *m)
{
	return ssh_keys(m)->boot_id ? strdup(ssh_keys(m)->boot_id) : NULL;
}

static struct runner_boot *ssh_start(const struct runner_boot *wanted)
{
	return child_start(wanted, carry);
}

static enum runner_end ssh_end(struct runner_boot *boot)
{
	return child_end(boot, CLEANUP_S);
}

const struct runner runner_ssh = {
	.kind = "ssh",
	.is = "a host that ssh reaches",
	.keys = ssh_keys_names,
	.read = ssh_keys_read,
	.forget = ssh_keys_forget,
	.ask = ssh_ask,
	.boot_id = ssh_boot_id,
	.start = ssh_start,
	.end = ssh_end,
};
