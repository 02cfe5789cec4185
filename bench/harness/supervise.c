// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/harness/machine/guest.h"
#include "bench/harness/provide/fair_server.h"
#include "bench/harness/provide/knobs.h"
#include "bench/harness/provide/memcg.h"
#include "bench/harness/provide/place.h"
#include "bench/harness/provide/point.h"
#include "bench/harness/provide/provide.h"
#include "bench/harness/timing/combine.h"
#include "bench/harness/timing/overlap.h"
#include "bench/harness/timing/run.h"
#include "bench/services/run.h"
#include "common/io.h"

#define RT_RUNTIME "/proc/sys/kernel/sched_rt_runtime_us"

/* A started run process. */
struct child {
	pid_t pid;
	int result_fd; /* its record comes from here */
	int stderr_fd; /* a memfd with what it said */
};

static double wall_clock(clockid_t id)
{
	return (double)clock_now(id) / 1e9;
}

static long steal_ms(void)
{
	char *text = io_read_file("/proc/stat");
	long ticks = 0;

	if (text)
		sscanf(text, "cpu %*d %*d %*d %*d %*d %*d %*d %ld", &ticks);
	free(text);
	return ticks * 1000 / sysconf(_SC_CLK_TCK);
}

/* Where it cannot be done, a run shows how often it was switched out. */
static void stop_fair_server(const char *path)
{
	char why[160];

	knobs_set(path, "0", why, sizeof(why));
}

/*
 * One worker that runs as long as it likes under SCHED_FIFO needs the throttling of real-time tasks
 * off, and us above it, to end it if it hangs. Several workers wait for locks whose holders the
 * kernel must be free to schedule, so they stay ordinary tasks.
 */
static const char *choose_scheduler(unsigned int workers)
{
	struct sched_param above = {.sched_priority = 2};
	char *runtime, why[160];
	bool unlimited;

	if (workers > 1)
		return "other";
	runtime = io_read_file(RT_RUNTIME);
	unlimited = runtime && !strcmp(runtime, "-1");
	free(runtime);
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &above))
		return "batch";
	if (!unlimited && !knobs_set(RT_RUNTIME, "-1", why, sizeof(why)))
		return "batch";
	fair_servers(stop_fair_server);
	return "fifo";
}

static void back_to_ordinary(void)
{
	struct sched_param none = {0};

	sched_setscheduler(0, SCHED_OTHER, &none);
}

/* group: of memory, to be charged to; empty: where we are. */
static void become_run(int in, int out, int log, clockid_t clock, const char *group)
{
	char id[16], now[32];

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
	    dup2(log, STDERR_FILENO) < 0)
		_exit(127);
	/* dup2() of a descriptor onto itself would leave it close-on-exec. */
	if (out == RUN_RESULT_FD ? fcntl(out, F_SETFD, 0) : dup2(out, RUN_RESULT_FD) < 0)
		_exit(127);
	if (group[0] && !memcg_join(group)) {
		perror(group);
		_exit(127);
	}
	/* The same addresses in every run: address bits decide which page tables are shared. */
	personality(ADDR_NO_RANDOMIZE);
	snprintf(id, sizeof(id), "%d", (int)clock);
	snprintf(now, sizeof(now), "%" PRIu64, clock_now(clock));
	execl("/proc/self/exe", "faultbench-run", "--run", id, now, (char *)NULL);
	perror("execl");
	_exit(127);
}

static bool start(struct child *child, const char *request, const struct supervisor *s)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};

	child->pid = -1;
	child->stderr_fd = memfd_create("run", MFD_CLOEXEC);
	if (child->stderr_fd < 0 || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return false;
	child->pid = fork();
	if (child->pid == 0)
		become_run(in[0], out[1], child->stderr_fd, s->clock.id, s->group);
	close(in[0]);
	close(out[1]);
	child->result_fd = out[0];
	if (child->pid < 0)
		return false;
	if (!io_write_all(in[1], request, strlen(request)))
		errno = EPIPE; /* it died at once; the wait will say how */
	close(in[1]);
	return true;
}

enum waited {
	ENDED,
	TIMED_OUT,
	ABANDONED
};

/* Waits for the record, at most limit_s seconds; ABANDONED if control_fd closes. */
static enum waited wait_for(const struct supervisor *s, struct io_lines *lines, int limit_s)
{
	double deadline = wall_clock(CLOCK_MONOTONIC) + limit_s, left;
	struct pollfd fds[2] = {{lines->fd, POLLIN, 0}, {s->control_fd, POLLIN, 0}};

	for (;;) {
		left = deadline - wall_clock(CLOCK_MONOTONIC);
		if (left <= 0)
			return TIMED_OUT;
		if (poll(fds, 2, (int)(left * 1000) + 1) < 0 && errno != EINTR)
			return ENDED;
		/* Nothing is sent to us during a run, so anything here is the end. */
		if (fds[1].revents)
			return ABANDONED;
		if (fds[0].revents && io_lines_fill(lines) <= 0)
			return ENDED;
	}
}

