// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How each state is proved:
 *
 *   VMAs         /proc/self/maps; VmFlags in smaps has the area's mark, numa_maps its policy
 *   empty        no page in smaps' Rss, none swapped out; of a file: mincore() has them all
 *   zero page    every page present in pagemap, none in Rss; root: kpageflags says zero page
 *   populated    all of it in Rss; AnonHugePages is all of it for order pmd and nothing else; and
 *                root: each page's folio has the order, is whole, and is mapped in order (pagemap
 *                and kpageflags); not root: populating it took one fault a folio, and the kernel
 *                has counted no split of such a folio since
 *                Of a file or shared memory: all of it in Rss, nothing anonymous, mapped by PMDs
 *                for order pmd alone; root: its order
 *                Of hugetlb: all of it in Private_Hugetlb; root: its order
 *   base pages   all of it in Rss and anonymous, nothing in AnonHugePages; root: order 0
 *   PTE-, PMD-   as populated, for the order that a PMD maps
 *   shared       as populated; pagemap calls no page exclusively mapped
 *   own          all of it in Rss; pagemap calls every page exclusively mapped
 *   swapped      all of it in Swap, nothing in Rss
 *   lazy free    all of it in Rss, and in LazyFree once nothing of it waits in a CPU's batch
 *   soft-clean   as populated; pagemap calls no page soft-dirty
 *   writable,    as populated; VmFlags has wr, or has not
 *   read-only
 *   mapped,      the VMAs alone
 *   filling
 *   uncached     no page in Rss, none swapped out, none of the file's in mincore()
 *   grown        as populated; the VMA ends so much later
 */
#include "bench/harness/proof/area_proof.h"

#include <stdio.h>
#include <string.h>

#include "bench/harness/kernel/folios.h"
#include "bench/harness/proof/folio_kinds.h"
#include "bench/harness/provide/folio_orders.h"
#include "bench/services/pages.h"

static void folios_name(int order, char *text, size_t room)
{
	char kind[KINDS_NAME];

	kinds_name(pages_order(order), order == ORDER_PMD, kind);
	if (order == ORDER_PUD)
		snprintf(kind, sizeof(kind), "order-%d PUD", pages_order(order));
	snprintf(text, room, "%s-mapped", kind);
}

void prove_name(enum area_state state, int order, unsigned int vmas, char text[PROVE_TEXT])
{
	static const char *const words[] = {
		[AREA_ANY] = "anything",
		[AREA_EMPTY] = "no pages",
		[AREA_ZERO_PAGE] = "the zero page everywhere",
		[AREA_POPULATED] = "",
		[AREA_UNMAPPED] = "no VMA",
		[AREA_BASE_PAGES] = "a page of its own everywhere",
		[AREA_PTE_MAPPED] = "",
		[AREA_PMD_MAPPED] = "",
		[AREA_SHARED] = ", shared with another process",
		[AREA_OWN] = "pages that no other process maps",
		[AREA_SWAPPED] = "swapped out",
		[AREA_LAZY_FREE] = "lazily freed",
		[AREA_SOFT_CLEAN] = ", not soft-dirty",
		[AREA_WRITABLE] = ", writable",
		[AREA_READ_ONLY] = ", read-only",
		[AREA_MAPPED] = "any pages",
		[AREA_FILLING] = "any pages",
		[AREA_THERE] = "every page, in any folios",
		[AREA_UNCACHED] = "no pages, here or in the page cache",
		[AREA_GROWN] = ", grown",
	};
	char count[32] = "", folios[64] = "";

	if (state != AREA_ANY && state != AREA_UNMAPPED)
		snprintf(count, sizeof(count), "%u VMA%s, ", vmas, vmas == 1 ? "" : "s");
	if (state == AREA_PTE_MAPPED)
		folios_name(thp_pmd_order(), folios, sizeof(folios));
	else if (state == AREA_PMD_MAPPED)
		folios_name(ORDER_PMD, folios, sizeof(folios));
	else if (state == AREA_POPULATED || words[state][0] == ',')
		folios_name(order, folios, sizeof(folios));
	snprintf(text, PROVE_TEXT, "%s%s%s", count, folios, words[state]);
}

