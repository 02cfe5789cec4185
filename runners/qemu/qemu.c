// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/qemu/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/msg.h"
#include "common/record.h"
#include "runners/channel.h"
#include "runners/exact/emulator.h"
#include "runners/exact/exact.h"
#include "runners/qemu/command.h"
#include "runners/qemu/initramfs.h"
#include "runners/qemu/kvm.h"
#include "runners/qemu/pin.h"
#include "runners/qemu/report.h"
#include "runners/signals.h"
#include "runners/wait.h"

#define QEMU_END_S  10 /* a QEMU that is ending has ended by then */
#define KVM_FIRST_S 20 /* a kernel that runs with KVM is up long before */

struct vm {
	const struct guest *guest;
	const char *what;
	json_t *request;
	runner_record_fn *fn;
	void *arg;
	struct channel channel;
	struct exact exact;
	pid_t pid;
	double started, initramfs_s; /* when QEMU was; what making the initramfs took */
	bool kvm, pinned;
};

/* Whether to use KVM; *ret_ok is false (said) if the machine demands it and cannot have it. */
static bool use_kvm(const struct machine *m, bool *ret_ok)
{
	static bool said;
	const char *why = NULL;

	*ret_ok = true;
	if (m->accel == ACCEL_TCG || m->accel == ACCEL_EXACT)
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

static bool is_exact(const struct vm *vm)
{
	return vm->guest->machine->accel == ACCEL_EXACT;
}

/*
 * The request as a counted guest finds it. Its kernel has no label: what a guest does depends on
 * every byte it reads, and kernels under comparison are to read the same.
 */
static char *unlabelled(const json_t *request)
{
	json_t *copy = json_copy((json_t *)request);
	char *text, *line = NULL;

	json_object_set_new(copy, "kernel", json_string(""));
	text = json_dumps(copy, JSON_COMPACT);
	if (text && asprintf(&line, "%s\n", text) < 0)
		line = NULL;
	free(text);
	json_decref(copy);
	return line;
}

/* The initramfs as a file that has no name. -1 with a message printed. */
static int make_initramfs(const struct vm *vm)
{
	const struct guest *g = vm->guest;
	char *worker = worker_path(machine_uname(g->machine));
	char *sysroot = worker ? sysroot_for(g->machine, worker) : NULL;
	char *request = is_exact(vm) ? unlabelled(vm->request) : NULL;
	struct initramfs content = {
		.worker = worker,
		.sysroot = sysroot,
		.modules = g->modules,
		.nr_modules = g->nr_modules,
		.config = g->config,
		.release = g->release,
		.request = request,
	};
	int fd = memfd_create("initramfs", MFD_CLOEXEC);

	if (fd < 0)
		err_errno("initramfs");
	if (fd >= 0 && (!sysroot || !initramfs_write(fd, &content))) {
		close(fd);
		fd = -1;
	}
	free(request);
	free(sysroot);
	free(worker);
	return fd;
}

static void become_qemu(struct words *w, const struct qemu_fds *fds, int console)
{
	int null = open("/dev/null", O_RDWR);
	const int kept[] = {fds->initrd, fds->channel, fds->counts, fds->entries};
	sigset_t none;
	size_t i;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, STDIN_FILENO);
	dup2(console, STDOUT_FILENO);
	dup2(console, STDERR_FILENO);
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (kept[i] > 0)
			fcntl(kept[i], F_SETFD, 0);
	sigemptyset(&none);
	signals_release(&none);
	execvp(w->word[0], w->word);
	printf("%s: %s\n", w->word[0], strerror(errno));
	fflush(stdout);
	_exit(127);
}

/* Makes our end of the channel; returns QEMU's, or -1 with a message printed. */
static int make_channel(struct vm *vm)
{
	struct channel *c = &vm->channel;
	int ends[2] = {-1, -1};
	char path[64];

	if (!is_exact(vm)) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
			err_errno("a VM cannot be started");
		c->to = c->from.fd = ends[0];
		return ends[1];
	}
	ends[1] = memfd_create("records", MFD_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[1]);
	c->from.fd = open(path, O_RDONLY | O_CLOEXEC);
	c->news = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (c->from.fd >= 0 && c->news >= 0 && inotify_add_watch(c->news, path, IN_MODIFY) >= 0)
		return ends[1];
	err_errno("a VM cannot be started");
	close(ends[1]);
	return -1;
}

