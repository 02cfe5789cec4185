// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/sampler.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/io.h"

/*
 * By a period, not a frequency: then all samples weigh the same, and none is early because the
 * kernel still looks for a period that gives the frequency. Primes, so that they keep no step with
 * what an op does again and again; about 4,000 a second, as perf record takes.
 */
#define PERIOD_NS     249989
#define PERIOD_CYCLES 750019

/* Bytes of a record: a chain of what kernel.perf_event_max_stack allows by default, and more. */
#define RECORD_BYTES 4096

static bool with_children(const struct sampler *s)
{
	return s->task[0];
}

/*
 * An event that children inherit begins anew with each, so that one which does not last as long as
 * a period is never seen. So where there are some the event is the CPU's, and what is not of the
 * process or of its children is left out.
 */
static void open_event(struct sampler *s, struct perf_event_attr attr, const char *name,
		       uint64_t period, int cpu, clockid_t clock)
{
	bool of_cpu = with_children(s);

	attr.size = sizeof(attr);
	attr.disabled = 1;
	attr.read_format = 0;
	attr.sample_period = s->to->period = period;
	attr.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CALLCHAIN;
	attr.exclude_user = attr.exclude_hv = attr.exclude_callchain_user = 1;
	attr.task = of_cpu;
	attr.use_clockid = 1;
	attr.clockid = clock;
	s->fd = (int)syscall(SYS_perf_event_open, &attr, of_cpu ? -1 : 0, of_cpu ? cpu : -1, -1,
			     PERF_FLAG_FD_CLOEXEC);
	if (s->fd >= 0)
		snprintf(s->to->event, sizeof(s->to->event), "%s", name);
}

static void refuse(struct sampler *s, int error)
{
	char *paranoid = io_read_file("/proc/sys/kernel/perf_event_paranoid");

	if (error == EACCES || error == EPERM)
		snprintf(s->to->refused, sizeof(s->to->refused),
			 "not permitted: kernel.perf_event_paranoid is %s; be root, or have root "
			 "do sysctl kernel.perf_event_paranoid=%d",
			 paranoid ? paranoid : "unknown", with_children(s) ? 0 : 1);
	else
		snprintf(s->to->refused, sizeof(s->to->refused), "perf_event_open: %s",
			 error == ENOSYS ? "the kernel has none" : strerror(error));
	free(paranoid);
}

static struct perf_event_mmap_page *page_of(const struct sampler *s)
{
	return s->ring;
}

/* The buffer's data begins a page behind, and goes on at its beginning. Records are whole words. */
static uint64_t word_at(const struct sampler *s, uint64_t at)
{
	const char *data = (const char *)s->ring + sysconf(_SC_PAGESIZE);
	uint64_t word;

	memcpy(&word, data + (at & (s->size - 1)), sizeof(word));
	return word;
}

/* Half of what it is copied to. What of it is locked counts against a limit of the user's. */
static void map_ring(struct sampler *s)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), at = s->to->room * sizeof(uint64_t) / 2;
	void *ring = MAP_FAILED;

	for (s->size = at > page ? at : page; s->size >= page && ring == MAP_FAILED; s->size /= 2)
		ring = mmap(NULL, page + s->size, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);
	if (ring == MAP_FAILED) {
		snprintf(s->to->refused, sizeof(s->to->refused),
			 "a buffer for samples cannot be mapped: %s; a higher sysctl "
			 "kernel.perf_event_mlock_kb allows more",
			 strerror(errno));
		close(s->fd);
		return;
	}
	s->size *= 2;
	s->ring = ring;
	/* Their first touch, and that of what is copied there, would be a fault of an op's. */
	for (at = 0; at < s->size; at += page)
		s->to->used += word_at(s, at) != 0;
	memset(s->to->word, 0, s->to->room * sizeof(*s->to->word));
	s->to->used = 0;
}

void sampler_open(struct sampler *s, struct sampled *to, const struct counter_set *set, int cpu,
		  clockid_t clock, bool children)
{
	static const struct perf_event_attr cpu_clock = {.type = PERF_TYPE_SOFTWARE,
							 .config = PERF_COUNT_SW_CPU_CLOCK};
	struct perf_event_attr cycles[PMU_MAX_CORES];
	char why[160];

	*s = (struct sampler){.fd = -1, .to = to, .task = {children ? (uint32_t)getpid() : 0}};
	if (children && cpu < 0) {
		snprintf(to->refused, sizeof(to->refused),
			 "a child does a part of the op, and nobody knows on which CPU: with place "
			 "= core it is the worker's");
		return;
	}
	if (set->nr && !set->event[0].refused[0] &&
	    counter_set_attrs(set, 0, cpu, cycles, why, sizeof(why)) == 1)
		open_event(s, cycles[0], "cycles", PERIOD_CYCLES, cpu, clock);
	if (s->fd < 0)
		open_event(s, cpu_clock, "cpu-clock", PERIOD_NS, cpu, clock);
	if (s->fd < 0)
		refuse(s, errno);
	else
		map_ring(s);
}

