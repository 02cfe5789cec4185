// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One process carries out all iterations, with those it makes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/standalone/standalone.h"

int main(int argc, char **argv)
{
	struct standalone_results *results = calloc(1, standalone_results_size());

	(void)argv;
	/* What a benchmark of exec() executes waits for the end of its standard input. */
	if (argc > 1)
		while (getchar() != EOF)
			;
	else
		standalone_carry_out(results, 0,
				     standalone_point.warmup + standalone_point.iterations);
	free(results);
	return 0;
}
