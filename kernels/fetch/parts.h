/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of a fetch, each on its own: where the parts of a kernel lie on disk, its modules, its
 * packages. All print what failed, once.
 */
#ifndef KERNELS_FETCH_PARTS_H
#define KERNELS_FETCH_PARTS_H

#include <jansson.h>
#include <stdbool.h>

#include "common/arch.h"
#include "common/exit.h"
#include "kernels/kernel.h"

/*
 * A source with its paths made absolute, so that it is known again from another folder; malloc'ed,
 * or NULL with a message if a path is not there or a list is not of packages.
 */
char *parts_source(const char *source);

/* Whether path, or the last of a list, is a package by its name: .deb, .rpm, .pkg.tar.zst, .tar.gz.
 */
bool parts_is_package(const char *path);

/* The most that a kernel's packages have, with all debugging there is; a bomb has more. */
#define PACKAGES_MOST	 (8ULL << 30) /* bytes, unpacked */
#define PACKAGES_ENTRIES 100000u

/*
 * Unpacks what packages, whose paths are an array, have below boot and lib/modules into the folder
 * `to`. False with a message if one is damaged, or if they have more than PACKAGES_MOST; without
 * one if interrupted.
 */
bool packages_unpack(const json_t *files, const char *to);

/*
 * What belongs to one kernel outside the cache; all but root and image may be NULL. Paths are below
 * root, and opened so (kernels/beneath.h).
 */
struct parts {
	char *root;
	char *image;
	char *config;
	char *modules; /* a folder with a modules.order */
	char *release; /* as file names or the build folder have it */
};

/*
 * Finds the parts from an image, an unpacked package, a folder of installed kernels or a build
 * folder; name is what messages call it. arch, which may be NULL, chooses where a build folder
 * holds images of two architectures.
 */
bool parts_find(const char *path, const char *name, const struct arch *arch, struct parts *ret);
void parts_free(struct parts *parts);

/*
 * Finds what is missing of a config and modules where the image's own release says they are, or
 * a config beside it: IMAGE.config, config-RELEASE, config. arch is the image's: another's config
 * is said to be left out. False with a message if one cannot be read.
 */
bool parts_complete(struct parts *parts, const char *release, const char *arch);

/*
 * Copies the modules that a virtio-serial port on PCI needs, and all they depend on, from the
 * folder of parts with modules.order to `to`, unpacked, and writes modules.dep there. *ret_load is
 * a new array of their paths below `to` in load order; empty, and nothing is made, if all of it is
 * built in.
 */
bool modules_copy(const struct parts *parts, const char *to, json_t **ret_load);

/* The path of a module, NAME.ko in the folder of modules, however it is packed; malloc'ed. NULL
 * with a message printed. */
char *modules_file(const struct parts *parts, const char *name);

/*
 * Packs all modules of the folder of parts, unpacked, and what depmod needs beside them, into the
 * file `to`, a tar.gz of what is to be in lib/modules/RELEASE.
 */
bool modules_pack(const struct parts *parts, const char *to);

/* As kernel_fetch(), under whatever label is free. */
bool fetch_any(const char *source, const char *arch, struct kernel *ret);

/* A kernel in the archives. */
struct debian_kernel {
	char *package; /* the one with the image, not the meta package */
	char *version;
	json_t *packages; /* all that have to be fetched */
	int lock;	  /* held until debian_free() */
};

/*
 * Asks the archives this system is configured for which package has the kernel. state is a folder
 * for apt's lists, so that the system's own are not touched. Returns an exit status.
 */
enum exit_status debian_resolve(const char *package, const char *arch, const char *state,
				struct debian_kernel *ret);

/* Fetches the resolved packages and unpacks them into the folder `to`; works in `to`.debs. */
enum exit_status debian_fetch(const struct debian_kernel *kernel, const char *state,
			      const char *to);

void debian_free(struct debian_kernel *kernel);

#endif
