/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest program: one page, no libraries, three instructions, which exit with a status that
 * nobody else has. It is made in memory, so it is there on every machine.
 */
#ifndef BENCH_PARTS_NOTHING_H
#define BENCH_PARTS_NOTHING_H

#include <elf.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOTHING_STATUS 42
#define NOTHING_AT     0x400000 /* a whole number of pages, of whatever size */

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

/* exit_group(NOTHING_STATUS) */
#if defined(__x86_64__)
#define NOTHING_MACHINE EM_X86_64
static const uint8_t nothing_code[] = {0xb8, 0xe7, 0, 0, 0,    0xbf,  /* mov $231, %eax */
				       0x2a, 0,	   0, 0, 0x0f, 0x05}; /* mov $42, %edi; syscall */
#elif defined(__aarch64__)
#define NOTHING_MACHINE EM_AARCH64
static const uint32_t nothing_code[] = {0xd2800540,  /* mov x0, #42 */
					0xd2800bc8,  /* mov x8, #94 */
					0xd4000001}; /* svc #0 */
#else
#error "how a program of this architecture exits is not known: bench/parts/nothing.h"
#endif

struct nothing {
	Elf64_Ehdr head;
	Elf64_Phdr segment;
	uint8_t code[sizeof(nothing_code)];
};

/* For setup: a descriptor of the program, to be executed, or -1. Who writes to it may not be there.
 */
static inline int nothing_open(void)
{
	struct nothing image = {
		.head = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
				     EV_CURRENT},
			 .e_type = ET_EXEC,
			 .e_machine = NOTHING_MACHINE,
			 .e_version = EV_CURRENT,
			 .e_entry = NOTHING_AT + offsetof(struct nothing, code),
			 .e_phoff = offsetof(struct nothing, segment),
			 .e_ehsize = sizeof(Elf64_Ehdr),
			 .e_phentsize = sizeof(Elf64_Phdr),
			 .e_phnum = 1},
		.segment = {.p_type = PT_LOAD,
			    .p_flags = PF_R | PF_X,
			    .p_vaddr = NOTHING_AT,
			    .p_filesz = sizeof(image),
			    .p_memsz = sizeof(image),
			    .p_align = 0x10000},
	};
	int written = memfd_create("nothing", MFD_CLOEXEC | MFD_EXEC), file;
	char path[32];

	/* Before 6.3 each can be executed. */
	if (written < 0)
		written = memfd_create("nothing", MFD_CLOEXEC);
	if (written < 0)
		return -1;
	memcpy(image.code, nothing_code, sizeof(nothing_code));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", written);
	file = write(written, &image, sizeof(image)) == sizeof(image) && !access(path, X_OK)
		       ? open(path, O_RDONLY | O_CLOEXEC)
		       : -1;
	close(written);
	return file;
}

#endif
