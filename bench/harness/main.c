// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * faultbench-worker: carries out a plan on the kernel it finds itself on.
 *
 *   faultbench-worker              one request on standard input, one line of JSON:
 *                                  {"plan", "boot", "counted": whether its instructions are,
 *                                  "todo": [step of the plan's order]}, and "wait": true to wait
 *                                  for another one that measures here; answers with the records
 *                                  of a journal (common/record.h), a line each, but that these do
 *                                  not say of which kernel they are and what their source is;
 *                                  waits after every record but "progress" for a line that says
 *                                  it is safe; ends when its input ends
 *   faultbench-worker --catalogue  prints what there is to measure (describe.h)
 *   faultbench-worker --describe   the same, with what this machine can of it
 *   faultbench-worker --check      a plan, and for what pages, on standard input; prints what to
 *                                  know of its points (describe.h)
 *   faultbench-worker --facts      prints a "machine" record
 *   faultbench-worker --put-back   puts back what a run that was killed has changed (changes.h);
 *                                  prints {"left": how much of it could not be}
 *   faultbench-worker --keep SECONDS WHO
 *                                  the same as without a word over a connection that may end, on
 *                                  another host (keep/keep.h); WHO is for those who look
 *   faultbench-worker --attach     goes on with that over another connection
 *   faultbench-worker --run        one run (run.h); started by the worker itself
 *
 * As process 1 it is the init of a VM (guest.h): it does the same over a virtio port, then switches
 * the VM off. Counted, the request is a file, no answers are awaited, and the records
 * begin with {"type": "symbols", "text"}, a line "ADDRESS NAME" for each function of the kernel.
 * With "console" in the request, a name for each point of the plan, its output is not records but
 * the lines of machine/console.h.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/harness/keep/keep.h"
#include "bench/harness/kernel/layout.h"
#include "bench/harness/kernel/mapped.h"
#include "bench/harness/kernel/symbols.h"
#include "bench/harness/machine/console.h"
#include "bench/harness/machine/facts.h"
#include "bench/harness/machine/guest.h"
#include "bench/harness/machine/settle.h"
#include "bench/harness/machine/startup.h"
#include "bench/harness/profiled.h"
#include "bench/harness/provide/claim.h"
#include "bench/harness/provide/describe.h"
#include "bench/harness/provide/knobs.h"
#include "bench/harness/supervise.h"
#include "bench/harness/timing/counters.h"
#include "bench/harness/timing/run.h"
#include "bench/harness/timing/sampler.h"
#include "common/exit.h"
#include "common/io.h"
#include "common/marker.h"
#include "common/msg.h"

static bool send_line(const json_t *json)
{
	char *text = json_dumps(json, RECORD_DUMP), *line = NULL;
	bool ok = text && asprintf(&line, "%s\n", text) >= 0 &&
		  io_write_all(STDOUT_FILENO, line, strlen(line));

	free(line);
	free(text);
	return ok;
}

#define CLAIM_MS 2000

static int print(json_t *json)
{
	bool ok = send_line(json);

	json_decref(json);
	return ok ? EXIT_OK : EXIT_FAILED;
}

/* All but the clock's facts. */
static json_t *machine_record(int boot)
{
	return json_pack("{s:s,s:i,s:o,s:o?}", "type", "machine", "boot", boot, "facts",
			 facts_collect(), "config", facts_config());
}

static void measure_clock(json_t *machine, struct bench_clock *clock)
{
	*clock = clock_measure();
	facts_add_clock(json_object_get(machine, "facts"), clock);
}

static int print_facts(void)
{
	struct bench_clock clock;
	struct utsname uts;
	json_t *machine;

	uname(&uts);
	machine = machine_record(0);
	json_object_set_new(machine, "kernel", json_string(uts.release));
	measure_clock(machine, &clock);
	return print(machine);
}

static json_t *read_line(struct io_lines *in)
{
	char *line = io_lines_wait(in);

	return line ? json_loads(line, 0, NULL) : NULL;
}

static int check_plan(void)
{
	struct io_lines in = {.fd = STDIN_FILENO};
	json_t *request = read_line(&in), *points = describe_points(request);

	json_decref(request);
	io_lines_free(&in);
	return print(points);
}

/* Sends a record and, where somebody answers, waits until it is safe. False if nobody is there. */
static bool deliver(struct io_lines *in, json_t *record)
{
	bool ok = send_line(record) && (in->fd < 0 || io_lines_wait(in));

	json_decref(record);
	return ok;
}

static bool deliver_run(struct supervisor *s, struct io_lines *in, size_t step)
{
	struct plan_step at = plan_step(&s->plan, step);
	struct run_record rec;
	json_t *progress;
	bool ok;

	progress = json_pack("{s:s,s:i,s:i}", "type", "progress", "point", (int)at.point, "run",
			     at.run);
	ok = send_line(progress);
	json_decref(progress);
	if (!ok || !supervise_run(s, &s->plan.points[at.point], at.run, &rec))
		return false;
	MARKER(MARKER_END);
	ok = deliver(in, run_record_to_json(&rec));
	run_record_free(&rec);
	return ok;
}

/*
 * Opens the plan's counters, disabled, for as long as we live; returns what they are. The first one
 * opened and the last one closed make the kernel patch its code (static keys of perf), with an
 * interrupt to every CPU; this way that happens neither between runs nor, a second later, during
 * one. QEMU before 8.1 can miss such a patch when vCPUs run side by side, and the guest then hangs.
 */
static json_t *hold_counters(const json_t *names)
{
	static struct counter_set set;
	static struct counters held;

	counter_set_init(&set, PMU_DEVICES, names);
	counters_open(&held, &set, -1, true);
	return counter_set_to_json(&set);
}

/* Likewise of what ops are sampled by. */
static json_t *hold_sampler(clockid_t clock)
{
	static struct counter_set set;
	static uint64_t words[SAMPLED_LEAST];
	static struct sampled unused = {.word = words, .room = SAMPLED_LEAST};
	static struct sampler held;
	json_t *events = profiled_events();

	if (counter_set_from_json(&set, events))
		sampler_open(&held, &unused, &set, -1, clock, false);
	return events;
}

/*
 * Gets to know the machine; returns its record, NULL if nobody wants it any more. A VM that has
 * just booted is still busy with itself, so what does not mind is done meanwhile, and the clock is
 * measured after; a machine that runs is as it is.
 */
static json_t *prepare(struct supervisor *s)
{
	json_t *settled = json_object(), *machine;

	s->counters = hold_counters(s->plan.counters);
	if (getpid() != 1 && s->plan.settle.most_s &&
	    !settle_wait(&s->plan.settle, s->control_fd, settled)) {
		json_decref(settled);
		return NULL;
	}
	machine = machine_record(s->boot);
	json_object_update_new(json_object_get(machine, "facts"), settled);
	if (getpid() == 1)
		startup_settle();
	if (s->counted)
		guest_steady();
	if (s->counted && s->plan.lines)
		guest_show_addresses();
	measure_clock(machine, &s->clock);
	if (s->plan.profile && !s->counted)
		s->events = hold_sampler(s->clock.id);
	kmsg_open(&s->kmsg);
	if (getpid() == 1)
		json_object_set_new(machine, "startup", startup_json());
	return machine;
}

static bool carry_out(struct supervisor *s, struct io_lines *in, const json_t *todo)
{
	json_t *machine = prepare(s), *step;
	size_t i;

	if (!machine || !deliver(in, machine))
		return false;
	/* Before the symbols, with which the plugin is told all of it. */
	if (in->fd < 0 && s->plan.cache_model && !mapped_send(STDOUT_FILENO))
		return false;
	if (in->fd < 0 && !symbols_send(STDOUT_FILENO))
		return false;
	if (in->fd < 0 && s->plan.lines && !layout_send(STDOUT_FILENO))
		return false;
	json_array_foreach(todo, i, step) {
		if (!deliver_run(s, in, (size_t)json_integer_value(step)))
			return false;
	}
	return deliver(in, json_pack("{s:s,s:i}", "type", "end", "boot", s->boot));
}

/* The same for who reads along on a console: names are those of the plan's points. */
static bool carry_out_aloud(struct supervisor *s, const json_t *todo, const json_t *names)
{
	struct run_record rec;
	struct plan_step at;
	json_t *step;
	char *name;
	size_t i;

	s->plan.profile = false; /* nobody would see it */
	console_mark("ready");
	json_decref(prepare(s));
	console_mark("start");
	json_array_foreach(todo, i, step) {
		at = plan_step(&s->plan, (size_t)json_integer_value(step));
		if (!supervise_run(s, &s->plan.points[at.point], at.run, &rec) ||
		    asprintf(&name, s->plan.runs > 1 ? "%s_run_%d" : "%s",
			     json_string_value(json_array_get(names, at.point)), at.run) < 0)
			return false;
		console_run(stdout, name, &rec);
		run_record_free(&rec);
		free(name);
	}
	console_mark("end");
	return true;
}

/*
 * Has this machine for itself, and its switches as they were. Waits as long as it takes, or only
 * for one that is ending.
 */
static int take_machine(bool patient)
{
	enum claim claim = claim_machine(patient ? -1 : CLAIM_MS, STDIN_FILENO);
	char *holder;

	if (claim == CLAIM_ABANDONED)
		return EXIT_FAILED;
	if (claim == CLAIM_THEIRS) {
		holder = claim_holder();
		err("another faultbench measures on this machine: %s; start again when it has "
		    "ended, or with --wait",
		    holder ? holder : "who is not known");
		free(holder);
		return EXIT_CANNOT_RUN;
	}
	knobs_put_back();
	return EXIT_OK;
}

static int serve(void)
{
	struct supervisor s = {.control_fd = STDIN_FILENO};
	struct io_lines in = {.fd = STDIN_FILENO};
	json_t *request, *plan, *todo, *names;
	int counted, status = EXIT_OK;
	bool ok;

	/* A reader that is gone is an error to handle, not a way to die with switches set. */
	signal(SIGPIPE, SIG_IGN);
	request = read_line(&in);
	if (json_unpack(request, "{s:o,s:i,s:b,s:o}", "plan", &plan, "boot", &s.boot, "counted",
			&counted, "todo", &todo) ||
	    !plan_from_json(&s.plan, plan)) {
		err("standard input is not a request; `faultbench run` sends one");
		json_decref(request);
		return EXIT_USAGE;
	}
	s.counted = counted;
	if (getpid() != 1)
		status = take_machine(json_is_true(json_object_get(request, "wait")));
	if (status == EXIT_OK && !knobs_start()) {
		err_errno("a process for switches cannot be started");
		status = EXIT_FAILED;
	}
	names = json_object_get(request, "console");
	if (s.counted || names)
		in.fd = s.control_fd = -1;
	if (status == EXIT_OK) {
		ok = names ? carry_out_aloud(&s, todo, names) : carry_out(&s, &in, todo);
		status = ok ? EXIT_OK : EXIT_FAILED;
	}
	json_decref(s.counters);
	json_decref(s.events);
	plan_free(&s.plan);
	json_decref(request);
	io_lines_free(&in);
	return status;
}

/* Puts back what a run that was killed has left, unless somebody measures: then it is in use. */
static int put_back(void)
{
	size_t left = 0;

	if (claim_machine(0, STDIN_FILENO) == CLAIM_OURS) {
		left = knobs_put_back();
		claim_forget();
	}
	return print(json_pack("{s:I}", "left", (json_int_t)left));
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	/* As process 1 it has no /dev yet, and its own way to get a console. */
	if (getpid() != 1)
		io_open_standard();
	msg_init("faultbench-worker");
	if (getpid() == 1) {
		if (guest_start()) {
			startup_watch();
			serve();
		}
		guest_stop();
	}
	if (argc == 1)
		return serve();
	if (!strcmp(mode, "--run"))
		return run_main(argc > 3 ? argv + 2 : NULL);
	if (!strcmp(mode, "--catalogue") || !strcmp(mode, "--describe"))
		return print(describe_benches(!strcmp(mode, "--describe")));
	if (!strcmp(mode, "--check"))
		return check_plan();
	if (!strcmp(mode, "--facts"))
		return print_facts();
	if (!strcmp(mode, "--put-back"))
		return put_back();
	if (!strcmp(mode, "--keep") && argc > 2)
		return keep_main(argv[2]);
	if (!strcmp(mode, "--attach"))
		return keep_attach();
	err("'%s' is not one of --catalogue, --describe, --check, --facts, --put-back; without a "
	    "word it serves faultbench",
	    mode);
	return EXIT_USAGE;
}
