// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/made_up.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/files.h"
#include "common/io.h"
#include "common/record.h"
#include "runners/child.h"

static void say(json_t *record)
{
	char *text = json_dumps(record, RECORD_DUMP), answer;

	dprintf(STDOUT_FILENO, "%s\n", text);
	if (read(STDIN_FILENO, &answer, 1) != 1)
		_exit(EXIT_FAILED);
	free(text);
	json_decref(record);
}

static void say_run(json_t *request, const struct plan *plan, size_t step)
{
	struct plan_step at = plan_step(plan, step);

	say(json_pack("{ss,sO,si,sO,ss,ss,ss,si,ss,sf,s[ii],s{s{ssss}},sf,si}", "type", "run",
		      "boot", json_object_get(request, "boot"), "run", at.run, "point",
		      plan->points[at.point].point, "status", "ok", "unit",
		      json_is_true(json_object_get(request, "counted")) ? "insn" : "ns", "source",
		      "timed", "warmup", 1, "per", "fork", "per_count", 1.0, "samples", 1000, 1001,
		      "verified", "faults", "wanted", "1", "seen", "1", "started",
		      (double)time(NULL), "wall_s", 1));
}

/* As if another boot, which is under way elsewhere, had to come first. */
static bool await(const char *path)
{
	int i;

	for (i = 0; path && i < 2000 && access(path, F_OK); i++)
		usleep(10000);
	return !path || !access(path, F_OK);
}

static void work(const struct runner_boot *boot)
{
	const struct made_up *made = boot->machine->own;
	struct io_lines in = {.fd = STDIN_FILENO};
	json_t *todo = json_object_get(boot->request, "todo"), *step;
	struct plan plan;
	size_t i;

	if (made->lives >= 0 && made->boots > made->lives)
		_exit(CHILD_SAID);
	if (!io_lines_wait(&in) || !plan_from_json(&plan, json_object_get(boot->request, "plan")))
		_exit(EXIT_FAILED);
	say(json_pack("{ss,sO,s{ss,ss,ss,si,si}}", "type", "machine", "boot",
		      json_object_get(boot->request, "boot"), "facts", "kernel.release", "6.12",
		      "kernel.machine", "aarch64", "cpu.model", made->cpu, "mem.page_size", 4096,
		      "mem.total_kB", 1 << 20));
	if (made->leaves)
		close(creat(made->leaves, 0644));
	if (!await(made->awaits))
		_exit(CHILD_SAID);
	json_array_foreach(todo, i, step)
		say_run(boot->request, &plan, (size_t)json_integer_value(step));
	say(json_pack("{ss,sO}", "type", "end", "boot", json_object_get(boot->request, "boot")));
	_exit(EXIT_OK);
}

static struct runner_boot *start(const struct runner_boot *wanted)
{
	struct made_up *made = wanted->machine->own;
	struct runner_boot *boot;

	made->boots++;
	boot = child_start(wanted, work);
	if (boot && wanted->machine->counts)
		boot->source = SOURCE_EXACT;
	return boot;
}

static enum runner_end end(struct runner_boot *boot)
{
	return child_end(boot, 10);
}

static const struct runner runner = {.kind = "made-up", .start = start, .end = end};

static void set_plan(struct plan *plan, int boots)
{
	json_t *json =
		json_pack("{ss,si,ss,si,si,si,s[],s[{s{ss,ss},si,si,si}]}", "type", "plan",
			  "schema", RECORD_SCHEMA, "name", "p", "runs", 2, "boots", boots, "seed",
			  1, "counters", "points", "point", "bench", "fork", "variant", "fork",
			  "iterations", 2, "warmup", 1, "time_limit_s", 120);

	if (!plan_from_json(plan, json))
		abort();
	json_decref(json);
}

void stage_set(struct stage *s, size_t nr_hosts)
{
	static const char *const names[] = {"lab0", "lab1", "lab2"};
	size_t i;

	*s = (struct stage){.folder = files_text("/tmp/faultbench-campaign-XXXXXX")};
	if (!mkdtemp(s->folder))
		abort();
	s->path = files_text("%s/j.jsonl", s->folder);
	set_plan(&s->plan, 4);
	for (i = 0; i < MOST_HOSTS; i++) {
		s->made[i] = (struct made_up){.lives = -1, .cpu = "N1"};
		s->hosts[i] = (struct machine){.runner = &runner,
					       .own = &s->made[i],
					       .name = (char *)names[i],
					       .host = (char *)names[i],
					       .starts_kernels = true};
	}
	for (i = 0; i < 2; i++) {
		s->kernels[i].label = i ? "after" : "base";
		s->kernels[i].start.release = "6.12";
		s->kernels[i].about.label = (char *)s->kernels[i].label;
	}
	s->c = (struct campaign){.plan = &s->plan,
				 .path = s->path,
				 .machine = s->hosts,
				 .hosts = nr_hosts > 1 ? s->hosts : NULL,
				 .nr_hosts = nr_hosts > 1 ? nr_hosts : 0,
				 .kernels = s->kernels,
				 .nr_kernels = 2,
				 .jobs = 1,
				 .command = json_pack("{ss,s[s],ss}", "type", "command", "words",
						      "run", "version", "0")};
}

void stage_add_counting(struct stage *s)
{
	s->counting = (struct made_up){.lives = -1, .cpu = "emulated"};
	s->exact = (struct machine){.runner = &runner,
				    .own = &s->counting,
				    .name = (char *)"exact",
				    .starts_kernels = true,
				    .counts = true,
				    .side_by_side = true};
	s->beside = s->c;
	s->beside.machine = &s->exact;
	s->beside.jobs = 2;
	s->beside.counted = true;
	s->c.beside = &s->beside;
}

void stage_free(struct stage *s)
{
	files_remove(s->folder);
	plan_free(&s->plan);
	json_decref(s->c.command);
	free(s->path);
	free(s->folder);
}
