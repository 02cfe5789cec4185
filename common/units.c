// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/units.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char binary_units[] = "KMGT";

bool units_parse_int(const char *text, int64_t min, int64_t max, int64_t *ret)
{
	char *end;
	long long value;

	if (!isdigit((unsigned char)*text) && *text != '-')
		return false;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end == text || *end || value < min || value > max)
		return false;
	*ret = value;
	return true;
}

bool units_parse_percent(const char *text, double *ret)
{
	double value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	value = strtod(text, &end);
	if (strcmp(end, "%") || !(value <= 100))
		return false;
	*ret = value / 100;
	return true;
}

bool units_parse_bytes(const char *text, int64_t *ret)
{
	const char *unit;
	long long value;
	char *end;
	int shift = 0;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno)
		return false;
	if (*end) {
		unit = strchr(binary_units, toupper((unsigned char)*end));
		if (unit) {
			shift = 10 * (int)(unit - binary_units + 1);
			end++;
		}
		if (strcmp(end, "") && strcmp(end, "B") && strcmp(end, "iB"))
			return false;
		if (!shift && *end == 'i')
			return false;
	}
	if (value > INT64_MAX >> shift)
		return false;
	*ret = (int64_t)value << shift;
	return true;
}

static const struct {
	char name;
	int seconds;
} durations[] = {{'h', 3600}, {'m', 60}, {'s', 1}};
#define NR_DURATIONS (sizeof(durations) / sizeof(durations[0]))

bool units_parse_duration(const char *text, int *ret_s)
{
	long long value;
	char *end;
	size_t i;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoll(text, &end, 10);
	for (i = 0; i < NR_DURATIONS && *end != durations[i].name; i++)
		;
	if (errno || i == NR_DURATIONS || end[1] || value < 1 ||
	    value > 1000 * 3600 / durations[i].seconds)
		return false;
	*ret_s = (int)value * durations[i].seconds;
	return true;
}

const char *units_duration(int seconds, char text[UNITS_TEXT])
{
	size_t i = 0;

	while (seconds % durations[i].seconds || (!seconds && durations[i].seconds > 1))
		i++;
	snprintf(text, UNITS_TEXT, "%d%c", seconds / durations[i].seconds, durations[i].name);
	return text;
}

const char *units_bytes(int64_t bytes, char text[UNITS_TEXT])
{
	int unit = -1;

	while (bytes && bytes % 1024 == 0 && unit < 3) {
		bytes /= 1024;
		unit++;
	}
	if (unit < 0)
		snprintf(text, UNITS_TEXT, "%" PRId64, bytes);
	else
		snprintf(text, UNITS_TEXT, "%" PRId64 "%c", bytes, binary_units[unit]);
	return text;
}

/* Three significant digits, no exponent. */
static void three_digits(double value, const char *unit, char text[UNITS_TEXT])
{
	int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;

	snprintf(text, UNITS_TEXT, "%.*f%s", decimals, value, unit);
}

const char *units_ns(double ns, char text[UNITS_TEXT])
{
	if (!isfinite(ns))
		snprintf(text, UNITS_TEXT, "-");
	else if (fabs(ns) < 999.5)
		three_digits(ns, " ns", text);
	else if (fabs(ns) < 999.5e3)
		three_digits(ns / 1e3, " us", text);
	else if (fabs(ns) < 999.5e6)
		three_digits(ns / 1e6, " ms", text);
	else
		three_digits(ns / 1e9, " s", text);
	return text;
}

const char *units_when(double seconds, char text[UNITS_TEXT])
{
	time_t s = (time_t)seconds;
	struct tm tm;

	if (!localtime_r(&s, &tm) || !strftime(text, UNITS_TEXT, "%F %T", &tm))
		*text = '\0';
	return text;
}

const char *units_count(double count, char text[UNITS_TEXT])
{
	if (!isfinite(count))
		snprintf(text, UNITS_TEXT, "-");
	else if (fabs(count) < 999.5)
		snprintf(text, UNITS_TEXT, "%.*f", count == floor(count) ? 0 : 1, count);
	else if (fabs(count) < 999.5e3)
		three_digits(count / 1e3, "k", text);
	else if (fabs(count) < 999.5e6)
		three_digits(count / 1e6, "M", text);
	else
		three_digits(count / 1e9, "G", text);
	return text;
}
