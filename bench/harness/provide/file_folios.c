// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/file_folios.h"

#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/harness/kernel/folios.h"
#include "bench/harness/provide/folio_orders.h"
#include "bench/services/backing.h"
#include "bench/services/pages.h"

/* Whether a path is below a mount point, or is it. */
static bool is_below(const char *path, const char *top)
{
	size_t len = strcmp(top, "/") ? strlen(top) : 0;

	return !strncmp(path, top, len) && (!path[len] || path[len] == '/');
}

/* The type of the file system that a folder is in: of what is mounted deepest, and there last. */
static void name_fs(const char *folder, char name[32])
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	char path[PATH_MAX];
	struct mntent *m;
	size_t deepest = 0;

	snprintf(name, 32, "file system unknown");
	while (mounts && realpath(folder, path) && (m = getmntent(mounts))) {
		if (!is_below(path, m->mnt_dir) || strlen(m->mnt_dir) < deepest)
			continue;
		deepest = strlen(m->mnt_dir);
		snprintf(name, 32, "%.31s", m->mnt_type);
	}
	if (mounts)
		endmntent(mounts);
}

static int largest(const struct folio_census *census)
{
	int order = MAX_ORDERS - 1;

	while (order && !census->of_order[order])
		order--;
	return order;
}

/* Whether the one folio of an area is as promised. */
static bool look(const struct bench_area *area, char *why, size_t room)
{
	bool pmd = area->order == ORDER_PMD, by_pmd;
	const char *folder = backing_folder(false);
	int order = pages_order(area->order);
	struct folio_census census;
	struct smaps smaps;
	const char *hint;
	char fs[32];

	if (!folios_smaps(area->start, area->len, &smaps) ||
	    !folios_census(area->start, area->len, &census)) {
		snprintf(why, room, "needs /proc/self/smaps and pagemap, to see a file's folios");
		return false;
	}
	name_fs(folder, fs);
	/* That is a guest's, where all else is tmpfs. */
	hint = strcmp(fs, "ramfs") ? "; TMPDIR can name a folder elsewhere" : "";
	by_pmd = smaps.file_pmd_mapped == area->len;
	if (!census.by_flags && !pmd)
		snprintf(why, room,
			 "needs root, to see of which order a file's folios are (kpageflags); "
			 "order=pmd does not");
	else if (census.by_flags && census.of_order[order] != census.pages)
		snprintf(why, room, "needs files with folios of order %d: %s (%s) gives order %d%s",
			 order, folder, fs, largest(&census), hint);
	else if (pmd && !by_pmd)
		snprintf(why, room, "needs files that PMDs map: those in %s (%s) are not%s", folder,
			 fs, hint);
	else if (!pmd && by_pmd)
		snprintf(why, room,
			 "needs folios of order %d that PTEs map: this kernel maps those of files "
			 "by PMDs; use order=pmd",
			 order);
	else
		return true;
	return false;
}

bool file_folios_are(int order, char *why, size_t room)
{
	struct bench_run run = {.processes = 1, .threads = 1, .node = -1};
	bool ok;

	if (order != ORDER_PMD && order > thp_pmd_order()) {
		snprintf(why, room, "order %d is above that of a PMD, %d", order, thp_pmd_order());
		return false;
	}
	if (order == ORDER_PMD && !thp_there(why, room))
		return false;
	ok = !area_map_as(&run, bench_folio_size(order), order, BACK_SHARED_FILE);
	if (ok) {
		/* Whether folios are whole is seen closer. */
		area_populate(&run, &run.areas[0]);
		ok = look(&run.areas[0], why, room);
	} else {
		snprintf(why, room, "needs files with folios of order %d in %s: %s",
			 pages_order(order), backing_folder(false), run.why);
	}
	area_unmap_all(&run);
	free(run.areas);
	if (run.file > 0)
		close(run.file);
	return ok;
}
