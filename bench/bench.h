/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contract between a benchmark and the harness.
 *
 * A family is one file with one const struct bench, last in the file and named in meson.build. It
 * maps memory, brings it into a state (arm), carries out one operation on it (op, the only timed
 * part) and cleans up (disarm). It promises what an operation does and which state its memory is in
 * before and after. Everything else is the harness's: processes, threads, pinning, clocks,
 * counters, and the check of every promise. A benchmark never prints, parses, pins, times, starts
 * threads or reads counters.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/parts/need.h"

#define BENCH_MAX_PARAMS 10

/* Folio orders as parameter values: 0, 2.. are PTE-mapped, ORDER_PMD is PMD-mapped. */
#define ORDER_PMD 64
#define ORDER_PUD 65 /* hugetlb pages alone: 1 GiB with pages of 4 KiB */

/* How a parameter's text is read, and what its value then is. */
enum bench_kind {
	BENCH_SIZE,	 /* memory that ops are about, all workers together: bytes */
	BENCH_COUNT,	 /* a whole number */
	BENCH_MS,	 /* a time: ms */
	BENCH_ORDER,	 /* folio order: 0, 2, 3, ... or ORDER_PMD */
	BENCH_CHOICE,	 /* one of choices: its index */
	BENCH_THREADS,	 /* threads of each process; a family may have several, by role */
	BENCH_VMAS,	 /* VMAs that the process has beside its own */
	BENCH_PROCESSES, /* processes, each with all the threads and its own memory */
	BENCH_LATENCY,	 /* of a request to the disk of NEED_BLOCK: us */
	BENCH_AROUND,	 /* what a fault maps around it, for NEED_FAULT_AROUND: bytes */
};

struct bench_param {
	const char *name;
	enum bench_kind kind;
	const char *value;	    /* default, as a user writes it */
	const char *const *choices; /* BENCH_CHOICE: names, then NULL */
	long min, max;		    /* numbers: the range allowed */
	const char *help;
};

/* The parameters that several families have, so that they mean the same everywhere. */
#define BENCH_PARAM_SIZE(default_)                                      \
	{                                                               \
		"size", BENCH_SIZE, default_, NULL, 1L << 12, 1L << 44, \
			"memory of all workers together"                \
	}

#define BENCH_PARAM_ORDER                                                               \
	{                                                                               \
		"order", BENCH_ORDER, "0", NULL, 0, ORDER_PMD,                          \
			"folio order: 0, 2 .. a PMD's (PTE-mapped) or pmd (PMD-mapped)" \
	}

#define BENCH_PARAM_THREADS                                                             \
	{                                                                               \
		"threads", BENCH_THREADS, "1", NULL, 1, 4096, "threads of each process" \
	}

/* Of each worker's share: the one call goes over so many. */
#define BENCH_PARAM_VMAS_IN_RANGE                                      \
	{                                                              \
		"vmas-in-range", BENCH_COUNT, "1", NULL, 1, 30000,     \
			"VMAs that the memory of a worker consists of" \
	}

#define BENCH_PARAM_VMAS                                                   \
	{                                                                  \
		"vmas", BENCH_VMAS, "1000", NULL, 1, 1L << 30,             \
			"VMAs of each process, beside those it has anyway" \
	}

#define BENCH_PARAM_PROCESSES                                     \
	{                                                         \
		"processes", BENCH_PROCESSES, "1", NULL, 1, 4096, \
			"processes, each with all the threads"    \
	}

struct bench_variant {
	const char *name;
	const char *help;    /* one sentence: what an op of it does */
	const char *per;     /* what one op consists of: "fault", "fork", "call", "page" */
	const void *data;    /* the family's own */
	unsigned long needs; /* enum bench_need, beside those of the family */
};

