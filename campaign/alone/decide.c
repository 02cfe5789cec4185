// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/alone/decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOMES 2 /* the machine is told so often to start its own kernel in the end */

/* The first turn in the planned order that owes something and can be had. */
static bool find_turn(const struct resume *r, const struct alone_state *s,
		      const struct alone_where *w, struct turn *ret)
{
	size_t total = w->nr * (size_t)r->plan->boots, i;

	for (i = 0; i < total; i++) {
		turn_planned(r, w->labels, w->nr, i, ret);
		if (json_array_size(ret->todo) && !(w->skip && w->skip[ret->kernel]) &&
		    !(w->tries && s->of[ret->kernel].given_up))
			return true;
		json_decref(ret->todo);
	}
	*ret = (struct turn){0};
	return false;
}

static bool is_turn(const struct alone_try *last, const struct turn *turn)
{
	return last->kernel == turn->kernel && last->boot == turn->boot;
}

/* Whether something of another boot of the plan was measured in this one. */
static bool is_taken(const struct resume *r, const struct alone_where *w, const struct turn *turn)
{
	json_t *id;
	size_t k, i;

	for (k = 0; k < w->nr; k++)
		json_array_foreach(json_object_get(r->boots, w->labels[k]), i, id)
			if (json_is_string(id) && !strcmp(json_string_value(id), w->boot_id) &&
			    (k != turn->kernel || (int)i != turn->boot))
				return true;
	return false;
}

/* Why this boot is not the one that was tried. False if it is. */
static bool is_lost(const struct resume *r, const struct alone_try *last,
		    const struct alone_where *w, const struct turn *turn, char why[ALONE_WHY])
{
	char *is = NULL;
	bool lost = true;

	if (!strcmp(last->from, w->boot_id))
		snprintf(why, ALONE_WHY, "the machine was not left: it was cut off before that");
	else if (*last->id && strcmp(last->id, w->boot_id) != 0)
		snprintf(why, ALONE_WHY, "the machine went down while it was measured");
	else if (is_taken(r, w, turn))
		snprintf(why, ALONE_WHY, "the machine is still in another boot of the plan");
	else if (!w->runs(w->arg, turn->kernel, &is))
		snprintf(why, ALONE_WHY, "it did not come up: the machine runs %s",
			 is ? is : "what cannot be told");
	else
		lost = false;
	free(is);
	return lost;
}

/* Whether what was tried last is complete: it was cut off before that was written. */
static bool has_ended(const struct resume *r, const struct alone_try *last,
		      const struct alone_where *w, struct turn *ret)
{
	json_t *todo = last->open && *last->id
			       ? resume_missing(r, w->labels[last->kernel], last->boot)
			       : NULL;
	bool ended = todo && !json_array_size(todo);

	if (ended)
		*ret = (struct turn){.kernel = last->kernel, .boot = last->boot};
	json_decref(todo);
	return ended;
}

/* Nothing of it was tried, or came of it. */
static enum alone_act begin_turn(const struct alone_state *s, const struct alone_where *w,
				 struct alone_move *ret)
{
	const struct alone_kernel *k = &s->of[ret->turn.kernel];

	if (k->tries < w->tries)
		return ALONE_START;
	snprintf(ret->why, sizeof(ret->why), "given up after %d tr%s: %.440s", k->tries,
		 k->tries == 1 ? "y" : "ies", k->why);
	return ALONE_GIVE_UP;
}

static enum alone_act attended(const struct resume *r, const struct alone_where *w,
			       const struct turn *turn)
{
	char *is = NULL;
	bool here = !is_taken(r, w, turn) && w->runs(w->arg, turn->kernel, &is);

	free(is);
	return here ? ALONE_MEASURE : ALONE_WAIT;
}

void alone_decide(const struct resume *r, const struct alone_state *s, const struct alone_where *w,
		  struct alone_move *ret)
{
	const struct alone_try *last = &s->last;
	bool away = *last->id && !strcmp(last->id, w->boot_id);

	*ret = (struct alone_move){.act = ALONE_DONE};
	if (w->tries && has_ended(r, last, w, &ret->turn))
		ret->act = ALONE_ENDED;
	else if (!find_turn(r, s, w, &ret->turn))
		ret->act = w->tries && away && s->homes < HOMES ? ALONE_HOME : ALONE_DONE;
	else if (!w->tries)
		ret->act = attended(r, w, &ret->turn);
	else if (!last->open || !is_turn(last, &ret->turn))
		ret->act = begin_turn(s, w, ret);
	else if (is_lost(r, last, w, &ret->turn, ret->why))
		ret->act = ALONE_LOST;
	else
		ret->act = ALONE_MEASURE;
}
