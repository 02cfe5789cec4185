// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/around.h"

#include <string.h>

#include "bench/harness/timing/overlap.h"
#include "bench/harness/timing/quiesce.h"

void around_stop(struct crew *crew, enum run_status status, const char *why)
{
	struct crew_shared *sh = crew->shared;

	if (!atomic_exchange(&sh->why_taken, 1)) {
		sh->status = status;
		strncpy(sh->why, why, sizeof(sh->why) - 1);
	}
	atomic_store(&sh->stop, 1);
	barrier_break(&sh->armed);
	barrier_break(&sh->done);
}

static bool keep_promises(struct crew *crew)
{
	if (crew->verdicts.why[0])
		around_stop(crew, RUN_VOID, crew->verdicts.why);
	return !crew->verdicts.why[0];
}

/*
 * Page tables are walked in warm-up only, for that warms them; where the process is
 * executed for this iteration, there is none.
 */
bool around_before(struct crew *crew, int iteration)
{
	struct bench_run *run = &crew->run;

	if (run->bench->arm && run->bench->arm(run)) {
		around_stop(crew, RUN_FAILED, run->why);
		return false;
	}
	verify_vmas(&crew->verdicts, run);
	if (iteration < crew->warmup || !crew->warmup)
		verify_before(&crew->verdicts, run);
	verify_moves_before(&crew->verdicts, run);
	if (crew->calm)
		calm_kernel(!iteration);
	return keep_promises(crew);
}

static void check_faults(struct crew *crew, const struct slot *slots)
{
	enum bench_repeat repeat = crew->run.bench->repeat;
	unsigned int w;
	long faults = 0, ops = 0;

	for (w = 0; w < crew->run.threads; w++) {
		if (!repeat || bench_role(&crew->run, w) == 0) {
			faults += slots[w].faults;
			ops += (long)slots[w].ops;
		} else if (repeat == REPEAT_BESIDE) {
			faults += slots[w].faults;
			faults -= (long)slots[w].ops * crew->run.promise.faults_beside;
		}
	}
	verify_faults(&crew->verdicts, &crew->run, faults, repeat ? ops : 1);
}

/*
 * A state that op produced is checked every time; one that it leaves alone only at
 * both ends of the run, because looking at it touches what the next op reads.
 */
bool around_after(struct crew *crew, const struct slot *slots, int iteration)
{
	struct bench_run *run = &crew->run;
	bool produced = run->promise.before != run->promise.after;
	bool last = iteration == crew->warmup + crew->iterations - 1 ||
		    atomic_load(&crew->shared->last) == iteration + 1;

	if (run->why[0]) {
		around_stop(crew, RUN_FAILED, run->why);
		return false;
	}
	/* A new process still takes faults of its own in its first iterations. */
	if (iteration >= crew->warmup) {
		check_faults(crew, slots);
		verify_moves_after(&crew->verdicts, run, beside_all(slots, run->threads));
	}
	if (last)
		verify_moves_beside(&crew->verdicts, run);
	if (produced || last || iteration < crew->warmup)
		verify_after(&crew->verdicts, run);
	verify_child(&crew->verdicts, run);
	if (!keep_promises(crew))
		return false;
	if (run->bench->disarm && run->bench->disarm(run)) {
		around_stop(crew, RUN_FAILED, run->why);
		return false;
	}
	verify_nothing_left(&crew->verdicts, run);
	return keep_promises(crew);
}
