// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/metric_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/units.h"

const char *metric_better(const struct metric *m)
{
	static const char *const names[] = {"less", "more", "neither"};

	return names[m->better];
}

const char *metric_about(const struct metric *m, const char *per, char text[2 * POINT_TEXT])
{
	if (m->per_unit)
		snprintf(text, 2 * POINT_TEXT, "%.70s, of one %.40s", m->name, per);
	else if (m->role && !m->about)
		snprintf(text, 2 * POINT_TEXT, "%.70s, of single ops of a run", m->name);
	else if (!m->about)
		snprintf(text, 2 * POINT_TEXT, "%.70s, of one op", m->name);
	else if (strchr(m->about, '%'))
		snprintf(text, 2 * POINT_TEXT, "%.*s%.40s%s", (int)strcspn(m->about, "%"), m->about,
			 per, strchr(m->about, '%') + 2);
	else
		snprintf(text, 2 * POINT_TEXT, "%s", m->about);
	return text;
}

const char *metric_sign(const struct metric *m)
{
	if (m->better == METRIC_NEITHER)
		return "neither sign is better by itself";
	if (m->zero && !strcmp(m->unit, "ns"))
		return "negative is less";
	if (m->zero || metric_repeats(m))
		return m->better == METRIC_LESS ? "negative is fewer" : "positive is more";
	return m->better == METRIC_LESS ? "negative is faster" : "positive is faster";
}

const char *value_text(const struct metric *metric, double value, char text[NUMBER_TEXT])
{
	if (isnan(value))
		return strcpy(text, "-");
	if (!strcmp(metric->unit, "ns"))
		return units_ns(value, text);
	if (!strcmp(metric->unit, "fraction"))
		return number_fixed(value, 1, false, text);
	if (metric->better == METRIC_MORE && metric->kind == METRIC_TIMED && !metric->zero)
		return units_count(value, text);
	return number_count(value, text);
}
