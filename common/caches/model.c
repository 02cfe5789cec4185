// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/caches/model.h"

#include <stdio.h>
#include <string.h>

#define MOST_ENTRIES (1u << 24) /* lines of a cache: 1 GiB of 64 bytes */
#define MOST_WAYS    4096
#define LEAST_LINE   16
#define MOST_LINE    4096

static const struct {
	const char *name;
	bool lines;
	const char *misses;
} levels[] = {
#define X(id, name, lines, misses) [CACHE_##id] = {name, lines, misses},
	CACHE_LEVELS(X)
#undef X
};

const char *cache_model_fault(enum cache_level level, uint64_t size, uint64_t ways, uint64_t line)
{
	uint64_t entries = line ? size / line : 0;

	if (levels[level].lines && (line < LEAST_LINE || line > MOST_LINE || line & (line - 1)))
		return "line must be a power of 2 from 16 to 4096 bytes";
	if (!entries || entries > MOST_ENTRIES || size % line)
		return levels[level].lines ? "size must be whole lines, at most 16777216 of them"
					   : "entries must be a number from 1 to 16777216";
	if (!ways || ways > MOST_WAYS || entries % ways)
		return "ways must divide the number of lines or entries, and be at most 4096";
	return NULL;
}

const char *cache_model_text(const struct cache_model *model, char text[CACHE_MODEL_TEXT])
{
	const struct cache_geometry *g;
	int used, level;

	used = snprintf(text, CACHE_MODEL_TEXT, "%s", model->name);
	for (level = 0; level < NR_CACHE_LEVELS; level++) {
		g = &model->level[level];
		if (!g->sets)
			continue;
		used += snprintf(text + used, CACHE_MODEL_TEXT - (size_t)used, ":%s=%llu/%u",
				 levels[level].name,
				 (unsigned long long)g->sets * g->ways * g->line, g->ways);
		if (levels[level].lines)
			used += snprintf(text + used, CACHE_MODEL_TEXT - (size_t)used, "/%u",
					 g->line);
	}
	return text;
}

static bool parse_level(struct cache_model *ret, const char *text)
{
	unsigned long long size, ways, line = 1;
	size_t len;
	int level;

	for (level = 0; level < NR_CACHE_LEVELS; level++) {
		len = strlen(levels[level].name);
		if (!strncmp(text, levels[level].name, len) && text[len] == '=')
			break;
	}
	if (level == NR_CACHE_LEVELS ||
	    sscanf(text + len + 1, levels[level].lines ? "%llu/%llu/%llu" : "%llu/%llu", &size,
		   &ways, &line) != (levels[level].lines ? 3 : 2) ||
	    cache_model_fault((enum cache_level)level, size, ways, line))
		return false;
	ret->level[level] = (struct cache_geometry){
		.sets = (uint32_t)(size / line / ways),
		.ways = (uint32_t)ways,
		.line = (uint32_t)line,
	};
	return true;
}

bool cache_model_parse(struct cache_model *ret, const char *text)
{
	size_t len = strcspn(text, ":");

	*ret = (struct cache_model){0};
	if (!len || len >= sizeof(ret->name))
		return false;
	memcpy(ret->name, text, len);
	for (text += len; *text == ':'; text += strcspn(text, ":"))
		if (!parse_level(ret, ++text))
			return false;
	return ret->level[CACHE_L1D].sets && ret->level[CACHE_DTLB].sets;
}

const char *cache_model_misses(enum cache_level level)
{
	return levels[level].misses;
}
