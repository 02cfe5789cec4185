// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer target for text that comes from outside: the first byte chooses between a plan and the
 * lines of a journal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/hist.h"
#include "common/journal.h"
#include "common/plan.h"
#include "common/record.h"

static const char catalogue_text[] =
	"[{\"name\":\"fork\",\"variants\":[{\"name\":\"fork\"}],\"params\":["
	"{\"name\":\"size\",\"kind\":\"size\",\"default\":\"1G\",\"min\":4096,\"max\":"
	"1099511627776},"
	"{\"name\":\"order\",\"kind\":\"order\",\"default\":\"0\",\"min\":0,\"max\":64},"
	"{\"name\":\"how\",\"kind\":\"choice\",\"default\":\"a\",\"choices\":[\"a\"],\"min\":0,"
	"\"max\":0}]}]";

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	static struct hist hist;
	struct run_record rec;
	struct plan plan;
	const char *why;

	(void)arg;
	(void)lineno;
	if (run_record_from_json(&rec, json, &why)) {
		json_decref(run_record_to_json(&rec));
		run_record_free(&rec);
	}
	if (plan_from_json(&plan, json)) {
		json_decref(plan_to_json(&plan));
		plan_free(&plan);
	}
	hist_from_json(&hist, json_object_get(json, "latency"));
	return true;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	json_t *catalogue = json_loads(catalogue_text, 0, NULL);
	char path[32] = "/tmp/faultbench-fuzz-XXXXXX";
	struct plan plan;
	int fd;

	if (!size) {
		json_decref(catalogue);
		return 0;
	}
	fd = mkstemp(path);
	if (fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)size - 1)
		abort();
	close(fd);
	if (data[0] % 2)
		journal_read(path, take_line, NULL);
	else if (plan_read(&plan, path, catalogue, NULL, 0))
		plan_free(&plan);
	unlink(path);
	json_decref(catalogue);
	return 0;
}
