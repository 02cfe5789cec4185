// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Boots of several machines in one campaign: of hosts that share them, and of what counts beside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/results/sections.h"
#include "campaign/campaign.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/io.h"
#include "common/journal.h"
#include "common/record.h"
#include "tests/unit/made_up.h"

/* What a journal says: {"kernel boot run": how often}, and the hosts of boots. */
struct said {
	json_t *timed, *counted;		 /* runs */
	const char *host[2][16];		 /* by kernel and boot; interned: one of names */
	size_t plans, last_timed, first_counted; /* lines, from 1 */
	json_t *names;
};

static void count_run(json_t *runs, const json_t *json)
{
	char *key = files_text("%s %lld %lld", json_string_value(json_object_get(json, "kernel")),
			       json_integer_value(json_object_get(json, "boot")),
			       json_integer_value(json_object_get(json, "run")));

	json_object_set_new(runs, key,
			    json_integer(json_integer_value(json_object_get(runs, key)) + 1));
	free(key);
}

static void take_host(struct said *said, const json_t *json)
{
	json_t *host = json_object_get(json_object_get(json, "facts"), "machine.host");
	bool after = !strcmp(json_string_value(json_object_get(json, "kernel")), "after");

	json_array_append(said->names, host);
	said->host[after][json_integer_value(json_object_get(json, "boot"))] =
		json_string_value(host);
}

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	const char *type = json_string_value(json_object_get(json, "type"));
	bool counted = record_is_counted(json);
	struct said *said = arg;

	said->plans += !strcmp(type, "plan");
	if (!strcmp(type, "machine") && !counted)
		take_host(said, json);
	if (!strcmp(type, "run"))
		count_run(counted ? said->counted : said->timed, json);
	if (!strcmp(type, "run") && !counted)
		said->last_timed = lineno;
	if (!strcmp(type, "run") && counted && !said->first_counted)
		said->first_counted = lineno;
	return true;
}

static void hear(const struct stage *s, struct said *ret)
{
	*ret = (struct said){json_object(), json_object(), .names = json_array()};
	assert_true(journal_read(s->path, take_line, ret));
}

static void forget(struct said *said)
{
	json_decref(said->timed);
	json_decref(said->counted);
	json_decref(said->names);
}

static void each_once(const json_t *runs, size_t nr)
{
	const char *key;
	json_t *times;

	assert_int_equal(json_object_size(runs), nr);
	json_object_foreach((json_t *)runs, key, times)
		assert_int_equal(json_integer_value(times), 1);
}

/* Whole blocks are on one host, and which of three have some is in *ret (a set of bits). */
static void blocks_are_whole(const struct said *said, unsigned int *ret)
{
	int boot;

	*ret = 0;
	for (boot = 0; boot < 4; boot++) {
		assert_non_null(said->host[0][boot]);
		assert_string_equal(said->host[0][boot], said->host[1][boot]);
		*ret |= 1U << (said->host[0][boot][3] - '0');
	}
}

/* Equal hosts share boots in whole blocks, all of them have some, and nothing is done twice. */
static void test_hosts_share(void **state)
{
	unsigned int hosts;
	struct stage s;
	struct said said;

	(void)state;
	stage_set(&s, 3);
	assert_int_equal(campaign_run(&s.c), EXIT_OK);
	hear(&s, &said);
	each_once(said.timed, 4 * 2 * 2);
	blocks_are_whole(&said, &hosts);
	assert_int_equal(hosts, 7);
	assert_int_equal(said.plans, 1);
	forget(&said);
	stage_free(&s);
}

/* One that never answers costs nothing but its tries: the others carry out its blocks. */
static void test_host_dead(void **state)
{
	unsigned int hosts;
	struct stage s;
	struct said said;

	(void)state;
	stage_set(&s, 2);
	s.made[1].lives = 0;
	assert_int_equal(campaign_run(&s.c), EXIT_OK);
	assert_int_equal(s.made[1].boots, 2);
	hear(&s, &said);
	each_once(said.timed, 4 * 2 * 2);
	blocks_are_whole(&said, &hosts);
	assert_int_equal(hosts, 1);
	forget(&said);
	stage_free(&s);
}

/*
 * A host that is lost in the middle of a block: no other host's boot stands beside the one that is
 * there, so the block stays its own, is missing, and is finished when it is back.
 */
static void test_host_lost(void **state)
{
	unsigned int hosts;
	struct stage s;
	struct said said;

	(void)state;
	stage_set(&s, 2);
	s.made[1].lives = 1;
	assert_int_equal(campaign_run(&s.c), EXIT_FAILED);
	hear(&s, &said);
	each_once(said.timed, 4 * 2 * 2 - 2);
	forget(&said);
	/* The other one alone cannot do it, and says so. */
	s.c.nr_hosts = 1;
	assert_int_equal(campaign_run(&s.c), EXIT_FAILED);
	s.c.nr_hosts = 2;
	s.made[1].lives = -1;
	assert_int_equal(campaign_run(&s.c), EXIT_OK);
	hear(&s, &said);
	each_once(said.timed, 4 * 2 * 2);
	blocks_are_whole(&said, &hosts);
	assert_int_equal(hosts, 3);
	forget(&said);
	stage_free(&s);
}

