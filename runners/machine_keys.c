// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/machine_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg.h"
#include "common/units.h"

struct ini_setting *machine_key(struct ini_file *ini, const char *key)
{
	return ini_file_find(ini, "machine", key);
}

bool machine_key_wrong(const struct ini_file *ini, const struct ini_setting *s, const char *wanted)
{
	return err("%s:%zu: %s = %s: must be %s", ini->path, s->line, s->key, s->value, wanted);
}

/* "local or qemu" */
static const char *any_of(const char *const *names, char text[128])
{
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; names[i] && used < 128; i++)
		used += (size_t)snprintf(text + used, 128 - used, "%s%s",
					 !i		? ""
					 : names[i + 1] ? ", "
							: " or ",
					 names[i]);
	return text;
}

bool machine_key_choice(struct ini_file *ini, const char *key, const char *const *names, int dflt,
			int *ret)
{
	struct ini_setting *s = machine_key(ini, key);
	char wanted[128];
	int i;

	*ret = dflt;
	for (i = 0; s && names[i]; i++) {
		if (!strcmp(s->value, names[i])) {
			*ret = i;
			return true;
		}
	}
	return !s || machine_key_wrong(ini, s, any_of(names, wanted));
}

bool machine_key_int(struct ini_file *ini, const char *key, int max, int dflt, int *ret)
{
	struct ini_setting *s = machine_key(ini, key);
	char wanted[64];
	int64_t value;

	*ret = dflt;
	if (!s)
		return true;
	snprintf(wanted, sizeof(wanted), "a whole number from 1 to %d", max);
	if (!units_parse_int(s->value, 1, max, &value))
		return machine_key_wrong(ini, s, wanted);
	*ret = (int)value;
	return true;
}

bool machine_key_memory(struct ini_file *ini, const char *key, int64_t least, int64_t dflt,
			int64_t *ret)
{
	struct ini_setting *s = machine_key(ini, key);
	char size[UNITS_TEXT], wanted[64];

	*ret = dflt;
	snprintf(wanted, sizeof(wanted), "a size of at least %s, as in 2G",
		 units_bytes(least, size));
	return !s || (units_parse_bytes(s->value, ret) && *ret >= least) ||
	       machine_key_wrong(ini, s, wanted);
}

bool machine_key_arch(struct ini_file *ini, const char *key, const struct arch *dflt,
		      const struct arch **ret)
{
	struct ini_setting *s = machine_key(ini, key);

	*ret = s ? arch_find(s->value) : dflt;
	return !s || *ret || machine_key_wrong(ini, s, arch_names());
}

bool machine_key_pages(struct ini_file *ini, const char *key, const struct arch *arch, int64_t *ret)
{
	struct ini_setting *s = machine_key(ini, key);
	const struct arch_pages *pages = s ? arch_pages_named(arch, s->value) : NULL;
	char names[32], wanted[64];

	*ret = pages ? pages->bytes : 0;
	snprintf(wanted, sizeof(wanted), "%s, which %s has", arch_pages_names(arch, names),
		 arch->name);
	return !s || pages || machine_key_wrong(ini, s, wanted);
}

char *machine_key_text(struct ini_file *ini, const char *key, const char *dflt)
{
	struct ini_setting *s = machine_key(ini, key);

	return s ? strdup(s->value) : dflt ? strdup(dflt) : NULL;
}
