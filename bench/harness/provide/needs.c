// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/needs.h"

#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/mman.h>
#include <linux/userfaultfd.h>
#include <numa.h>
#include <numaif.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/harness/kernel/folios.h"
#include "bench/harness/kernel/layout.h"
#include "bench/harness/provide/folio_orders.h"
#include "bench/harness/provide/provide.h"
#include "bench/parts/guard.h"
#include "bench/parts/nothing.h"
#include "bench/parts/uffd.h"
#include "bench/services/backing.h"
#include "bench/services/userfault.h"

static bool have_root(size_t size)
{
	(void)size;
	return geteuid() == 0;
}

static bool have_userfaultfd(size_t size)
{
	(void)size;
	return userfault_has(0);
}

static bool have_uffd_minor(size_t size)
{
	(void)size;
	return userfault_has(UFFD_FEATURE_MINOR_SHMEM);
}

static bool have_uffd_wp(size_t size)
{
	(void)size;
	return userfault_has(UFFD_FEATURE_PAGEFAULT_FLAG_WP) && userfault_tells_writes();
}

/* The supervisor, which executes programs and knows of exact mode, looks after it. */
static bool have_always(size_t size)
{
	(void)size;
	return true;
}

static bool have_numa(size_t size)
{
	(void)size;
	return numa_available() == 0 && numa_num_configured_nodes() > 1;
}

static bool have_mempolicy(size_t size)
{
	(void)size;
	return !get_mempolicy(NULL, NULL, 0, NULL, 0) && !access("/proc/self/numa_maps", R_OK);
}

static struct folio_census census_of(const volatile char *at)
{
	const char *page = (const char *)((uintptr_t)at / bench_page_size() * bench_page_size());
	struct folio_census census;

	folios_census(page, bench_page_size(), &census);
	return census;
}

/* A page that was just written is soft-dirty, unless the kernel keeps no such bit. */
static bool have_soft_dirty(size_t size)
{
	static volatile char page = 1;

	(void)size;
	page = 2;
	return census_of(&page).soft_dirty;
}

/* A page that a child has as well, and that is pinned for reading, is then mapped by one of both.
 */
static bool have_unshare(size_t size)
{
	static volatile char page = 1;
	char byte;
	struct iovec to = {&byte, 1}, from = {(void *)&page, 1};
	pid_t child;
	bool have;

	(void)size;
	page = 2;
	child = fork();
	if (child == 0)
		for (;;)
			pause();
	have = child > 0 && !census_of(&page).exclusive &&
	       process_vm_readv(getpid(), &to, 1, &from, 1, 0) == 1 && census_of(&page).exclusive;
	if (child > 0 && !kill(child, SIGKILL))
		waitpid(child, NULL, 0);
	return have;
}

static bool have_readv(size_t size)
{
	static char from = 1;
	char to;

	(void)size;
	return process_vm_readv(getpid(), &(struct iovec){&to, 1}, 1, &(struct iovec){&from, 1}, 1,
				0) == 1;
}

/* Advice about no bytes at all is refused only if the kernel does not know it. */
static bool knows_advice(int advice)
{
	static char anywhere[1];

	return !madvise((void *)((uintptr_t)anywhere / bench_page_size() * bench_page_size()), 0,
			advice);
}

static bool have_populate(size_t size)
{
	(void)size;
	return knows_advice(MADV_POPULATE_READ);
}

static bool have_collapse(size_t size)
{
	(void)size;
	return knows_advice(MADV_COLLAPSE);
}

#define RING (1 << 20) /* more than its own memory */

