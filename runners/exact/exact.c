// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/exact.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "common/clean.h"
#include "common/io.h"
#include "common/msg.h"
#include "runners/exact/entries.h"
#include "runners/exact/home/counted.h"
#include "runners/exact/home/lines.h"
#include "runners/exact/home/paths.h"

bool exact_open(struct exact *x, const struct arch *arch, bool several, bool calls,
		const char *caches)
{
	int ends[2] = {-1, -1};

	*x = (struct exact){.arch = arch,
			    .several = several,
			    .caches = caches,
			    .counts = memfd_create("counts", MFD_CLOEXEC),
			    .functions = calls ? memfd_create("functions", MFD_CLOEXEC) : 0,
			    .blind = "the guest has not sent its symbols"};
	if (x->counts >= 0 && x->functions >= 0 && !pipe2(ends, O_CLOEXEC)) {
		x->entries = ends[0];
		x->to_plugin = ends[1];
		return true;
	}
	err_errno("a guest's counts");
	exact_close(x);
	return false;
}

static size_t write_mapped(const struct exact *x, FILE *out)
{
	const char *at, *end;
	size_t nr = 0;

	for (at = x->mapped; at && (end = strchr(at, ';')); at = end + 1, nr++)
		fprintf(out, "%.*s\n", (int)(end - at), at);
	return nr;
}

/*
 * Tells the plugin where the kernel is entered. So many lines fit into the pipe, whether it ever
 * reads them or not; a kernel has fewer. Returns how many.
 */
static size_t tell_entries(const struct exact *x)
{
	char *text = NULL;
	size_t len, nr = 0;
	FILE *out = open_memstream(&text, &len);

	if (out) {
		nr = symbols_write_entries(&x->symbols, x->arch, out);
		nr += nr ? write_mapped(x, out) : 0;
		fclose(out);
	}
	if (nr > ENTRIES_MOST || !io_write_all(x->to_plugin, text, len))
		nr = 0;
	free(text);
	return nr;
}

/* What the guest says its functions are, once; the plugin waits for the entries among them. */
static void take_symbols(struct exact *x, const json_t *record)
{
	const char *text = json_string_value(json_object_get(record, "text"));

	if (x->to_plugin < 0)
		return;
	if (!text || !symbols_read(&x->symbols, text)) {
		x->blind = "interrupts are counted as the operation's own: the guest shows no "
			   "symbols (CONFIG_KALLSYMS off, or kernel.kptr_restrict on?)";
	} else {
		if (x->functions && !paths_tell(&x->symbols, x->functions))
			err_errno("what functions a guest has cannot be told");
		x->nr_entries = tell_entries(x);
		x->blind = x->nr_entries ? NULL
					 : "interrupts are counted as the operation's own: the "
					   "guest's symbols do not show where the kernel enters";
	}
	close(x->to_plugin);
	x->to_plugin = -1;
}

static void take_mapped(struct exact *x, const json_t *record)
{
	const char *text = json_string_value(json_object_get(record, "text"));

	free(x->mapped);
	x->mapped = text && *text ? strdup(text) : NULL;
}

/*
 * The plugin's line for the next record of a run, parsed; NULL if there is none. The guest does not
 * wait for us: the lines of later runs may be there as well.
 */
static json_t *next_counts(struct exact *x)
{
	off_t size = lseek(x->counts, 0, SEEK_END);
	size_t left = size > (off_t)x->taken ? (size_t)size - x->taken : 0;
	char *text = left ? calloc(1, left + 1) : NULL, *end;
	json_int_t run = x->runs++, of = -1;
	json_t *counts = NULL;

	if (text && pread(x->counts, text, left, (off_t)x->taken) == (ssize_t)left) {
		end = strchrnul(text, '\n');
		counts = json_loadb(text, (size_t)(end - text), 0, NULL);
		clean_json(counts);
		of = counts ? json_integer_value(json_object_get(counts, "run")) : -1;
		if (of <= run)
			x->taken += (size_t)(end - text) + (*end == '\n');
	}
	free(text);
	if (of == run)
		return counts;
	json_decref(counts);
	return NULL;
}

static void spoil(json_t *run, const char *status, const char *why)
{
	json_object_set_new(run, "status", json_string(status));
	json_object_set_new(run, "reason", json_string(why));
}

/* Why the counts of a run are not those of the operation alone; NULL if they are. */
static const char *mixed(const struct exact *x, const json_t *run, const json_t *counts)
{
	const json_t *conditions = json_object_get(run, "conditions");

	if (!x->several && json_integer_value(json_object_get(conditions, "switched")))
		return "another task ran during an operation, and was counted";
	if (!x->blind &&
	    json_integer_value(json_object_get(counts, "entries")) != (json_int_t)x->nr_entries)
		return "interrupts are counted as the operation's own: the plugin has not "
		       "understood where the kernel enters";
	return x->blind;
}

