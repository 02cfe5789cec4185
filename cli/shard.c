// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/shard.h"

#include <stdlib.h>
#include <string.h>

#include "campaign/campaign.h"
#include "cli/measured.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/units.h"
#include "runners/machine.h"

bool shard_take(void *at, const char *word)
{
	struct campaign_shard *ret = at;
	int64_t shard = 0, nr = 0;
	char *first = strndup(word, strcspn(word, "/"));
	bool ok = strchr(word, '/') && units_parse_int(first, 1, 100000, &shard) &&
		  units_parse_int(strchr(word, '/') + 1, 1, 100000, &nr) && shard <= nr;

	free(first);
	*ret = (struct campaign_shard){(unsigned int)shard, (unsigned int)nr};
	return ok || err("--shard %s: must be I/N, the I-th of N parts, such as 1/7", word);
}

/* Whether guests as large as the machine's fit into what is free. Says so if they do not. */
static bool has_memory(const struct campaign *c)
{
	int64_t needed = c->machine->memory * c->jobs, there = (int64_t)io_meminfo("MemAvailable:");
	char need[UNITS_TEXT], is[UNITS_TEXT];

	return !there || needed <= there ||
	       err("%d boot%s at a time of %s need %s of memory, and %s are free here", c->jobs,
		   c->jobs == 1 ? "" : "s", c->machine->name, units_bytes(needed, need),
		   units_bytes(there >> 20 << 20, is));
}

int shard_run(const struct campaign *c)
{
	int status = EXIT_ELSEWHERE;

	if (machine_ready(c->machine) && has_memory(c))
		status = campaign_run(c);
	if (status == EXIT_OK)
		status = measured_judge(c->path);
	if (status == EXIT_USAGE && files_full(c->path))
		return EXIT_ELSEWHERE;
	/* That it has nothing but skipped runs is its result. */
	if (status != EXIT_OK && status != EXIT_CANNOT_RUN)
		return status;
	note("%s: shard %u of %u is there; `faultbench collect` makes one journal of all", c->path,
	     c->shard.nr, c->shard.of);
	return EXIT_OK;
}
