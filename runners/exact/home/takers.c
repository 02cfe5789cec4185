// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/home/takers.h"

#include <stddef.h>
#include <string.h>

static bool begins_with_any(const char *function, const char *const *names)
{
	for (; *names; names++)
		if (!strncmp(function, *names, strlen(*names)))
			return true;
	return false;
}

bool takers_clear(const char *function)
{
	static const char *const names[] = {"clear_page", "__pi_clear_page", "memset",
					    "__memset",	  "__pi_memset",     NULL};

	return begins_with_any(function, names);
}

/*
 * By what names begin with. Of several pages that a function touches, these are the only ones that
 * have no type: an entry of a table, a page's bytes that are copied, a batch of pages to free.
 */
enum data_kind takers_kind(const char *function)
{
	static const struct {
		enum data_kind kind;
		const char *names[24];
	} takers[] = {
		{DATA_TABLES,
		 {"pgd_",
		  "p4d_",
		  "pud_",
		  "pmd_",
		  "pte_",
		  "__pgd_",
		  "__p4d_",
		  "__pud_",
		  "__pmd_",
		  "__pte_",
		  "set_p",
		  "__set_p",
		  "native_set_p",
		  "copy_page_range",
		  "free_pgd_range",
		  "free_pgtables",
		  "unmap_page_range",
		  "__handle_mm_fault",
		  "change_p",
		  "walk_p",
		  "move_page_tables"}},
		{DATA_USER, {"copy_page", "__pi_copy_page", "memcpy", "__memcpy", "__pi_memcpy"}},
		{DATA_GATHER,
		 {"tlb_", "__tlb_", "free_pages_and_swap_cache", "free_page_and_swap_cache",
		  "release_pages", "folios_put", "folio_batch"}},
		{DATA_SLAB,
		 {"allocate_slab", "___slab_alloc", "new_slab", "setup_object", "shuffle_freelist",
		  "kmem_cache_", "kfree", "kmalloc", "__kmalloc", "__slab_", "__kmem_cache_"}},
	};
	size_t i;

	for (i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
		if (begins_with_any(function, takers[i].names))
			return takers[i].kind;
	return DATA_RAW;
}
