// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/run.h"

#include <errno.h>
#include <inttypes.h>
#include <numa.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench/harness/kernel/names.h"
#include "bench/harness/provide/point.h"
#include "bench/harness/timing/crew.h"
#include "bench/harness/timing/prefault.h"
#include "bench/harness/timing/sharers.h"
#include "bench/harness/timing/stacks.h"
#include "bench/services/run.h"
#include "common/io.h"
#include "common/marker.h"

#define WARM_PROBE (64UL << 20) /* enough pages to see whether memory is warm */

/* A request, read. */
struct request {
	json_t *json;
	json_t *point, *counters, *cpus;
	int iterations, warmup;
	const char *scheduler;
	int counted, lines, modelled;
	double profile_s;
	struct bench_clock clock;
};

static bool read_request(struct request *r)
{
	struct io_lines lines = {.fd = STDIN_FILENO};
	char *line = io_lines_wait(&lines);
	json_int_t id, resolution;

	r->json = line ? json_loads(line, 0, NULL) : NULL;
	io_lines_free(&lines);
	if (json_unpack(r->json, "{s:o,s:i,s:i,s:o,s:o,s:{s:I,s:I,s:F},s:s,s:b,s:b,s:b,s:F}",
			"point", &r->point, "iterations", &r->iterations, "warmup", &r->warmup,
			"counters", &r->counters, "cpus", &r->cpus, "clock", "id", &id,
			"resolution_ns", &resolution, "cost_ns", &r->clock.cost_ns, "scheduler",
			&r->scheduler, "counted", &r->counted, "lines", &r->lines, "modelled",
			&r->modelled, "profile_s", &r->profile_s))
		return false;
	r->clock.id = (clockid_t)id;
	r->clock.resolution_ns = (uint64_t)resolution;
	return true;
}

/* Fifo keeps every other task, the child of a fork among them, off the CPU; batch at least does not
 * let a child preempt its parent when it wakes up. Returns what was obtained. */
static const char *set_scheduler(const char *asked)
{
	struct sched_param fifo = {.sched_priority = 1}, none = {0};

	if (!strcmp(asked, "fifo") && !sched_setscheduler(0, SCHED_FIFO, &fifo))
		return "fifo";
	if (strcmp(asked, "other") && !sched_setscheduler(0, SCHED_BATCH, &none))
		return "batch";
	return "other";
}

static json_t *numbers(const uint64_t *values, int nr)
{
	json_t *array = json_array();
	int i;

	for (i = 0; i < nr; i++)
		json_array_append_new(array, json_integer((json_int_t)values[i]));
	return array;
}

/* The sides of a repeat point: {role: {workers, ops, busy_ns}}, and their histograms. */
static void add_sides(struct run_record *rec, const struct crew *crew)
{
	const struct bench_param *params = crew->run.bench->params;
	struct hist *sum = calloc(1, sizeof(*sum));
	unsigned int i, w, role = 0;

	rec->sides = json_object();
	rec->latency = json_object();
	for (i = 0; sum && params[i].name; i++) {
		if (params[i].kind != BENCH_THREADS)
			continue;
		memset(sum, 0, sizeof(*sum));
		sum->unit_ns = crew->clock.resolution_ns;
		for (w = 0; w < crew->nr_workers; w++)
			if (bench_role(&crew->run, w % crew->run.threads) == role)
				hist_merge(sum, &crew->shared->slots[w].hist);
		if (crew->run.value[i]) {
			json_object_set_new(rec->sides, params[i].name,
					    json_pack("{s:I,s:o,s:o}", "workers",
						      (json_int_t)crew->run.value[i], "ops",
						      numbers(crew->collected.ops[role],
							      crew->collected.nr_samples),
						      "busy_ns",
						      numbers(crew->collected.busy_ns[role],
							      crew->collected.nr_samples)));
			json_object_set_new(rec->latency, params[i].name, hist_to_json(sum));
		}
		role++;
	}
	free(sum);
}

static void add_counters(struct run_record *rec, const struct crew *crew)
{
	struct counters **all = calloc(crew->nr_workers, sizeof(*all));
	unsigned int i;

	for (i = 0; all && i < crew->nr_workers; i++)
		all[i] = &crew->shared->slots[i].counters;
	if (all)
		rec->counters = counters_to_json(crew->counter_set, all, crew->nr_workers);
	free(all);
}

