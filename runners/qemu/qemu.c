// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel in a VM: one boot, one request.
 */
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
#include "common/process.h"
#include "common/record.h"
#include "common/seconds.h"
#include "runners/channel.h"
#include "runners/exact/emulator.h"
#include "runners/exact/exact.h"
#include "runners/qemu/command.h"
#include "runners/qemu/identity.h"
#include "runners/qemu/initramfs.h"
#include "runners/qemu/keys.h"
#include "runners/qemu/kvm.h"
#include "runners/qemu/pack.h"
#include "runners/qemu/pin.h"
#include "runners/qemu/report.h"
#include "runners/signals.h"

#define QEMU_END_S  10	/* a QEMU that is ending has ended by then */
#define KVM_FIRST_S 20	/* a kernel that runs with KVM is up long before */
#define SILENT_S    120 /* one that is emulated has said something, on a busy machine as well */

struct vm {
	struct runner_boot boot;
	struct exact exact;
	pid_t pid;
	double started, initramfs_s; /* when QEMU was; what making the initramfs took */
	bool kvm, pinned;
};

static int boot_number(const struct vm *vm)
{
	return (int)json_integer_value(json_object_get(vm->boot.request, "boot"));
}

/* Whether to use KVM; *ret_ok is false (said) if the machine demands it and cannot have it. */
static bool use_kvm(const struct machine *m, bool *ret_ok)
{
	enum qemu_accel accel = qemu_keys(m)->accel;
	static bool said;
	const char *why = NULL;

	*ret_ok = true;
	if (accel == ACCEL_TCG || accel == ACCEL_EXACT)
		return false;
	if (m->arch == arch_here() && kvm_works(&why))
		return true;
	if (accel == ACCEL_KVM)
		*ret_ok = err("%s: accel = kvm, but %s", m->path, why);
	else if (!said)
		note("%s: no KVM (%s): emulating, so times are no measure of hardware", m->name,
		     why ? why : "the machine is of another architecture");
	said = true;
	return false;
}

static bool is_exact(const struct vm *vm)
{
	return vm->boot.machine->counts;
}

/* What the plan has at that key. */
static const json_t *plan_key(const struct vm *vm, const char *key)
{
	return json_object_get(json_object_get(vm->boot.request, "plan"), key);
}

/*
 * The request as a guest that is counted finds it. What it does depends on every byte it reads:
 * nothing in it is of one kernel, and what only the plugin does is not in it.
 */
static char *counted_request(const struct vm *vm)
{
	json_t *request = json_copy((json_t *)vm->boot.request), *plan;
	char *text;

	plan = json_copy(json_object_get(request, "plan"));
	json_object_del(plan, "calls");
	if (json_object_get(plan, "cache_model"))
		json_object_set_new(plan, "cache_model", json_string("")); /* one or another */
	json_object_set_new(request, "plan", plan);
	text = record_line(request);
	json_decref(request);
	return text;
}

/* The initramfs as a file that has no name. -1 with a message printed. */
static int make_initramfs(const struct vm *vm)
{
	char *request = is_exact(vm) ? counted_request(vm) : NULL;
	int fd = initramfs_make(vm->boot.machine->arch, vm->boot.kernel, request, false);

	free(request);
	return fd;
}

static void become_qemu(struct words *w, const struct qemu_fds *fds, int console)
{
	int null = open("/dev/null", O_RDWR);
	const int kept[] = {fds->initrd, fds->channel, fds->counts, fds->entries, fds->functions};
	size_t i;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, STDIN_FILENO);
	dup2(console, STDOUT_FILENO);
	dup2(console, STDERR_FILENO);
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (kept[i] > 0)
			fcntl(kept[i], F_SETFD, 0);
	signals_release();
	execvp(w->word[0], w->word);
	printf("%s: %s\n", w->word[0], strerror(errno));
	fflush(stdout);
	_exit(127);
}