bool prove_vmas(const struct bench_area *area, enum area_state state, char seen[PROVE_TEXT])
{
	bool low = area->backing == BACK_STACK && state == AREA_EMPTY;
	size_t below = low ? area->len - bench_page_size() : 0;
	bool all = state == AREA_GROWN || state == AREA_UNMAPPED;
	size_t len = area->len + (all ? area->grows : 0);
	struct vma_count vmas;

	if (!folios_vmas(area->start + below, len - below, &vmas)) {
		snprintf(seen, PROVE_TEXT, "/proc/self/maps cannot be read");
		return false;
	}
	snprintf(seen, PROVE_TEXT, vmas.overlapping ? "%u VMA%s%s" : "no VMA", vmas.overlapping,
		 vmas.overlapping == 1 ? "" : "s",
		 vmas.overlapping == 1 && !vmas.exact ? " of another size" : "");
	if (state == AREA_UNMAPPED)
		return !vmas.overlapping;
	return vmas.overlapping == area->vmas && (area->vmas > 1 || vmas.exact);
}

/* Says which orders a census found, in seen. True if every page is in a whole folio of order. */
static bool census_agrees(const struct folio_census *census, int order, bool pmd_mapped,
			  char seen[PROVE_TEXT])
{
	char kind[KINDS_NAME];
	int used = 0, k;

	seen[0] = '\0';
	for (k = 0; k < MAX_ORDERS; k++) {
		kinds_name(k, pmd_mapped, kind);
		if (census->of_order[k] && used < 140)
			used += snprintf(seen + used, PROVE_TEXT - (size_t)used,
					 "%s%zu pages in %s-mapped", used ? ", " : "",
					 census->of_order[k], kind);
	}
	if (census->torn && used < 140)
		used += snprintf(seen + used, PROVE_TEXT - (size_t)used, "%s%zu in torn folios",
				 used ? ", " : "", census->torn);
	if (census->present < census->pages && used < 140)
		snprintf(seen + used, PROVE_TEXT - (size_t)used, "%s%zu not there",
			 used ? ", " : "", census->pages - census->present);
	return census->of_order[order] == census->pages;
}

/* Anonymous memory, in folios of an order; splits is -1 if nothing is known of splits. */
static bool anon_populated(const struct bench_area *area, const struct smaps *smaps,
			   const struct folio_census *census, int order, long splits,
			   char seen[PROVE_TEXT])
{
	size_t pmd_mapped = order == ORDER_PMD ? area->len : 0;
	int real = order == ORDER_PMD ? thp_pmd_order() : order;
	long since;

	if (smaps->rss != area->len || smaps->pmd_mapped != pmd_mapped ||
	    smaps->anonymous != area->len) {
		snprintf(seen, PROVE_TEXT, "%zu of %zu KiB there, %zu of them PMD-mapped",
			 smaps->rss / 1024, area->len / 1024, smaps->pmd_mapped / 1024);
		return false;
	}
	if (census->by_flags)
		return census_agrees(census, real, pmd_mapped, seen);
	since = order && area->order == order ? thp_splits(order) - splits : 0;
	snprintf(seen, PROVE_TEXT,
		 "as promised by faults and smaps, %ld folios split since (no kpageflags)", since);
	return !since;
}

/* Of a file, or shared. */
static bool file_populated(const struct bench_area *area, const struct smaps *smaps,
			   const struct folio_census *census, char seen[PROVE_TEXT])
{
	bool pmd = area->order == ORDER_PMD;
	int order = pmd ? thp_pmd_order() : area->order;

	snprintf(seen, PROVE_TEXT, "%zu of %zu KiB there, %zu of them anonymous, %zu PMD-mapped",
		 smaps->rss / 1024, area->len / 1024, smaps->anonymous / 1024,
		 smaps->file_pmd_mapped / 1024);
	if (smaps->rss != area->len || smaps->anonymous ||
	    smaps->file_pmd_mapped != (pmd ? area->len : 0))
		return false;
	return !census->by_flags || census_agrees(census, order, pmd, seen);
}

/* Anonymous, or of a file, and whatever folios there are is as promised. */
static bool is_there(const struct bench_area *area, const struct smaps *smaps,
		     const struct folio_census *census, char seen[PROVE_TEXT])
{
	bool anonymous = area->backing == BACK_ANON;

	snprintf(seen, PROVE_TEXT, "%zu of %zu KiB there, %zu of them anonymous", smaps->rss / 1024,
		 area->len / 1024, smaps->anonymous / 1024);
	if (smaps->rss != area->len || smaps->anonymous != (anonymous ? area->len : 0))
		return false;
	if (census->by_flags)
		census_agrees(census, 0, smaps->pmd_mapped == area->len, seen);
	return true;
}

