// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/map.h"
#include "common/msg.h"
#include "runners/machine.h"
#include "runners/switch/entry.h"

#define ID_BYTES 64

struct proof {
	struct runner_boot *boot;
	const char *kind;
	char entry[ENTRY_NAME]; /* "": it is none */
	bool wrong;
};

/* Bytes of a text of hexadecimal digits, at most ID_BYTES; 0: it is none. */
static size_t read_hex(const char *text, unsigned char id[ID_BYTES])
{
	size_t n = 0;

	for (; text[0] && text[1] && n < ID_BYTES; text += 2, n++)
		if (sscanf(text, "%2hhx", &id[n]) != 1)
			return 0;
	return *text ? 0 : n;
}

/* Whether an image is one in which a build id can be seen. */
static bool is_unpacked(const struct file_map *image)
{
	return image->len > 60 &&
	       (!memcmp(image->data, "\177ELF", 4) || arch_of_magic(image->data + 56));
}

enum found {
	UNSEEN, /* it is not known, or the image is packed */
	THERE,
	MISSING
};

/* Is the build id of the kernel that runs one that the image has? */
static enum found look_for(const char *image, const char *hex)
{
	unsigned char id[ID_BYTES];
	size_t len = hex ? read_hex(hex, id) : 0;
	enum found found = UNSEEN;
	struct file_map m;

	if (len < 8 || !map_file(image, &m))
		return UNSEEN;
	if (is_unpacked(&m))
		found = memmem(m.data, m.len, id, len) ? THERE : MISSING;
	unmap_file(&m);
	return found;
}

static const char *text_of(const json_t *facts, const char *name)
{
	return json_string_value(json_object_get(facts, name));
}

/* Whether the kernel was started from the entry. Its own release may be that of another one. */
static bool is_entry(const char *entry, const char *cmdline)
{
	const char *at = cmdline ? strstr(cmdline, ENTRY_WORD) : NULL;
	size_t len = strlen(entry);

	return at && !strncmp(at + strlen(ENTRY_WORD), entry, len) &&
	       strchr(" \n", at[strlen(ENTRY_WORD) + len]);
}

/* What else runs is in *ret, malloc'ed, or by what it is proved. */
static bool check(const struct runner_kernel *k, const char *entry, const json_t *facts, char **ret)
{
	const char *release = text_of(facts, "kernel.release");
	const char *id = text_of(facts, "kernel.build_id");
	enum found found = MISSING;

	if (!release || strcmp(release, k->release) != 0)
		*ret = strdup(release ? release : "one without a release");
	else if (*entry && !is_entry(entry, text_of(facts, "kernel.cmdline")))
		*ret = strdup("one of that release which is not from the entry");
	else if ((found = look_for(k->image, id)) == MISSING)
		*ret = files_text("%s, build id %s", release, id);
	else
		*ret = files_text("release%s%s", found == THERE ? ", build id" : "",
				  *entry ? ", entry" : "");
	return found != MISSING;
}

/* The name of the entry that it has to come from; "": of none. */
static void name_entry(const struct runner_kernel *k, const struct switch_keys *keys,
		       char entry[ENTRY_NAME])
{
	*entry = '\0';
	/* What cannot be read is said, and no entry has that name. */
	if (switch_installs(keys) && !entry_name(k, keys, entry))
		strcpy(entry, "?");
}

bool proof_is(const struct runner_kernel *kernel, const struct switch_keys *keys,
	      const json_t *facts, char **ret)
{
	char entry[ENTRY_NAME];

	name_entry(kernel, keys, entry);
	return check(kernel, entry, facts, ret);
}

static bool prove(struct proof *p, json_t *facts)
{
	const struct runner_kernel *k = p->boot->kernel;
	char *text;
	bool is = check(k, p->entry, facts, &text);

	if (is) {
		json_object_set_new(facts, "boot.kind", json_string(p->kind));
		json_object_set_new(facts, "boot.proved", json_string(text));
	} else {
		p->wrong = !err("%s: the host came up with another kernel: %s, and %s was to be "
				"started (%s)",
				p->boot->what, text, k->release, k->image);
	}
	free(text);
	return is;
}

static bool pass(void *arg, const json_t *record)
{
	const char *type = json_string_value(json_object_get(record, "type"));
	struct proof *p = arg;
	json_t *copy, *facts;
	bool ok;

	if (strcmp(type, "machine") != 0)
		return p->boot->fn(p->boot->arg, record);
	copy = json_copy((json_t *)record);
	facts = json_copy(json_object_get(record, "facts"));
	ok = prove(p, facts);
	json_object_set_new(copy, "facts", facts);
	ok = ok && p->boot->fn(p->boot->arg, copy);
	json_decref(copy);
	return ok;
}

void proof_begin(struct runner_boot *boot, const struct switch_keys *keys)
{
	struct proof *p = malloc(sizeof(*p));

	if (!p)
		abort();
	*p = (struct proof){.boot = boot, .kind = keys->boot_kind};
	name_entry(boot->kernel, keys, p->entry);
	boot->channel.fn = pass;
	boot->channel.arg = p;
}

bool proof_end(struct runner_boot *boot)
{
	struct proof *p = boot->channel.arg;
	bool wrong = p->wrong;

	boot->channel.fn = boot->fn;
	boot->channel.arg = boot->arg;
	free(p);
	return !wrong;
}
