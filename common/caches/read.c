// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/caches/model.h"

#include <stdlib.h>
#include <string.h>

#include "common/ini_file.h"
#include "common/msg.h"
#include "common/units.h"

static const struct {
	const char *name;
	bool lines;
} levels[] = {
#define X(id, name, lines, misses) [CACHE_##id] = {name, lines},
	CACHE_LEVELS(X)
#undef X
};

static bool refuse(const struct ini_file *ini, const struct ini_setting *s, const char *why)
{
	return err("%s:%zu: %s = %s: %s", ini->path, s->line, s->key, s->value, why);
}

static int level_of(const char *section)
{
	int level = 0;

	while (level < NR_CACHE_LEVELS && strcmp(section, levels[level].name))
		level++;
	return level;
}

/* Whether a section has such a key: a cache has size, ways, line, a TLB entries and ways. */
static bool check_setting(const struct ini_file *ini, const struct ini_setting *s)
{
	int level = level_of(s->section);

	if (!strcmp(s->section, "caches"))
		return !strcmp(s->key, "summary") || refuse(ini, s, "[caches] has summary alone");
	if (level == NR_CACHE_LEVELS)
		return err("%s:%zu: [%s]: must be caches, l1d, l2, llc, dtlb, l2tlb or walk",
			   ini->path, s->line, s->section);
	if (levels[level].lines && strcmp(s->key, "size") && strcmp(s->key, "line") &&
	    strcmp(s->key, "ways"))
		return refuse(ini, s, "a cache has size, ways and line");
	return levels[level].lines || !strcmp(s->key, "entries") || !strcmp(s->key, "ways") ||
	       refuse(ini, s, "a TLB has entries and ways");
}

/* A number of the section; dflt without the key. */
static bool number(struct ini_file *ini, int level, const char *key, int64_t dflt, int64_t *ret)
{
	struct ini_setting *s = ini_file_find(ini, levels[level].name, key);

	*ret = dflt;
	if (!s && dflt)
		return true;
	if (!s)
		return err("%s: [%s]: there is no %s", ini->path, levels[level].name, key);
	return (units_parse_bytes(s->value, ret) && *ret > 0) ||
	       refuse(ini, s, "must be a number above 0, with K or M behind it if it is a size");
}

static bool has_section(const struct ini_file *ini, const char *section)
{
	size_t i;

	for (i = 0; i < ini->nr; i++)
		if (!strcmp(ini->settings[i].section, section))
			return true;
	return false;
}

static bool read_level(struct cache_model *ret, struct ini_file *ini, int level)
{
	int64_t size, ways, line;
	const char *why;

	if (!has_section(ini, levels[level].name))
		return true;
	if (!number(ini, level, levels[level].lines ? "size" : "entries", 0, &size) ||
	    !number(ini, level, "ways", 0, &ways) ||
	    !number(ini, level, "line", levels[level].lines ? 64 : 1, &line))
		return false;
	why = cache_model_fault((enum cache_level)level, (uint64_t)size, (uint64_t)ways,
				(uint64_t)line);
	if (why)
		return err("%s: [%s]: %s", ini->path, levels[level].name, why);
	ret->level[level] = (struct cache_geometry){
		.sets = (uint32_t)(size / line / ways),
		.ways = (uint32_t)ways,
		.line = (uint32_t)line,
	};
	return true;
}

/* A level is asked for what the one above it has not, so that must be there. */
static bool check_levels(const struct cache_model *m, const char *path)
{
	const struct cache_geometry *level = m->level;

	if (!level[CACHE_L1D].sets || !level[CACHE_DTLB].sets)
		return err("%s: there is no [%s]", path, level[CACHE_L1D].sets ? "dtlb" : "l1d");
	if ((level[CACHE_L2].sets && level[CACHE_L2].line < level[CACHE_L1D].line) ||
	    (level[CACHE_LLC].sets && level[CACHE_LLC].line < level[CACHE_L1D].line))
		return err("%s: a line of l2 or llc is shorter than one of l1d", path);
	return true;
}

/* The name becomes part of words that have ':' and ',' between them. */
static bool take_name(struct cache_model *ret, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t len = ini_file_stem(name), i;

	if (!len || len >= sizeof(ret->name))
		return err("%s: the name must end in .ini, and have 1 to %d characters before it",
			   path, CACHE_MODEL_NAME - 1);
	for (i = 0; i < len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.",
			    name[i]))
			return err("%s: the name must be of letters, digits, '-', '_' and '.'",
				   path);
	memcpy(ret->name, name, len);
	return true;
}

bool cache_model_read(struct cache_model *ret, const char *path)
{
	struct ini_file ini = {0};
	bool ok;
	size_t i;
	int level;

	*ret = (struct cache_model){0};
	ok = take_name(ret, path) && ini_file_read(&ini, path);
	for (i = 0; ok && i < ini.nr; i++)
		ok = check_setting(&ini, &ini.settings[i]);
	for (level = 0; ok && level < NR_CACHE_LEVELS; level++)
		ok = read_level(ret, &ini, level);
	ok = ok && check_levels(ret, path);
	ini_file_free(&ini);
	return ok;
}
