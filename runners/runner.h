/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a plan is carried out. A runner moves a request to a worker on some kernel and the worker's
 * records back; what they say is none of its business. There is one for each kind of machine, and
 * what a machine of that kind can is data in struct machine: nobody outside this folder asks for a
 * kind.
 *
 * A boot goes through start, serve and end, several of them side by side on one machine, if it has
 * side_by_side. In between, the channel (channel.h) is all there is of it: a descriptor that
 * requests and acknowledgements go to, one that records come from, and a console. How the worker
 * got to where it is, and by which way it talks, a pipe, a port, is known to the runner alone.
 *
 * What that means for kinds to come, a host that is reached over ssh say:
 *
 *   - start() returns at once. What takes long, a reboot, a kexec, a copy of the worker, is done by
 *     a process of the runner's that becomes the transport when the host is there; until then the
 *     channel is silent, and channel.first_s limits for how long. That process takes the request
 *     in, however early, so that we are not kept waiting.
 *   - A channel that closes is not yet the end: serve() may find out that the host has come back,
 *     and open it again (as for a VM that KVM does not start).
 *   - Whoever switches kernels, by a boot entry, kexec, a restart with another image or a command,
 *     starts_kernels, and its unit is a boot; without that the host is measured as it is, as this
 *     machine is, boot_id() says which boot that is, and its unit is a run.
 *   - What is copied to a host is the worker and its closure (closure.h).
 *   - What the machine file does not tell of the target, memory and page size, ask() asks the
 *     target for. Plans are checked against that.
 */
#ifndef RUNNERS_RUNNER_H
#define RUNNERS_RUNNER_H

#include <jansson.h>
#include <stdbool.h>

#include "common/arch.h"
#include "common/ini_file.h"
#include "common/record.h"
#include "runners/channel.h"
#include "runners/lack.h"

struct machine;

enum runner_end {
	RUNNER_DONE,	    /* the worker did all it was asked to */
	RUNNER_STOPPED,	    /* the receiver refused a record (it has said why) */
	RUNNER_INTERRUPTED, /* SIGINT, SIGTERM or SIGHUP came; the worker has cleaned up */
	RUNNER_CANNOT,	    /* it cannot be done here and now (the worker has said why) */
	RUNNER_BROKEN,	    /* the worker died or could not be started (a message was printed) */
};

/* A kernel as a machine starts it. */
struct runner_kernel {
	const char *image;    /* not packed, but a bzImage may be */
	char *const *modules; /* .ko files that the virtio port needs, in order */
	size_t nr_modules;
	const char *config;  /* its configuration, or NULL */
	const char *release; /* uname -r */
	const char *label;
	/* Where the machine installs kernels: */
	const char *bootable; /* its image as loaders take it */
	const char *whole; /* all its modules, a tar.gz of what is in lib/modules/RELEASE; NULL: it
			      has none */
};

/*
 * One boot, under way: the beginning of whatever the runner keeps of it. All that it points to
 * outlives it.
 */
struct runner_boot {
	const struct machine *machine;
	const struct runner_kernel *kernel; /* NULL: the one that the machine runs */
	const char *what;		    /* names the boot in messages */
	json_t *request;		    /* as bench/harness/main.c says */
	enum run_source source;		    /* of what is measured; start() and serve() say */
	runner_record_fn *fn;		    /* takes each record */
	void *arg;
	struct channel channel;
};

struct runner {
	const char *kind;	 /* in machine files */
	const char *is;		 /* what such a machine is: "this machine as it is" */
	const char *const *keys; /* of machine files, beside `kind`; then NULL */

	/*
	 * Reads its keys into m->own and says what the machine can. False with one line printed for
	 * what is wrong or contradicts itself; nothing is started.
	 */
	bool (*read)(struct machine *m, struct ini_file *ini);
	/* Frees m->own, which may be NULL. NULL: it has none. */
	void (*forget)(struct machine *m);

	/*
	 * Asks the target for what its file does not tell. False with one line printed. NULL:
	 * there is nothing to ask.
	 */
	bool (*ask)(struct machine *m);

	/* machine_timed(), machine_ready(), machine_boot_id() and machine_tell(); NULL as there. */
	bool (*timed)(const struct machine *m);
	bool (*ready)(const struct machine *m);
	char *(*boot_id)(const struct machine *m);
	void (*tell)(const struct machine *m, json_t *command);

	/* machine_runs(), machine_leave() and machine_go_on(), of machines that are alone. */
	bool (*runs)(const struct machine *m, const struct runner_kernel *kernel, char **ret_is);
	bool (*leave)(const struct machine *m, const struct runner_kernel *kernel, char **ret_why);
	bool (*go_on)(const struct machine *m, const char *folder, char **ret_todo, char **ret_why);

	/*
	 * A text, malloc'ed, that two boots have in common if they give the same, or times of the
	 * same hardware, provided that kernel and request are the same: how it is started and by
	 * what. NULL with a message printed. No such function: nothing of it repeats.
	 */
	char *(*identity)(const struct runner_boot *wanted);

	/*
	 * A boot for who starts it by other means, and reads its console and nothing else (request
	 * with "console", as bench/harness/main.c says): {"machine", "cpu", "memory_MiB", "vcpus":
	 * for QEMU, "append": for the kernel, "time_limit_s"}, new, and *ret_initrd, a file without
	 * a name. NULL with a message printed. No such function: it starts none, or none that could
	 * be.
	 */
	json_t *(*pack)(const struct runner_boot *wanted, int *ret_initrd);

	/* A boot as wanted, whose channel is open. NULL with a message printed. */
	struct runner_boot *(*start)(const struct runner_boot *wanted);
	/* Its channel is not open any more: true if that was not the end, and it is open again.
	 * NULL: it always is. */
	bool (*serve)(struct runner_boot *boot);
	/*
	 * Takes down a boot that has ended and everything that belongs to it. If it has not done
	 * all, says why, and gives fn a record of type "boot" with the same if there is more to
	 * tell than that.
	 */
	enum runner_end (*end)(struct runner_boot *boot);

	/* machine_lacks(); NULL: nothing that is known of. */
	size_t (*lacks)(const struct machine *m, struct lack ret[LACKS_MOST]);

	/* machine_finish(); NULL: it is as it was. */
	void (*finish)(const struct machine *m);
};

extern const struct runner runner_local, runner_qemu, runner_ssh;

/*
 * What the worker prints when started with one option and, if input is not NULL, that as its
 * standard input. NULL, with a message printed, if it cannot be started or does not answer.
 */
json_t *worker_ask(const char *option, const json_t *input);

/* Has what a run that was killed has changed put back, if there is any; what is done is said. */
void worker_put_back(void);

/*
 * The worker for an architecture (NULL: this machine's): $FAULTBENCH_WORKER, or the one that
 * belongs to this program (common/installed.h), another architecture's in a folder of its name.
 * malloc'ed; NULL with a message printed if there is none.
 */
char *worker_path(const struct arch *arch);

/* What the libraries of that worker are below (closure_each()); malloc'ed. */
char *worker_sysroot(const struct arch *arch, const char *worker);

#endif
