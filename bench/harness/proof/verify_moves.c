// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The numbers that an op promises to move, and what is charged for it.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/harness/proof/verify.h"
#include "bench/services/moves.h"
#include "bench/services/run.h"

void verify_broken(struct verdicts *v, const char *fmt, ...)
{
	va_list ap;

	if (v->why[0])
		return;
	va_start(ap, fmt);
	vsnprintf(v->why, sizeof(v->why), fmt, ap);
	va_end(ap);
}

void verify_range(long min, long max, char text[64])
{
	if (min == max)
		snprintf(text, 64, "%ld", min);
	else
		snprintf(text, 64, "%ld to %ld", min, max);
}

void verify_moves_before(struct verdicts *v, const struct bench_run *run)
{
	int order = (int)point_value(run, BENCH_ORDER, 0), i;

	for (i = 0; i < BENCH_MAX_MOVES && run->promise.moves[i].what; i++)
		v->move_before[i] = moves_now(run->promise.moves[i].what, order);
	if (run->groups)
		charge_before(&v->charge);
}

void verify_moves_after(struct verdicts *v, const struct bench_run *run, bool beside)
{
	int order = (int)point_value(run, BENCH_ORDER, 0), i;
	const struct bench_move *move = run->promise.moves;
	char wanted[64], why[160];
	long by;

	for (i = 0; i < BENCH_MAX_MOVES && move[i].what; i++) {
		if (v->move_before[i] == LONG_MIN)
			continue;
		by = moves_since(&move[i], order, v->move_before[i]);
		if (!v->moves_seen || by < v->move_min[i])
			v->move_min[i] = by;
		if (!v->moves_seen || by > v->move_max[i])
			v->move_max[i] = by;
		v->move_sum[i] += by;
		v->move_beside[i] += beside ? by : 0;
		moves_wanted(&move[i], wanted);
		if ((by < move[i].min && !run->promise.moves_beside) || by > move[i].max)
			verify_broken(v, "%s moved by %ld in an op that promises %s", move[i].what,
				      by, wanted);
	}
	v->moves_seen++;
	v->beside += beside;
	if (run->groups && !charge_after(&v->charge, run, why, sizeof(why)))
		verify_broken(v, "%s", why);
}

/* A worker may have been switched out in some of these ops, and one that is apart may be in others.
 */
void verify_moves_beside(struct verdicts *v, struct bench_run *run)
{
	const struct bench_move *move = run->promise.moves;
	int i;

	for (i = 0; run->promise.moves_beside && i < BENCH_MAX_MOVES && move[i].what; i++) {
		if (v->move_before[i] == LONG_MIN || move[i].min == LONG_MIN)
			continue;
		if (v->move_beside[i] * 2 < move[i].min * v->beside)
			verify_broken(v,
				      "%s moved by %ld in %ld ops whose workers ran side by side; "
				      "half of "
				      "them at least promise %ld",
				      move[i].what, v->move_beside[i], v->beside, move[i].min);
		else if (!v->beside && v->move_sum[i] < move[i].min * v->moves_seen)
			bench_note(
				run,
				"%s proves nothing: it moved by %ld in %ld ops, in none of which "
				"the workers ran side by side, each on a CPU of its own",
				move[i].what, v->move_sum[i], v->moves_seen);
	}
}

void verify_add_moves(json_t *json, const struct verdicts *v, const struct bench_run *run)
{
	const struct bench_move *move = run->promise.moves;
	char wanted[64], seen[64];
	int i;

	for (i = 0; i < BENCH_MAX_MOVES && move[i].what; i++) {
		moves_wanted(&move[i], wanted);
		verify_range(v->move_min[i], v->move_max[i], seen);
		if (!v->moves_seen || v->move_before[i] == LONG_MIN)
			snprintf(seen, sizeof(seen), "%s",
				 v->moves_seen ? "not counted by this kernel" : "not looked at");
		else if (run->promise.moves_beside)
			snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen),
				 "; side by side in %ld of %ld ops", v->beside, v->moves_seen);
		json_object_set_new(json, move[i].what,
				    json_pack("{s:s,s:s}", "wanted", wanted, "seen", seen));
	}
}
