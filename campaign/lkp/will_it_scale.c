// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/lkp/names.h"

#define NO_MM(what) .lacks = "no memory management in it: " what
#define CYCLE \
	"each task maps at a place of its own, so mappings of threads do not become one VMA there"
#define BASE	  "base pages, whatever THP is set to"
#define A_PAGE	  "a page is mapped and unmapped, not 128 MiB; nothing is touched in either"
#define A_ROUND	  "a round is both calls, each of which is an iteration there"
#define ONE_FLUSH "only MADV_DONTNEED is timed, not the write before it, the read after it and mmap"

const struct lkp_name lkp_will_it_scale[] = {
	{"page_fault1", "cycle/anon size=128M/worker", .differs = {CYCLE, BASE}},
	{"page_fault2", "cycle/private-file size=128M/worker",
	 .differs = {CYCLE, "the page cache is filled before"}},
	{"page_fault3", "cycle/shared-file size=128M/worker",
	 .differs = {CYCLE, "the page cache is filled before"}},
	{"mmap1", "writer/mmap-search vmas=1", .differs = {A_PAGE}},
	{"mmap2", "writer/mmap-search vmas=1",
	 .differs = {A_PAGE, "anonymous memory, not a private mapping of a file"}},
	{"malloc1", "writer/mmap-search vmas=1",
	 .differs = {A_PAGE ", but there malloc() writes to the first page"}},
	{"brk1", "writer/brk vmas=1", .one_heap = true, .differs = {A_ROUND}},
	{"brk2", "writer/brk vmas=1", .one_heap = true, .differs = {A_ROUND}},
	{"tlb_flush1", "zap/pte-dontneed size=128M/worker",
	 .differs = {ONE_FLUSH, "anonymous memory, not a private mapping of a file"}},
	{"tlb_flush2", "zap/pte-dontneed size=1M/worker",
	 .of_threads = "shootdown/dontneed pages=1 rounds=1000 bystanders=0",
	 .differs = {ONE_FLUSH, BASE}},
	{"tlb_flush3", "zap/pte-dontneed size=128M/worker backing=file", .differs = {ONE_FLUSH}},
	{"malloc2", "null/write", .lacks = "malloc() of 1 KiB stays in user space"},
	{"fallocate1", "fault-vma/tmpfs-write",
	 .lacks = "fallocate() of a file on tmpfs: no page is mapped"},
	{"fallocate2", "fault-vma/shared-file-write",
	 .lacks = "fallocate() of a file: no page is mapped"},
	{"context_switch1", NULL, NO_MM("task switches by pipes")},
	{"sched_yield", NULL, NO_MM("the scheduler")},
	{"getppid1", NULL, NO_MM("the entry of a system call")},
	{"dup1", NULL, NO_MM("file descriptors")},
	{"open[1-3]", NULL, NO_MM("opening and closing files")},
	{"unlink[12]", NULL, NO_MM("making and removing files")},
	{"lock[12]", NULL, NO_MM("file locks")},
	{"lseek[12]", NULL, NO_MM("offsets of files")},
	{"pread[1-3]", NULL, NO_MM("pread() of files")},
	{"pwrite[1-3]", NULL, NO_MM("pwrite() to files")},
	{"read[1-4]", NULL, NO_MM("read() of files")},
	{"readseek[1-3]", NULL, NO_MM("read() of files")},
	{"write1", NULL, NO_MM("write() to files")},
	{"writeseek[1-3]", NULL, NO_MM("write() to files")},
	{"futex[1-4]", NULL, NO_MM("futexes")},
	{"pthread_mutex[1-5]", NULL, NO_MM("mutexes")},
	{"posix_semaphore1", NULL, NO_MM("semaphores")},
	{"eventfd1", NULL, NO_MM("eventfd")},
	{"pipe1", NULL, NO_MM("pipes")},
	{"poll[12]", NULL, NO_MM("poll()")},
	{"signal1", NULL, NO_MM("signals")},
	{"unix1", NULL, NO_MM("sockets")},
	{0},
};
