// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was changed for a run, of files that stand for switches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/harness/provide/changes.h"
#include "common/io.h"

static char folder[] = "/tmp/faultbench-changes-XXXXXX";

static char *in_folder(const char *name)
{
	static char path[4][64];
	static int next;

	next = (next + 1) % 4;
	snprintf(path[next], sizeof(path[next]), "%s/%s", folder, name);
	return path[next];
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void holds(const char *path, const char *text)
{
	char *is = io_read_file(path);

	assert_string_equal(is, text);
	free(is);
}

static int make_folder(void **state)
{
	(void)state;
	put(mkdtemp(folder) ? in_folder("a") : "", "1");
	put(in_folder("b"), "always [madvise] never");
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(in_folder("a"));
	unlink(in_folder("b"));
	unlink(in_folder("changed"));
	return rmdir(folder);
}

static void all_is_put_back(void **state)
{
	struct changes c;

	(void)state;
	changes_begin_guest(&c);
	assert_int_equal(changes_set(&c, in_folder("a"), "2"), 0);
	assert_int_equal(changes_set(&c, in_folder("a"), "3"), 0);
	assert_int_equal(changes_set(&c, in_folder("nowhere"), "3"), 2 /* ENOENT */);
	assert_int_equal(changes_set(&c, in_folder("b"), "always"), 0);
	put(in_folder("b"), "[always] madvise never"); /* as the kernel would show it */
	holds(in_folder("a"), "3");
	assert_int_equal(c.nr, 2);
	assert_int_equal(changes_undo(&c), 0);
	holds(in_folder("a"), "1");
	holds(in_folder("b"), "madvise] madvise never"); /* a file keeps what is behind */
	assert_int_equal(c.nr, 0);
	changes_end(&c);
}

/* A switch that cannot be put back is named, kept, and put back when that is possible. */
static void what_fails_is_named(void **state)
{
	struct changes c;

	(void)state;
	put(in_folder("b"), "1");
	changes_begin_guest(&c);
	assert_int_equal(changes_set(&c, in_folder("a"), "2"), 0);
	assert_int_equal(changes_set(&c, in_folder("b"), "2"), 0);
	unlink(in_folder("b"));
	assert_int_equal(symlink("/proc/version", in_folder("b")), 0);
	assert_int_not_equal(changes_undo(&c), 0);
	assert_string_equal(c.failed, in_folder("b"));
	holds(in_folder("a"), "1");
	assert_int_equal(c.nr, 1);
	unlink(in_folder("b"));
	put(in_folder("b"), "2");
	assert_int_equal(changes_undo(&c), 0);
	holds(in_folder("b"), "1");
	changes_end(&c);
}

/* Writes a file as a process of this boot, or another, left it. */
static void put_file(const char *boot, const char *lines)
{
	char *now = io_read_file("/proc/sys/kernel/random/boot_id"), text[1024];

	snprintf(text, sizeof(text), "{\"boot\":\"%s\"}\n%s", boot ? boot : now, lines);
	put(in_folder("changed"), text);
	free(now);
}

static void what_is_left_is_found(void **state)
{
	struct changes c;
	char line[256];
	json_t *list;

	(void)state;
	put(in_folder("a"), "2");
	snprintf(line, sizeof(line),
		 "{\"path\":\"%s\",\"was\":\"1\",\"set\":\"2\"}\nnot JSON\n{\"zram\":\"x\"}\n"
		 "{\"path\":\"%s\",\"was\":\"1\"",
		 in_folder("a"), in_folder("b"));
	put_file("another", line);
	changes_read(&c, in_folder("changed"));
	assert_int_equal(c.nr, 0);
	changes_end(&c);
	put_file(NULL, line);
	changes_read(&c, in_folder("changed"));
	assert_int_equal(c.nr, 1);
	list = changes_list(&c);
	assert_int_equal(json_array_size(list), 1);
	json_decref(list);
	/* Whoever set it to 3 since meant it so. */
	put(in_folder("a"), "3");
	assert_int_equal(changes_undo(&c), 0);
	holds(in_folder("a"), "3");
	changes_end(&c);
	changes_read(&c, in_folder("changed"));
	put(in_folder("a"), "2");
	assert_int_equal(changes_undo(&c), 0);
	holds(in_folder("a"), "1");
	changes_end(&c);
}

/* A device that was about to be made when its maker was killed, and is not there. */
static void a_disk_that_was_not_made_is_forgotten(void **state)
{
	struct changes c;
	json_t *list;

	(void)state;
	put_file(NULL, "{\"nullb\":true}\n{\"nullb\":\"x\"}\n");
	changes_read(&c, in_folder("changed"));
	assert_true(c.devices.nullb && c.devices.nullb_earlier);
	list = changes_list(&c);
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	assert_int_equal(changes_undo(&c), 0);
	assert_false(c.devices.nullb);
	changes_end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_put_back),
		cmocka_unit_test(what_fails_is_named),
		cmocka_unit_test(what_is_left_is_found),
		cmocka_unit_test(a_disk_that_was_not_made_is_forgotten),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
