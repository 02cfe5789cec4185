// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/survey.h"

#include <math.h>
#include <stdlib.h>

#include "campaign/request.h"
#include "common/msg.h"

static const char *const names[NR_UNIT_STATES] = {"done", "running", "failed", "missing"};

const char *unit_state_name(enum unit_state state)
{
	return names[state];
}

static void look(const char *cache, struct surveyed *unit)
{
	json_t *records = unit_load(cache, unit->key, &unit->origin);

	unit->state = UNIT_DONE;
	if (!records) {
		mark_read(cache, unit->key, &unit->mark);
		unit->state = unit->mark.kind == MARK_RUNNING  ? UNIT_RUNNING
			      : unit->mark.kind == MARK_FAILED ? UNIT_FAILED
							       : UNIT_MISSING;
	}
	json_decref(records);
}

static bool survey_one(const struct campaign *c, struct survey *s, size_t kernel, int boot,
		       json_t *steps)
{
	json_t *request = request_make(c, c->plan, boot, steps);
	struct surveyed *unit = &s->of[s->nr];

	*unit = (struct surveyed){.kernel = kernel, .boot = boot};
	unit->key = request_key(c, &c->kernels[kernel], request);
	json_decref(request);
	if (!unit->key)
		return false;
	look(c->cache, unit);
	s->in[unit->state]++;
	s->nr++;
	return true;
}

bool survey_take(const struct campaign *c, struct survey *ret)
{
	size_t total = c->nr_kernels * (size_t)c->plan->boots, i;
	json_t *steps;
	bool ok = true;

	*ret = (struct survey){0};
	if (c->plan->until > 0)
		return err("with until there are as many boots as one machine needs; name a number "
			   "(--boots)");
	steps = plan_all_steps(c->plan);
	ret->of = calloc(total + 1, sizeof(*ret->of));
	if (!ret->of)
		abort();
	for (i = 0; ok && i < total; i++) {
		int boot;
		size_t kernel = plan_turn(c->plan, c->nr_kernels, i, &boot);

		ok = survey_one(c, ret, kernel, boot, steps);
	}
	json_decref(steps);
	if (!ok)
		survey_free(ret);
	return ok;
}

double survey_rest(const struct survey *s)
{
	double sum = 0, left = (double)(s->nr - s->in[UNIT_DONE]);
	size_t beside = s->in[UNIT_RUNNING] ? s->in[UNIT_RUNNING] : 1, i;

	for (i = 0; i < s->nr; i++)
		if (s->of[i].state == UNIT_DONE)
			sum += s->of[i].origin.took_s;
	if (!s->in[UNIT_DONE])
		return NAN;
	return left * sum / (double)s->in[UNIT_DONE] / (double)beside;
}

void survey_free(struct survey *s)
{
	while (s->nr)
		free(s->of[--s->nr].key);
	free(s->of);
	s->of = NULL;
}
