// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/counter_set.h"

#include <perfmon/pfmlib_perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/harness/kernel/vmstat.h"
#include "common/io.h"

/* Tracepoints are looked up here: libpfm4 knows them only where debugfs is mounted. */
static bool encode_tracepoint(const char *name, struct perf_event_attr *attr, char *why,
			      size_t room)
{
	const char *colon = strchr(name, ':');
	char *id;

	if (!colon)
		return false;
	id = io_read_filef("/sys/kernel/tracing/events/%.*s/%s/id", (int)(colon - name), name,
			   colon + 1);
	if (!id)
		id = io_read_filef("/sys/kernel/debug/tracing/events/%.*s/%s/id",
				   (int)(colon - name), name, colon + 1);
	if (!id) {
		if (access("/sys/kernel/tracing/events", F_OK))
			snprintf(why, room,
				 "no libpfm4 event; as a tracepoint it needs a mounted tracefs: "
				 "mount -t tracefs nodev /sys/kernel/tracing");
		return false;
	}
	attr->type = PERF_TYPE_TRACEPOINT;
	attr->config = strtoull(id, NULL, 10);
	free(id);
	return true;
}

/*
 * Faults that ended speculatively: an event of the series of 2018 and 2019 that libpfm4 does not
 * know. Its number is that of another since 5.13; who has it counts them in vmstat, too.
 */
#define SPECULATIVE_FAULTS    "speculative-faults"
#define SW_SPECULATIVE_FAULTS 11

static bool encode_speculative(const char *name, struct perf_event_attr *attr, char *why,
			       size_t room)
{
	if (strcmp(name, SPECULATIVE_FAULTS))
		return false;
	snprintf(why, room, "the kernel has no such counter");
	attr->type = PERF_TYPE_SOFTWARE;
	attr->config = SW_SPECULATIVE_FAULTS;
	return vmstat_now("speculative_pgfault") >= 0;
}

static bool encode_by_libpfm(const char *name, struct perf_event_attr *attr, char *why, size_t room)
{
	pfm_perf_encode_arg_t arg = {.attr = attr, .size = sizeof(arg)};
	int ret = pfm_initialize();

	if (ret == PFM_SUCCESS)
		ret = pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT, &arg);
	snprintf(why, room, "libpfm4: %s", pfm_strerror(ret));
	return ret == PFM_SUCCESS || encode_speculative(name, attr, why, room) ||
	       encode_tracepoint(name, attr, why, room);
}

/* libpfm4 gives some events to one kind of core, by the type of its PMU. */
static void find_pmu(const struct counter_set *set, struct counter_event *event)
{
	size_t i;

	for (i = 0; i < set->nr_cores; i++)
		if (event->attr.type == set->core[i].type)
			event->pmu = set->core[i];
}

static void encode(struct counter_set *set, struct counter_event *event, const char *devices)
{
	char *why = event->refused;
	size_t room = sizeof(event->refused);
	bool ok;

	memset(&event->attr, 0, sizeof(event->attr));
	memset(&event->pmu, 0, sizeof(event->pmu));
	event->attr.size = sizeof(event->attr);
	if (strchr(event->name, '/')) {
		ok = pmu_encode(devices, event->name, &event->pmu, &event->attr, why, room);
	} else {
		ok = encode_by_libpfm(event->name, &event->attr, why, room);
		find_pmu(set, event);
	}
	if (ok)
		event->refused[0] = '\0';
	event->attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
}

void counter_set_init(struct counter_set *set, const char *devices, const json_t *names)
{
	size_t i;

	set->nr_cores = pmu_cores(devices, set->core);
	set->nr = json_array_size(names) < MAX_COUNTERS ? json_array_size(names) : MAX_COUNTERS;
	for (i = 0; i < set->nr; i++) {
		set->event[i].name = json_string_value(json_array_get(names, i));
		encode(set, &set->event[i], devices);
	}
}

static json_t *pmu_to_json(const struct pmu *pmu)
{
	return json_pack("{s:s,s:I,s:s,s:b}", "name", pmu->name, "type", (json_int_t)pmu->type,
			 "cpus", pmu->cpus, "everywhere", pmu->everywhere);
}

static bool pmu_from_json(struct pmu *pmu, const json_t *json)
{
	const char *name, *cpus;
	json_int_t type;
	int everywhere;

	if (json_unpack((json_t *)json, "{s:s,s:I,s:s,s:b}", "name", &name, "type", &type, "cpus",
			&cpus, "everywhere", &everywhere))
		return false;
	*pmu = (struct pmu){.type = (uint32_t)type, .everywhere = everywhere};
	snprintf(pmu->name, sizeof(pmu->name), "%s", name);
	snprintf(pmu->cpus, sizeof(pmu->cpus), "%s", cpus);
	return true;
}

