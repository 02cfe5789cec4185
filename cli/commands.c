// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/commands.h"

#include "cli/alone/alone.h"
#include "cli/cache/cache.h"
#include "cli/kernel/kernel.h"

const struct command *const commands[] = {
	&command_try,
	&command_run,
	&command_batch,
	&command_collect,
	&command_cache_status,
	&command_cache_verify,
	&command_compare,
	&command_series,
	&command_campaign_status,
	&command_campaign_stop,
	&command_campaign_go_on,
	&command_bisect_step,
	&command_check,
	&command_power,
	&command_plot,
	&command_report,
	&command_emit_c,
	&command_export,
	&command_kernel_fetch,
	&command_kernel_build,
	&command_kernel_diff,
	&command_kernel_list,
	&command_kernel_remove,
	&command_list,
	&command_doctor,
	&command_show,
	NULL,
};