/* The plugin that counts in such a machine. NULL with a message printed. */
static char *plugin_for(const struct machine *m)
{
	char program[64];

	snprintf(program, sizeof(program), "qemu-system-%s", machine_uname(m));
	return emulator_plugin(program);
}

/* Starts QEMU with a channel and a console. False with a message printed. */
static bool start(struct vm *vm)
{
	double begin = wait_clock();
	struct qemu_fds fds = {.initrd = make_initramfs(vm), .channel = -1};
	char *plugin = is_exact(vm) ? plugin_for(vm->guest->machine) : NULL;
	int console[2] = {-1, -1};
	struct words w = {0};

	vm->pid = -1;
	vm->initramfs_s = wait_clock() - begin;
	if (fds.initrd >= 0 && (plugin || !is_exact(vm)))
		fds.channel = make_channel(vm);
	if (fds.channel < 0)
		goto out;
	if (pipe2(console, O_CLOEXEC)) {
		err_errno("a VM cannot be started");
		goto out;
	}
	fds.counts = vm->exact.counts;
	fds.entries = vm->exact.entries;
	qemu_command(&w, vm->guest, vm->kvm, &fds, plugin,
		     (int)json_integer_value(json_object_get(vm->request, "boot")));
	vm->started = wait_clock();
	vm->pid = fork();
	if (vm->pid == 0)
		become_qemu(&w, &fds, console[1]);
	vm->channel.console = console[0];
	close(console[1]);
	words_free(&w);
out:
	if (fds.channel >= 0)
		close(fds.channel);
	if (fds.initrd >= 0)
		close(fds.initrd);
	free(plugin);
	return vm->pid > 0;
}

/* Ends QEMU, if it has not, and everything in its group. Returns its status. */
static int finish(struct vm *vm)
{
	struct channel *c = &vm->channel;
	int status = 0;

	if (c->to >= 0)
		shutdown(c->to, SHUT_RDWR);
	/*
	 * A guest that is through would switch itself off; it need not, and we do not wait for it.
	 * A QEMU that closed the channel is ending by itself, and how it ends is what we want to
	 * know.
	 */
	wait_limited(vm->pid, c->end == CHANNEL_CLOSED ? QEMU_END_S : 0, &status);
	channel_drain_console(c);
	return status;
}

/* Adds to a "machine" record what only this side knows of the boot. */
static json_t *complete(const struct vm *vm, json_t *record)
{
	const char *type = json_string_value(json_object_get(record, "type"));
	json_t *startup = json_copy(json_object_get(record, "startup"));

	if (!startup || strcmp(type, "machine")) {
		json_decref(startup);
		return record;
	}
	json_object_set_new(startup, "clock", json_string(is_exact(vm) ? "insn" : "time"));
	json_object_set_new(startup, "initramfs_s", record_seconds(vm->initramfs_s));
	json_object_set_new(startup, "start_s", record_seconds(wait_clock() - vm->started));
	json_object_set_new(record, "startup", startup);
	return record;
}

/* A record on its way to the receiver. vCPUs are pinned when the guest first speaks: their threads
 * are there by then. */
static bool pass(void *arg, const json_t *record)
{
	struct vm *vm = arg;
	json_t *joined;
	bool ok;

	if (!vm->pinned && !is_exact(vm))
		pin_vcpus(vm->pid, vm->guest->machine->vcpus);
	vm->pinned = true;
	joined = is_exact(vm) ? exact_take(&vm->exact, record) : json_copy((json_t *)record);
	ok = !joined || vm->fn(vm->arg, complete(vm, joined));
	json_decref(joined);
	return ok;
}

