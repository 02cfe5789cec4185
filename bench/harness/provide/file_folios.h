/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which folios the files of this machine's folder for them have.
 */
#ifndef BENCH_HARNESS_PROVIDE_FILE_FOLIOS_H
#define BENCH_HARNESS_PROVIDE_FILE_FOLIOS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes as much as a folio of the order has to a file there, as a run would (backing=file), maps
 * it, and looks: by page flags, or, without leave to read them, by smaps, which knows PMDs alone.
 * False, with what it got, in which file system and folder, in why.
 */
bool file_folios_are(int order, char *why, size_t room);

#endif
