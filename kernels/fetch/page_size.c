// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How large the base pages of a kernel are, before it has ever been booted.
 */
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/io.h"
#include "common/map.h"
#include "kernels/fetch/image.h"
#include "kernels/kernel.h"

int64_t kernel_config_page_size(const char *config, const struct arch *arch)
{
	json_t *features = kernel_features_of(config, "", arch->name);
	const char *name = json_string_value(json_object_get(features, "page_size"));
	const struct arch_pages *pages = name ? arch_pages_named(arch, name) : NULL;

	json_decref(features);
	return pages ? pages->bytes : 0;
}

int64_t kernel_page_size(const struct kernel *kernel)
{
	const struct arch *arch = arch_find(kernel->arch);
	char *config = kernel->config ? io_read_file(kernel->config) : NULL;
	int64_t bytes = 0;
	struct file_map m;

	if (map_file(kernel->image, &m)) {
		bytes = image_page_size(m.data, m.len);
		unmap_file(&m);
	}
	if (!bytes && arch)
		bytes = kernel_config_page_size(config, arch);
	free(config);
	return bytes;
}
