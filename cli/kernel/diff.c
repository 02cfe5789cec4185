// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/kernel/kernel.h"
#include "cli/options/words.h"
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

struct wanted {
	bool json;
};

static int diff(const char *a, const char *b, bool json)
{
	enum exit_status rc;
	json_t *diff = kernel_diff(a, b, &rc);

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

static const struct cli_operand operands[] = {
	{"A", "label", "a kernel that was built, as `kernel list` shows it", .kind = WORD_KERNEL},
	{"B", "label", "another", .kind = WORD_KERNEL},
	{0},
};

static const struct cli_option options[] = {WORDS_JSON(struct wanted), {0}};

static int cmd_kernel_diff(int argc, char **argv)
{
	struct wanted wanted = {0};
	int status;

	if (!options_read(&command_kernel_diff, argc, argv, &wanted, &status))
		return status;
	return diff(argv[optind], argv[optind + 1], wanted.json);
}

const struct command command_kernel_diff = {
	.name = "kernel diff",
	.summary = "which objects of two built kernels differ",
	.operands = operands,
	.options = options,
	.run = cmd_kernel_diff,
};
