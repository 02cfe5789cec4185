/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where kernels come from: distribution packages, build folders and bare images all end as an
 * entry of one cache, $XDG_CACHE_HOME/faultbench/kernels/LABEL/ (~/.cache by default; LABEL:ARCH
 * where another architecture's kernel has that label), that QEMU can start:
 *
 *   image        what -kernel takes
 *   config       the kernel's .config, if it was found
 *   modules/     lib/modules/RELEASE, reduced to what virtio-serial needs, with its modules.dep
 *   bootable     what a loader takes, where that is not the image and all of it was asked for
 *   modules.tar.gz  all of lib/modules/RELEASE, unpacked, where that was
 *   objects      what it was linked from, if it was built: objects.h
 *   vmlinux      its ELF file with debug information, if it was built so: build/debug.h
 *   SHA256SUMS   of all these, looked at before each boot: sums.h
 *   kernel.json  label, release, arch, source, sha256, format, page_size, package, version,
 *                fetched, modules
 *
 * An entry appears whole or not at all.
 */
#ifndef KERNELS_KERNEL_H
#define KERNELS_KERNEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/arch.h"
#include "common/exit.h"

struct kernel {
	char *label;	/* one architecture's: another's kernel can have the same */
	char *release;	/* what uname -r says on it */
	char *arch;	/* its name in common/arch.h */
	char *dir;	/* its folder in the cache */
	char *image;	/* path of what QEMU's -kernel can start */
	char *config;	/* path, or NULL */
	char *modules;	/* path of its lib/modules/RELEASE, or NULL if it needs none */
	char *bootable; /* path of what loaders take */
	char *whole;	/* path of a tar.gz of all its modules, or NULL */
	char *vmlinux;	/* path of its ELF file with debug information, or NULL */
	char **load;	/* paths of the modules, in the order they have to be loaded */
	size_t nr_load;
	char *source;		 /* what it was fetched from: debian:PACKAGE or a path */
	char *sha256;		 /* of the image as it was found, before any unpacking */
	char *sums;		 /* of what is in dir: sums.h */
	enum exit_status status; /* after a failure: the exit status that fits it */
	char *why; /* after a build that the source made fail: its first error; else NULL */
};

/* Frees what kernel holds and empties it. */
void kernel_free(struct kernel *kernel);

/*
 * Puts a kernel into the cache, unless it is there already. source is one of
 *
 *   debian:PACKAGE   a meta package or an exact one, from the archives apt is configured for
 *   A.deb[,B.deb]... packages of one kernel: .deb, .rpm, .pkg.tar.zst or another .tar
 *   FOLDER           an unpacked package, a root, a /boot or a lib/modules/RELEASE with one
 *                    installed kernel, or a kernel build folder
 *   FILE             bzImage, vmlinux with a PVH note, Image, EFI zboot image, or one of the
 *                    first three packed with gzip, xz, lzma or zstd
 *
 * arch (by any name that common/arch.h has) chooses, or has to agree with, the kernel's; NULL: what
 * the source says. label NULL: the release. An entry with the same label
 * and source is replaced if the kernel has changed. Says on stderr what it is doing.
 *
 * Returns false, with one line printed and only ret->status set: EXIT_USAGE if the source or a
 * word is wrong, EXIT_CANNOT_RUN if it cannot be had here (no network, no apt-get), else
 * EXIT_FAILED. SIGINT, SIGTERM and SIGHUP take their usual course once nothing is left behind.
 */
bool kernel_fetch(const char *source, const char *arch, const char *label, struct kernel *ret);

/*
 * The kernel with that label in the cache, or LABEL:ARCH; or a local source (no debian:), put into
 * the cache first if needed, under its release or, if that is the label of another kernel, with the
 * beginning of its checksum. arch, which may be NULL, chooses where kernels of two architectures
 * have the label. Failures as for kernel_fetch().
 */
bool kernel_open(const char *what, const char *arch, struct kernel *ret);

/*
 * The path of a vmlinux with debug information of the kernel whose image has that checksum
 * (struct kernel's sha256), if one is in the cache; malloc'ed, or NULL.
 */
char *kernel_vmlinux(const char *sha256);

/*
 * Sees to it that a kernel has all that it takes to be installed: all its modules, if it has any,
 * and what a loader takes. An entry that was made without them is fetched again from where it was.
 * False with a message printed, also if another kernel is there by now.
 */
bool kernel_make_whole(struct kernel *kernel);

/*
 * The sources of small kernels of an architecture in Debian's archives, one for
 * each version that has a package of its own: debian:linux-image-cloud-arm64, the default, and
 * debian:linux-image-6.12-cloud-arm64. A new array, or NULL with a message.
 */
json_t *kernel_clouds(const struct arch *arch);

/*
 * The names of all entries (cache.h), sorted, damaged ones included; free each and the array. NULL
 * with a message printed if there can be no cache.
 */
char **kernel_names(size_t *ret_nr);

/* Removes the entry of a label or LABEL:ARCH, whatever its state. Returns an exit status, with a
 * message printed. */
enum exit_status kernel_remove(const char *what);

/*
 * What the kernel offers, from its config and release. Values are "yes", "no", "unknown", and
 * "module" where a module has to be loaded first:
 *
 *   vma_lock, vma_lock_stats, spf   per-VMA locks, their statistics, speculative page faults
 *   fork_batching, zap_batching     by the release: vendors' backports are not seen
 *                                   (what a variant of build.h turns off is "no")
 *   mthp, contpte, pmu, kpageflags
 *   page_size                       "4K", "16K", "64K" or "unknown"; without a config, as an arm64
 *                                   Image's head has it
 *   debug                           array of config symbols that falsify numbers, or "unknown"
 */
json_t *kernel_features(const struct kernel *kernel);

/* The same from the text of a config, which may be NULL. */
json_t *kernel_features_of(const char *config, const char *release, const char *arch);

/*
 * Bytes of the kernel's base pages: as the head of its image says, else its config, else its
 * architecture if that leaves no choice. 0 if none says it.
 */
int64_t kernel_page_size(const struct kernel *kernel);

/* The same of the text of a config, which may be NULL. */
int64_t kernel_config_page_size(const char *config, const struct arch *arch);

/* The architecture that a config is for, by common/arch.h's name; NULL if it does not say. */
const char *kernel_config_arch(const char *config);

#endif
