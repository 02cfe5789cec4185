// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/text/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FACTOR_FROM \
	10 /* a change that is as much of the value, and more, is not read as percents */

const char *number_count(double count, char text[NUMBER_TEXT])
{
	static const char *const units[] = {"k", "M", "G", "T"};
	unsigned int unit = 0;

	if (!isfinite(count))
		snprintf(text, NUMBER_TEXT, "-");
	else if (count > 0 && count < 0.0995) /* what is there is not shown as nothing */
		snprintf(text, NUMBER_TEXT, "%.2g", count);
	else if (count < 9999.5)
		snprintf(text, NUMBER_TEXT, "%.*f",
			 count == floor(count) || count >= 999.95 ? 0
			 : count < 99.995			  ? 2
								  : 1,
			 count);
	else {
		for (count = round(count) / 1e3; count >= 999.95 && unit < 3; count /= 1e3)
			unit++;
		snprintf(text, NUMBER_TEXT, "%.*f%s",
			 count < 9.9995	  ? 3
			 : count < 99.995 ? 2
					  : 1,
			 count, units[unit]);
	}
	return text;
}

const char *number_grouped(long long value, bool sign, char text[NUMBER_TEXT])
{
	char digits[NUMBER_TEXT];
	int len = snprintf(digits, sizeof(digits), "%llu",
			   value < 0 ? -(unsigned long long)value : (unsigned long long)value);
	char *at = text;
	int i;

	if (value < 0 || (sign && value))
		*at++ = value < 0 ? '-' : '+';
	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	*at = '\0';
	return text;
}

static const char *factor(double by, char text[NUMBER_TEXT])
{
	snprintf(text, NUMBER_TEXT, "x %.*f", by < 99.95 ? 1 : 0, by);
	return text;
}

const char *number_percent(double fraction, bool sign, char text[NUMBER_TEXT])
{
	double percent = fraction * 100;
	int decimals = fabs(percent) < (sign ? 99.995 : 9.995) ? 2 : fabs(percent) < 99.95 ? 1 : 0;

	if (!isfinite(percent)) {
		strcpy(text, "-");
		return text;
	}
	if (sign && fraction >= FACTOR_FROM)
		return factor(fraction + 1, text);
	if (fabs(percent) < 0.005) /* no sign before a zero */
		percent = sign = 0;
	snprintf(text, NUMBER_TEXT, sign ? "%+.*f%%" : "%.*f%%", decimals, percent);
	return text;
}

const char *number_fixed(double fraction, int decimals, bool sign, char text[NUMBER_TEXT])
{
	double percent = fraction * 100;

	if (!isfinite(fraction)) {
		strcpy(text, "-");
		return text;
	}
	if (sign && fraction >= FACTOR_FROM)
		return factor(fraction + 1, text);
	if (fabs(percent) < 0.5 * pow(10, -decimals))
		percent = sign = 0;
	snprintf(text, NUMBER_TEXT, sign ? "%+.*f%%" : "%.*f%%", decimals, percent);
	return text;
}

const char *number_change(double fraction, char text[NUMBER_TEXT])
{
	double size = fabs(fraction * 100);

	snprintf(text, NUMBER_TEXT, "%+.*f",
		 size < 9.995	? 2
		 : size < 99.95 ? 1
				: 0,
		 fraction * 100);
	if (!strcmp(text, "-0.00"))
		*text = '+';
	return text;
}

const char *number_interval(double low, double high, char text[2 * NUMBER_TEXT])
{
	char from[NUMBER_TEXT], to[NUMBER_TEXT];

	if (!isfinite(low) || !isfinite(high))
		return strcpy(text, "-");
	snprintf(text, 2 * NUMBER_TEXT, "%s .. %s", number_change(low, from),
		 number_change(high, to));
	return text;
}
