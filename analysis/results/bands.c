// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/bands.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/results/results.h"

static void read_band(const json_t *band, double *ret_low, double *ret_high)
{
	*ret_low = fmin(0, json_number_value(json_array_get(band, 0)));
	*ret_high = fmax(0, json_number_value(json_array_get(band, 1)));
}

void bands_widen(json_t *bands, const json_t *point, double low, double high)
{
	char *text = json_dumps(point, JSON_SORT_KEYS | JSON_COMPACT);
	double was_low, was_high;

	if (!text)
		return;
	read_band(json_object_get(bands, text), &was_low, &was_high);
	json_object_set_new(bands, text,
			    json_pack("[f,f]", fmin(low, was_low), fmax(high, was_high)));
	free(text);
}

bool bands_take(json_t *bands, const json_t *record)
{
	json_t *point = json_object_get(record, "point");
	json_t *low = json_object_get(record, "low"), *high = json_object_get(record, "high");

	if (!json_is_object(point) || !json_is_number(low) || !json_is_number(high) ||
	    !(json_number_value(low) > -1) || !(json_number_value(high) <= BANDS_MOST) ||
	    !(json_number_value(low) <= json_number_value(high)))
		return false;
	bands_widen(bands, point, json_number_value(low), json_number_value(high));
	return true;
}

bool bands_of(const struct results *results, size_t point, double *ret_low, double *ret_high)
{
	char *text = json_dumps(results->points[point], JSON_SORT_KEYS | JSON_COMPACT);
	json_t *band = text ? json_object_get(results->bands, text) : NULL;

	read_band(band, ret_low, ret_high);
	free(text);
	return band;
}

bool bands_is_layout(const struct results *results, size_t kernel)
{
	return results->kernels[kernel].about.layout > 0;
}