/* The state of an area, which the harness proves (bench/harness/proof/area_proof.c says how). */
enum area_state {
	AREA_ANY,	/* nothing promised */
	AREA_EMPTY,	/* mapped, no page in it; of a file all pages are in the page cache */
	AREA_ZERO_PAGE, /* every page maps the zero page */
	AREA_POPULATED, /* every page is there, in folios of the area's order, mapped as promised */
	AREA_UNMAPPED,	/* no VMA left */
	AREA_BASE_PAGES, /* every page is there, in a folio of its own, whatever the order */
	AREA_PTE_MAPPED, /* every page is there, in folios of a PMD's order, mapped by PTEs */
	AREA_PMD_MAPPED, /* every page is there, in folios of a PMD's order, mapped by PMDs */
	AREA_SHARED,	 /* as populated, each page also mapped by another process */
	AREA_OWN,	 /* every page is there and mapped by this process only */
	AREA_SWAPPED,	 /* every page is swapped out */
	AREA_LAZY_FREE,	 /* every page is there, given up by MADV_FREE; folios may be split, and no
			    record of the state has them */
	AREA_SOFT_CLEAN, /* as populated, no page soft-dirty */
	AREA_WRITABLE,	 /* as populated, and the VMA may be written to */
	AREA_READ_ONLY,	 /* as populated, and the VMA may not */
	AREA_MAPPED,	 /* so many VMAs as promised, nothing said of pages */
	AREA_FILLING,  /* likewise; time says how many pages, so no record of the state has them */
	AREA_THERE,    /* every page is there, in whatever folios the kernel gave; that is said, and
			  kernels that give others are still compared */
	AREA_UNCACHED, /* mapped, no page in it, and of its file none in the page cache */
	AREA_GROWN,    /* as populated, and the VMA is longer by what the area grows */
};

/* What is behind an area. */
enum area_backing {
	BACK_ANON,	   /* private anonymous memory */
	BACK_STACK,	   /* the same, growing down: a VMA of one page at first, the last one */
	BACK_PRIVATE_FILE, /* a file, not on a tmpfs, in the page cache */
	BACK_BLOCK,	   /* a block device, private; pages that differ are written to it once */
	BACK_SHARED_FILE,
	BACK_TMPFS, /* a file on a tmpfs, shared */
	BACK_SHMEM, /* shared anonymous memory */
	BACK_PRIVATE_MEMFD,
	BACK_MEMFD,   /* shared */
	BACK_HUGETLB, /* private anonymous hugetlb pages of the size that a PMD, or PUD, maps */
};

/* A range of memory. It is one VMA unless the family says otherwise. */
struct bench_area {
	char *start;
	size_t len;
	size_t grows; /* bytes behind the area that op adds to its VMA; disarm unmaps them */
	int order;
	enum area_backing backing;
	unsigned int vmas;  /* so many VMAs are promised; 1 means exactly the range */
	const char *mark;   /* a word promised in smaps' VmFlags of the last VMA, or NULL */
	const char *policy; /* memory policy promised by /proc/self/numa_maps, or NULL */
	int watch;	    /* enum area_watched, or 0 */
	enum area_state before, after; /* promised of this area alone; AREA_ANY: as of all */
};

/*
 * A promise of a number that the kernel counts, by how much it moves in one op, processes apart:
 *
 *   vmstat:KEY   of /proc/vmstat; KEY* is the sum of all that begin so. Of the whole system
 *   thp:NAME     of hugepages-<size>kB/stats in sysfs, for the point's order. Likewise
 *   meminfo:NAME of /proc/meminfo, kB, likewise of the whole system
 *   status:NAME  of /proc/self/status, kB
 *   self:NAME    of /proc/self, a file of one number
 *   khugepaged:NAME  of transparent_hugepage/khugepaged in sysfs. Of the whole system
 *   interrupts:NAME  of /proc/interrupts, all CPUs together. Likewise of the whole system
 *   log:TEXT     of the kernel's log: the number behind TEXT in each line that has it, or 1.
 *                Likewise
 *   major-faults of this process
 *   userfaults   resolved by area_watch()
 *
 * What this kernel does not count is recorded as that, and breaks no promise.
 */
