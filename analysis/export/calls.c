// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/export/calls.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/calls/sampled.h"
#include "analysis/results/point_names.h"
#include "common/files.h"

static struct called *add(struct called *list, size_t *nr, const struct results *r, size_t kernel,
			  size_t point, const struct params *params)
{
	const struct result_cell *cell = results_cell(r, kernel, point);
	const char *event = sampled_event(cell);
	struct called *more;
	char *name;

	if (!call_tree_known(cell))
		return list;
	more = realloc(list, (*nr + 1) * sizeof(*more));
	if (!more)
		return list;
	name = params_name(params, r->points[point]);
	more[*nr] = (struct called){
		.results = r,
		.kernel = kernel,
		.point = point,
		.cell = cell,
		.title = files_text("%s: %s%s%s", r->kernels[kernel].label, name ? name : "",
				    event ? ", sampled by " : "", event ? event : ""),
	};
	free(name);
	++*nr;
	return more;
}

struct called *called_in(const struct sections *s, size_t *ret_nr)
{
	struct called *list = NULL;
	struct params params;
	size_t i, k, p;

	*ret_nr = 0;
	for (i = 0; i < s->nr; i++) {
		const struct results *r = &s->of[i].results;

		params_of(&params, r->points, r->nr_points);
		for (k = 0; k < r->nr_kernels; k++)
			for (p = 0; p < r->nr_points; p++)
				list = add(list, ret_nr, r, k, p, &params);
	}
	return list;
}

const char *called_why_not(const struct sections *s)
{
	const struct results *r;
	const char *why = NULL;
	size_t i, k, p;

	for (i = 0; i < s->nr; i++) {
		r = &s->of[i].results;
		for (k = 0; k < r->nr_kernels; k++)
			for (p = 0; p < r->nr_points && !why; p++)
				why = sampled_why_not(results_cell(r, k, p));
	}
	return why;
}

char *called_name(const struct called *called)
{
	char *name = files_text("%s", called->title), *from, *to;

	for (from = to = name; *from; from++) {
		if (isascii(*from) && (isalnum((unsigned char)*from) || strchr("._+-", *from)))
			*to++ = *from;
		else if (to > name && to[-1] != '-')
			*to++ = '-';
	}
	while (to > name && to[-1] == '-')
		to--;
	*to = '\0';
	return name;
}

void called_put(FILE *out, const char *name, const char *ends)
{
	for (; *name; name++)
		fputc(strchr(ends, *name) ? '_' : *name, out);
}

void called_free(struct called *called, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		free(called[i].title);
	free(called);
}
