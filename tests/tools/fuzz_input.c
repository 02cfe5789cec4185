// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer target for what comes from outside: the first byte chooses between a plan, the lines of
 * a journal and a kernel image.
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
#include "kernels/fetch/image.h"
#include "kernels/fetch/unpack.h"

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

static void read_image(const unsigned char *data, size_t size)
{
	unsigned char *unpacked = NULL;
	size_t len = 0;

	image_format_name(image_recognise(data, size));
	image_arch(data, size);
	free(image_release(data, size));
	image_has_pvh(data, size);
	if (image_unpack("fuzz", data, size, &unpacked, &len) && (!len || len > UNPACK_MOST))
		abort();
	free(unpacked);
}

static void read_text(const unsigned char *data, size_t size, bool is_plan)
{
	json_t *catalogue = json_loads(catalogue_text, 0, NULL);
	char path[32] = "/tmp/faultbench-fuzz-XXXXXX";
	struct plan plan;
	int fd;

	fd = mkstemp(path);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
	if (!is_plan)
		journal_read(path, take_line, NULL);
	else if (plan_read(&plan, path, catalogue, NULL, 0))
		plan_free(&plan);
	unlink(path);
	json_decref(catalogue);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] % 3 == 2)
		read_image(data + 1, size - 1);
	else
		read_text(data + 1, size - 1, data[0] % 3 == 0);
	return 0;
}