static bool populated(const struct bench_area *area, const struct smaps *smaps,
		      const struct folio_census *census, long splits, char seen[PROVE_TEXT])
{
	switch (area->backing) {
	case BACK_HUGETLB:
		snprintf(seen, PROVE_TEXT, "%zu of %zu KiB there as hugetlb pages",
			 smaps->hugetlb / 1024, area->len / 1024);
		return smaps->hugetlb == area->len &&
		       (!census->by_flags ||
			census->of_order[pages_order(area->order)] == census->pages);
	case BACK_ANON:
	case BACK_STACK:
		return anon_populated(area, smaps, census, area->order, splits, seen);
	default:
		return file_populated(area, smaps, census, seen);
	}
}

static bool empty(const struct bench_area *area, const struct smaps *smaps, char seen[PROVE_TEXT])
{
	bool file = area->backing >= BACK_PRIVATE_FILE && area->backing <= BACK_MEMFD;
	bool cached = !file || pages_resident(area->start, area->len);

	if (smaps->rss || smaps->swap || smaps->hugetlb || !cached)
		snprintf(seen, PROVE_TEXT, "%zu KiB there, %zu KiB swapped out%s",
			 (smaps->rss + smaps->hugetlb) / 1024, smaps->swap / 1024,
			 cached ? "" : ", page cache not full");
	return !smaps->rss && !smaps->swap && !smaps->hugetlb && cached;
}

static bool uncached(const struct bench_area *area, const struct smaps *smaps,
		     char seen[PROVE_TEXT])
{
	size_t cached = pages_in_core(area->start, area->len);

	snprintf(seen, PROVE_TEXT, "%zu KiB there, %zu pages in the page cache", smaps->rss / 1024,
		 cached);
	return !smaps->rss && !smaps->swap && !cached;
}

static bool all_zero_pages(const struct folio_census *census, const struct smaps *smaps,
			   char seen[PROVE_TEXT])
{
	snprintf(seen, PROVE_TEXT, "%zu of %zu pages there, %zu KiB of them counted in Rss",
		 census->present, census->pages, smaps->rss / 1024);
	return census->present == census->pages && !smaps->rss &&
	       (!census->by_flags || census->zero == census->pages);
}

/* Adds to what is seen. */
static bool and_count(size_t count, size_t wanted, const char *what, char seen[PROVE_TEXT])
{
	size_t used = strlen(seen);

	snprintf(seen + used, PROVE_TEXT - used, "; %zu %s", count, what);
	return count == wanted;
}

/* Likewise. */
static bool and_writable(const struct smaps *smaps, bool wanted, char seen[PROVE_TEXT])
{
	bool writable = strstr(smaps->flags, " wr ");
	size_t used = strlen(seen);

	snprintf(seen + used, PROVE_TEXT - used, writable ? "; writable" : "; read-only");
	return writable == wanted;
}

/* Where batches cannot be drained, so many folios may wait there. */
static bool lazily_freed(const struct bench_area *area, const struct area_look *look,
			 char seen[PROVE_TEXT])
{
	size_t waiting = look->drained ? 0 : BENCH_LRU_BATCH * bench_folio_size(area->order);
	size_t rest = area->len - look->smaps.lazy_free;

	and_count(look->smaps.lazy_free, area->len, "bytes lazily freed", seen);
	if (rest && rest <= waiting)
		and_count(rest, rest, "about to be, or passed over", seen);
	return rest <= waiting && look->smaps.rss == area->len;
}