void sampler_enable(const struct sampler *s)
{
	if (s->ring)
		ioctl(s->fd, PERF_EVENT_IOC_ENABLE, 0);
}

void sampler_disable(const struct sampler *s)
{
	if (s->ring)
		ioctl(s->fd, PERF_EVENT_IOC_DISABLE, 0);
}

/* The addresses in a chain that are the kernel's. Contexts, which stand between, are none. */
static bool keep_chain(struct sampler *s, uint64_t at, uint64_t nr)
{
	struct sampled *to = s->to;
	size_t from = to->used + 1, used = from;
	uint64_t i, addr;

	for (i = 0; i < nr; i++) {
		addr = word_at(s, at + i * sizeof(addr));
		if (addr == (uint64_t)PERF_CONTEXT_USER)
			break;
		if (addr >= (uint64_t)PERF_CONTEXT_MAX)
			continue;
		if (used >= to->room) {
			to->lost++;
			return true;
		}
		to->word[used++] = addr;
	}
	if (used == from)
		return false;
	to->word[from - 1] = used - from;
	to->used = used;
	to->samples++;
	return true;
}

static bool is_ours(const struct sampler *s, uint32_t task)
{
	unsigned int i;

	for (i = 0; task && i <= SAMPLED_CHILDREN; i++)
		if (s->task[i] == task)
			return true;
	return !with_children(s);
}

/* Two halves: a process, and a thread, or another process. */
static void halves_at(const struct sampler *s, uint64_t at, uint32_t ret[2])
{
	uint64_t word = word_at(s, at);

	memcpy(ret, &word, sizeof(word));
}

static void take_sample(struct sampler *s, uint64_t at, uint64_t from, uint64_t until)
{
	uint64_t time = word_at(s, at + 8), nr = word_at(s, at + 16);
	uint32_t task[2];

	halves_at(s, at, task);
	if (time < from || time > until || !is_ours(s, task[0]) || !keep_chain(s, at + 24, nr))
		s->to->outside++;
}

/* A process, and its parent. */
static void take_child(struct sampler *s, uint64_t at)
{
	uint32_t task[2];

	halves_at(s, at, task);
	if (with_children(s) && is_ours(s, task[1]) && !is_ours(s, task[0]))
		s->task[1 + s->children++ % SAMPLED_CHILDREN] = task[0];
}

static void take_record(struct sampler *s, uint64_t at, uint32_t type, uint64_t from,
			uint64_t until)
{
	at += sizeof(struct perf_event_header);
	if (type == PERF_RECORD_SAMPLE)
		take_sample(s, at, from, until);
	else if (type == PERF_RECORD_FORK)
		take_child(s, at);
	else if (type == PERF_RECORD_LOST)
		s->to->lost += word_at(s, at + sizeof(uint64_t));
	else if (type == PERF_RECORD_LOST_SAMPLES)
		s->to->lost += word_at(s, at);
	else if (type == PERF_RECORD_THROTTLE)
		s->to->throttled++;
}

void sampler_take(struct sampler *s, uint64_t from, uint64_t until)
{
	struct perf_event_header header;
	uint64_t head, tail, word;

	if (!s->ring)
		return;
	head = __atomic_load_n(&page_of(s)->data_head, __ATOMIC_ACQUIRE);
	tail = page_of(s)->data_tail;
	/* How many had no room is in the buffer once there is some again, and maybe never. */
	if (head - tail > s->size - RECORD_BYTES)
		s->to->lost++;
	for (; tail < head; tail += header.size) {
		word = word_at(s, tail);
		memcpy(&header, &word, sizeof(header));
		if (!header.size)
			break;
		take_record(s, tail, header.type, from, until);
	}
	__atomic_store_n(&page_of(s)->data_tail, head, __ATOMIC_RELEASE);
}

void sampler_skip(struct sampler *s)
{
	sampler_take(s, UINT64_MAX, 0);
}

void sampler_forget(struct sampler *s)
{
	if (!s->ring)
		return;
	sampler_skip(s);
	s->to->samples = s->to->outside = s->to->lost = s->to->throttled = s->to->used = 0;
}
