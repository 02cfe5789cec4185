// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/bands.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/results/results.h"

static void read_band(const json_t *json, struct band *ret)
{
	*ret = (struct band){
		.low = fmin(0, json_number_value(json_array_get(json, 0))),
		.high = fmax(0, json_number_value(json_array_get(json, 1))),
		.releases = (size_t)json_integer_value(json_array_get(json, 2)),
	};
}

void bands_widen(json_t *bands, const json_t *point, const struct band *by)
{
	char *text = json_dumps(point, JSON_SORT_KEYS | JSON_COMPACT);
	struct band was;

	if (!text)
		return;
	read_band(json_object_get(bands, text), &was);
	json_object_set_new(bands, text,
			    json_pack("[f,f,I]", fmin(by->low, was.low), fmax(by->high, was.high),
				      (json_int_t)(by->releases + was.releases)));
	free(text);
}

bool bands_take(json_t *bands, const json_t *record)
{
	json_t *point = json_object_get(record, "point");
	json_t *low = json_object_get(record, "low"), *high = json_object_get(record, "high");
	struct band band = {.low = json_number_value(low), .high = json_number_value(high)};

	if (!json_is_object(point) || !json_is_number(low) || !json_is_number(high) ||
	    !(band.low > -1) || !(band.high <= BANDS_MOST) || !(band.low <= band.high))
		return false;
	bands_widen(bands, point, &band);
	return true;
}

bool bands_of(const struct results *results, size_t point, struct band *ret)
{
	char *text = json_dumps(results->points[point], JSON_SORT_KEYS | JSON_COMPACT);
	json_t *band = text ? json_object_get(results->bands, text) : NULL;

	read_band(band, ret);
	free(text);
	return band;
}

bool bands_is_layout(const struct results *results, size_t kernel)
{
	return results->kernels[kernel].about.layout > 0;
}
