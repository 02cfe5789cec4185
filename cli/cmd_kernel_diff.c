// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"
#include "kernels/diff.h"

#define WIDTH 78

/* Behind used columns; those that would make a line too long go on the next. */
static void print_names(int used, const json_t *paths)
{
	const char *comma;
	json_t *path;
	size_t i;

	json_array_foreach(paths, i, path) {
		comma = i + 1 < json_array_size(paths) ? "," : "";
		if (used + (int)(json_string_length(path) + strlen(comma)) + 1 > WIDTH)
			used = printf("\n   ") - 1;
		used += printf(" %s%s", json_string_value(path), comma);
	}
	printf("\n");
}

static void print_only(const json_t *diff, const char *side, const char *list)
{
	const json_t *paths = json_object_get(diff, list);

	if (json_array_size(paths))
		print_names(printf("only in %s:", json_string_value(json_object_get(diff, side))),
			    paths);
}

static void print_objects(const json_t *diff)
{
	const json_t *differ = json_object_get(diff, "differ");
	long long both = json_integer_value(json_object_get(diff, "objects"));
	size_t nr = json_array_size(differ);

	if (nr)
		print_names(printf("%zu of %lld objects differ%s:", nr, both, nr == 1 ? "s" : ""),
			    differ);
	else
		printf("none of %lld objects differs\n", both);
	print_only(diff, "a", "only_a");
	print_only(diff, "b", "only_b");
}

static void print_diff(const json_t *diff)
{
	bool same = json_is_true(json_object_get(diff, "same_image"));

	printf("%s and %s: %s\n", json_string_value(json_object_get(diff, "a")),
	       json_string_value(json_object_get(diff, "b")),
	       same ? "the same image, to the byte" : "the images differ");
	if (json_object_get(diff, "objects"))
		print_objects(diff);
}

int cmd_kernel_diff(int argc, char **argv)
{
	const char *labels[2];
	enum exit_status rc;
	bool json = false;
	int nr = 0, i;
	json_t *diff;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (nr++ < 2)
			labels[nr - 1] = argv[i];
	}
	if (nr != 2) {
		err("kernel diff takes two labels, not %d", nr);
		return cli_usage("kernel");
	}
	diff = kernel_diff(labels[0], labels[1], &rc);
	if (!diff)
		return rc;
	if (json) {
		json_dumpf(diff, stdout, JSON_INDENT(2));
		printf("\n");
	} else {
		print_diff(diff);
	}
	json_decref(diff);
	return EXIT_OK;
}
