// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/turn.h"

#include <stdlib.h>

void turn_planned(const struct resume *r, const char *const *labels, size_t nr, size_t number,
		  struct turn *ret)
{
	int boot;
	size_t kernel = plan_turn(r->plan, nr, number, &boot);

	*ret = (struct turn){
		.kernel = kernel,
		.boot = boot,
		.todo = resume_missing(r, labels[kernel], boot),
	};
}

void turn_present(const struct resume *r, const char *const *labels, size_t nr,
		  const struct machine *machine, struct turn *ret)
{
	char *id = machine_boot_id(machine);
	size_t kernel = resume_local_turn(r, labels, nr, id ? id : "");

	*ret = (struct turn){.kernel = kernel};
	ret->boot = resume_local_boot(r, labels[kernel], id ? id : "", &ret->todo);
	free(id);
}
