// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/harness/kernel/pmu.h"
#include "bench/harness/machine/facts_part.h"
#include "bench/harness/provide/changes.h"
#include "bench/harness/provide/claim.h"
#include "common/io.h"
#include "common/runtime_dir.h"

#define SYSCTL "/proc/sys/kernel/"

static const struct fact_file files[] = {
	{"kernel.cmdline", "/proc/cmdline", FACT_TEXT, true},
	{"kernel.boot_id", SYSCTL "random/boot_id", FACT_TEXT, true},
	{"kernel.tainted", SYSCTL "tainted", FACT_NUMBER, true},
	{"kernel.lockdown", "/sys/kernel/security/lockdown", FACT_CHOICE, false},
	{"sysctl.kernel.randomize_va_space", SYSCTL "randomize_va_space", FACT_NUMBER, false},
	{"sysctl.kernel.numa_balancing", SYSCTL "numa_balancing", FACT_NUMBER, false},
	{"sysctl.kernel.perf_event_paranoid", SYSCTL "perf_event_paranoid", FACT_NUMBER, false},
	{"sysctl.kernel.dmesg_restrict", SYSCTL "dmesg_restrict", FACT_NUMBER, false},
	{"sysctl.kernel.sched_rt_runtime_us", SYSCTL "sched_rt_runtime_us", FACT_NUMBER, false},
	{"sysctl.kernel.nmi_watchdog", SYSCTL "nmi_watchdog", FACT_NUMBER, false},
};

static const struct fact_key status_keys[] = {
	{"process.cpus_allowed", "Cpus_allowed_list", FACT_TEXT},
	{"process.mems_allowed", "Mems_allowed_list", FACT_TEXT},
	{"process.seccomp", "Seccomp", FACT_NUMBER},
};

/* "Linux version RELEASE (who@where) (COMPILER, LINKER) #1 ..."; the parentheses nest. */
static void put_compiler(struct facts *f)
{
	char *text = io_read_file("/proc/version"), *start, *end;

	if (!text) {
		facts_missed(f, "kernel.compiler", errno, true);
		return;
	}
	start = strstr(text, ") (");
	end = start ? strstr(start, ") #") : NULL;
	if (end) {
		*end = '\0';
		facts_text(f, "kernel.compiler", start + 3);
	}
	free(text);
}

#define NOTE_GNU_BUILD_ID 3

/* How large the name of one of the kernel's notes is, its content, and what it is; then those. */
struct note {
	uint32_t name_size, size, type;
};

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* The content of the note that is the build id, or NULL. */
static const unsigned char *find_build_id(const unsigned char *notes, size_t len, size_t *ret_size)
{
	const unsigned char *id;
	struct note note;
	size_t at;

	for (at = 0; at + sizeof(note) <= len;
	     at += sizeof(note) + padded(note.name_size) + padded(note.size)) {
		memcpy(&note, notes + at, sizeof(note));
		id = notes + at + sizeof(note) + padded(note.name_size);
		if (note.type != NOTE_GNU_BUILD_ID || note.name_size != 4 ||
		    at + sizeof(note) + 4 + note.size > len || memcmp(id - 4, "GNU", 4) != 0)
			continue;
		*ret_size = note.size;
		return id;
	}
	return NULL;
}

/* What tells two builds of one release. */
static void put_build_id(struct facts *f)
{
	unsigned char notes[4096];
	int fd = open("/sys/kernel/notes", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, notes, sizeof(notes));
	const unsigned char *id;
	char text[2 * 64 + 1];
	size_t size = 0, i;

	if (fd >= 0)
		close(fd);
	id = got > 0 ? find_build_id(notes, (size_t)got, &size) : NULL;
	if (!id || size > 64)
		return;
	for (i = 0; i < size; i++)
		sprintf(text + 2 * i, "%02x", id[i]);
	facts_text(f, "kernel.build_id", text);
}

static void put_load(struct facts *f)
{
	char *text = io_read_file("/proc/loadavg");
	double load[3];

	if (text && sscanf(text, "%lf %lf %lf", &load[0], &load[1], &load[2]) == 3) {
		facts_real(f, "load.1min", load[0]);
		facts_real(f, "load.5min", load[1]);
		facts_real(f, "load.15min", load[2]);
	}
	free(text);
	text = io_read_file("/proc/uptime");
	if (text)
		facts_number(f, "kernel.uptime_s", atoll(text));
	free(text);
}

/* A fact of the values of a key in a list that changes_list() made; none if that is empty. */
static void put_changes(struct facts *f, const char *name, const json_t *list, const char *key,
			const char *between)
{
	char *text = changes_text(list, key, between);

	if (text)
		facts_text(f, name, text);
	free(text);
}

/* What a run of root's that was killed has left; while one is going on it is as it should be. */
static void put_left(struct facts *f)
{
	struct changes changes;
	json_t *list;

	if (claim_of_root())
		return;
	changes_read(&changes, RUNTIME_OF_ROOT "/" RUNTIME_CHANGED);
	list = changes_list(&changes);
	put_changes(f, "left.changed", list, "what", "; ");
	put_changes(f, "left.mend", list, "mend", "\n");
	json_decref(list);
	changes_end(&changes);
}

void facts_kernel(struct facts *f)
{
	struct utsname uts;

	uname(&uts);
	facts_text(f, "kernel.release", uts.release);
	facts_text(f, "kernel.version", uts.version);
	facts_text(f, "kernel.machine", uts.machine);
	put_compiler(f);
	put_build_id(f);
	facts_files(f, files, FACTS_NR(files));
	put_load(f);
	put_left(f);
}

static int open_cycles(bool user_only)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_CPU_CYCLES,
		.disabled = 1,
		.exclude_kernel = user_only,
		.exclude_hv = user_only,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static const char *cycles(void)
{
	int error = open_cycles(false);

	if (!error)
		return "yes";
	if ((error == -EACCES || error == -EPERM) && !open_cycles(true))
		return "user mode only";
	return strerror(-error);
}

/* Where each kind of core has a PMU of its own: "cpu_atom (16-23), cpu_core (0-15)". */
static void put_pmus(struct facts *f)
{
	struct pmu pmus[PMU_MAX_CORES];
	size_t nr = pmu_cores(PMU_DEVICES, pmus), i, used = 0;
	char text[1024];

	for (i = 0; i < nr && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s (%s)",
					 i ? ", " : "", pmus[i].name, pmus[i].cpus);
	if (nr)
		facts_text(f, "counters.pmus", text);
}

/* Opening is the only honest test: being root says little inside a container. */
static const char *kpageflags(void)
{
	int fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return strerror(errno);
	close(fd);
	return "yes";
}

void facts_process(struct facts *f)
{
	char *text = io_read_file("/proc/self/status");

	facts_number(f, "process.uid", geteuid());
	if (text)
		facts_keys(f, text, status_keys, FACTS_NR(status_keys));
	else
		facts_missed(f, "process.cpus_allowed", errno, true);
	free(text);
	facts_text(f, "process.kpageflags", kpageflags());
	facts_text(f, "counters.cycles", cycles());
	put_pmus(f);
}
