// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UNIT_ANALYSIS_JOURNAL_TEXT_H
#define TESTS_UNIT_ANALYSIS_JOURNAL_TEXT_H

/*
 * Journals as text, and what is read of them.
 */

/* Writes a journal and loads it; the caller frees. */
static inline bool load_text(struct results *results, const char *text)
{
	char path[] = "/tmp/test_analysis-XXXXXX", *paths[] = {path};
	int fd = mkstemp(path);
	bool ok;

	assert_true(fd >= 0 && io_write_all(fd, text, strlen(text)));
	close(fd);
	ok = results_load(results, paths, 1);
	unlink(path);
	return ok;
}

#define PLAN(points) "{\"type\":\"plan\",\"schema\":1,\"points\":[" points "]}\n"
#define POINT0	     "{\"bench\":\"fork\",\"variant\":\"fork\",\"order\":0}"
#define POINT0_AGAIN "{\"order\":0,\"variant\":\"fork\",\"bench\":\"fork\"}"
#define POINT9	     "{\"bench\":\"fork\",\"variant\":\"fork\",\"order\":9}"
#define RUN(kernel, boot, run, point, more)                                            \
	"{\"type\":\"run\",\"kernel\":\"" kernel "\",\"boot\":" #boot ",\"run\":" #run \
	",\"point\":" point ",\"unit\":\"ns\"," more "}\n"
#define OK(samples)	  "\"status\":\"ok\",\"source\":\"timed\",\"samples\":[" samples "]"
#define EMULATED(samples) "\"status\":\"ok\",\"source\":\"emulated\",\"samples\":[" samples "]"
#define EXACT(samples)	  "\"status\":\"ok\",\"source\":\"exact\",\"samples\":[" samples "]"
#define SKIPPED		  "\"status\":\"skipped\",\"reason\":\"needs root\",\"samples\":[]"
#define VOID(samples)                             \
	"\"status\":\"void\",\"reason\":\"wrong " \
	"order\",\"source\":\"timed\",\"samples\":[" samples "]"

static inline double mean_of_op(const struct results *r, size_t kernel, size_t point)
{
	const struct result_cell *cell = results_cell(r, kernel, point);

	return cell_mean(cell, cell_op(cell));
}

static inline double mean_of(const struct results *r, const struct result_cell *cell,
			     const char *metric)
{
	return cell_mean(cell, metrics_find(&r->metrics, metric));
}

#endif