struct bench_move {
	const char *what;
	long min, max; /* LONG_MIN, LONG_MAX: only recorded. Others move the system's, too: keep max
			  for status and userfaults */
};

#define BENCH_MAX_MOVES 4

#define VMALLOC_USED "meminfo:VmallocUsed"

/* Folios that wait in a CPU's batch for the LRU lists at most: freed, or counted, after the op. */
#define BENCH_LRU_BATCH 31

/* What a CPU may have counted by itself, not yet in vmstat's nr_*: before the op, and after it. */
#define BENCH_STAT_BATCH (2 * 125)

struct bench_promise {
	long faults;		/* page faults in one op, summed over the process's workers */
	long faults_slack;	/* so many more may happen (e.g. COW of the stack behind fork);
				   LONG_MAX: any number */
	long faults_beside;	/* REPEAT_BESIDE: in one op of a role that is not the first */
	enum area_state before; /* of every area, when op starts */
	enum area_state after;	/* of every area, when op has ended */
	int children;		/* child processes alive when op has ended: 0 or 1 */
	int turns;	  /* NEED_CHILD: times that a worker waits for its child in one op; nobody
			     else runs where exact mode counts both */
	double per_count; /* how many of the variant's `per` one op does, all workers of all
			     processes */
	double bytes;	  /* that the kernel clears or copies in one op, all workers of all
			     processes, where that is what most of its time is for; else 0 */
	struct bench_move moves[BENCH_MAX_MOVES]; /* up to the first without what */
	bool moves_beside; /* REPEAT_BESIDE: their least is that of half of those ops in which all
			      workers ran side by side, each on a CPU of its own */
	double charged; /* bytes that one op, of the whole process, has charged to control groups of
			   memory, or, less than 0, given back; 0: the states of areas tell */
};

#define GROUPS_NONE -1

/*
 * One point being carried out by one process. A family reads it and sets promise and state. What an
 * op reads comes first: programs of emit-c need not have the rest.
 */
struct bench_run {
	const void *kind; /* the variant's data */
	struct bench_area *areas;
	unsigned int nr_areas, threads; /* threads: workers in this process, all roles together */
	void *state;			/* the family's own, made in setup */
	long value[BENCH_MAX_PARAMS];	/* by index in bench->params */
	struct bench_promise promise;	/* set in setup */
	const struct bench *bench;
	const struct bench_variant *variant;
	unsigned int processes;
	unsigned int process; /* which of them this is, from 0 */
	int node;	      /* NUMA node all memory is bound to, or -1 */
	unsigned int sharers; /* threads of each process that do nothing */
	int groups; /* control groups of memory, one in another, made for it to be charged to;
		       GROUPS_NONE: it is charged to none; 0: as it comes */
	int file;   /* behind the areas; 0: none */
	size_t file_len, file_used; /* bytes made, and mapped by areas */
	unsigned long stock;	    /* repeat: calls of op before a worker's refill is due, after
				       arm or the last one */
	char why[256];		    /* what bench_fail() said */
	char note[256];		    /* and bench_note() last */
};

/*
 * How often op is called in an iteration. With REPEAT_NOT the iteration is what is timed; else
 * every call is, and goes into its role's histogram, and the faults promised are those of one call,
 * by the role that is named first.
 */
enum bench_repeat {
	REPEAT_NOT,    /* once by every worker, all starting together */
	REPEAT_TIME,   /* by every worker again and again, for the time that "time" gives */
	REPEAT_BESIDE, /* once by the role named first; by others again and again until it is done
			*/
};

struct bench {
	const char *name;
	const char *path;		      /* one sentence: the kernel path it measures */
	const struct bench_variant *variants; /* ends with a NULL name; the first is the default */
	const struct bench_param *params;     /* ends with a NULL name */
	unsigned long needs;		      /* enum bench_need, of all variants */

	/* 0, or the index of a parameter. It and those behind it are numbers, and no part of a
	 * point that does not set them, as in journals from before the family had them. */
	unsigned int tacit;