static void add_profile(struct run_record *rec, const struct crew *crew)
{
	uint64_t op_ns = 0;
	int i;

	for (i = 0; i < crew->collected.nr_samples; i++)
		op_ns += crew->collected.workers_ns[i];
	rec->profile = stacks_profile(crew->samples, crew->nr_workers, NAMES_KALLSYMS);
	json_object_set_new(rec->profile, "iterations", json_integer(crew->collected.nr_samples));
	json_object_set_new(rec->profile, "op_ns", json_integer((json_int_t)op_ns));
}

static json_t *cpus_obtained(const struct crew *crew)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < crew->nr_workers; i++)
		json_array_append_new(array, json_integer(crew->shared->slots[i].cpu));
	return array;
}

static json_t *placement(const struct request *request, const struct crew *crew)
{
	json_t *json = json_pack("{s:O,s:O,s:o}", "asked", json_object_get(request->point, "place"),
				 "cpus", request->cpus, "obtained", cpus_obtained(crew));
	char kinds[256];

	counter_set_kinds(crew->counter_set, crew->cpus, crew->nr_workers, kinds, sizeof(kinds));
	if (kinds[0])
		json_object_set_new(json, "pmu", json_string(kinds));
	return json;
}

/* The kernel gives each image that it executes 16 random bytes; children have their parent's. */
static const char *image_name(void)
{
	static char name[2 * sizeof(uint64_t) + 1];
	uint64_t random;

	memcpy(&random, (const void *)getauxval(AT_RANDOM), sizeof(random));
	snprintf(name, sizeof(name), "%016" PRIx64, random);
	return name;
}

static void add_conditions(struct run_record *rec, const struct crew *crew, const char *scheduler,
			   const double warm_ns[3])
{
	rec->conditions =
		json_pack("{s:s,s:i,s:[f,f,f]}", "scheduler", scheduler, "switched",
			  crew->collected.switched, "warm_ns", warm_ns[0], warm_ns[1], warm_ns[2]);
	if (crew->run.promise.turns)
		json_object_set_new(rec->conditions, "turns",
				    json_integer(crew->run.promise.turns));
	if (crew->collected.beside.apart_ns) {
		json_object_set_new(rec->conditions, "apart_ns", crew->collected.beside.apart_ns);
		json_object_set_new(rec->conditions, "one_cpu",
				    json_integer(crew->collected.beside.one_cpu));
	}
	if (crew->exec_ns)
		json_object_set_new(rec->conditions, "executed",
				    json_pack("{s:[I],s:{s:b}}", "ns", (json_int_t)crew->exec_ns,
					      "images", image_name(), 1));
}

/*
 * Kernels with one of the speculative page fault series try only where an mm has several users.
 * What is measured without one is the comparison that says so.
 */
static void note_single(struct run_record *rec, const struct bench_run *run)
{
	if (run->threads + run->sharers > 1 || run->promise.faults <= 0 ||
	    (vmstat_now("spf_attempt") < 0 && vmstat_now("speculative_pgfault") < 0 &&
	     vmstat_now("speculative_pgfault_anon") < 0))
		return;
	run_record_note(rec, "no fault was tried speculatively: processes with one thread do not; "
			     "with sharers = 1 they have an idle second one");
}

/* What crew.c has written there. */
static json_t *memory_text(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = size > 0 ? malloc((size_t)size) : NULL;
	json_t *json = NULL;

	if (text && pread(fd, text, (size_t)size, 0) == size)
		json = json_stringn(text, (size_t)size);
	free(text);
	return json;
}

