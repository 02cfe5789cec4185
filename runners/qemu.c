// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/msg.h"
#include "runners/channel.h"
#include "runners/initramfs.h"
#include "runners/kvm.h"
#include "runners/pin.h"
#include "runners/signals.h"
#include "runners/wait.h"

#define MAX_WORDS     96
#define QEMU_END_S    10 /* a QEMU that is ending has ended by then */
#define KVM_FIRST_S   20 /* a kernel that runs with KVM is up long before */
#define CONSOLE_LINES 12 /* of the console, shown when something went wrong */

/* Words of a command line, each malloc'ed. */
struct words {
	char *word[MAX_WORDS + 1];
	size_t nr;
};

static void add(struct words *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct words *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (w->nr < MAX_WORDS && vasprintf(&w->word[w->nr], fmt, ap) >= 0)
		w->nr++;
	va_end(ap);
}

/* Adds a machine's own words, which are separated by blanks. */
static void add_all(struct words *w, const char *text)
{
	char *copy = text ? strdup(text) : NULL, *rest = copy, *word;

	while ((word = strsep(&rest, " ")))
		if (*word)
			add(w, "%s", word);
	free(copy);
}

static void free_words(struct words *w)
{
	size_t i;

	for (i = 0; i < w->nr; i++)
		free(w->word[i]);
}

/* Whether to use KVM; *ret_ok is false (said) if the machine demands it and cannot have it. */
static bool use_kvm(const struct machine *m, bool *ret_ok)
{
	static bool said;
	const char *why = NULL;

	*ret_ok = true;
	if (m->accel == ACCEL_TCG)
		return false;
	if (machine_is_native(m) && kvm_works(&why))
		return true;
	if (m->accel == ACCEL_KVM)
		*ret_ok = err("%s: accel = kvm, but %s", m->path, why);
	else if (!said)
		note("%s: no KVM (%s): emulating, so times are no measure of hardware", m->name,
		     why ? why : "the machine is of another architecture");
	said = true;
	return false;
}

/* Memory and CPUs in equal shares. */
static void add_nodes(struct words *w, const struct machine *m)
{
	int64_t share = m->memory / m->nodes >> 20;
	int i, cpus = m->vcpus / m->nodes;

	for (i = 0; m->nodes > 1 && i < m->nodes; i++) {
		add(w, "-object");
		add(w, "memory-backend-ram,id=ram%d,size=%lldM", i, (long long)share);
		add(w, "-numa");
		add(w, "node,nodeid=%d,memdev=ram%d,cpus=%d-%d", i, i, i * cpus,
		    i == m->nodes - 1 ? m->vcpus - 1 : (i + 1) * cpus - 1);
	}
}

static void make_command(struct words *w, const struct guest *g, bool kvm, int initrd, int channel)
{
	const struct machine *m = g->machine;
	bool arm = !strcmp(m->arch, "arm64");

	add(w, "qemu-system-%s", machine_uname(m));
	add_all(w,
		"-nodefaults -no-user-config -display none -monitor none -no-reboot -serial stdio");
	add(w, "-name");
	add(w, "faultbench,debug-threads=on"); /* so that vCPU threads can be told */
	add(w, "-machine");
	add(w, "%s", arm ? "virt,gic-version=max" : "q35");
	add(w, "-accel");
	add(w, "%s", kvm ? "kvm" : "tcg,thread=multi");
	add(w, "-cpu");
	add(w, "%s", kvm ? "host" : m->cpu);
	add(w, "-smp");
	add(w, "%d", m->vcpus);
	add(w, "-m");
	add(w, "%lldM", (long long)(m->memory >> 20));
	add_nodes(w, m);
	if (kvm)
		add(w, "-mem-prealloc"); /* the host's faults happen before anything is measured */
	add(w, "-kernel");
	add(w, "%s", g->image);
	add(w, "-initrd");
	add(w, "/proc/self/fd/%d", initrd);
	add(w, "-append");
	add(w, "console=%s rdinit=/init panic=-1 oops=panic loglevel=5%s%s",
	    arm ? "ttyAMA0" : "ttyS0", m->cmdline ? " " : "", m->cmdline ? m->cmdline : "");
	add(w, "-device");
	add(w, "virtio-serial-pci");
	add(w, "-chardev");
	add(w, "socket,id=channel,fd=%d", channel);
	add(w, "-device");
	add(w, "virtserialport,chardev=channel,name=faultbench");
	add_all(w, m->options);
}