/* What a block's host is the journal says, also where the hosts are named in another order. */
static void test_host_kept(void **state)
{
	struct machine first;
	unsigned int hosts;
	struct stage s;
	struct said said;

	(void)state;
	stage_set(&s, 2);
	s.made[0].lives = s.made[1].lives = 1;
	assert_int_equal(campaign_run(&s.c), EXIT_FAILED);
	first = s.hosts[0];
	s.hosts[0] = s.hosts[1];
	s.hosts[1] = first;
	s.made[0].lives = s.made[1].lives = -1;
	assert_int_equal(campaign_run(&s.c), EXIT_OK);
	hear(&s, &said);
	each_once(said.timed, 4 * 2 * 2);
	blocks_are_whole(&said, &hosts);
	forget(&said);
	stage_free(&s);
}

/* Of one that says it is equal and is not, nothing is taken. */
static void test_host_unequal(void **state)
{
	unsigned int hosts;
	struct stage s;
	struct said said;

	(void)state;
	stage_set(&s, 2);
	/* It is the second to say what it is. */
	s.made[1].cpu = "V2";
	s.made[1].awaits = NULL;
	s.made[0].leaves = files_text("%s/first", s.folder);
	assert_int_equal(campaign_run(&s.c), EXIT_OK);
	hear(&s, &said);
	each_once(said.timed, 4 * 2 * 2);
	blocks_are_whole(&said, &hosts);
	assert_true(hosts == 1 || hosts == 2);
	free((char *)s.made[0].leaves);
	forget(&said);
	stage_free(&s);
}

/* Each section of the journal has its own runs, and none of the other's. */
static void sections_are(const struct stage *s, size_t timed, size_t counted)
{
	char *paths[] = {s->path};
	struct sections sections;

	assert_true(sections_load(&sections, paths, 1));
	assert_int_equal(sections.nr, 2);
	assert_int_equal(sections.of[0].results.source, SOURCE_TIMED);
	assert_int_equal(sections.of[1].results.source, SOURCE_EXACT);
	assert_int_equal(results_cell(&sections.of[0].results, 0, 0)->nr, timed);
	assert_int_equal(results_cell(&sections.of[1].results, 0, 0)->nr, counted);
	sections_free(&sections);
}

/* Counted beside a host that is elsewhere, while it measures. */
static void test_counted_beside(void **state)
{
	struct stage s;
	struct said said;

	(void)state;
	stage_set(&s, 1);
	stage_add_counting(&s);
	s.counting.leaves = files_text("%s/counts", s.folder);
	s.made[0].awaits = s.counting.leaves;
	assert_int_equal(campaign_run(&s.c), EXIT_OK);
	hear(&s, &said);
	assert_int_equal(said.plans, 2);
	each_once(said.timed, 4 * 2 * 2);
	each_once(said.counted, 4 * 2 * 2);
	sections_are(&s, 8, 8);
	forget(&said);
	assert_int_equal(s.made[0].boots + s.counting.boots, 16);
	assert_int_equal(campaign_run(&s.c), EXIT_OK);
	assert_int_equal(s.made[0].boots + s.counting.boots, 16);
	free((char *)s.counting.leaves);
	stage_free(&s);
}

/* Where it is this machine that is measured, all that is counted comes after it. */
static void test_counted_after(void **state)
{
	struct stage s;
	struct said said;

	(void)state;
	stage_set(&s, 1);
	stage_add_counting(&s);
	s.hosts[0].here = true;
	assert_int_equal(campaign_run(&s.c), EXIT_OK);
	hear(&s, &said);
	each_once(said.counted, 4 * 2 * 2);
	assert_true(said.first_counted > said.last_timed);
	forget(&said);
	stage_free(&s);
}

/* Keeps the plans and every so-many-th line. */
static void thin_out(const char *path, int keep)
{
	char *text = io_read_file(path), *line, *at = text;
	FILE *out = fopen(path, "we");
	int nr = 0;

	while ((line = strsep(&at, "\n")) && *line)
		if (strstr(line, "\"plan\"") || strstr(line, "\"machine\"") || nr++ % keep)
			fprintf(out, "%s\n", line);
	fclose(out);
	free(text);
}

/* The same command goes on with whatever is missing of both. */
static void test_counted_goes_on(void **state)
{
	struct stage s;
	struct said said;

	(void)state;
	stage_set(&s, 1);
	stage_add_counting(&s);
	s.counting.lives = 3;
	assert_int_equal(campaign_run(&s.c), EXIT_FAILED);
	thin_out(s.path, 3);
	s.counting.lives = -1;
	assert_int_equal(campaign_run(&s.c), EXIT_OK);
	hear(&s, &said);
	each_once(said.timed, 4 * 2 * 2);
	each_once(said.counted, 4 * 2 * 2);
	assert_int_equal(said.plans, 2);
	sections_are(&s, 8, 8);
	forget(&said);
	stage_free(&s);
}

/* With other options guests do other things: what they count is no part of the same journal. */
static void test_other_options(void **state)
{
	struct stage s;
	struct said said;

	(void)state;
	stage_set(&s, 1);
	s.made[0].lives = 3;
	assert_int_equal(campaign_run(&s.c), EXIT_FAILED);
	s.made[0].lives = -1;
	s.plan.lines = true;
	assert_int_equal(campaign_run(&s.c), EXIT_USAGE);
	s.plan.lines = false;
	assert_int_equal(campaign_run(&s.c), EXIT_OK);
	hear(&s, &said);
	each_once(said.timed, 4 * 2 * 2);
	forget(&said);
	stage_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts_share),   cmocka_unit_test(test_host_dead),
		cmocka_unit_test(test_host_lost),     cmocka_unit_test(test_host_kept),
		cmocka_unit_test(test_host_unequal),  cmocka_unit_test(test_counted_beside),
		cmocka_unit_test(test_counted_after), cmocka_unit_test(test_counted_goes_on),
		cmocka_unit_test(test_other_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
