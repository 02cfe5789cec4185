/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the plugin prints of a run, in tests; after cmocka.h. */
#ifndef TESTS_UNIT_RUNNERS_PRINTED_AS_H
#define TESTS_UNIT_RUNNERS_PRINTED_AS_H

#include <stdio.h>
#include <stdlib.h>

static inline void assert_printed(void (*print)(FILE *out), const char *wanted)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(out);
	fclose(out);
	assert_string_equal(text, wanted);
	free(text);
}

#endif