/* The last line the run process printed, for the reason. */
static void last_words(int fd, char *text, size_t room)
{
	off_t size = lseek(fd, 0, SEEK_END), from = size > 2048 ? size - 2048 : 0;
	char buf[2049], *line;
	ssize_t got = pread(fd, buf, 2048, from);

	text[0] = '\0';
	if (got <= 0)
		return;
	buf[got] = '\0';
	while (got && buf[got - 1] == '\n')
		buf[--got] = '\0';
	line = strrchr(buf, '\n');
	snprintf(text, room, ": %.200s", line ? line + 1 : buf);
}

static void set_outcome(struct run_record *rec, enum run_status status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void set_outcome(struct run_record *rec, enum run_status status, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	free(rec->reason);
	rec->status = status;
	rec->reason = text;
}

/* From how the process ended and what it wrote to a record. */
static void read_outcome(struct run_record *rec, struct io_lines *lines, const struct child *child,
			 int wait_status)
{
	char *line = io_lines_next(lines), words[256];
	json_t *json = line ? json_loads(line, 0, NULL) : NULL;
	const char *why;

	last_words(child->stderr_fd, words, sizeof(words));
	if (json && !run_record_from_json(rec, json, &why))
		set_outcome(rec, RUN_FAILED, "the run's record is not one: %s", why);
	else if (WIFSIGNALED(wait_status))
		set_outcome(rec, RUN_FAILED, "killed by SIG%s (%s)%s",
			    sigabbrev_np(WTERMSIG(wait_status)), strsignal(WTERMSIG(wait_status)),
			    words);
	else if (!json || WEXITSTATUS(wait_status))
		set_outcome(rec, RUN_FAILED, "the run ended with status %d and %s record%s",
			    WEXITSTATUS(wait_status), json ? "a" : "no", words);
	json_decref(json);
}

static json_t *clock_to_json(const struct bench_clock *clock)
{
	return json_pack("{s:I,s:I,s:f}", "id", (json_int_t)clock->id, "resolution_ns",
			 (json_int_t)clock->resolution_ns, "cost_ns", clock->cost_ns);
}

static bool executes(const struct bench_run *point)
{
	return point_needs(point) & NEED_EXEC;
}

static char *make_request(const struct supervisor *s, const struct plan_point *p,
			  const struct bench_run *point, const int *cpus, const char *scheduler)
{
	unsigned int workers = point->threads * point->processes;
	bool once = executes(point);
	json_t *list = json_array(), *json;
	char *text, *line = NULL;
	unsigned int i;

	for (i = 0; i < workers; i++)
		json_array_append_new(list, json_integer(cpus[i]));
	json = json_pack("{s:O,s:i,s:i,s:O,s:o,s:o,s:s,s:b,s:b,s:b}", "point", p->point,
			 "iterations", once ? 1 : p->iterations, "warmup", once ? 0 : p->warmup,
			 "counters", s->counters, "cpus", list, "clock", clock_to_json(&s->clock),
			 "scheduler", scheduler, "counted", s->counted, "lines",
			 s->counted && s->plan.lines, "modelled",
			 s->counted && s->plan.cache_model);
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (text && asprintf(&line, "%s\n", text) < 0)
		line = NULL;
	free(text);
	return line;
}

/* Starts the run process, waits for it, and leaves nothing of it behind. False: abandoned. */
static bool carry_out(struct supervisor *s, const struct plan_point *p, const char *request,
		      struct run_record *rec)
{
	struct io_lines lines = {0};
	struct child child = {0};
	enum waited waited;
	int status;

	if (!start(&child, request, s)) {
		set_outcome(rec, RUN_FAILED, "a process cannot be started: %s", strerror(errno));
		return true;
	}
	lines.fd = child.result_fd;
	waited = wait_for(s, &lines, p->time_limit_s);
	if (waited != ENDED)
		kill(-child.pid, SIGKILL);
	waitpid(child.pid, &status, 0);
	kill(-child.pid, SIGKILL); /* whatever it forked and forgot */
	if (waited == ENDED)
		read_outcome(rec, &lines, &child, status);
	else
		set_outcome(rec, RUN_FAILED, "no end within the time limit of %d s",
			    p->time_limit_s);
	io_lines_free(&lines);
	close(child.result_fd);
	close(child.stderr_fd);
	return waited != ABANDONED;
}

/* The same with a process for each iteration, those of the warm-up first. */
static bool execute_each(struct supervisor *s, const struct plan_point *p, const char *request,
			 struct run_record *rec)
{
	struct run_record one;
	bool here = true;
	int i;

	for (i = 0; here && i < p->warmup + p->iterations && rec->status == RUN_OK; i++) {
		one = (struct run_record){0};
		here = carry_out(s, p, request, &one);
		if (i >= p->warmup || one.status != RUN_OK)
			combine(rec, &one);
		run_record_free(&one);
	}
	rec->warmup = p->warmup;
	combine_end(rec, p->iterations);
	return here;
}

/* What the kernel's log said. Who was killed for want of memory cannot say so itself. */
static void add_complaint(struct run_record *rec, const char *text)
{
	const char *reason = rec->reason ? rec->reason : "";
	bool failed = rec->status == RUN_FAILED;
	bool oom = failed && strstr(text, "oom-kill") && strstr(reason, "SIGKILL");

	set_outcome(rec, failed ? RUN_FAILED : RUN_VOID, "%s%s%s%s",
		    oom ? "killed by the kernel's OOM killer; " : "", text, *reason ? "; " : "",
		    reason);
}

/* Which control group of memory the run's process is to join. */
static bool provide_group(struct supervisor *s, const struct bench_run *point, char *why,
			  size_t room)
{
	s->group[0] = '\0';
	if (point->groups == GROUPS_NONE)
		return memcg_plan_none(s->group, why, room);
	return !point->groups || knobs_group(point->groups, s->group, why, room);
}

/* Sets up what one possible point needs outside its process, and carries it out. */
static bool prepare_and_run(struct supervisor *s, const struct plan_point *p,
			    const struct bench_run *point, struct run_record *rec)
{
	unsigned int workers = point->threads * point->processes;
	const char *place = json_string_value(json_object_get(p->point, "place"));
	int *cpus = calloc(workers, sizeof(*cpus));
	char why[256], *request = NULL;
	bool here = true;

	if (!cpus || !place_workers(place, workers, cpus, why, sizeof(why)) ||
	    !point_enable_order(point, false, why, sizeof(why))) {
		set_outcome(rec, RUN_FAILED, "%s", why);
		goto out;
	}
	if (!provide(point_needs(point), (size_t)point_value(point, BENCH_SIZE, 0),
		     point_value(point, BENCH_LATENCY, 0), why, sizeof(why)) ||
	    !provide_group(s, point, why, sizeof(why))) {
		set_outcome(rec, RUN_SKIPPED, "%s", why);
		goto out;
	}
	request = make_request(s, p, point, cpus, choose_scheduler(workers));
	kmsg_mark(&s->kmsg);
	here = executes(point) ? execute_each(s, p, request, rec) : carry_out(s, p, request, rec);
	back_to_ordinary();
	if (kmsg_complaint(&s->kmsg, why, sizeof(why)))
		add_complaint(rec, why);
out:
	if (!knobs_restore(why, sizeof(why)))
		set_outcome(rec, RUN_VOID, "%s", why);
	free(request);
	free(cpus);
	return here;
}

bool supervise_run(struct supervisor *s, const struct plan_point *p, int run,
		   struct run_record *rec)
{
	const char *place = json_string_value(json_object_get(p->point, "place"));
	double started = wall_clock(CLOCK_REALTIME), begin = wall_clock(CLOCK_MONOTONIC);
	long steal = steal_ms();
	struct bench_run point;
	bool here = true;
	char why[256];

	*rec = (struct run_record){0};
	if (getpid() == 1 && json_object_get(p->point, "memcg"))
		guest_mount_groups();
	if (!point_read(&point, p->point, why, sizeof(why)))
		set_outcome(rec, RUN_FAILED, "%s", why);
	else if (point.bench->refuse && point.bench->refuse(&point))
		set_outcome(rec, RUN_FAILED, "%s", point.bench->refuse(&point));
	else if (s->counted && point.threads * point.processes > 1 &&
		 sysconf(_SC_NPROCESSORS_ONLN) == 1)
		set_outcome(rec, RUN_SKIPPED,
			    "exact mode counts one worker of a machine with one vCPU: what several "
			    "do depends on when each of them runs");
	else if (s->counted && point_needs(&point) & (NEED_TASKS | NEED_EXEC))
		set_outcome(rec, RUN_SKIPPED,
			    "exact mode counts what one task does: this op is more");
	else if (!point_possible(&point, place, why, sizeof(why)))
		set_outcome(rec, RUN_SKIPPED, "%s", why);
	else
		here = prepare_and_run(s, p, &point, rec);
	rec->boot = s->boot;
	rec->run = run;
	if (!rec->point)
		rec->point = json_incref(p->point);
	if (rec->conditions)
		json_object_set_new(rec->conditions, "steal_ms", json_integer(steal_ms() - steal));
	beside_note(rec);
	rec->started = started;
	rec->wall_s = wall_clock(CLOCK_MONOTONIC) - begin;
	return here;
}
