// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UNIT_CAMPAIGN_ALONE_PLAN_H
#define TESTS_UNIT_CAMPAIGN_ALONE_PLAN_H

/*
 * The journal that made-up campaigns begin with.
 */
#define KERNELS 3
#define BOOTS	3
#define RUNS	2
#define POINTS	2

static const char *const labels[KERNELS] = {"A", "B", "C"};

#define A_PLAN                                                                    \
	"{\"type\":\"plan\",\"schema\":1,\"name\":\"p\",\"runs\":2,\"boots\":3,"  \
	"\"seed\":%d,\"counters\":[],\"points\":["                                \
	"{\"point\":{\"bench\":\"fork\",\"variant\":\"fork\"},\"iterations\":1,"  \
	"\"warmup\":1,\"time_limit_s\":9},"                                       \
	"{\"point\":{\"bench\":\"zap\",\"variant\":\"munmap\"},\"iterations\":1," \
	"\"warmup\":1,\"time_limit_s\":9}]}\n"

/* A file with its first lines, which goes on; the plan is read from them. path: room for 64. */
static inline FILE *begin_journal(char *path, struct plan *ret, int seed)
{
	char text[1024];
	FILE *journal;
	json_t *json;
	int fd;

	snprintf(path, 64, "/tmp/test_alone-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	journal = fdopen(fd, "w");
	snprintf(text, sizeof(text), A_PLAN, seed);
	json = json_loads(text, 0, NULL);
	assert_true(plan_from_json(ret, json));
	json_decref(json);
	fprintf(journal, "%s{\"type\":\"campaign\",\"event\":\"begun\"}\n", text);
	fflush(journal);
	return journal;
}

#endif
