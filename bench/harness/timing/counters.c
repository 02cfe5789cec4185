// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/counters.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <perfmon/pfmlib_perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/harness/kernel/vmstat.h"
#include "common/io.h"

/* Tracepoints are looked up here: libpfm4 knows them only where debugfs is mounted. */
static bool encode_tracepoint(const char *name, struct perf_event_attr *attr, char why[120])
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
			snprintf(why, 120,
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

static bool encode_speculative(const char *name, struct perf_event_attr *attr, char why[120])
{
	if (strcmp(name, SPECULATIVE_FAULTS))
		return false;
	snprintf(why, 120, "the kernel has no such counter");
	attr->type = PERF_TYPE_SOFTWARE;
	attr->config = SW_SPECULATIVE_FAULTS;
	return vmstat_now("speculative_pgfault") >= 0;
}

static bool encode(const char *name, struct perf_event_attr *attr, char why[120])
{
	pfm_perf_encode_arg_t arg = {.attr = attr, .size = sizeof(arg)};
	int ret;

	memset(attr, 0, sizeof(*attr));
	attr->size = sizeof(*attr);
	ret = pfm_initialize();
	if (ret == PFM_SUCCESS)
		ret = pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT, &arg);
	snprintf(why, 120, "libpfm4: %s", pfm_strerror(ret));
	return ret == PFM_SUCCESS || encode_speculative(name, attr, why) ||
	       encode_tracepoint(name, attr, why);
}

static void say_why(struct counter *c, const struct perf_event_attr *attr)
{
	char *paranoid;

	switch (errno) {
	case ENOENT:
	case EOPNOTSUPP:
	case ENODEV:
		snprintf(c->refused, sizeof(c->refused),
			 attr->type == PERF_TYPE_HARDWARE || attr->type == PERF_TYPE_HW_CACHE
				 ? "this CPU, or the hypervisor, offers no such counter (no PMU?)"
				 : "the kernel has no such counter");
		break;
	case EACCES:
	case EPERM:
		paranoid = io_read_file("/proc/sys/kernel/perf_event_paranoid");
		snprintf(c->refused, sizeof(c->refused),
			 "not permitted: kernel.perf_event_paranoid is %s, not root",
			 paranoid ? paranoid : "unknown");
		free(paranoid);
		break;
	case ENOSYS:
		snprintf(c->refused, sizeof(c->refused), "the kernel has no perf_event_open()");
		break;
	default:
		snprintf(c->refused, sizeof(c->refused), "perf_event_open: %s", strerror(errno));
	}
}

/*
 * Only page faults are still counted right when kernel mode is excluded; context switches and
 * migrations, which happen in kernel mode, would show as 0.
 */
static bool may_exclude_kernel(const struct perf_event_attr *attr)
{
	return attr->type == PERF_TYPE_SOFTWARE && (attr->config == PERF_COUNT_SW_PAGE_FAULTS ||
						    attr->config == PERF_COUNT_SW_PAGE_FAULTS_MIN ||
						    attr->config == PERF_COUNT_SW_PAGE_FAULTS_MAJ);
}

static int perf_open(struct perf_event_attr *attr, int group)
{
	return (int)syscall(SYS_perf_event_open, attr, 0, -1, group, PERF_FLAG_FD_CLOEXEC);
}

/*
 * Which events may share a group: those of one PMU. A tracepoint in a group led by a software
 * event, and a software event in one led by task-clock or cpu-clock, count in the first enabling
 * only, and then read 0 (seen on 6.18). The clocks are PMUs of their own, whatever their type says.
 */
static uint32_t group_kind(const struct perf_event_attr *attr)
{
	if (attr->type == PERF_TYPE_SOFTWARE &&
	    (attr->config == PERF_COUNT_SW_CPU_CLOCK || attr->config == PERF_COUNT_SW_TASK_CLOCK))
		return PERF_TYPE_MAX + (uint32_t)attr->config;
	if (attr->type == PERF_TYPE_SOFTWARE || attr->type == PERF_TYPE_TRACEPOINT)
		return attr->type;
	return PERF_TYPE_HARDWARE;
}

/* Joins the group of an open leader of the same kind, else leads its own. */
static void open_one(struct counters *cs, size_t i, const struct counter_set *set)
{
	struct perf_event_attr attr = set->event[i].attr;
	struct counter *c = &cs->counter[i];
	size_t k;

	*c = (struct counter){.fd = -1, .leader = (int)i};
	if (set->event[i].refused[0]) {
		snprintf(c->refused, sizeof(c->refused), "%s", set->event[i].refused);
		return;
	}
	for (k = 0; k < i && c->fd < 0; k++) {
		if (cs->counter[k].fd < 0 || cs->counter[k].leader != (int)k ||
		    cs->counter[k].user_only ||
		    group_kind(&set->event[k].attr) != group_kind(&attr))
			continue;
		c->fd = perf_open(&attr, cs->counter[k].fd);
		c->leader = c->fd < 0 ? (int)i : (int)k;
	}
	attr.disabled = 1;
	if (c->fd < 0)
		c->fd = perf_open(&attr, -1);
	if (c->fd < 0 && (errno == EACCES || errno == EPERM) && may_exclude_kernel(&attr)) {
		attr.exclude_kernel = attr.exclude_hv = 1;
		c->fd = perf_open(&attr, -1);
		c->user_only = c->fd >= 0;
	}
	if (c->fd < 0)
		say_why(c, &attr);
}

