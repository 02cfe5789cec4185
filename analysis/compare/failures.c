// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/failures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stats/fisher.h"
#include "analysis/stats/interval.h"

/* How reasons begin, or what is in them, that tell of the kernel under test (bench/harness). */
static const char *const of_kernel[] = {"kernel log: ", "the kernel warned", "the kernel's taint"};
static const char *const of_time[] = {"time limit", "time-limit"};

static bool says(const struct result_run *run, const char *const *words, size_t nr)
{
	size_t i;

	for (i = 0; run->reason && i < nr; i++)
		if (strstr(run->reason, words[i]))
			return true;
	return false;
}

/* What the kernel warned of is its failure, whatever the harness calls the run. */
static bool kernel_failed(const struct result_run *run)
{
	return run->status == RUN_FAILED ||
	       (run->status == RUN_VOID &&
		says(run, of_kernel, sizeof(of_kernel) / sizeof(of_kernel[0])));
}

static bool censored(const struct result_run *run)
{
	return run->status == RUN_FAILED &&
	       says(run, of_time, sizeof(of_time) / sizeof(of_time[0]));
}

/* A trial, or a run that makes one. */
struct trial {
	int boot;
	bool failed;
};

struct trials {
	struct trial *of;
	size_t nr;
};

static int by_boot(const void *a, const void *b)
{
	const struct trial *x = a, *y = b;

	return (x->boot > y->boot) - (x->boot < y->boot);
}

/* Adds the runs of a cell, which may be NULL. */
static void add_cell(struct trials *t, const struct result_cell *cell)
{
	struct trial *more = cell ? realloc(t->of, (t->nr + cell->nr + 1) * sizeof(*more)) : NULL;
	size_t i;

	if (!more)
		return;
	t->of = more;
	for (i = 0; i < cell->nr; i++)
		if (cell->runs[i].status != RUN_SKIPPED)
			t->of[t->nr++] =
				(struct trial){cell->runs[i].boot, kernel_failed(&cell->runs[i])};
}

static size_t count_boots(struct trials *t, size_t *ret_failed)
{
	size_t i, boots = 0;
	bool failed = false;

	*ret_failed = 0;
	if (t->nr)
		qsort(t->of, t->nr, sizeof(*t->of), by_boot);
	for (i = 0; i < t->nr; i++) {
		failed = t->of[i].failed || (failed && i && t->of[i].boot == t->of[i - 1].boot);
		if (i + 1 < t->nr && t->of[i + 1].boot == t->of[i].boot)
			continue;
		boots++;
		*ret_failed += failed;
		failed = false;
	}
	return boots;
}

static size_t count_runs(const struct trials *t, size_t *ret_failed)
{
	size_t i;

	for (*ret_failed = 0, i = 0; i < t->nr; i++)
		*ret_failed += t->of[i].failed;
	return t->nr;
}

static void count(struct failures *f, struct trials t[2])
{
	size_t i;

	f->by_boot = true;
	for (i = 0; i < 2; i++) {
		f->trials[i] = count_boots(&t[i], &f->failed[i]);
		f->by_boot &= f->trials[i] > 1;
	}
	for (i = 0; !f->by_boot && i < 2; i++)
		f->trials[i] = count_runs(&t[i], &f->failed[i]);
	f->p = fisher_more(f->failed, f->trials);
}

/* Runs of a cell, which may be NULL, that are in no number. */
static void lost_of(struct failures *f, unsigned int side, const struct result_cell *cell,
		    size_t planned)
{
	size_t i, nr = cell ? cell->nr : 0;

	for (i = 0; i < nr; i++) {
		f->lost[side] +=
			cell->runs[i].status == RUN_FAILED || cell->runs[i].status == RUN_VOID;
		f->broken[side] += kernel_failed(&cell->runs[i]);
		f->censored[side] += censored(&cell->runs[i]);
	}
	if (planned > nr)
		f->lost[side] += planned - nr;
}

void failures_of(struct failures *ret, const struct results *results, const size_t kernel[2],
		 size_t point)
{
	struct trials t[2] = {{0}};
	const struct result_cell *cell;
	size_t i, planned;

	*ret = (struct failures){.p = 1};
	for (i = 0; i < 2; i++)
		if (cell_skipped(results_cell(results, kernel[i], point)))
			return;
	for (i = 0; i < 2; i++) {
		cell = results_cell(results, kernel[i], point);
		/* Where data said when to end, or the point is not this kernel's, nothing is due.
		 */
		planned = results->until > 0 || !cell ? 0 : results->kernels[kernel[i]].planned;
		lost_of(ret, (unsigned int)i, cell, planned);
		add_cell(&t[i], cell);
	}
	count(ret, t);
	free(t[0].of);
	free(t[1].of);
}

/* p of the trials with a failure at any point. */
static double anywhere(const struct results *results, const size_t kernel[2])
{
	struct trials t[2] = {{0}};
	struct failures f = {0};
	size_t i, point;

	for (i = 0; i < 2; i++)
		for (point = 0; point < results->nr_points; point++)
			add_cell(&t[i], results_cell(results, kernel[i], point));
	count(&f, t);
	free(t[0].of);
	free(t[1].of);
	return f.p;
}

void failures_judge(struct failures *const *of, size_t nr, const struct results *results,
		    const size_t kernel[2], bool by_run)
{
	bool all = anywhere(results, kernel) <= FAILURES_ALPHA / 2;
	double *p = calloc(nr + 1, sizeof(*p));
	size_t i, tested = 0;

	for (i = 0; p && i < nr; i++)
		if (of[i]->failed[0] + of[i]->failed[1])
			p[tested++] = of[i]->p;
	if (p)
		interval_holm(p, tested);
	for (i = 0, tested = 0; p && i < nr; i++)
		if (of[i]->failed[0] + of[i]->failed[1])
			of[i]->more = (p[tested++] <= FAILURES_ALPHA / 2 ||
				       (all && of[i]->p <= FAILURES_ALPHA)) &&
				      (of[i]->by_boot || by_run);
	free(p);
}

char *failures_why(const struct failures *f, const char *const label[2])
{
	const char *what = f->by_boot ? "boots" : "runs";
	char *text = NULL;
	int put = 0;

	if (f->more)
		put = asprintf(&text, "%s failed in %zu of %zu %s, %s in %zu of %zu (p = %.2g)",
			       label[1], f->failed[1], f->trials[1], what, label[0], f->failed[0],
			       f->trials[0], f->p);
	else if (f->lost[0] != f->lost[1])
		put = asprintf(
			&text,
			"%zu run%s of %s and %zu of %s failed, were void or never came: what "
			"is left is no sample of all",
			f->lost[1], f->lost[1] == 1 ? "" : "s", label[1], f->lost[0], label[0]);
	else if (f->censored[0] + f->censored[1])
		put = asprintf(&text,
			       "%zu runs had no end within the time limit: their times are longer "
			       "than that, and in no number",
			       f->censored[0] + f->censored[1]);
	else if (f->broken[0] + f->broken[1])
		put = asprintf(&text,
			       "%zu run%s of %s and %zu of %s failed: what is left is no sample of "
			       "all, though as many are",
			       f->broken[1], f->broken[1] == 1 ? "" : "s", label[1], f->broken[0],
			       label[0]);
	return put < 0 ? NULL : text;
}
