/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's vmlinux with DWARF: which line of source an instruction is of. An inlined function's
 * instructions are of its own lines, in the file that it is in.
 */
#ifndef ANALYSIS_CALLS_VMLINUX_H
#define ANALYSIS_CALLS_VMLINUX_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct vmlinux;

/* NULL with a message printed if it cannot be read, is no ELF file or has no lines. */
struct vmlinux *vmlinux_open(const char *path);
void vmlinux_close(struct vmlinux *vmlinux);

const char *vmlinux_path(const struct vmlinux *vmlinux);

/* Where such a function ("functions" of struct run_record) is; 0 if that is not known. */
uint64_t vmlinux_address(const json_t *functions, const char *name);

/*
 * Whether it is what was run: each of these functions that it
 * has as well is at the same address, and there is one; what is not where its code is, as modules
 * are, is left out. False with a message about the kernel of that label.
 */
bool vmlinux_fits(const struct vmlinux *vmlinux, const json_t *functions, const char *label);

/* Whether it has that build id, in hexadecimal: it is of the very build. */
bool vmlinux_is(const struct vmlinux *vmlinux, const char *build_id);

/*
 * The file of an address, as it is called below the tree ("mm/memory.c") if that is known, else as
 * the compiler had it, and its line; NULL and 0 if DWARF does not say. Lives as long as vmlinux.
 */
const char *vmlinux_line(struct vmlinux *vmlinux, uint64_t addr, unsigned int *ret_line);

#endif
