/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's memory as /proc/kcore shows it to root: an ELF file, of which a segment is a piece
 * that is mapped in one go.
 */
#ifndef BENCH_HARNESS_KERNEL_KCORE_H
#define BENCH_HARNESS_KERNEL_KCORE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KCORE_SEGMENTS 64

struct kcore {
	int fd; /* -1: there is none */
	Elf64_Phdr segment[KCORE_SEGMENTS];
	size_t nr;
};

/* False, *k empty, if the kernel shows nothing (CONFIG_PROC_KCORE off, not root). */
bool kcore_open(struct kcore *k);
void kcore_close(struct kcore *k);

/* Reads size bytes at an address of the kernel; at a physical one. False if nothing is there. */
bool kcore_read(const struct kcore *k, uint64_t vaddr, void *to, size_t size);
bool kcore_read_physical(const struct kcore *k, uint64_t paddr, void *to, size_t size);

/* What the kernel writes down for crash dumps, "NAME=VALUE\n" each; its length, at most size - 1,
 * and 0 if it is not there. */
size_t kcore_vmcoreinfo(const struct kcore *k, char *to, size_t size);

#endif
