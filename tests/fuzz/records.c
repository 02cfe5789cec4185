// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/calls/pair.h"
#include "analysis/results/results.h"
#include "campaign/expected.h"
#include "campaign/stamp.h"
#include "common/clean.h"
#include "common/hist.h"
#include "common/journal.h"
#include "common/plan.h"
#include "common/record.h"
#include "kernels/kernel.h"
#include "runners/channel.h"
#include "runners/exact/exact.h"
#include "runners/signals.h"
#include "tests/fuzz/fuzz.h"

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

/* Trees of calls: no instruction is lost where two are put together. */
static void take_calls(const struct results *r)
{
	const struct call_node *root;
	struct call_tree *pair, *alone;
	size_t k, p;

	for (k = 0; k < r->nr_kernels; k++) {
		for (p = 0; p < r->nr_points; p++) {
			alone = call_tree_pair(results_cell(r, 0, p), NULL);
			pair = call_tree_pair(results_cell(r, 0, p), results_cell(r, k, p));
			root = pair ? pair->node : NULL;
			if (root && !k)
				fuzz_must(fabs(root->all[0] - alone->node->all[0]) <=
							  1e-6 * root->all[0] &&
						  root->all[0] == root->all[1],
					  "a kernel beside itself is itself");
			call_tree_free(alone);
			call_tree_free(pair);
		}
	}
}

void fuzz_journal(const unsigned char *data, size_t size)
{
	char *path = (char *)fuzz_file(data, size);
	struct results results;

	journal_read(path, take_line, NULL);
	if (results_load(&results, &path, 1)) {
		take_calls(&results);
		results_free(&results);
	}
}

/* --- a guest that was asked for three runs of a point -------------------------------------------
 */

static const char plan_text[] =
	"{\"type\":\"plan\",\"schema\":1,\"name\":\"p\",\"runs\":3,\"boots\":1,\"seed\":1,"
	"\"counters\":[],\"points\":[{\"point\":{\"bench\":\"null\",\"variant\":\"write\"},"
	"\"iterations\":2,\"warmup\":1,\"time_limit_s\":9}]}";

struct guest {
	struct expected expected;
	size_t runs;
};

static bool take_record(void *arg, const json_t *record)
{
	struct guest *guest = arg;
	json_t *stamped = stamp(record, "label", SOURCE_EMULATED);
	struct run_record rec;
	const char *why;
	char text[256];
	bool ok = !record_fault(stamped) &&
		  expected_take(&guest->expected, stamped, text, sizeof(text));

	if (ok && !strcmp(json_string_value(json_object_get(stamped, "type")), "run")) {
		fuzz_must(++guest->runs <= 3, "no more runs than were asked for");
		fuzz_must(run_record_from_json(&rec, stamped, &why), "a run that is taken");
		fuzz_must(!strcmp(rec.kernel, "label"), "a run has the label that it is given");
		run_record_free(&rec);
	}
	json_decref(stamped);
	return ok;
}

void fuzz_channel(const unsigned char *data, size_t size)
{
	json_t *json = json_loads(plan_text, 0, NULL);
	json_t *request = json_loads("{\"boot\":0,\"todo\":[0,1,2]}", 0, NULL);
	struct channel channel, *one = &channel;
	struct guest guest = {.expected.request = request};
	struct plan plan;
	int ends[2];

	fuzz_must(json && plan_from_json(&plan, json) && !pipe2(ends, O_CLOEXEC), "a plan");
	fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
	fuzz_must(write(ends[1], data, size) == (ssize_t)size, "a pipe takes it");
	close(ends[1]);
	guest.expected.plan = &plan;
	channel_init(&channel, take_record, &guest);
	channel.from.fd = ends[0];
	channel_begin(&channel, request, true, 0);
	signals_catch();
	channels_wait(&one, 1);
	signals_release();
	fuzz_must(channel.end != CHANNEL_OPEN && channel.end != CHANNEL_SIGNAL, "it ends");
	fuzz_must(clean_is(channel.why), "why is shown");
	channel_close(&channel);
	plan_free(&plan);
	json_decref(request);
	json_decref(json);
}

/* The symbols of a guest, a NUL, and the lines of the plugin. */
void fuzz_counts(const unsigned char *data, size_t size)
{
	const unsigned char *rest;
	size_t left;
	char *text = fuzz_text(data, size, &rest, &left);
	json_t *symbols = json_pack("{s:s,s:s}", "type", "symbols", "text", text), *taken;
	json_t *run = json_loads("{\"type\":\"run\",\"status\":\"ok\",\"samples\":[1,2]}", 0, NULL);
	struct exact exact;
	int i;

	fuzz_must(exact_open(&exact, arch_find("arm64"), false, false, NULL), "exact mode");
	fuzz_must(pwrite(exact.counts, rest, left, 0) == (ssize_t)left, "counts");
	if (symbols)
		fuzz_must(!exact_take(&exact, symbols), "symbols are for us");
	for (i = 0; i < 3; i++) {
		taken = exact_take(&exact, run);
		fuzz_must(taken, "a run is a run");
		json_decref(taken);
	}
	exact_close(&exact);
	json_decref(symbols);
	json_decref(run);
	free(text);
}

/* What a guest says of its addresses, a NUL, and what of its memory around an op. */
void fuzz_layout(const unsigned char *data, size_t size)
{
	const unsigned char *rest, *none;
	size_t left, i;
	char *text = fuzz_text(data, size, &rest, &left);
	char *memory = fuzz_text(rest, left, &none, &left);
	const char *at = memory;
	struct moment moment;
	struct kinds kinds;
	bool known = kinds_read(&kinds, arch_find("arm64"), text),
	     there = moment_read(&moment, &at);

	fuzz_must(at >= memory && at <= memory + strlen(memory), "no more is read than there is");
	for (i = 0; known && there && i < kinds.nr; i++) {
		kinds_find(&kinds, &moment, kinds.segment[i].vaddr);
		kinds_find(&kinds, &moment, kinds.segment[i].vaddr + kinds.segment[i].len - 1);
	}
	if (known && there)
		fuzz_must(kinds_find(&kinds, &moment, 4096) == DATA_USER, "user space is that");
	if (there)
		moment_free(&moment);
	free(memory);
	free(text);
}

/* kernel.json of an entry. */
void fuzz_entry(const unsigned char *data, size_t size)
{
	struct kernel kernel;
	size_t i;

	setenv("XDG_CACHE_HOME", fuzz_folder(), 1);
	fuzz_put("faultbench/kernels/k/image", "x", 1);
	fuzz_put("faultbench/kernels/k/modules/m.ko", "x", 1);
	fuzz_put("faultbench/kernels/k/SHA256SUMS", "\n", 1);
	fuzz_put("faultbench/kernels/k/kernel.json", data, size);
	if (kernel_open("k", NULL, &kernel)) {
		for (i = 0; i < kernel.nr_load; i++)
			fuzz_must(!strstr(kernel.load[i], "/../"), "modules are in the entry");
		json_decref(kernel_features(&kernel));
		kernel_free(&kernel);
	}
}