void counter_set_init(struct counter_set *set, const json_t *names)
{
	struct counter_event *event;
	size_t i;

	set->nr = json_array_size(names) < MAX_COUNTERS ? json_array_size(names) : MAX_COUNTERS;
	for (i = 0; i < set->nr; i++) {
		event = &set->event[i];
		event->name = json_string_value(json_array_get(names, i));
		if (encode(event->name, &event->attr, event->refused))
			event->refused[0] = '\0';
		event->attr.read_format =
			PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	}
}

json_t *counter_set_to_json(const struct counter_set *set)
{
	char hex[2 * sizeof(set->event[0].attr) + 1];
	json_t *array = json_array();
	const unsigned char *attr;
	size_t i, k;

	for (i = 0; i < set->nr; i++) {
		attr = (const unsigned char *)&set->event[i].attr;
		for (k = 0; k < sizeof(set->event[i].attr); k++)
			sprintf(hex + 2 * k, "%02x", attr[k]);
		json_array_append_new(array,
				      json_pack("{s:s,s:s,s:s}", "name", set->event[i].name, "attr",
						hex, "refused", set->event[i].refused));
	}
	return array;
}

static bool event_from_json(struct counter_event *event, const json_t *json)
{
	unsigned char *attr = (unsigned char *)&event->attr;
	const char *hex, *refused;
	size_t k;

	if (json_unpack((json_t *)json, "{s:s,s:s,s:s}", "name", &event->name, "attr", &hex,
			"refused", &refused) ||
	    strlen(hex) != 2 * sizeof(event->attr))
		return false;
	for (k = 0; k < sizeof(event->attr); k++)
		if (sscanf(hex + 2 * k, "%2hhx", &attr[k]) != 1)
			return false;
	snprintf(event->refused, sizeof(event->refused), "%s", refused);
	return true;
}

bool counter_set_from_json(struct counter_set *set, const json_t *json)
{
	json_t *event;
	size_t i;

	set->nr = json_array_size(json);
	if (!json_is_array(json) || set->nr > MAX_COUNTERS)
		return false;
	json_array_foreach(json, i, event) {
		if (!event_from_json(&set->event[i], event))
			return false;
	}
	return true;
}

void counters_open(struct counters *c, const struct counter_set *set)
{
	size_t i;

	c->nr = set->nr;
	for (i = 0; i < c->nr; i++)
		open_one(c, i, set);
}

static void each_leader(const struct counters *c, unsigned long request)
{
	size_t i;

	for (i = 0; i < c->nr; i++)
		if (c->counter[i].fd >= 0 && c->counter[i].leader == (int)i)
			ioctl(c->counter[i].fd, request, PERF_IOC_FLAG_GROUP);
}

void counters_enable(const struct counters *c)
{
	each_leader(c, PERF_EVENT_IOC_ENABLE);
}

void counters_disable(const struct counters *c)
{
	each_leader(c, PERF_EVENT_IOC_DISABLE);
}

/* Value, and the times enabled and running since it was opened. */
static bool read_one(const struct counter *c, uint64_t got[3])
{
	return c->fd >= 0 && read(c->fd, got, 3 * sizeof(*got)) == 3 * sizeof(*got);
}

/* The kernel sets values alone to zero, and who counted before may never count again. */
void counters_reset(struct counters *cs)
{
	uint64_t got[3];
	size_t i;

	each_leader(cs, PERF_EVENT_IOC_RESET);
	for (i = 0; i < cs->nr; i++) {
		if (!read_one(&cs->counter[i], got))
			continue;
		cs->counter[i].enabled_before = got[1];
		cs->counter[i].running_before = got[2];
	}
}

void counters_read(struct counters *cs)
{
	uint64_t got[3];
	size_t i;

	for (i = 0; i < cs->nr; i++) {
		struct counter *c = &cs->counter[i];

		if (!read_one(c, got))
			continue;
		c->value = got[0];
		c->enabled = got[1] - c->enabled_before;
		c->running = got[2] - c->running_before;
	}
}

/* One event's sum over the workers; refused, if to any of them it was: a part is not the sum. */
static json_t *sum_to_json(struct counters *const *workers, size_t nr, size_t event)
{
	uint64_t value = 0, enabled = 0, running = 0;
	const struct counter *c;
	bool user_only = false;
	json_t *sum;
	size_t w;

	for (w = 0; w < nr; w++) {
		c = &workers[w]->counter[event];
		if (c->fd < 0)
			return json_pack("{s:s}", "refused", c->refused);
		value += c->value;
		enabled += c->enabled;
		running += c->running;
		user_only |= c->user_only;
	}
	sum = json_pack("{s:I,s:I}", "enabled", (json_int_t)enabled, "running",
			(json_int_t)running);
	if (running)
		json_object_set_new(sum, "value", json_integer((json_int_t)value));
	if (user_only)
		json_object_set_new(sum, "mode", json_string("user"));
	return sum;
}

json_t *counters_to_json(const struct counter_set *set, struct counters *const *workers, size_t nr)
{
	json_t *json = json_object();
	size_t i;

	for (i = 0; i < set->nr; i++)
		json_object_set_new(json, set->event[i].name, sum_to_json(workers, nr, i));
	return json;
}
