// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/counters.h"

#include <errno.h>
#include <hwloc.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/io.h"

static void say_why(struct counter *c, const struct perf_event_attr *attr)
{
	char *paranoid;

	switch (errno) {
	case ENOENT:
	case EOPNOTSUPP:
	case ENODEV:
		snprintf(c->refused, sizeof(c->refused),
			 attr->type != PERF_TYPE_HARDWARE && attr->type != PERF_TYPE_HW_CACHE
				 ? "the kernel has no such counter"
			 : attr->config >> 32
				 ? "this kind of core, or this kernel (arm64: before 6.6), offers "
				   "no such counter"
				 : "this CPU, or the hypervisor, offers no such counter (no PMU?)");
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

/* Of this thread wherever it is, or of whoever is on that CPU. */
static int perf_open(struct perf_event_attr *attr, int cpu, int group)
{
	return (int)syscall(SYS_perf_event_open, attr, cpu < 0 ? 0 : -1, cpu, group,
			    PERF_FLAG_FD_CLOEXEC);
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
		return UINT32_MAX - (uint32_t)attr->config;
	if (attr->type == PERF_TYPE_HARDWARE || attr->type == PERF_TYPE_HW_CACHE)
		return attr->config >> 32 ? (uint32_t)(attr->config >> 32) : PERF_TYPE_RAW;
	return attr->type;
}

/* An open leader that the event may follow, or -1. */
static int find_leader(const struct counters *cs, size_t i, const struct perf_event_attr *attr)
{
	const struct counter *c;
	size_t k;

	for (k = 0; k < i; k++) {
		c = &cs->counter[k];
		if (c->fd >= 0 && c->leader == (int)k && !c->user_only && !c->nr_more &&
		    c->group == group_kind(attr))
			return (int)k;
	}
	return -1;
}

/* Joins the group of an open leader of the same kind, else leads its own. */
static void open_one(struct counters *cs, size_t i, struct perf_event_attr attr)
{
	struct counter *c = &cs->counter[i];
	int leader = find_leader(cs, i, &attr);

	c->group = group_kind(&attr);
	if (leader >= 0)
		c->fd = perf_open(&attr, -1, cs->counter[leader].fd);
	if (c->fd >= 0)
		c->leader = leader;
	attr.disabled = 1;
	if (c->fd < 0)
		c->fd = perf_open(&attr, -1, -1);
	if (c->fd < 0 && (errno == EACCES || errno == EPERM) && may_exclude_kernel(&attr)) {
		attr.exclude_kernel = attr.exclude_hv = 1;
		c->fd = perf_open(&attr, -1, -1);
		c->user_only = c->fd >= 0;
	}
	if (c->fd < 0)
		say_why(c, &attr);
}

static void refuse_all(struct counter *c)
{
	while (c->nr_more)
		close(c->more[--c->nr_more]);
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

/* The first is the counter's own, the others are added to it. */
static void open_more(struct counter *c, struct perf_event_attr attr, int cpu)
{
	int fd, *more;

	attr.disabled = 1;
	fd = perf_open(&attr, cpu, -1);
	if (fd < 0) {
		say_why(c, &attr);
		refuse_all(c);
		return;
	}
	if (c->fd < 0) {
		c->fd = fd;
		return;
	}
	more = realloc(c->more, (c->nr_more + 1) * sizeof(*more));
	if (!more) {
		close(fd);
		return;
	}
	c->more = more;
	c->more[c->nr_more++] = fd;
}

static void open_everywhere(struct counter *c, const struct counter_event *event)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	int cpu;

	hwloc_bitmap_list_sscanf(set, event->pmu.cpus);
	for (cpu = hwloc_bitmap_first(set); cpu >= 0 && !c->refused[0];
	     cpu = hwloc_bitmap_next(set, cpu))
		open_more(c, event->attr, cpu);
	hwloc_bitmap_free(set);
}

static void open_event(struct counters *cs, size_t i, const struct counter_set *set, int cpu)
{
	struct perf_event_attr attrs[PMU_MAX_CORES];
	struct counter *c = &cs->counter[i];
	size_t nr = counter_set_attrs(set, i, cpu, attrs, c->refused, sizeof(c->refused)), k;

	if (nr == 1)
		open_one(cs, i, attrs[0]);
	for (k = 0; nr > 1 && k < nr && !c->refused[0]; k++)
		open_more(c, attrs[k], -1);
}

void counters_open(struct counters *cs, const struct counter_set *set, int cpu, bool first)
{
	const struct counter_event *event;
	struct counter *c;
	size_t i;

	cs->nr = set->nr;
	for (i = 0; i < cs->nr; i++) {
		event = &set->event[i];
		c = &cs->counter[i];
		*c = (struct counter){
			.fd = -1, .leader = (int)i, .everywhere = event->pmu.everywhere};
		if (event->refused[0])
			snprintf(c->refused, sizeof(c->refused), "%s", event->refused);
		else if (!event->pmu.everywhere)
			open_event(cs, i, set, cpu);
		else if (first)
			open_everywhere(c, event);
	}
}

static void each_leader(const struct counters *cs, unsigned long request)
{
	const struct counter *c;
	size_t i, k;

	for (i = 0; i < cs->nr; i++) {
		c = &cs->counter[i];
		if (c->fd >= 0 && c->leader == (int)i)
			ioctl(c->fd, request, PERF_IOC_FLAG_GROUP);
		for (k = 0; k < c->nr_more; k++)
			ioctl(c->more[k], request, 0);
	}
}

void counters_enable(const struct counters *c)
{
	each_leader(c, PERF_EVENT_IOC_ENABLE);
}

void counters_disable(const struct counters *c)
{
	each_leader(c, PERF_EVENT_IOC_DISABLE);
}

/*
 * Value, and the times enabled and running since it was opened. Of PMUs that one thread went over,
 * each ran while it was there; of CPUs each for itself.
 */
static bool read_one(const struct counter *c, bool everywhere, uint64_t got[3])
{
	uint64_t one[3];
	size_t i;

	if (c->fd < 0 || read(c->fd, got, 3 * sizeof(*got)) != 3 * sizeof(*got))
		return false;
	for (i = 0; i < c->nr_more; i++) {
		if (read(c->more[i], one, sizeof(one)) != sizeof(one))
			return false;
		got[0] += one[0];
		got[1] += everywhere ? one[1] : 0;
		got[2] += one[2];
	}
	return true;
}

/* The kernel sets values alone to zero, and who counted before may never count again. */
void counters_reset(struct counters *cs)
{
	uint64_t got[3];
	size_t i;

	each_leader(cs, PERF_EVENT_IOC_RESET);
	for (i = 0; i < cs->nr; i++) {
		if (!read_one(&cs->counter[i], cs->counter[i].everywhere, got))
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

		if (!read_one(c, c->everywhere, got))
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
	bool user_only = false, everywhere = false;
	json_t *sum;
	size_t w;

	for (w = 0; w < nr; w++) {
		c = &workers[w]->counter[event];
		everywhere |= c->everywhere;
		if (c->everywhere && w)
			continue;
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
	if (user_only || everywhere)
		json_object_set_new(sum, "mode", json_string(user_only ? "user" : "machine"));
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