/* What was touched, by kind; a run of which that cannot be told is void. */
static void join_lines(const struct exact *x, json_t *run, const json_t *touched)
{
	const char *memory = json_string_value(json_object_get(run, "memory"));
	json_t *lines = x->kinds.page ? lines_of(&x->kinds, touched, memory, &x->symbols,
						 json_object_get(run, "functions"))
				      : NULL;

	if (lines)
		json_object_set_new(run, "lines", lines);
	else
		spoil(run, "void",
		      "the guest does not say what its memory is used for (CONFIG_PROC_KCORE or "
		      "CONFIG_PROC_PAGE_MONITOR off?)");
}

/* Who called whom; a run of which that does not come to what was counted is none. */
static void join_calls(const struct exact *x, json_t *run, const json_t *counts)
{
	json_t *calls =
		paths_of(json_object_get(counts, "calls"), json_object_get(counts, "blocks"),
			 &x->symbols, json_object_get(run, "samples"),
			 json_object_get(json_object_get(run, "counts"), "interrupt"));

	if (calls)
		json_object_set_new(run, "calls", calls);
	else
		spoil(run, "failed",
		      "the calls that were followed do not sum up to what was counted");
}

/*
 * Where a worker waits for its child, so many times an op, and nobody else has run: to the child
 * and back each time. What the child did is in the op, and told apart as "child". NULL, or why it
 * is not so.
 */
static const char *join_turns(const json_t *run, const json_t *turns, json_t *counts)
{
	json_int_t wanted =
		2 *
		json_integer_value(json_object_get(json_object_get(run, "conditions"), "turns"));
	const json_t *it;
	size_t i;

	if (!wanted)
		return NULL;
	json_array_foreach(turns, i, it) {
		if (counted_switches(it) != wanted)
			return counted_switches(it)
				       ? "a task that is neither the worker nor its child ran "
					 "during an operation, and was counted"
				       : "the guest's symbols do not show where the kernel "
					 "switches tasks";
	}
	json_object_set_new(counts, "child", counted_column(turns, TURNS_INSN));
	return NULL;
}

/* What the model misses; a run of which it does not know the kernel's pages is void. */
static void join_model(const struct exact *x, json_t *run, const json_t *misses)
{
	if (!x->mapped)
		spoil(run, "void",
		      "the guest does not say how its kernel is mapped (CONFIG_PROC_KCORE or "
		      "CONFIG_VMCORE_INFO off?)");
	if (json_array_size(misses) == json_array_size(json_object_get(run, "samples")))
		json_object_set_new(run, "modelled", counted_misses(x->caches, misses));
	else
		spoil(run, "failed", "the model is of another number of iterations");
}

static void join(const struct exact *x, json_t *run, const json_t *counts)
{
	const json_t *iterations = json_object_get(counts, "iterations");
	const char *why = mixed(x, run, counts);
	json_t *joined;

	if (json_array_size(iterations) != json_array_size(json_object_get(run, "samples"))) {
		spoil(run, "failed",
		      counts ? "the plugin counted another number of iterations"
			     : "the plugin counted nothing");
		return;
	}
	if (x->several &&
	    json_integer_value(json_object_get(json_object_get(run, "conditions"), "turns"))) {
		spoil(run, "skipped",
		      "an op that waits for its child is counted on a machine with one vCPU");
		return;
	}
	if (why)
		spoil(run, "void", why);
	json_object_set_new(run, "samples", counted_column(iterations, IT_INSN));
	json_object_set_new(run, "unit", json_string("insn"));
	joined = counted_counts(iterations, x->several);
	json_object_set_new(run, "counts", joined);
	why = join_turns(run, json_object_get(counts, "turns"), joined);
	if (why)
		spoil(run, "void", why);
	json_object_set_new(run, "functions",
			    counted_functions(&x->symbols, json_object_get(counts, "blocks")));
	if (json_object_get(counts, "lines"))
		join_lines(x, run, json_object_get(counts, "lines"));
	if (json_object_get(counts, "calls"))
		join_calls(x, run, counts);
	if (x->caches)
		join_model(x, run, json_object_get(counts, "misses"));
}

json_t *exact_take(struct exact *x, const json_t *record)
{
	const char *type = json_string_value(json_object_get(record, "type"));
	const char *status = json_string_value(json_object_get(record, "status"));
	json_t *joined, *counts;

	if (!strcmp(type, "symbols")) {
		take_symbols(x, record);
		return NULL;
	}
	if (!strcmp(type, "mapped")) {
		take_mapped(x, record);
		return NULL;
	}
	if (!strcmp(type, "layout")) {
		kinds_read(&x->kinds, x->arch, json_string_value(json_object_get(record, "text")));
		return NULL;
	}
	joined = json_copy((json_t *)record);
	if (strcmp(type, "run"))
		return joined;
	counts = next_counts(x);
	/* The guest's clock begins on the same day each time. */
	json_object_set_new(joined, "started", json_real((double)time(NULL)));
	if (status && !strcmp(status, "ok"))
		join(x, joined, counts);
	json_object_del(joined, "memory");
	json_decref(counts);
	return joined;
}

void exact_close(struct exact *x)
{
	if (x->counts >= 0)
		close(x->counts);
	if (x->functions > 0)
		close(x->functions);
	if (x->entries > 0)
		close(x->entries);
	if (x->to_plugin > 0)
		close(x->to_plugin);
	symbols_free(&x->symbols);
	free(x->mapped);
	*x = (struct exact){.counts = -1};
}
