/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands about a campaign that this machine goes on with by itself.
 */
#ifndef CLI_ALONE_ALONE_H
#define CLI_ALONE_ALONE_H

#include "cli/options/options.h"

extern const struct command command_campaign_status, command_campaign_stop, command_campaign_go_on;

#endif