static json_t *event_to_json(const struct counter_event *event)
{
	char hex[2 * sizeof(event->attr) + 1];
	const unsigned char *attr = (const unsigned char *)&event->attr;
	size_t k;

	for (k = 0; k < sizeof(event->attr); k++)
		sprintf(hex + 2 * k, "%02x", attr[k]);
	return json_pack("{s:s,s:s,s:s,s:o}", "name", event->name, "attr", hex, "refused",
			 event->refused, "pmu", pmu_to_json(&event->pmu));
}

json_t *counter_set_to_json(const struct counter_set *set)
{
	json_t *events = json_array(), *cores = json_array();
	size_t i;

	for (i = 0; i < set->nr; i++)
		json_array_append_new(events, event_to_json(&set->event[i]));
	for (i = 0; i < set->nr_cores; i++)
		json_array_append_new(cores, pmu_to_json(&set->core[i]));
	return json_pack("{s:o,s:o}", "events", events, "cores", cores);
}

static bool event_from_json(struct counter_event *event, const json_t *json)
{
	unsigned char *attr = (unsigned char *)&event->attr;
	const char *hex, *refused;
	json_t *pmu;
	size_t k;

	if (json_unpack((json_t *)json, "{s:s,s:s,s:s,s:o}", "name", &event->name, "attr", &hex,
			"refused", &refused, "pmu", &pmu) ||
	    strlen(hex) != 2 * sizeof(event->attr))
		return false;
	for (k = 0; k < sizeof(event->attr); k++)
		if (sscanf(hex + 2 * k, "%2hhx", &attr[k]) != 1)
			return false;
	snprintf(event->refused, sizeof(event->refused), "%s", refused);
	return pmu_from_json(&event->pmu, pmu);
}

bool counter_set_from_json(struct counter_set *set, const json_t *json)
{
	json_t *events = json_object_get(json, "events"), *cores = json_object_get(json, "cores");
	json_t *one;
	size_t i;

	set->nr = json_array_size(events);
	set->nr_cores = json_array_size(cores);
	if (!json_is_array(events) || set->nr > MAX_COUNTERS || set->nr_cores > PMU_MAX_CORES)
		return false;
	json_array_foreach(events, i, one) {
		if (!event_from_json(&set->event[i], one))
			return false;
	}
	json_array_foreach(cores, i, one) {
		if (!pmu_from_json(&set->core[i], one))
			return false;
	}
	return true;
}

/* Events that every core's PMU has, or whose encoding is that of whatever core it is opened on. */
static bool is_of_cores(const struct counter_event *event)
{
	return !event->pmu.name[0] &&
	       (event->attr.type == PERF_TYPE_HARDWARE || event->attr.type == PERF_TYPE_HW_CACHE ||
		event->attr.type == PERF_TYPE_RAW);
}

/*
 * The same event on that PMU: numbers that the kernel translates carry its type in the upper half
 * of config (PERF_PMU_TYPE_SHIFT in linux/perf_event.h), raw ones have it as their own.
 */
static struct perf_event_attr on_pmu(struct perf_event_attr attr, const struct pmu *pmu)
{
	if (attr.type == PERF_TYPE_RAW)
		attr.type = pmu->type;
	else
		attr.config |= (uint64_t)pmu->type << 32;
	return attr;
}

size_t counter_set_attrs(const struct counter_set *set, size_t event, int cpu,
			 struct perf_event_attr ret[PMU_MAX_CORES], char *why, size_t room)
{
	const struct counter_event *e = &set->event[event];
	size_t i, nr = 0;

	ret[0] = e->attr;
	if (e->pmu.cpus[0] && !e->pmu.everywhere && cpu >= 0 && !pmu_has_cpu(&e->pmu, cpu)) {
		snprintf(why, room, "%s counts on CPUs %.40s; a worker is on another", e->pmu.name,
			 e->pmu.cpus);
		return 0;
	}
	if (!is_of_cores(e) || set->nr_cores < 2)
		return 1;
	for (i = 0; i < set->nr_cores; i++)
		if (cpu < 0 || pmu_has_cpu(&set->core[i], cpu))
			ret[nr++] = on_pmu(e->attr, &set->core[i]);
	if (!nr)
		snprintf(why, room, "no PMU counts on CPU %d", cpu);
	return nr;
}

void counter_set_kinds(const struct counter_set *set, const int *cpus, unsigned int nr, char *ret,
		       size_t room)
{
	size_t i, used = 0;
	unsigned int w;

	ret[0] = '\0';
	for (i = 0; set->nr_cores > 1 && i < set->nr_cores && used < room; i++) {
		for (w = 0; w < nr && !(cpus[w] >= 0 && pmu_has_cpu(&set->core[i], cpus[w])); w++)
			;
		if (w < nr)
			used += (size_t)snprintf(ret + used, room - used, "%s%s", used ? ", " : "",
						 set->core[i].name);
	}
}
