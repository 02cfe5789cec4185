// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/metric_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/units.h"

bool metric_has(const struct metric *m, double value)
{
	return !isnan(value) && (value > 0 || m->zero);
}

bool metric_repeats(const struct metric *m)
{
	return m->kind == METRIC_EXACT || m->kind == METRIC_MODELLED;
}

bool metric_is_time(const struct metric *m)
{
	return m->group == METRIC_OF_OP && m->main;
}

bool metric_is_rate(const struct metric *m)
{
	return !strcmp(m->unit, "units/s");
}

const char *metric_what(const struct metric *m)
{
	return m->role ? m->name + strlen(m->role) + 1 : m->name;
}

const char *metric_better(const struct metric *m)
{
	static const char *const names[] = {"less", "more", "neither"};

	return names[m->better];
}

const char *per_many(const char *per, char text[POINT_TEXT])
{
	size_t len = strlen(per);

	snprintf(text, POINT_TEXT, "%.40s%s", per, len && per[len - 1] == 's' ? "es" : "s");
	return text;
}

/* What a metric's text says of one, "%s", or of many, "%ss". */
static void about_per(const char *about, const char *per, char text[2 * POINT_TEXT])
{
	const char *at = strchr(about, '%');
	bool many = at[2] == 's';
	char word[POINT_TEXT];

	snprintf(text, 2 * POINT_TEXT, "%.*s%.41s%s", (int)(at - about), about,
		 many ? per_many(per, word) : per, at + (many ? 3 : 2));
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
		about_per(m->about, per, text);
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
