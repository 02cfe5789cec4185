// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/wanted.h"

#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "kernels/build/config.h"
#include "kernels/build/kconfig.h"
#include "kernels/kernel.h"

/* Adds a shipped fragment's symbols, or looks only for the features in it. */
static bool read_shipped(struct wanted *w, const char *configs, const char *name, bool all)
{
	char *path = files_text("%s/%s.config", configs, name);
	json_t *symbols = json_object(), *symbol;
	bool ok = fragment_read(symbols, path);
	const char *key;

	json_object_foreach(symbols, key, symbol) {
		if (json_is_true(json_object_get(symbol, "feature")))
			json_array_append_new(w->features, json_string(key));
	}
	if (all)
		json_object_update(w->symbols, symbols);
	json_decref(symbols);
	free(path);
	return ok;
}

static bool is_of_arch(const char *text, const char *path, const struct arch *arch)
{
	const char *of = kernel_config_arch(text);

	return !of || !strcmp(of, arch->name) ||
	       err("%s: is a config of %s, and the kernel is to be one of %s", path, of,
		   arch->name);
}

bool wanted_read(const char *configs, const struct arch *arch, const char *config,
		 const char *fragment, struct wanted *ret)
{
	const char *names[] = {"boot", "base", arch->tree};
	bool ok = true;
	size_t i;

	*ret = (struct wanted){.symbols = json_object(), .features = json_array()};
	if (config) {
		ret->base = io_read_text(config);
		ok = ret->base && is_of_arch(ret->base, config, arch);
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]) && ok; i++)
		ok = read_shipped(ret, configs, names[i], !i || !config);
	return ok && (!fragment || fragment_read(ret->symbols, fragment));
}

void wanted_add(struct wanted *wanted, const struct variant *variant)
{
	const struct ini_setting *s;
	size_t i;

	for (i = 0; i < variant->ini.nr; i++) {
		s = &variant->ini.settings[i];
		if (!strcmp(s->section, "config"))
			fragment_set(wanted->symbols, s->key, s->value);
	}
}

char *wanted_text(const struct wanted *wanted)
{
	char *fragment = fragment_text(wanted->symbols);
	char *text = files_text("%s\n%s", wanted->base ? wanted->base : "", fragment);

	free(fragment);
	return text;
}

/* Why the feature is off; NULL if it is not, if that was asked for, or if the tree has none. */
static char *why_off(const struct wanted *w, const char *name, const char *src,
		     const struct arch *arch, const char *config)
{
	const json_t *symbol = json_object_get(w->symbols, name);
	const char *asked = json_string_value(json_object_get(symbol, "value"));
	json_t *values = config_values(config);
	bool off = !json_object_get(values, name) && !(asked && !strcmp(asked, "n"));

	json_decref(values);
	return off ? kconfig_unmet(src, arch->tree, name, config) : NULL;
}

void wanted_say_features(const struct wanted *wanted, const char *label, const char *src,
			 const struct arch *arch, const char *config)
{
	json_t *name;
	char *why;
	size_t i;

	json_array_foreach(wanted->features, i, name) {
		why = why_off(wanted, json_string_value(name), src, arch, config);
		if (why)
			note("%s: this tree has %s, and the config has not: %s; --fragment can say "
			     "more",
			     label, json_string_value(name), *why ? why : "nothing asks for it");
		free(why);
	}
}

void wanted_free(struct wanted *wanted)
{
	json_decref(wanted->symbols);
	json_decref(wanted->features);
	free(wanted->base);
	*wanted = (struct wanted){0};
}
