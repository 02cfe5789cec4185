/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The architectures there are, a row each, by all names that somebody has for them. One more is a
 * row in arch.c; what its instructions are (runners/exact/insn/decode.h) and where its kernel is
 * entered (runners/exact/home/symbols.c), for exact mode; and a file in configs/machines/. What has
 * no row is refused by its name.
 */
#ifndef COMMON_ARCH_H
#define COMMON_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARCH_PAGES   3 /* page sizes at most, */
#define ARCH_SYMBOLS 2 /* symbols of a PMU, */
#define ARCH_IMAGES  3 /* and forms of an image */

/* A size that base pages may have. */
struct arch_pages {
	const char *name; /* "16K" */
	int64_t bytes;
	const char *symbol; /* what the kernel's configuration calls it; NULL: it has no choice */
};

/* A symbol of the kernel's configuration that there is since a release. */
struct arch_symbol {
	const char *name;
	int major, minor;
};

struct arch {
	const char *name;    /* ours, in machine files and records: "x86_64" */
	const char *uname;   /* uname -m's, and QEMU's: "x86_64", "aarch64" */
	const char *debian;  /* "amd64" */
	const char *triplet; /* of compilers and of folders with libraries: "x86_64-linux-gnu" */
	const char *kbuild;  /* make's ARCH */
	const char *tree;    /* its folder in the kernel's arch/, our fragment: "x86" */

	unsigned int elf;		 /* e_machine */
	const char *magic;		 /* the four bytes at 56 of an Image; NULL: it has none */
	bool starts_elf;		 /* QEMU starts a vmlinux, if that has a PVH note */
	const char *images[ARCH_IMAGES]; /* that a build folder may hold, the best first; NULLs */
	const char *lean;		 /* the one that is made of our own configuration */

	struct arch_pages pages[ARCH_PAGES];  /* the usual one first; NULL names */
	struct arch_symbol pmu[ARCH_SYMBOLS]; /* all must be set for a PMU; NULL names */
	const char *contpte;		      /* the symbol for that; NULL: it has none */

	const char *board;    /* QEMU's -machine */
	const char *console;  /* the guest's, on QEMU's first serial port */
	const char *tame_cpu; /* QEMU's -cpu with which old kernels start as well */
	const char *exact;    /* what its kernel is told so that instructions can be counted */
};

/* Every row, then one without a name. */
extern const struct arch arch_list[];

/* The row that any of the names means (ours, uname's, Debian's), or NULL. */
const struct arch *arch_find(const char *name);

/* As arch_find(). Says that there is none, with what in front: "WHAT: 'riscv64' is ...". */
const struct arch *arch_need(const char *what, const char *name);

/* This machine's row; NULL if it has none. */
const struct arch *arch_here(void);

/* "arm64 or x86_64": what there is. Static text. */
const char *arch_names(void);

/*
 * Our name, or the usual one of an architecture that has no row, of a package's name
 * ("linux-image-6.1-riscv64"), of an ELF file's e_machine or of an Image's magic (4 bytes). NULL if
 * it is known by nobody here. Static text.
 */
const char *arch_of_package(const char *package);
const char *arch_of_elf(unsigned int machine);
const char *arch_of_magic(const void *magic);

/* The page size of that name ("16K"), or of so many bytes; NULL if the architecture has no such. */
const struct arch_pages *arch_pages_named(const struct arch *arch, const char *name);
const struct arch_pages *arch_pages_sized(const struct arch *arch, int64_t bytes);

/* "4K, 16K or 64K". */
const char *arch_pages_names(const struct arch *arch, char text[32]);

#endif
