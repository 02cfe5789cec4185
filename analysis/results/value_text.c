// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/value_text.h"

#include <math.h>
#include <string.h>

#include "common/units.h"

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
