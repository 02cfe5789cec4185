// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UNIT_ANALYSIS_SESSION_H
#define TESTS_UNIT_ANALYSIS_SESSION_H

/*
 * A simulated session, with the generator that it comes from.
 */

struct session {
	struct simulated *s;
	gsl_rng *rng;
};

static inline struct session session_new(int boots, unsigned long seed)
{
	struct design design = {.boots = boots, .runs = 3, .iterations = 4};
	struct session x = {simulate_new(&design), gsl_rng_alloc(gsl_rng_mt19937)};

	gsl_rng_set(x.rng, seed);
	return x;
}

static inline void session_free(struct session *x)
{
	simulate_free(x->s);
	gsl_rng_free(x->rng);
}

#endif
