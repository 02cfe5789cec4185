// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "campaign/lkp/lkp.h"
#include "cli/commands.h"
#include "cli/list_shipped.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/msg.h"
#include "runners/runner.h"

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void print_variants(const json_t *bench)
{
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(bench, "variants"), i, entry) {
		printf("  %-14s %s%s\n", text(entry, "name"), text(entry, "help"),
		       i ? "" : " (default)");
		if (text(entry, "lacking"))
			printf("  %-14s not here: %s\n", "", text(entry, "lacking"));
	}
}

static void print_params(const json_t *bench)
{
	json_t *entry, *choice;
	size_t i, k;

	json_array_foreach(json_object_get(bench, "params"), i, entry) {
		printf("    %-12s %s", text(entry, "name"), text(entry, "help"));
		json_array_foreach(json_object_get(entry, "choices"), k, choice) {
			printf("%s%s", k ? ", " : " (", json_string_value(choice));
		}
		printf("%s [%s]\n", json_object_get(entry, "choices") ? ")" : "",
		       text(entry, "default"));
	}
}

/* Orders that cannot be had, those with the same reason on one line. */
static void print_orders(const json_t *orders)
{
	const char *order, *other, *said = "";
	json_t *why, *why2;
	bool any = false;

	printf("    orders here:");
	json_object_foreach((json_t *)orders, order, why) {
		if (json_is_null(why))
			printf(" %s", order);
		else
			any = true;
	}
	printf("%s\n", any ? "; not here:" : "");
	json_object_foreach((json_t *)orders, order, why) {
		if (json_is_null(why) || !strcmp(json_string_value(why), said))
			continue;
		said = json_string_value(why);
		printf("      order");
		json_object_foreach((json_t *)orders, other, why2) {
			if (json_is_string(why2) && !strcmp(json_string_value(why2), said))
				printf(" %s", other);
		}
		printf(": %s\n", said);
	}
}

static void print_bench(const json_t *bench)
{
	const json_t *needs = json_object_get(bench, "needs");
	json_t *need;
	size_t i;

	printf("%s - %s\n", text(bench, "name"), text(bench, "path"));
	print_variants(bench);
	print_params(bench);
	printf("    needs:");
	json_array_foreach(needs, i, need) {
		printf("%s %s", i ? "," : "", json_string_value(need));
	}
	printf("%s\n", json_array_size(needs) ? "" : " nothing special");
	if (text(bench, "lacking"))
		printf("    this machine: no, %s\n", text(bench, "lacking"));
	else
		printf("    this machine: yes\n");
	if (json_object_get(bench, "orders") && !text(bench, "lacking"))
		print_orders(json_object_get(bench, "orders"));
}

static int print_all(const json_t *catalogue, const char *only)
{
	json_t *bench;
	bool any = false;
	size_t i;

	json_array_foreach(catalogue, i, bench) {
		if (only && strcmp(text(bench, "name"), only))
			continue;
		if (any)
			printf("\n");
		print_bench(bench);
		any = true;
	}
	if (any)
		return EXIT_OK;
	err("there is no benchmark '%s'; `faultbench list` shows all", only);
	return EXIT_USAGE;
}

static int print_json(const json_t *json)
{
	json_dumpf(json, stdout, JSON_INDENT(2));
	printf("\n");
	return EXIT_OK;
}

struct wanted {
	bool plans, machines, variants, lkp, json;
};

/* What is listed: the first of these that is wanted. */
static json_t *listed(const struct wanted *w)
{
	return w->plans	     ? list_plans()
	       : w->machines ? list_machines()
	       : w->variants ? list_variants()
	       : w->lkp	     ? lkp_list()
			     : worker_ask("--describe", NULL);
}

/* Of benchmarks, only: one of them. */
static int list(const struct wanted *w, const char *only)
{
	json_t *what = listed(w);
	int status = EXIT_OK;

	if (!what)
		return EXIT_FAILED;
	if (w->json)
		status = print_json(what);
	else if (w->plans)
		list_plans_print(stdout, what);
	else if (w->lkp)
		list_lkp_print(stdout, what);
	else if (w->machines || w->variants)
		list_named_print(stdout, w->machines ? "machine" : "variant", what);
	else
		status = print_all(what, only);
	json_decref(what);
	return status;
}

static const struct cli_operand operands[] = {
	{"BENCH", "benchmark", "one family only", .kind = WORD_BENCH, .optional = true},
	{0},
};

static const struct cli_option options[] = {
	{"plans", NULL, "plans, which `run` carries out by name", OPTION_AT(struct wanted, plans)},
	{"machines", NULL, "machines, where `run` starts kernels by name",
	 OPTION_AT(struct wanted, machines)},
	{"variants", NULL, "what `kernel build` can turn off", OPTION_AT(struct wanted, variants)},
	{"lkp", NULL, "names of benchmarks in the kernel test robot's reports, which `run` knows",
	 OPTION_AT(struct wanted, lkp)},
	WORDS_JSON(struct wanted),
	{0},
};

static int cmd_list(int argc, char **argv)
{
	struct wanted wanted = {0};
	int status, lists;

	if (!options_read(&command_list, argc, argv, &wanted, &status))
		return status;
	lists = wanted.plans + wanted.machines + wanted.variants + wanted.lkp + argc - optind;
	if (lists > 1) {
		err("list takes one of BENCH, --plans, --machines, --variants and --lkp");
		return EXIT_USAGE;
	}
	return list(&wanted, argv[optind]);
}

const struct command command_list = {
	.name = "list",
	.summary = "what can be measured, and whether this machine can",
	.operands = operands,
	.options = options,
	.run = cmd_list,
};