static void fill_record(struct run_record *rec, const struct request *request,
			const struct crew *crew)
{
	const struct bench_run *run = &crew->run;

	rec->point = json_incref(request->point);
	rec->status = crew->shared->status;
	if (rec->status != RUN_OK)
		rec->reason = strdup(crew->shared->why);
	rec->unit = strdup("ns");
	rec->warmup = crew->warmup;
	rec->nr_samples = (size_t)crew->collected.nr_samples;
	rec->samples = crew->collected.samples;
	rec->per = strdup(run->bench->repeat && bench_role(run, 0) ? "round" : run->variant->per);
	rec->per_count =
		run->promise.per_count * (double)(crew->rounds ? crew->rounds * crew->nr_first : 1);
	rec->bytes = run->promise.bytes;
	if (run->bench->repeat && !crew->rounds)
		add_sides(rec, crew);
	else if (crew->nr_workers > 1)
		rec->workers_ns = numbers(crew->collected.workers_ns, crew->collected.nr_samples);
	if (crew->sampled)
		add_profile(rec, crew);
	else
		add_counters(rec, crew);
	if (crew->vmstat)
		rec->vmstat = vmstat_to_json(crew->vmstat);
	rec->verified = verify_to_json(&crew->verdicts, run);
	if (run->sharers)
		json_object_set_new(rec->verified, "sharers",
				    json_pack("{s:I,s:I}", "wanted", (json_int_t)run->sharers,
					      "seen", (json_int_t)sharers_there()));
	note_single(rec, run);
	if (run->note[0])
		run_record_note(rec, run->note);
	rec->state = verify_state(&crew->verdicts);
	rec->placement = placement(request, crew);
	if (crew->memory_fd >= 0)
		rec->memory = memory_text(crew->memory_fd);
}

static void bind_memory(int node)
{
	struct bitmask *nodes = numa_allocate_nodemask();

	numa_bitmask_setbit(nodes, (unsigned int)node);
	numa_set_membind(nodes);
	numa_free_nodemask(nodes);
}

static bool carry_out(struct request *request, struct crew *crew, struct run_record *rec)
{
	size_t size = (size_t)point_value(&crew->run, BENCH_SIZE, 0);
	size_t probe = size < WARM_PROBE ? size : WARM_PROBE;
	clockid_t clock = request->clock.id;
	const char *scheduler;
	double warm_ns[3];

	/* The task's policy, not the VMA's: a VMA with a policy of its own takes other paths. */
	if (crew->run.node >= 0)
		bind_memory(crew->run.node);
	warm_ns[0] = warm_touch(size, clock);
	warm_ns[1] = warm_touch(probe, clock);
	scheduler = set_scheduler(request->scheduler);
	if (!crew_work(crew))
		return false;
	area_unmap_all(&crew->run);
	warm_ns[2] = warm_touch(probe, clock);
	fill_record(rec, request, crew);
	add_conditions(rec, crew, scheduler, warm_ns);
	return true;
}

/* Time since execve(), as the supervisor has it. */
static uint64_t since_exec(char **executed)
{
	uint64_t now = clock_now((clockid_t)atoi(executed[0]));

	return now - strtoull(executed[1], NULL, 10);
}

int run_main(char **executed)
{
	uint64_t exec_ns = executed ? since_exec(executed) : 0;
	static struct counter_set counter_set;
	static int cpus[CPU_SETSIZE];
	struct run_record rec = {0};
	struct request request = {0};
	struct crew crew = {0};
	char why[256], *text;
	size_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!read_request(&request) || !point_read(&crew.run, request.point, why, sizeof(why)) ||
	    !counter_set_from_json(&counter_set, request.counters))
		return 1;
	/* A model of caches is warm from here on; a run begins once more with its samples. */
	if (request.modelled)
		MARKER(MARKER_RUN);
	for (i = 0; i < json_array_size(request.cpus) && i < CPU_SETSIZE; i++)
		cpus[i] = (int)json_integer_value(json_array_get(request.cpus, i));
	crew.iterations = request.iterations;
	crew.warmup = request.warmup;
	crew.cpus = cpus;
	if (point_needs(&crew.run) & NEED_EXEC)
		crew.exec_ns = exec_ns;
	crew.calm = request.counted;
	if (request.counted && crew.run.bench->repeat == REPEAT_TIME)
		crew.rounds = (unsigned long)point_value(&crew.run, BENCH_MS, 0);
	crew.memory_fd = request.lines ? memfd_create("memory", MFD_CLOEXEC) : -1;
	crew.counter_set = &counter_set;
	crew.sampled = request.profile_s > 0;
	crew.most_s = request.profile_s;
	crew.clock = request.clock;
	if (!carry_out(&request, &crew, &rec)) {
		perror("run");
		return 1;
	}
	text = json_dumps(run_record_to_json(&rec), RECORD_DUMP);
	return text && io_write_all(RUN_RESULT_FD, text, strlen(text)) &&
			       io_write_all(RUN_RESULT_FD, "\n", 1)
		       ? 0
		       : 1;
}
