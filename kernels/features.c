// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a kernel offers to the benchmarks, before it has ever been booted. The config says it where
 * there is a symbol; what has none is known by the release that brought it into mainline.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/io.h"
#include "common/msg.h"
#include "kernels/kernel.h"

/* Options that make every fault or fork dearer than in a kernel meant for use. */
static const char *const debug[] = {
	"KASAN",
	"KMSAN",
	"KCSAN",
	"KCOV",
	"GCOV_KERNEL",
	"UBSAN",
	"LOCKDEP",
	"PROVE_LOCKING",
	"LOCK_STAT",
	"DEBUG_SPINLOCK",
	"DEBUG_MUTEXES",
	"DEBUG_RWSEMS",
	"DEBUG_ATOMIC_SLEEP",
	"DEBUG_PREEMPT",
	"DEBUG_VM",
	"DEBUG_VM_MAPLE_TREE",
	"DEBUG_VM_RB",
	"DEBUG_VM_PGFLAGS",
	"DEBUG_VM_PGTABLE",
	"DEBUG_MAPLE_TREE",
	"DEBUG_PAGEALLOC_ENABLE_DEFAULT",
	"PAGE_TABLE_CHECK_ENFORCED",
	"PAGE_POISONING_NO_SANITY", /* before 5.11, poisoning without asking */
	"SLUB_DEBUG_ON",
	"DEBUG_KMEMLEAK",
	"DEBUG_OBJECTS",
	"DEBUG_LIST", /* checked whenever a page enters or leaves a free list */
	"INIT_ON_ALLOC_DEFAULT_ON",
	"INIT_ON_FREE_DEFAULT_ON",
};

/* The symbol's first character: 'y', 'm', a digit; 0 if it is not set. */
static char symbol(const char *config, const char *name)
{
	size_t len = strlen(name);
	const char *at;

	for (at = config; (at = strstr(at, "CONFIG_")); at += 7)
		if ((at == config || at[-1] == '\n') && !strncmp(at + 7, name, len) &&
		    at[7 + len] == '=')
			return at[8 + len];
	return 0;
}

const char *kernel_config_arch(const char *config)
{
	const struct arch *arch;
	char name[32];
	size_t i;

	for (arch = arch_list; arch->name; arch++) {
		for (i = 0; arch->name[i] && i + 1 < sizeof(name); i++)
			name[i] = (char)toupper((unsigned char)arch->name[i]);
		name[i] = '\0';
		if (symbol(config, name) == 'y')
			return arch->name;
	}
	return NULL;
}

/* Whether the release is at least major.minor; a release that cannot be read is not. */
static bool since(const char *release, int major, int minor)
{
	int has_major = 0, has_minor = 0;

	if (sscanf(release, "%d.%d", &has_major, &has_minor) != 2)
		return false;
	return has_major > major || (has_major == major && has_minor >= minor);
}

static const char *by_symbol(const char *config, const char *name)
{
	char value = config ? symbol(config, name) : '?';

	if (value == '?')
		return "unknown";
	return value == 'y' ? "yes" : value == 'm' ? "module" : "no";
}

/* A symbol that no kernel before that release has. */
static const char *by_both(const char *config, const char *name, const char *release, int major,
			   int minor)
{
	return since(release, major, minor) ? by_symbol(config, name) : "no";
}

static const char *page_size(const char *config, const struct arch *arch)
{
	const struct arch_pages *p = arch ? arch->pages : NULL;
	size_t i;

	if (!p || (!config && p->symbol))
		return "unknown";
	for (i = 0; i < ARCH_PAGES && p[i].name; i++)
		if (p[i].symbol && symbol(config, p[i].symbol) == 'y')
			return p[i].name;
	return p->name;
}

/* arm64's drivers became a symbol of their own in 6.5. */
static const char *pmu(const char *config, const char *release, const struct arch *arch)
{
	const char *has = "unknown";
	const struct arch_symbol *s;
	size_t i;

	for (i = 0; config && arch && i < ARCH_SYMBOLS && arch->pmu[i].name; i++) {
		s = &arch->pmu[i];
		if (s->major && !since(release, s->major, s->minor))
			continue;
		has = by_symbol(config, s->name);
		if (!strcmp(has, "no"))
			break;
	}
	return has;
}

static json_t *debug_of(const char *config)
{
	json_t *names;
	size_t i;

	if (!config)
		return json_string("unknown");
	names = json_array();
	for (i = 0; i < sizeof(debug) / sizeof(debug[0]); i++)
		if (symbol(config, debug[i]) == 'y')
			json_array_append_new(names, json_string(debug[i]));
	return names;
}

json_t *kernel_features_of(const char *config, const char *release, const char *name)
{
	const struct arch *arch = arch_find(name);
	const char *batching = since(release, 6, 9) ? "yes" : "no";

	return json_pack(
		"{ss ss ss ss ss ss ss ss ss ss so}", "vma_lock",
		by_both(config, "PER_VMA_LOCK", release, 6, 4), "vma_lock_stats",
		by_both(config, "PER_VMA_LOCK_STATS", release, 6, 4), "spf",
		by_symbol(config, "SPECULATIVE_PAGE_FAULT"), "fork_batching", batching,
		"zap_batching", batching, "mthp",
		by_both(config, "TRANSPARENT_HUGEPAGE", release, 6, 8), "contpte",
		arch && arch->contpte ? by_both(config, arch->contpte, release, 6, 9) : "no", "pmu",
		pmu(config, release, arch), "kpageflags", by_symbol(config, "PROC_PAGE_MONITOR"),
		"page_size", page_size(config, arch), "debug", debug_of(config));
}

/*
 * What no config says: what the variants of a kernel that was built have turned off, and, where
 * there is no config, the size of pages that an arm64 Image's head had.
 */
static void add_known(const struct kernel *kernel, json_t *features)
{
	char *text = kernel->dir ? io_read_filef("%s/kernel.json", kernel->dir) : NULL;
	json_t *json = text ? json_loads(text, 0, NULL) : NULL, *name;
	json_t *page_size = json_object_get(json, "page_size");
	size_t i;

	if (page_size && !kernel->config)
		json_object_set(features, "page_size", page_size);

	json_array_foreach(json_object_get(json, "off"), i, name) {
		if (json_object_get(features, json_string_value(name)))
			json_object_set_new(features, json_string_value(name), json_string("no"));
	}
	json_decref(json);
	free(text);
}

json_t *kernel_features(const struct kernel *kernel)
{
	char *config = kernel->config ? io_read_file(kernel->config) : NULL;
	json_t *features;

	if (kernel->config && !config)
		err_errno("%s", kernel->config);
	features = kernel_features_of(config, kernel->release, kernel->arch);
	add_known(kernel, features);
	free(config);
	return features;
}