/* Finds the sysroot that the other architecture's worker was linked against. */
static char *sysroot_for(const struct machine *m, const char *worker)
{
	char *path;

	if (machine_is_native(m))
		return strdup("");
	if (asprintf(&path, "%.*s/../sysroot-%s", (int)(strrchr(worker, '/') - worker), worker,
		     m->arch) < 0)
		return NULL;
	return path;
}

/* The initramfs as a file that has no name. -1 with a message printed. */
static int make_initramfs(const struct guest *g)
{
	char *worker = worker_path(machine_uname(g->machine));
	char *sysroot = worker ? sysroot_for(g->machine, worker) : NULL;
	int fd = memfd_create("initramfs", MFD_CLOEXEC);

	if (fd < 0)
		err_errno("initramfs");
	if (fd >= 0 && (!sysroot || !initramfs_write(fd, worker, sysroot, g->modules, g->nr_modules,
						     g->config, g->release))) {
		close(fd);
		fd = -1;
	}
	free(sysroot);
	free(worker);
	return fd;
}

static void become_qemu(struct words *w, int initrd, int channel, int console, const sigset_t *mask)
{
	int null = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, STDIN_FILENO);
	dup2(console, STDOUT_FILENO);
	dup2(console, STDERR_FILENO);
	fcntl(initrd, F_SETFD, 0);
	fcntl(channel, F_SETFD, 0);
	signals_release(mask);
	execvp(w->word[0], w->word);
	printf("%s: %s\n", w->word[0], strerror(errno));
	fflush(stdout);
	_exit(127);
}

/* Returns QEMU's pid, or -1 with a message printed. */
static pid_t start(struct channel *c, const struct guest *g, bool kvm, const sigset_t *open)
{
	int ends[2] = {-1, -1}, console[2] = {-1, -1}, initrd = make_initramfs(g);
	struct words w = {0};
	pid_t pid = -1;

	if (initrd < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) || pipe2(console, O_CLOEXEC)) {
		err_errno("a VM cannot be started");
	} else {
		make_command(&w, g, kvm, initrd, ends[1]);
		pid = fork();
		if (pid == 0)
			become_qemu(&w, initrd, ends[1], console[1], open);
		c->to = c->from.fd = ends[0];
		c->console = console[0];
	}
	close(ends[1]);
	close(console[1]);
	close(initrd);
	free_words(&w);
	return pid;
}

/* The last lines of the console. */
static json_t *last_lines(const struct channel *c)
{
	json_t *lines = json_array(), *text;
	char *copy = strdup(c->console_end), *rest = copy, *line, *p;

	while (copy && (line = strsep(&rest, "\n"))) {
		for (p = line; *p; p++)
			if ((unsigned char)*p < ' ' || (unsigned char)*p > '~')
				*p = ' '; /* it may hold anything */
		text = json_string(line);
		if (text && line[strspn(line, " ")])
			json_array_append(lines, text);
		json_decref(text);
	}
	while (json_array_size(lines) > CONSOLE_LINES)
		json_array_remove(lines, 0);
	free(copy);
	return lines;
}

static bool broke_kvm(const struct channel *c)
{
	return strstr(c->console_end, "KVM internal error") ||
	       strstr(c->console_end, "kvm run failed");
}

/* A guest that has panicked does nothing more, whatever panic= made of it. */
static bool is_dead(const struct channel *c)
{
	return strstr(c->console_end, "---[ end Kernel panic") || broke_kvm(c);
}

static const char *find_reason(const struct channel *c, enum channel_end how, int status,
			       char why[256])
{
	static const char *const signs[] = {"Kernel panic", "Out of memory", "kernel BUG", "Oops",
					    "init: "};
	const char *line = NULL;
	size_t i;

	for (i = 0; !line && i < sizeof(signs) / sizeof(signs[0]); i++)
		line = strstr(c->console_end, signs[i]);
	if (how == CHANNEL_TIMEOUT)
		snprintf(why, 256, "the guest hung: no end within its time limit");
	else if (line)
		snprintf(why, 256, "the guest failed: %.*s", (int)strcspn(line, "\r\n"), line);
	else if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		snprintf(why, 256, "QEMU was killed by SIG%s", sigabbrev_np(WTERMSIG(status)));
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		snprintf(why, 256, "QEMU is not installed (qemu-system-x86, qemu-system-arm)");
	else if (WIFEXITED(status) && WEXITSTATUS(status))
		snprintf(why, 256, "QEMU ended with status %d", WEXITSTATUS(status));
	else
		snprintf(why, 256, "the guest ended before it had sent everything");
	return why;
}