/* Makes our end of the channel; returns QEMU's, or -1 with a message printed. */
static int make_channel(struct vm *vm)
{
	struct channel *c = &vm->boot.channel;
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

/* Starts QEMU with a channel and a console. False with a message printed. */
static bool start(struct vm *vm)
{
	double begin = seconds_now();
	struct qemu_fds fds = {.initrd = make_initramfs(vm), .channel = -1};
	char *plugin = is_exact(vm) ? emulator_plugin(vm->boot.machine->arch) : NULL;
	int console[2] = {-1, -1};
	struct words w = {0};

	vm->pid = -1;
	vm->initramfs_s = seconds_now() - begin;
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
	fds.functions = vm->exact.functions;
	fds.lines = json_is_true(plan_key(vm, "lines"));
	fds.caches = vm->exact.caches;
	qemu_command(&w, vm->boot.machine, vm->boot.kernel->image, vm->kvm, &fds, plugin,
		     boot_number(vm));
	vm->started = seconds_now();
	vm->pid = fork();
	if (vm->pid == 0)
		become_qemu(&w, &fds, console[1]);
	vm->boot.channel.console = console[0];
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
	struct channel *c = &vm->boot.channel;
	int status = 0;

	if (c->to >= 0)
		shutdown(c->to, SHUT_RDWR);
	/*
	 * A guest that is through would switch itself off; it need not, and we do not wait for it.
	 * A QEMU that closed the channel is ending by itself, and how it ends is what we want to
	 * know.
	 */
	child_wait(vm->pid, c->end == CHANNEL_CLOSED ? QEMU_END_S : 0, &status);
	channel_drain_console(c);
	return status;
}

/* Adds to a "machine" record what only this side knows of the boot. */
static json_t *complete(const struct vm *vm, json_t *record)
{
	json_t *facts = json_object_get(record, "facts");
	json_t *startup = json_copy(json_object_get(record, "startup"));
	struct emulator emulator;

	if (!facts || !startup) {
		json_decref(startup);
		return record;
	}
	json_object_set_new(startup, "clock", json_string(is_exact(vm) ? "insn" : "time"));
	json_object_set_new(startup, "initramfs_s", record_seconds(vm->initramfs_s));
	json_object_set_new(startup, "start_s", record_seconds(seconds_now() - vm->started));
	json_object_set_new(record, "startup", startup);
	if (emulator_ask(vm->boot.machine->arch, &emulator))
		json_object_set_new(facts, "emulator.version", json_string(emulator.version));
	if (is_exact(vm))
		json_object_set_new(record, "perturbation",
				    qemu_perturbation(vm->boot.machine, boot_number(vm)));
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
		pin_vcpus(vm->pid, qemu_keys(vm->boot.machine)->vcpus);
	vm->pinned = true;
	joined = is_exact(vm) ? exact_take(&vm->exact, record) : json_copy((json_t *)record);
	ok = !joined || vm->boot.fn(vm->boot.arg, complete(vm, joined));
	json_decref(joined);
	return ok;
}

/* Kernels that are older than a feature of their CPU may stop before they have a console. */
static void say_silent(const struct channel *c)
{
	const struct vm *vm = c->arg;
	const struct machine *m = vm->boot.machine;

	note("%s: the guest has said nothing in %d s; a kernel that is older than its CPU (cpu = "
	     "%s) "
	     "may not start: try cpu = %s",
	     vm->boot.what, SILENT_S, vm->kvm ? "host" : qemu_keys(m)->cpu, m->arch->tame_cpu);
}

/* One start. False with a message printed. */
static bool start_vm(struct vm *vm)
{
	const struct qemu_keys *keys = qemu_keys(vm->boot.machine);
	struct channel *c = &vm->boot.channel;

	channel_init(c, pass, vm);
	c->give_up = qemu_is_dead;
	c->silent_s = SILENT_S;
	c->silent = say_silent;
	c->console_end = calloc(1, CONSOLE_KEPT + 1);
	if (vm->kvm && keys->accel == ACCEL_AUTO)
		c->first_s = KVM_FIRST_S;
	vm->pinned = false;
	vm->boot.source = vm->kvm ? SOURCE_TIMED : is_exact(vm) ? SOURCE_EXACT : SOURCE_EMULATED;
	if (!c->console_end || !start(vm)) {
		channel_close(c);
		return false;
	}
	/* A guest that is counted finds its request in its memory: what comes from outside comes at
	 * another instant each time. */
	channel_begin(c, vm->boot.request, is_exact(vm), keys->time_limit_s);
	return true;
}

static struct runner_boot *qemu_start(const struct runner_boot *wanted)
{
	struct vm *vm = calloc(1, sizeof(*vm));
	bool ok = vm;

	if (!vm)
		return NULL;
	*vm = (struct vm){.boot = *wanted, .exact.counts = -1};
	vm->kvm = use_kvm(wanted->machine, &ok);
	if (ok && is_exact(vm))
		ok = exact_open(&vm->exact, wanted->machine->arch, wanted->machine->cpus > 1,
				json_is_true(plan_key(vm, "calls")),
				json_string_value(plan_key(vm, "cache_model")));
	if (ok && start_vm(vm))
		return &vm->boot;
	exact_close(&vm->exact);
	free(vm);
	return NULL;
}

/* If KVM turns out not to work for a whole kernel, starts again without it. */
static bool qemu_serve(struct runner_boot *boot)
{
	struct vm *vm = (struct vm *)boot;
	struct channel *c = &boot->channel;
	bool ok;

	/* A guest that has spoken runs, whatever it prints. */
	if (!vm->kvm || qemu_keys(boot->machine)->accel == ACCEL_KVM || c->spoken ||
	    c->end == CHANNEL_SIGNAL || (!qemu_broke_kvm(c) && c->end != CHANNEL_TIMEOUT))
		return false;
	finish(vm);
	channel_close(c);
	kvm_broke("/dev/kvm is there, but no kernel gets anywhere with it");
	vm->kvm = use_kvm(boot->machine, &ok);
	if (ok && start_vm(vm))
		return true;
	vm->pid = -1;
	c->end = CHANNEL_GAVE_UP;
	return false;
}

static void report(const struct vm *vm, int status)
{
	static bool said;

	qemu_report(&vm->boot.channel, vm->boot.what, vm->boot.request, status);
	if (vm->kvm || qemu_keys(vm->boot.machine)->vcpus == 1 || said ||
	    vm->boot.channel.end == CHANNEL_GARBLED)
		return;
	note("QEMU before 8.1 can do that to a guest with several emulated vCPUs, rarely; "
	     "before you blame the kernel, try again or with vcpus = 1");
	said = true;
}

static enum runner_end qemu_end(struct runner_boot *boot)
{
	struct vm *vm = (struct vm *)boot;
	enum channel_end how = boot->channel.end;
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
	channel_close(&boot->channel);
	exact_close(&vm->exact);
	free(vm);
	return end;
}

static bool qemu_timed(const struct machine *m)
{
	enum qemu_accel accel = qemu_keys(m)->accel;
	const char *why;

	return accel == ACCEL_KVM ||
	       (accel == ACCEL_AUTO && m->arch == arch_here() && kvm_works(&why));
}

static bool qemu_ready(const struct machine *m)
{
	char *worker, *plugin = NULL;
	const char *why;
	bool ok;

	if (qemu_keys(m)->accel == ACCEL_KVM && !kvm_works(&why)) {
		note("%s: KVM does not work here: %s", m->name, why);
		return false;
	}
	if (!qemu_installed(m->arch)) {
		note("no qemu-system-%s: kernels of %s cannot be started", m->arch->uname,
		     m->arch->name);
		return false;
	}
	worker = worker_path(m->arch);
	ok = worker;
	if (ok && qemu_keys(m)->accel == ACCEL_EXACT) {
		plugin = emulator_plugin(m->arch);
		ok = plugin;
	}
	free(plugin);
	free(worker);
	return ok;
}

/* QEMU's version: exact counts depend on it. */
static void qemu_tell(const struct machine *m, json_t *command)
{
	struct emulator emulator;

	if (emulator_ask(m->arch, &emulator))
		json_object_set_new(command, "qemu", json_string(emulator.version));
}

const struct runner runner_qemu = {
	.kind = "qemu",
	.is = "a VM",
	.keys = qemu_keys_names,
	.read = qemu_keys_read,
	.forget = qemu_keys_forget,
	.timed = qemu_timed,
	.ready = qemu_ready,
	.tell = qemu_tell,
	.identity = qemu_identity,
	.pack = qemu_pack,
	.start = qemu_start,
	.serve = qemu_serve,
	.end = qemu_end,
};