	enum bench_repeat repeat;

	/* NULL, or says why these parameters contradict each other; no machine is looked at. */
	const char *(*refuse)(const struct bench_run *run);

	/* NULL, or what these parameters need beside (enum bench_need). */
	unsigned long (*needs_more)(const struct bench_run *run);

	/* NULL: the point's size. Or the bytes that all workers, their children and files have at
	 * once at most; no machine is looked at. */
	size_t (*memory)(const struct bench_run *run);

	/* Once a run. 0, or what bench_fail() returned. */
	int (*setup)(struct bench_run *run);
	/* Before every op, untimed, by one worker of the process. 0 or bench_fail(). */
	int (*arm)(struct bench_run *run);
	/* The operation of one worker (0 .. threads-1). Nothing else may be in it. */
	void (*op)(struct bench_run *run, unsigned int worker);
	/* repeat: makes room for more ops of a worker who calls it again and again, untimed. */
	void (*refill)(struct bench_run *run, unsigned int worker);
	/* After every op, untimed. 0 or bench_fail(). */
	int (*disarm)(struct bench_run *run);
};

/* Every family there is, then NULL (meson.build). */
extern const struct bench *const bench_list[];

/* What follows is the harness's part of the contract: services a benchmark may call outside op. */

/* Records why something that should have worked did not. Returns -1, to be returned. */
int bench_fail(struct bench_run *run, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Notes what a reader should know and breaks no promise: "what: numbers". The last one stays. */
void bench_note(struct bench_run *run, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The role of a worker: the index of its BENCH_THREADS parameter among those of the family. */
unsigned int bench_role(const struct bench_run *run, unsigned int worker);

/*
 * Bytes of one worker: its share of the point's size, in whole steps. What is left over where the
 * workers do not divide it is nobody's.
 */
size_t bench_share(const struct bench_run *run, size_t step);

/* For refuse: NULL, or that the size is less than a folio for each worker. */
const char *bench_refuse_share(const struct bench_run *run);

/* Bytes of a base page, and of a folio of that order (ORDER_PMD, _PUD: what that maps). */
size_t bench_page_size(void);
size_t bench_folio_size(int order);
long bench_faults(void); /* page faults of this thread so far */

/*
 * Adds an area of len bytes to the run: one VMA of its own, aligned to what a PMD maps, with
 * unmapped room on both sides so that it merges with nothing, advised so that a first touch gives
 * folios of the order. 0 or -1 (bench_fail() has been called).
 */
int area_map(struct bench_run *run, size_t len, int order);

/*
 * The same of another backing. A hugetlb area's order is ORDER_PMD or _PUD. One file is made for
 * all areas of the run, whose clean pages are in the page cache, of the order if its file system
 * can. Of a memfd or shared memory of a larger order it is the first touch that allocates.
 */
int area_map_as(struct bench_run *run, size_t len, int order, enum area_backing backing);

/*
 * Touches every folio of the area for writing and, for the PTE-mapped order of a PMD, splits the
 * mapping (not the folios). Checks that it took exactly one fault a folio, and, the first time,
 * that each gave a whole one. Of files and shared memory it touches every page, those of files on
 * a disk and of private mappings for reading, and has root see that folios are whole. 0 or -1.
 */
int area_populate(struct bench_run *run, const struct bench_area *area);

/*
 * Writes to each page of a populated area, as a program that uses its memory has. Of a folio that
 * was touched once the other pages hold nothing but zeros, and those are not swapped: they are only
 * marked (6.11), or the folio, where it has to be split for that, becomes one page and the zero
 * page (6.12).
 */
void area_fill(const struct bench_area *area);

/* Has the page cache drop bytes of the run's file that no other process drops as well. 0 or -1. */
int area_drop_cache(struct bench_run *run, size_t from, size_t len);

/* Gives all areas' memory back and forgets them. 0: a family may have no other disarm. */
int area_unmap_all(struct bench_run *run);
/* The same once check says 0 of each worker's share. 0 or -1. */
int area_unmap_checked(struct bench_run *run, int (*check)(struct bench_run *run, unsigned int w));

/* Maps by PTEs what PMDs map, folios left whole, as area_populate() does. 0 or -1. */
int area_split_pmds(struct bench_run *run, const struct bench_area *area);

/* Moves the end of an anonymous area, from byte `at`, elsewhere: it is the last area now. 0 or -1.
 */
int area_cut(struct bench_run *run, unsigned int index, size_t at);

/*
 * Makes of a populated area so many VMAs of whole folios, by advice that nothing but core dumps
 * looks at (MADV_DONTDUMP, every second one). 1 leaves it as it is. 0 or -1.
 */
int area_slice(struct bench_run *run, struct bench_area *area, long vmas);

/* For refuse: NULL, or that a worker's share has fewer folios than VMAs are asked for. */
const char *bench_refuse_vmas(const struct bench_run *run, long vmas);

/*
 * Puts pages on the LRU lists that wait for it in some CPU's batch, as they do for a while after
 * they were populated, or given up: a worker on another CPU would pass them over. False where the
 * kernel has, or allows, no move_pages(): nothing is done.
 */
bool area_drain_batches(void);

/*
 * Swaps out all pages of an area, or reclaims them, a file's. 0 or -1, also where the kernel counts
 * folios of its order (6.10), and only some of them went whole; that none did is noted.
 */
int area_swap_out(struct bench_run *run, const struct bench_area *area);

/*
 * Of folios that area_swap_out() has swapped out, after the last: promises that they come back as
 * they were, in *move, where that is known of this kernel and its state; else that is recorded
 * only. The other is for after the op, and notes how many did and why not all, where it was not
 * promised.
 */
void area_promise_swap_in(struct bench_move *move, int order, long folios);
void area_note_swap_in(struct bench_run *run, int order, long folios);

/* Clears the soft-dirty bits of this process. 0 or -1. */
int area_soft_clean(struct bench_run *run);

/* Gives the area's VMA a policy: "interleave", "bind" or "prefer", of all nodes allowed. 0 or -1.
 */
int area_policy(struct bench_run *run, struct bench_area *area, const char *policy);

enum area_watched {
	WATCH_MISSING = 1,
	WATCH_MINOR,	     /* memfd: pages that are in the page cache, but not mapped */
	WATCH_WP,	     /* and write-protects what is there */
	WATCH_BY_THREAD = 8, /* or'ed to one of these */
};

/*
 * Registers the area with userfaultfd, for enum area_watched, the same for all areas of a run. A
 * fault in it sends the thread SIGBUS, whose handler (the harness's, so part of the op) resolves
 * it: a page of ones is copied, the page of the cache is mapped, the protection is lifted. By
 * thread it waits instead until a thread of the harness, on the leader's CPU, has done that. 0 or
 * -1.
 */
int area_watch(struct bench_run *run, struct bench_area *area, int how);

/* NULL, or why interrupts:TLB does not have what CPUs do for each other's TLBs here. */
const char *bench_flushes_unseen(void);

/*
 * Waits until such a number (struct bench_move) is no more than slack above what it was when this
 * was first called for it: the kernel gives back what an op has taken some time after. 0 or -1.
 */
int bench_wait_back(struct bench_run *run, const char *what, long slack);

/* The number that a file consists of, of /proc or /sys, or -1. Ops may ask. */
long bench_number_in(const char *path);

/*
 * Waits, in an op whose work a task does, until done() says so, which is asked every 50 us. False
 * after half a minute: bench_fail() has been called, and the run fails, with the name of who it is.
 */
bool bench_wait(struct bench_run *run, const char *who, bool (*done)(const void *), const void *);

/* Whether files are written back to anything: ramfs, a guest's root, knows no dirty page. */
bool bench_written_back(void);

/* Bytes that one read fault of a page cache that is hot maps at most; aligned likewise. */
size_t bench_fault_around(void);

#endif
