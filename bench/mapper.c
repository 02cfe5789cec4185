// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that change the address space a page at a time, while others read /proc/self/maps, which
 * takes mmap_lock for reading, or does without it in kernels that can. Every single operation is
 * timed, on both sides: what counts is the tail. smaps and numa_maps look at page tables as well.
 */
#include <fcntl.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/parts/writers.h"

enum {
	VMAS,
	MAPPERS,
	READERS,
	TIME,
	READS
};

static const char *const files[] = {"maps", "smaps", "numa_maps", NULL};

static const struct bench_param params[] = {
	[VMAS] = BENCH_PARAM_VMAS,
	[MAPPERS] = {"mappers", BENCH_THREADS, "1", NULL, 0, 4096, "threads that change the mm"},
	[READERS] = {"readers", BENCH_THREADS, "1", NULL, 0, 4096,
		     "threads that read /proc/self/maps, or what reads says"},
	[TIME] = {"time", BENCH_MS, "200", NULL, 1, 600000, "length of an iteration, ms"},
	[READS] = {"reads", BENCH_CHOICE, "maps", files, 0, 0, "what readers read, of /proc/self"},
	{0},
};

#define TEXT	 65536 /* bytes that a reader asks for at once; it gets about a page */
#define MIN_LINE 20    /* bytes that each of these has of a VMA, at least */

/* One worker's own data, on a cache line of its own. */
struct worker {
	struct place at; /* mapper */
	char *text;	 /* reader */
	int maps;
	off_t seen; /* bytes of the file when it was last read */
} __attribute__((aligned(128)));

static const struct bench_variant variants[] = {
	{"mmap", "mappers: map and unmap a page", "round",
	 WRITER(write_mmap, place_hole, "mmap", "munmap"), 0},
	{"mmap-over", "mappers: map a page over a mapped one", "round",
	 WRITER(write_mmap_over, place_page, "mmap"), 0},
	{"punch", "mappers: unmap a page in the middle of a VMA and map it again", "round",
	 WRITER(write_punch, place_inside, "munmap", "mmap"), 0},
	{"mprotect", "mappers: merge three VMAs and split them again", "round",
	 WRITER(write_merge_split, place_middle, "mprotect", "mprotect"), 0},
	{0},
};

static const char *refuse(const struct bench_run *run)
{
	return run->threads ? NULL : "mappers=0 and readers=0 leave nobody to measure";
}

/* Each line of numa_maps names a policy. */
static unsigned long needs_more(const struct bench_run *run)
{
	return strcmp(files[run->value[READS]], "numa_maps") ? 0 : NEED_MEMPOLICY;
}

static int prepare_reader(struct bench_run *run, struct worker *self)
{
	const char *file = files[run->value[READS]];
	int self_dir = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	self->maps = openat(self_dir, file, O_RDONLY | O_CLOEXEC);
	close(self_dir);
	self->text = malloc(TEXT);
	if (self->maps < 0 || !self->text)
		return bench_fail(run, "/proc/self/%s: %m", file);
	memset(self->text, 0, TEXT);
	return 0;
}

static int setup(struct bench_run *run)
{
	struct worker *of = aligned_alloc(_Alignof(struct worker), run->threads * sizeof(*of));
	unsigned int w;

	run->state = of;
	if (!of)
		return bench_fail(run, "out of memory");
	memset(of, 0, run->threads * sizeof(*of));
	for (w = 0; w < run->threads; w++)
		if (bench_role(run, w) ? prepare_reader(run, &of[w])
				       : place_writer(run, run->kind, &of[w].at))
			return -1;
	run->stock = ULONG_MAX;
	run->promise = (struct bench_promise){
		.before = AREA_EMPTY,
		.after = AREA_EMPTY,
		.per_count = 1,
	};
	return map_crowd(run, (unsigned int)run->value[VMAS]);
}

/* All of the file, from its beginning. */
static void read_maps(struct worker *self)
{
	ssize_t got;

	for (self->seen = 0; (got = pread(self->maps, self->text, TEXT, self->seen)) > 0;)
		self->seen += got;
}

/* Timed: one round of calls, or one reading. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct writer *writer = run->kind;
	struct worker *self = (struct worker *)run->state + worker;

	if (worker < (unsigned int)run->value[MAPPERS])
		writer->round(&self->at);
	else
		read_maps(self);
}

/* Proves that mappers' calls were not refused, and that readers have seen all VMAs. */
static int disarm(struct bench_run *run)
{
	const struct worker *of = run->state;
	unsigned int mappers = (unsigned int)run->value[MAPPERS], w;

	for (w = 0; w < mappers; w++)
		if (check_writer(run, &of[w].at))
			return -1;
	for (w = mappers; w < run->threads; w++)
		if (of[w].seen < run->value[VMAS] * MIN_LINE)
			return bench_fail(run,
					  "a reader got %ld bytes of /proc/self/%s, less "
					  "than %ld VMAs have",
					  (long)of[w].seen, files[run->value[READS]],
					  run->value[VMAS]);
	return 0;
}

const struct bench bench_mapper = {
	.name = "mapper",
	.path = "mmap_write_lock against m_start: the address space changed while it is read",
	.variants = variants,
	.params = params,
	.tacit = READS,
	.repeat = REPEAT_TIME,
	.needs_more = needs_more,
	.refuse = refuse,
	.setup = setup,
	.op = op,
	.disarm = disarm,
};
