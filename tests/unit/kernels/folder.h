// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UNIT_KERNELS_FOLDER_H
#define TESTS_UNIT_KERNELS_FOLDER_H

/*
 * A folder for the files of tests.
 */

static char folder[] = "/tmp/faultbench-test-build-XXXXXX";

static inline void write_at(const char *name, const char *text)
{
	char *path = files_text("%s/%s", folder, name);

	assert_true(files_make_above(path) && files_write(path, text, strlen(text)));
	free(path);
}

static inline void assert_content(const char *name, const char *wanted)
{
	char *text = io_read_filef("%s/%s", folder, name);

	assert_string_equal(text ? text : "(none)", wanted);
	free(text);
}

static inline int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state)
{
	(void)state;
	files_remove(folder);
	return 0;
}

#endif
