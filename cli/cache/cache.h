/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands about a folder of results (campaign/units/unit.h).
 */
#ifndef CLI_CACHE_CACHE_H
#define CLI_CACHE_CACHE_H

#include "cli/options/asked.h"
#include "cli/options/options.h"

#define CACHE_FOLDER                                                                          \
	{                                                                                     \
		"cache", "DIR", "the folder that `run --cache` was given",                    \
			OPTION_AT(struct asked, cache), .kind = WORD_FOLDER, .required = true \
	}

extern const struct command command_cache_status, command_cache_verify;

#endif