static bool pages_agree(const struct bench_area *area, enum area_state state, long splits,
			const struct area_look *look, char seen[PROVE_TEXT])
{
	const struct folio_census *census = &look->census;
	const struct smaps *smaps = &look->smaps;
	bool ok;

	switch (state) {
	case AREA_EMPTY:
		return empty(area, smaps, seen);
	case AREA_ZERO_PAGE:
		return all_zero_pages(census, smaps, seen);
	case AREA_POPULATED:
		return populated(area, smaps, census, splits, seen);
	case AREA_BASE_PAGES:
		return anon_populated(area, smaps, census, 0, splits, seen);
	case AREA_PTE_MAPPED:
		return anon_populated(area, smaps, census, thp_pmd_order(), splits, seen);
	case AREA_PMD_MAPPED:
		return anon_populated(area, smaps, census, ORDER_PMD, splits, seen);
	case AREA_SHARED:
		ok = populated(area, smaps, census, splits, seen);
		return and_count(census->exclusive, 0, "mapped by nobody else", seen) && ok;
	case AREA_OWN:
		snprintf(seen, PROVE_TEXT, "%zu of %zu KiB there", smaps->rss / 1024,
			 area->len / 1024);
		return and_count(census->exclusive, census->pages, "mapped by nobody else", seen) &&
		       smaps->rss == area->len;
	case AREA_SWAPPED:
		snprintf(seen, PROVE_TEXT, "%zu KiB swapped out, %zu KiB there", smaps->swap / 1024,
			 smaps->rss / 1024);
		if (census->zero)
			and_count(census->zero, 0, "pages are the zero page", seen);
		return smaps->swap == area->len && !smaps->rss;
	case AREA_LAZY_FREE:
		populated(area, smaps, census, splits, seen);
		return lazily_freed(area, look, seen);
	case AREA_SOFT_CLEAN:
		ok = populated(area, smaps, census, splits, seen);
		return and_count(census->soft_dirty, 0, "soft-dirty", seen) && ok;
	case AREA_WRITABLE:
	case AREA_READ_ONLY:
		ok = populated(area, smaps, census, splits, seen);
		return and_writable(smaps, state == AREA_WRITABLE, seen) && ok;
	case AREA_THERE:
		return is_there(area, smaps, census, seen);
	case AREA_UNCACHED:
		return uncached(area, smaps, seen);
	case AREA_GROWN:
		return populated(area, smaps, census, splits, seen);
	default:
		return true;
	}
}

/* The word is between spaces, or the text has no room for more. */
static bool marked(const struct bench_area *area, const struct smaps *smaps, char seen[PROVE_TEXT])
{
	char word[16];

	if (!area->mark)
		return true;
	snprintf(word, sizeof(word), " %s ", area->mark);
	if (strstr(smaps->flags, word))
		return true;
	snprintf(seen, PROVE_TEXT, "no '%s' in VmFlags:%.80s", area->mark, smaps->flags);
	return false;
}

static bool under_policy(const struct bench_area *area, char seen[PROVE_TEXT])
{
	char policy[64] = "none";

	if (!area->policy || (folios_policy(area->start, policy, sizeof(policy)) &&
			      !strncmp(policy, area->policy, strlen(area->policy))))
		return true;
	snprintf(seen, PROVE_TEXT, "policy %s, not %s", policy, area->policy);
	return false;
}

enum area_state prove_promised(const struct bench_run *run, const struct bench_area *area,
			       bool after)
{
	enum area_state own = after ? area->after : area->before;

	if (own != AREA_ANY)
		return own;
	return after ? run->promise.after : run->promise.before;
}

struct area_look prove_look(const struct bench_area *area, enum area_state state)
{
	bool bare = state == AREA_EMPTY || state == AREA_UNMAPPED;
	struct area_look look = {.drained = state == AREA_LAZY_FREE && area_drain_batches()};

	look.has_smaps = folios_smaps(area->start, area->len, &look.smaps);
	/* Needs memory, which the next op is not to find in another state for nothing. */
	if (!bare)
		look.has_census = folios_census(area->start, area->len, &look.census);
	return look;
}

bool prove_state(const struct bench_area *area, enum area_state state, const struct area_look *look,
		 long splits, char seen[PROVE_TEXT])
{
	if (state == AREA_UNMAPPED)
		return prove_vmas(area, state, seen);
	if (!look->has_smaps || (!look->has_census && state != AREA_EMPTY)) {
		snprintf(seen, PROVE_TEXT, "/proc/self/smaps or pagemap cannot be read");
		return false;
	}
	if (!prove_vmas(area, state, seen))
		return false;
	prove_name(state, area->order, area->vmas, seen);
	if (!marked(area, &look->smaps, seen) || !under_policy(area, seen) ||
	    !pages_agree(area, state, splits, look, seen))
		return false;
	if (area->mark || area->policy)
		snprintf(seen + strlen(seen), PROVE_TEXT - strlen(seen), "; %s %s",
			 area->mark ? "VmFlags" : "policy", area->mark ? area->mark : area->policy);
	return true;
}
