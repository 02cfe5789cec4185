// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/machine/settle.h"

#include <glob.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/harness/kernel/clock.h"
#include "bench/harness/machine/busy.h"
#include "common/io.h"
#include "common/record.h"

#define SYS	"/sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/"
#define COOLING "/sys/class/thermal/cooling_device*/"

/* A tenth of a CPU, and of many CPUs some more, is what a machine at rest does. */
static double allowed(int cpus)
{
	return 0.1 + 0.002 * cpus;
}

void settle_take(struct settle *s, const struct plan_settle *wanted, struct settle_look look)
{
	double passed = look.waited_s - s->last.waited_s;
	bool busy = look.busy > allowed(look.cpus);

	s->last = look;
	s->quiet_s = busy || look.throttled ? 0 : s->quiet_s + passed;
	if (look.up_s >= wanted->least_s && s->quiet_s >= SETTLE_QUIET_S)
		s->end = "quiet";
	else if (look.up_s >= wanted->least_s && look.waited_s >= wanted->most_s)
		s->end = look.throttled ? "throttled" : "busy";
}

static double now_s(void)
{
	return (double)clock_now(CLOCK_BOOTTIME) / 1e9;
}

/* The numbers in files, added. */
static long long add_up(const char *pattern)
{
	long long sum = 0;
	glob_t found;
	char *text;
	size_t i;

	if (glob(pattern, 0, NULL, &found))
		return 0;
	for (i = 0; i < found.gl_pathc; i++) {
		text = io_read_file(found.gl_pathv[i]);
		sum += text ? atoll(text) : 0;
		free(text);
	}
	globfree(&found);
	return sum;
}

/* x86 counts how often CPUs were held back. */
static long long throttles(void)
{
	return add_up(SYS "core_throttle_count") + add_up(SYS "package_throttle_count");
}

/* Whether a CPU is held back: elsewhere, and by ACPI, that is a cooling device's state. */
static bool is_cooled(void)
{
	bool cooled = false;
	char *type, *state;
	glob_t found;
	size_t i;

	if (glob(COOLING, 0, NULL, &found))
		return false;
	for (i = 0; i < found.gl_pathc && !cooled; i++) {
		type = io_read_filef("%stype", found.gl_pathv[i]);
		state = io_read_filef("%scur_state", found.gl_pathv[i]);
		cooled = type && state && (strstr(type, "cpu") || !strcmp(type, "Processor")) &&
			 atoi(state) > 0;
		free(type);
		free(state);
	}
	globfree(&found);
	return cooled;
}

static void put_facts(const struct settle *s, json_t *facts)
{
	json_object_set_new(facts, "settle.waited_s", record_seconds(s->last.waited_s));
	json_object_set_new(facts, "settle.up_s", record_seconds(s->last.up_s));
	json_object_set_new(facts, "settle.busy", record_seconds(s->last.busy));
	json_object_set_new(facts, "settle.end", json_string(s->end));
}

bool settle_wait(const struct plan_settle *wanted, int fd, json_t *facts)
{
	double begun = now_s(), was = begun, now, busy_was = busy_others(), busy;
	struct pollfd other = {.fd = fd, .events = POLLIN};
	long long hot_was = throttles(), hot;
	struct settle s = {0};
	struct settle_look look = {.cpus = (int)sysconf(_SC_NPROCESSORS_ONLN)};

	while (!s.end) {
		/* Not synchronisation: rest is something that only time shows. */
		if (poll(&other, 1, 1000))
			return false;
		now = now_s();
		busy = busy_others();
		hot = throttles();
		look.up_s = now;
		look.waited_s = now - begun;
		/* Of ticks, some of which were ours. */
		look.busy = fmax((busy - busy_was) / (now - was), 0);
		look.throttled = hot != hot_was || is_cooled();
		settle_take(&s, wanted, look);
		was = now;
		busy_was = busy;
		hot_was = hot;
	}
	put_facts(&s, facts);
	return true;
}