/* One start. False with a message printed. */
static bool boot(struct vm *vm)
{
	const struct machine *m = vm->guest->machine;

	vm->channel = (struct channel){.to = -1,
				       .from.fd = -1,
				       .console = -1,
				       .news = -1,
				       .give_up = qemu_is_dead,
				       .fn = pass,
				       .arg = vm,
				       .console_end = calloc(1, CONSOLE_KEPT + 1)};
	if (vm->kvm && m->accel == ACCEL_AUTO)
		vm->channel.first_s = KVM_FIRST_S;
	vm->pinned = false;
	json_object_set_new(vm->request, "source",
			    json_string(vm->kvm	       ? "timed"
					: is_exact(vm) ? "exact"
						       : "emulated"));
	if (!vm->channel.console_end || !start(vm)) {
		channel_close(&vm->channel);
		return false;
	}
	/* A guest that is counted finds its request in its memory: what comes from outside comes at
	 * another instant each time. */
	channel_begin(&vm->channel, is_exact(vm) ? NULL : vm->request, m->time_limit_s);
	return true;
}

bool vm_is_timed(const struct machine *m)
{
	const char *why;

	return m->accel == ACCEL_KVM ||
	       (m->accel == ACCEL_AUTO && machine_is_native(m) && kvm_works(&why));
}

struct vm *vm_start(const struct guest *guest, const char *what, json_t *request,
		    runner_record_fn *fn, void *arg)
{
	struct vm *vm = calloc(1, sizeof(*vm));
	bool ok = vm;

	if (!vm)
		return NULL;
	*vm = (struct vm){.guest = guest, .what = what, .request = request, .fn = fn, .arg = arg};
	vm->exact.counts = -1;
	vm->kvm = use_kvm(guest->machine, &ok);
	if (ok && is_exact(vm))
		ok = exact_open(&vm->exact, guest->machine->arch,
				json_string_value(json_object_get(request, "kernel")));
	if (ok && boot(vm))
		return vm;
	exact_close(&vm->exact);
	free(vm);
	return NULL;
}

/* If KVM turns out not to work for a whole kernel, starts again without it. */
static void boot_again(struct vm *vm)
{
	struct channel *c = &vm->channel;
	bool ok;

	if (!vm->kvm || vm->guest->machine->accel == ACCEL_KVM || c->end == CHANNEL_SIGNAL ||
	    (!qemu_broke_kvm(c) && (c->end != CHANNEL_TIMEOUT || c->spoken)))
		return;
	finish(vm);
	channel_close(c);
	kvm_broke("/dev/kvm is there, but no kernel gets anywhere with it");
	vm->kvm = use_kvm(vm->guest->machine, &ok);
	if (!ok || !boot(vm)) {
		vm->pid = -1;
		c->end = CHANNEL_GAVE_UP;
	}
}

size_t vm_wait(struct vm *const *vms, size_t nr, const sigset_t *open)
{
	struct channel **channels = calloc(nr + 1, sizeof(*channels));
	size_t i, ended = nr;

	for (i = 0; i < nr && channels; i++)
		channels[i] = &vms[i]->channel;
	while (channels && ended == nr) {
		channels_wait(channels, nr, open);
		for (i = 0; i < nr; i++) {
			if (vms[i]->channel.end != CHANNEL_OPEN)
				boot_again(vms[i]);
			if (ended == nr && vms[i]->channel.end != CHANNEL_OPEN)
				ended = i;
		}
	}
	free(channels);
	return ended;
}

static void report(const struct vm *vm, int status)
{
	static bool said;

	qemu_report(&vm->channel, vm->what, vm->request, status);
	if (vm->kvm || vm->guest->machine->vcpus == 1 || said)
		return;
	note("QEMU before 8.1 can do that to a guest with several emulated vCPUs, rarely; "
	     "before you blame the kernel, try again or with vcpus = 1");
	said = true;
}

enum runner_end vm_end(struct vm *vm)
{
	enum channel_end how = vm->channel.end;
	enum runner_end end = RUNNER_BROKEN;
	int status = vm->pid > 0 ? finish(vm) : 0;

	if (how == CHANNEL_ENDED)
		end = RUNNER_DONE;
	else if (how == CHANNEL_SIGNAL)
		end = RUNNER_INTERRUPTED;
	else if (how == CHANNEL_REFUSED)
		end = RUNNER_STOPPED;
	else if (vm->pid > 0)
		report(vm, status);
	channel_close(&vm->channel);
	exact_close(&vm->exact);
	free(vm);
	return end;
}