/* Tells the user and the journal what became of a boot that failed. */
static void report(const struct channel *c, const char *what, const json_t *request,
		   const char *why, runner_record_fn *fn, void *arg)
{
	json_t *lines = last_lines(c), *record, *line;
	size_t i;

	err("%s: %s", what, why);
	json_array_foreach(lines, i, line) {
		fprintf(stderr, "    %s\n", json_string_value(line));
	}
	record = json_pack("{s:s,s:O,s:O,s:s,s:s,s:o}", "type", "boot", "kernel",
			   json_object_get(request, "kernel"), "boot",
			   json_object_get(request, "boot"), "status", "failed", "reason", why,
			   "console", lines);
	if (record)
		fn(arg, record);
	json_decref(record);
}

/* Ends QEMU, if it has not, and everything in its group. */
static int finish(struct channel *c, pid_t pid, enum channel_end how)
{
	int status = 0;

	shutdown(c->to, SHUT_RDWR);
	/*
	 * A guest that is through would switch itself off; it need not, and we do not wait for it.
	 * A QEMU that closed the channel is ending by itself, and how it ends is what we want to
	 * know.
	 */
	wait_limited(pid, how == CHANNEL_CLOSED ? QEMU_END_S : 0, &status);
	channel_drain_console(c);
	return status;
}

/* Pins the vCPUs when the guest first speaks: their threads are there by then. */
struct pinning {
	pid_t pid;
	int vcpus;
	bool done;
	runner_record_fn *fn;
	void *arg;
};

static bool pin_and_pass(void *arg, const json_t *record)
{
	struct pinning *pinning = arg;

	if (!pinning->done)
		pin_vcpus(pinning->pid, pinning->vcpus);
	pinning->done = true;
	return pinning->fn(pinning->arg, record);
}

/* One start. *ret_kvm_broke: it got nowhere because KVM does not work after all. */
static enum runner_end boot(const struct guest *guest, bool kvm, const char *what,
			    const json_t *request, runner_record_fn *fn, void *arg,
			    const sigset_t *open, bool *ret_kvm_broke)
{
	struct channel c = {.to = -1, .from.fd = -1, .console = -1, .give_up = is_dead};
	enum runner_end end = RUNNER_BROKEN;
	enum channel_end how;
	struct pinning pinning = {.vcpus = guest->machine->vcpus, .fn = fn, .arg = arg};
	char why[256];
	int status;
	pid_t pid;

	*ret_kvm_broke = false;
	if (kvm && guest->machine->accel == ACCEL_AUTO)
		c.first_s = KVM_FIRST_S;
	c.console_end = calloc(1, CONSOLE_KEPT + 1);
	pid = c.console_end ? start(&c, guest, kvm, open) : -1;
	pinning.pid = pid;
	if (pid > 0) {
		how = channel_send(&c, request)
			      ? channel_exchange(&c, open, guest->machine->time_limit_s,
						 pin_and_pass, &pinning)
			      : CHANNEL_CLOSED;
		status = finish(&c, pid, how);
		*ret_kvm_broke = kvm && (broke_kvm(&c) || (how == CHANNEL_TIMEOUT && !c.spoken));
		if (how == CHANNEL_ENDED)
			end = RUNNER_DONE;
		else if (how == CHANNEL_SIGNAL)
			end = RUNNER_INTERRUPTED;
		else if (how == CHANNEL_REFUSED)
			end = RUNNER_STOPPED;
		else if (!*ret_kvm_broke || guest->machine->accel == ACCEL_KVM)
			report(&c, what, request, find_reason(&c, how, status, why), fn, arg);
	}
	channel_close(&c);
	return end;
}

enum runner_end runner_qemu(const struct guest *guest, const char *what, const json_t *request,
			    runner_record_fn *fn, void *arg, int *ret_signal)
{
	json_t *own = json_deep_copy(request);
	enum runner_end end = RUNNER_BROKEN;
	bool kvm, ok, broke;
	sigset_t open;

	signals_catch(&open);
	kvm = use_kvm(guest->machine, &ok);
	if (ok) {
		json_object_set_new(own, "source", json_string(kvm ? "timed" : "emulated"));
		end = boot(guest, kvm, what, own, fn, arg, &open, &broke);
	}
	if (ok && broke) {
		kvm_broke("/dev/kvm is there, but no kernel gets anywhere with it");
		kvm = use_kvm(guest->machine, &ok);
		json_object_set_new(own, "source", json_string("emulated"));
		if (ok)
			end = boot(guest, false, what, own, fn, arg, &open, &broke);
	}
	*ret_signal = signals_came();
	signals_release(&open);
	json_decref(own);
	return end;
}