static bool have_io_uring(size_t size)
{
	struct io_uring_params params = {0};
	int fd = (int)syscall(SYS_io_uring_setup, 1, &params);

	(void)size;
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool limit_allows(int resource, size_t size, bool hard)
{
	struct rlimit limit = {0};
	rlim_t have;

	getrlimit((__rlimit_resource_t)resource, &limit);
	have = hard ? limit.rlim_max : limit.rlim_cur;
	return have == RLIM_INFINITY || have >= size + size / 16 + bench_page_size();
}

static bool have_memlock(size_t size)
{
	/* A ring gives back what it locked some time after its process has ended: the one before.
	 */
	return geteuid() == 0 || limit_allows(RLIMIT_MEMLOCK, 2 * size + RING, false);
}

static bool have_stack(size_t size)
{
	return limit_allows(RLIMIT_STACK, size, true);
}

/*
 * Of more than ulimit -l has by itself, which counted once: root, where nobody has lifted it, as in
 * a guest, lifts it for this process and its runs. Others may have them rounded up; what else they
 * may lock is left alone.
 */
static bool have_bpf(size_t size)
{
	static const struct rlimit no_limit = {RLIM_INFINITY, RLIM_INFINITY};
	union bpf_attr attr = {.map_type = BPF_MAP_TYPE_ARRAY,
			       .key_size = 4,
			       .value_size = 4096,
			       .max_entries = 4096};
	int fd;

	(void)size;
	if (geteuid())
		return false;
	setrlimit(RLIMIT_MEMLOCK, &no_limit);
	fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool have_file(size_t size)
{
	(void)size;
	return backing_folder(false);
}

static bool have_disk(size_t size)
{
	return have_file(size) && bench_written_back();
}

static bool have_tmpfs(size_t size)
{
	(void)size;
	return backing_folder(true);
}

static bool have_thp(size_t size)
{
	char why[256];

	(void)size;
	return thp_enable(ORDER_PMD, true, why, sizeof(why));
}

/* Two VMAs, for one may be in core dumps and the other not. */
static bool have_move_vmas(size_t size)
{
	size_t page = bench_page_size();
	char *from = mmap(NULL, 4 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool have;

	(void)size;
	if (from == MAP_FAILED)
		return false;
	have = !madvise(from, page, MADV_DONTDUMP) &&
	       mremap(from, 2 * page, 2 * page, MREMAP_MAYMOVE | MREMAP_FIXED, from + 2 * page) !=
		       MAP_FAILED;
	munmap(from, 4 * page);
	return have;
}

#define THP_STATS "/sys/kernel/mm/transparent_hugepage/hugepages-%zukB/stats"

/* It counts them, by their size, since it takes them. */
static bool have_zswap_order(size_t size)
{
	char path[128];

	(void)size;
	snprintf(path, sizeof(path), THP_STATS "/zswpout", bench_folio_size(ORDER_PMD) / 1024);
	return !access(path, F_OK);
}

/* It counts why it did not, by their size, since it makes them. */
static bool have_mthp_collapse(size_t size)
{
	char path[128];

	(void)size;
	snprintf(path, sizeof(path), THP_STATS "/collapse_exceed_none_pte",
		 bench_folio_size(ORDER_PMD) / 1024);
	return !access(path, F_OK);
}

static bool have_guard(size_t size)
{
	(void)size;
	return knows_advice(MADV_GUARD_INSTALL);
}

/* Before 6.13 a process was given advice by others, and of few kinds. */
static bool have_advise_self(size_t size)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
	bool have = self >= 0 && !syscall(SYS_process_madvise, self, NULL, 0, MADV_DONTNEED, 0);

	(void)size;
	if (self >= 0)
		close(self);
	return have;
}

static bool have_uffd_move(size_t size)
{
	(void)size;
	return uffd_has(UFFD_MOVES);
}

/* The scan came with it. */
static bool have_pagemap_scan(size_t size)
{
	(void)size;
	return uffd_has(UFFD_WP_ASYNC | UFFD_WP_UNPOPULATED);
}

static bool have_program(size_t size)
{
	int program = nothing_open();

	(void)size;
	return program >= 0 && !close(program);
}

static bool have_vmap_stack(size_t size)
{
	(void)size;
	return layout_has_stacks();
}

static const struct {
	enum bench_need need;
	const char *name;
	bool (*met)(size_t size);
	const char *without;
} needs_table[] = {
	{NEED_ROOT, "root", have_root, "needs root"},
	{NEED_SWAP, "swap", provide_can_swap,
	 "needs swap of the point's size: swapon a file or zram, or root and the module zram"},
	{NEED_KSM, "KSM", provide_can_ksm,
	 "needs same-page merging that counts a process's pages (5.19, CONFIG_KSM), and root"},
	{NEED_KHUGEPAGED, "khugepaged", provide_can_khugepaged, "needs khugepaged, and root"},
	{NEED_MTHP_COLLAPSE, "collapse to smaller folios", have_mthp_collapse,
	 "needs khugepaged that makes folios smaller than a PMD's (7.2)"},
	{NEED_ZSWAP, "zswap", provide_can_zswap,
	 "needs zswap that counts what it takes (5.19, CONFIG_ZSWAP), and root"},
	{NEED_ZSWAP_ORDER, "zswap of large folios", have_zswap_order,
	 "needs zswap that takes large folios as they are (6.13)"},
	{NEED_USERFAULTFD, "userfaultfd", have_userfaultfd,
	 "needs userfaultfd with UFFD_FEATURE_SIGBUS"},
	{NEED_HUGETLB, "hugetlb pages", provide_can_hugetlb,
	 "needs hugetlb pages of a PMD's size: sysctl vm.nr_hugepages, or root"},
	{NEED_HUGETLB_PUD, "gigantic hugetlb pages", provide_can_gigantic,
	 "needs hugetlb pages of a PUD's size: CPU and kernel that have them; hugepagesz=1G "
	 "hugepages=1, or root"},
	{NEED_NUMA, "2 NUMA nodes", have_numa, "needs two NUMA nodes"},
	{NEED_MEMPOLICY, "memory policies", have_mempolicy,
	 "needs memory policies (CONFIG_NUMA) and /proc/self/numa_maps"},
	{NEED_SOFT_DIRTY, "soft-dirty bits", have_soft_dirty,
	 "needs soft-dirty bits (CONFIG_MEM_SOFT_DIRTY)"},
	{NEED_UFFD_MINOR, "userfaultfd minor faults", have_uffd_minor,
	 "needs userfaultfd with UFFD_FEATURE_MINOR_SHMEM"},
	{NEED_UFFD_WP, "userfaultfd write-protection", have_uffd_wp,
	 "needs userfaultfd with UFFD_FEATURE_PAGEFAULT_FLAG_WP"},
	{NEED_READV, "process_vm_readv", have_readv,
	 "needs process_vm_readv() (CONFIG_CROSS_MEMORY_ATTACH)"},
	{NEED_UNSHARE, "pins that unshare", have_unshare,
	 "needs pins for reading that unshare pages (5.19)"},
	{NEED_POPULATE, "MADV_POPULATE", have_populate, "needs MADV_POPULATE_READ (5.14)"},
	{NEED_COLLAPSE, "MADV_COLLAPSE", have_collapse, "needs MADV_COLLAPSE (6.1, THP)"},
	{NEED_IO_URING, "io_uring", have_io_uring,
	 "needs io_uring (CONFIG_IO_URING, sysctl kernel.io_uring_disabled=0)"},
	{NEED_MEMLOCK, "locked memory", have_memlock,
	 "needs leave to lock memory of the point's size: ulimit -l, or root"},
	{NEED_FILE, "a file", have_file, "needs a writable folder that is not on a tmpfs: TMPDIR"},
	{NEED_TMPFS, "tmpfs", have_tmpfs, "needs a writable folder on a tmpfs: TMPDIR"},
	{NEED_STACK, "a large stack", have_stack,
	 "needs leave for a stack of the point's size: ulimit -Hs"},
	{NEED_BPF, "BPF arrays", have_bpf,
	 "needs leave to make BPF arrays: root (CONFIG_BPF_SYSCALL, before 5.11 also ulimit -l)"},
	{NEED_BLOCK, "a block device", provide_can_disk,
	 "needs a disk that may be written over: root and the module zram, or null_blk"},
	{NEED_SLOW_BLOCK, "a disk of a set latency", provide_can_slow_disk,
	 "needs a disk of a set latency: root, configfs and modprobe null_blk nr_devices=0"},
	{NEED_FAULT_AROUND, "fault-around of a set size", provide_can_fault_around,
	 "needs debugfs' fault_around_bytes (CONFIG_DEBUG_FS), and root"},
	{NEED_DISK, "a file on a disk", have_disk,
	 "needs a writable folder whose files are written back to a disk: TMPDIR"},
	{NEED_SHMEM_ORDER, "large folios of shared memory", have_always, ""},
	{NEED_FILE_ORDER, "large folios of files", have_always, ""},
	{NEED_TASKS, "other tasks", have_always, ""},
	{NEED_UNSAMPLED, "pages that DAMON leaves alone", have_always, ""},
	{NEED_EXEC, "a program of its own", have_always, ""},
	{NEED_CHILD, "a child", have_always, ""},
	{NEED_PROGRAM, "a program in memory", have_program,
	 "needs a program in memory (memfd_create(): sysctl vm.memfd_noexec=0)"},
	{NEED_MOVE_VMAS, "mremap of several VMAs", have_move_vmas,
	 "needs mremap() that moves several VMAs with one call (6.17)"},
	{NEED_GUARD, "guard regions", have_guard, "needs MADV_GUARD_INSTALL (6.13)"},
	{NEED_ADVISE_SELF, "process_madvise", have_advise_self,
	 "needs process_madvise(MADV_DONTNEED) of the process itself (6.13)"},
	{NEED_UFFD_MOVE, "UFFDIO_MOVE", have_uffd_move, "needs userfaultfd with UFFDIO_MOVE (6.8)"},
	{NEED_PAGEMAP_SCAN, "PAGEMAP_SCAN", have_pagemap_scan,
	 "needs PAGEMAP_SCAN and userfaultfd with UFFD_FEATURE_WP_ASYNC (6.7, "
	 "CONFIG_PTE_MARKER_UFFD_WP)"},
	{NEED_LAZY_PMD, "MADV_PAGEOUT of lazily freed huge pages", thp_lazy_pageout,
	 "needs MADV_PAGEOUT that frees huge pages of MADV_FREE (5.10 of arm64 keeps them)"},
	{NEED_TEST_VMALLOC, "test_vmalloc", provide_can_test_vmalloc,
	 "needs the kernel's module test_vmalloc (CONFIG_TEST_VMALLOC=m), and root"},
	{NEED_VMAP_STACK, "stacks in vmalloc's memory", have_vmap_stack,
	 "needs stacks of tasks in memory of vmalloc() (CONFIG_VMAP_STACK)"},
	{NEED_THP, "huge pages", have_thp,
	 "needs transparent huge pages, enabled for MADV_HUGEPAGE, or root to do that"},
};

#define NR_NEEDS (sizeof(needs_table) / sizeof(needs_table[0]))

bool needs_met(unsigned long needs, size_t size, char *why, size_t room)
{
	const unsigned long of_thp =
		NEED_THP | NEED_COLLAPSE | NEED_KHUGEPAGED | NEED_ZSWAP_ORDER | NEED_LAZY_PMD;
	size_t i;

	if (needs & of_thp && !thp_there(why, room))
		return false;
	for (i = 0; i < NR_NEEDS; i++) {
		if (!(needs & needs_table[i].need) || needs_table[i].met(size))
			continue;
		snprintf(why, room, "%s", needs_table[i].without);
		return false;
	}
	return true;
}

void needs_each(unsigned long needs, void (*fn)(void *arg, const char *name), void *arg)
{
	size_t i;

	for (i = 0; i < NR_NEEDS; i++)
		if (needs & needs_table[i].need)
			fn(arg, needs_table[i].name);
}
