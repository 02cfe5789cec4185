// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/pmu.h"

#include <glob.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"

/* What is being encoded. */
struct encoding {
	const char *devices;
	const struct pmu *pmu;
	struct perf_event_attr *attr;
	char *why;
	size_t room;
};

/* Copies the file's content; false, with nothing, if there is none. */
static bool read_cpus(const char *devices, const char *name, const char *file, char cpus[256])
{
	char *text = io_read_filef("%s/%s/%s", devices, name, file);

	snprintf(cpus, 256, "%s", text ? text : "");
	free(text);
	return cpus[0];
}

bool pmu_find(const char *devices, const char *name, struct pmu *ret)
{
	char *type;

	if (!*name || strlen(name) >= sizeof(ret->name) || strchr(name, '/'))
		return false;
	type = io_read_filef("%s/%s/type", devices, name);
	if (!type)
		return false;
	*ret = (struct pmu){.type = (uint32_t)strtoul(type, NULL, 10)};
	strcpy(ret->name, name);
	free(type);
	ret->everywhere = !read_cpus(devices, name, "cpus", ret->cpus) &&
			  read_cpus(devices, name, "cpumask", ret->cpus);
	return true;
}

size_t pmu_cores(const char *devices, struct pmu ret[PMU_MAX_CORES])
{
	char pattern[512];
	const char *name;
	glob_t found;
	size_t i, nr = 0;

	snprintf(pattern, sizeof(pattern), "%s/*/cpus", devices);
	if (glob(pattern, 0, NULL, &found))
		return 0;
	for (i = 0; i < found.gl_pathc && nr < PMU_MAX_CORES; i++) {
		*strrchr(found.gl_pathv[i], '/') = '\0';
		name = strrchr(found.gl_pathv[i], '/') + 1;
		nr += pmu_find(devices, name, &ret[nr]) && ret[nr].cpus[0];
	}
	globfree(&found);
	return nr;
}

bool pmu_has_cpu(const struct pmu *pmu, int cpu)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	bool has = !hwloc_bitmap_list_sscanf(set, pmu->cpus) &&
		   hwloc_bitmap_isset(set, (unsigned int)cpu);

	hwloc_bitmap_free(set);
	return has;
}

/* The word of attr that a format, "config1:0-7", is of; NULL for one that we do not know. */
static __u64 *word_of(struct perf_event_attr *attr, const char *format, size_t len)
{
	if (len == 6 && !strncmp(format, "config", len))
		return &attr->config;
	if (len == 7 && !strncmp(format, "config1", len))
		return &attr->config1;
	if (len == 7 && !strncmp(format, "config2", len))
		return &attr->config2;
	return NULL;
}

/* Puts the number into bits such as "0-7,32-35", its lowest ones first. False: it has more. */
static bool put_bits(__u64 *word, const char *bits, uint64_t number)
{
	unsigned int from, to;
	int used;

	while (sscanf(bits, "%u%n", &from, &used) == 1 && from < 64) {
		bits += used;
		to = from;
		if (sscanf(bits, "-%u%n", &to, &used) == 1)
			bits += used;
		for (; from <= to && from < 64; from++, number >>= 1)
			*word = (*word & ~(1ULL << from)) | (number & 1) << from;
		bits += *bits == ',';
	}
	return !number;
}

static bool put_field(const struct encoding *e, const char *field, const char *format,
		      uint64_t number)
{
	size_t len = strcspn(format, ":");
	__u64 *word = word_of(e->attr, format, len);

	if (!word) {
		snprintf(e->why, e->room, "%s: field %s is in %s, which is not known here",
			 e->pmu->name, field, format);
		return false;
	}
	if (put_bits(word, format[len] ? format + len + 1 : "0-63", number))
		return true;
	snprintf(e->why, e->room, "%s: the number is too large for field %s, %s", e->pmu->name,
		 field, format);
	return false;
}

static bool put_number(const struct encoding *e, const char *field, const char *value)
{
	char *format = io_read_filef("%s/%s/format/%s", e->devices, e->pmu->name, field), *end;
	bool ok, is_word = word_of(e->attr, field, strlen(field)) != NULL;
	uint64_t number = strtoull(value, &end, 0);

	if (end == value || *end) {
		snprintf(e->why, e->room, "%s: %s=%s: that is no number", e->pmu->name, field,
			 value);
		ok = false;
	} else if (!format && !is_word) {
		snprintf(e->why, e->room, "%s has no event and no field %s", e->pmu->name, field);
		ok = false;
	} else {
		ok = put_field(e, field, format ? format : field, number);
	}
	free(format);
	return ok;
}

/* Numbers of fields, "event=0x3c,umask=0,inv". Changes terms. */
static bool put_numbers(const struct encoding *e, char *terms)
{
	char *term, *value;

	while ((term = strsep(&terms, ","))) {
		value = strchr(term, '=');
		if (value)
			*value++ = '\0';
		if (!put_number(e, term, value ? value : "1"))
			return false;
	}
	return true;
}

/* An event's name stands for what its file has. */
static bool put_term(const struct encoding *e, char *term)
{
	char *event = strchr(term, '=') || strchr(term, '/')
			      ? NULL
			      : io_read_filef("%s/%s/events/%s", e->devices, e->pmu->name, term);
	bool ok = put_numbers(e, event ? event : term);

	free(event);
	return ok;
}

static bool put_modifiers(const struct encoding *e, const char *modifiers)
{
	if (modifiers[strspn(modifiers, "ukh")]) {
		snprintf(e->why, e->room, "modifiers are u, k and h; '%s' is not of them",
			 modifiers);
		return false;
	}
	if (!*modifiers)
		return true;
	if (e->pmu->everywhere) {
		snprintf(e->why, e->room, "%s counts for the whole machine, in all modes",
			 e->pmu->name);
		return false;
	}
	e->attr->exclude_user = !strchr(modifiers, 'u');
	e->attr->exclude_kernel = !strchr(modifiers, 'k');
	e->attr->exclude_hv = !strchr(modifiers, 'h');
	return true;
}

static bool put_terms(const struct encoding *e, char *terms)
{
	char *term;

	while ((term = strsep(&terms, ",")))
		if (*term && !put_term(e, term))
			return false;
	return true;
}

bool pmu_encode(const char *devices, const char *name, struct pmu *ret_pmu,
		struct perf_event_attr *attr, char *why, size_t room)
{
	struct encoding e = {devices, ret_pmu, attr, why, room};
	char *text = strdup(name), *terms = strchr(text, '/');
	char *modifiers = terms ? strchr(terms + 1, '/') : NULL;
	bool ok = false;

	if (!modifiers) {
		snprintf(why, room, "an event of a PMU is named PMU/EVENT/, as perf does");
		goto out;
	}
	*terms++ = *modifiers++ = '\0';
	if (!pmu_find(devices, text, ret_pmu)) {
		snprintf(why, room, "this machine has no PMU %.60s", text);
		goto out;
	}
	attr->type = ret_pmu->type;
	ok = put_terms(&e, terms) && put_modifiers(&e, modifiers);
out:
	free(text);
	return ok;
}
