/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a job of LAVA's deploys: kernels, and for each boot an initramfs with the worker as init,
 * its request in it, in a folder.
 */
#ifndef CLI_BATCH_LAVA_FILES_H
#define CLI_BATCH_LAVA_FILES_H

#include <jansson.h>

#include "campaign/asked.h"

/* One boot, in the planned order. */
struct lava_boot {
	char *name;		      /* LABEL-bootN, of letters that LAVA takes */
	char *image, *initrd;	      /* names of files in the folder */
	char *image_sum, *initrd_sum; /* SHA-256 */
	json_t *words;		      /* of runner.h's pack() */
};

/*
 * Makes the files of all boots of a campaign in the folder, which is made. A new array of *ret_nr,
 * or NULL with a message printed.
 */
struct lava_boot *lava_files(const struct campaign *campaign, const char *folder, size_t *ret_nr);

void lava_files_free(struct lava_boot *boots, size_t nr);

#endif
