/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patches applied in the export of a tree (kernels/build/source.h), with `git am`.
 */
#ifndef KERNELS_SERIES_APPLY_H
#define KERNELS_SERIES_APPLY_H

#include "common/exit.h"
#include "kernels/build/source.h"
#include "kernels/series/posting.h"

/*
 * Applies patch number i (from 0) of a posting on what the export has checked out, and commits it,
 * by nobody in particular and at a fixed time: *ret_commit, malloc'ed, is the same for the same
 * patches on the same base. One whose context has moved is merged (`git am -3`) where the blobs it
 * was made from are there, which is said.
 *
 * Returns an exit status, with one line printed unless it is 0 or child_interrupted(): EXIT_USAGE
 * if it does not apply, with the file and the hunk, and what git says.
 */
enum exit_status apply_patch(const struct build_source *source, const struct posting *posting,
			     size_t i, char **ret_commit);

#endif
