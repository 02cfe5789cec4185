// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/configure.h"

#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "kernels/build/config.h"

/* Names at most a few of what did not survive; the list can be hundreds long for a foreign tree. */
static enum exit_status say_lost(struct build_make *make, const json_t *lost)
{
	char *text = files_text("%s", ""), *more;
	json_t *symbol;
	size_t i;

	json_array_foreach(lost, i, symbol) {
		more = files_text("%s%s%s", text, i ? ", " : "", json_string_value(symbol));
		free(text);
		text = more;
	}
	make->error = files_text("this tree's Kconfig does not keep %zu of the symbols that are "
				 "wanted: %s",
				 json_array_size(lost), text);
	err("%s: %s", make->label, make->error);
	free(text);
	return EXIT_FAILED;
}

static enum exit_status check(struct build_make *make, const struct wanted *wanted,
			      bool *ret_modules)
{
	char *path = files_text("%s/.config", make->out), *text = io_read_file(path);
	json_t *lost = text ? fragment_lost(wanted->symbols, text) : NULL;
	enum exit_status rc = EXIT_FAILED;

	if (!text)
		err_errno("%s", path);
	else
		rc = json_array_size(lost) ? say_lost(make, lost) : EXIT_OK;
	if (!rc) {
		wanted_say_features(wanted, make->label, make->src, make->arch, text);
		*ret_modules = strstr(text, "\nCONFIG_MODULES=y\n");
	}
	json_decref(lost);
	free(text);
	free(path);
	return rc;
}

enum exit_status configure(struct build_make *make, const struct wanted *wanted, const char *path,
			   bool *ret_modules)
{
	char *all = files_text("KCONFIG_ALLCONFIG=%s", path);
	char *config = files_text("%s/.config", make->out);
	const char *minimal[] = {all, "allnoconfig", NULL};
	const char *complete[] = {"olddefconfig", NULL};
	bool ok;

	/* What is put on top of nothing needs no second pass: allnoconfig answers every prompt. */
	if (wanted->base)
		ok = files_copy(path, config) && make_run(make, complete);
	else
		ok = make_run(make, minimal);
	free(config);
	free(all);
	return ok ? check(make, wanted, ret_modules) : EXIT_FAILED;
}
