/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a plan can be carried out: on this machine, on another, on the kernels that it starts. By
 * what that one has: its memory, and how large its pages are.
 */
#ifndef CAMPAIGN_FIT_H
#define CAMPAIGN_FIT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/plan.h"
#include "kernels/kernel.h"
#include "runners/machine.h"

/*
 * Has the worker look at all points: what each needs, and whether its parameters contradict each
 * other, or what this machine has. What the plan leaves to the machine, "4M+" and "all", is a
 * number from then on. False with one line printed.
 */
bool measure_check(struct plan *plan);

/*
 * About how many bytes the largest point of a plan that was checked needs, besides the kernel and
 * the worker.
 */
int64_t measure_memory(const struct plan *plan);

/*
 * Has the worker look at all points, with the memory and the pages that the machine has, and makes
 * the plan fit it, or says in one line why it cannot. What a machine that counts leaves of runs and
 * iterations is said; one that boots kernels and times them makes as many boots as a verdict takes
 * where the plan names no number. boots: their number was given, and stays.
 */
bool measure_fit(struct plan *plan, const struct machine *machine, bool boots);

/*
 * The same for a machine that counts what another one times: what it cannot have is left out, each
 * point with a line that says so. False, with one line printed, if nothing is left. page_size: of
 * the kernels, bytes; 0: not known.
 */
bool measure_fit_some(struct plan *plan, const struct machine *machine, int64_t page_size);

/*
 * Whether a plan that measure_fit() took fits a kernel as well, whose pages may be of another size
 * than those of the others. False with one line printed.
 */
bool measure_kernel_fits(struct plan *plan, const struct machine *machine, const char *label,
			 const struct kernel *kernel);

/*
 * For kernels that are yet to be built, with a config (its path; NULL: our own): how large their
 * pages will be, so that measure_fit() goes by that. measure_built_fits() then says in one line if
 * a kernel has come out otherwise.
 */
void measure_built_pages(struct machine *machine, const char *config);
bool measure_built_fits(const struct machine *machine, const char *label,
			const struct kernel *kernel);

#endif
