// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/files.h"
#include "common/io.h"
#include "kernels/build/make.h"
#include "kernels/build/mirror.h"
#include "kernels/objects.h"
#include "tests/unit/kernels/folder.h"

/* --- the copy of a source folder ---------------------------------------------------------------
 */

static void update(void)
{
	char *from = files_text("%s/tree", folder), *to = files_text("%s/copy", folder);

	assert_true(mirror_update(from, to));
	free(from);
	free(to);
}

static int64_t time_of(const char *name)
{
	char *path = files_text("%s/%s", folder, name);
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	free(path);
	return st.st_mtim.tv_sec * 1000000000LL + st.st_mtim.tv_nsec;
}

static void mirror(void **state)
{
	char *link = files_text("%s/tree/link", folder);
	int64_t before;

	(void)state;
	write_at("tree/a/b.c", "one");
	write_at("tree/empty", "");
	write_at("tree/gone/c", "c");
	assert_int_equal(symlink("a/b.c", link), 0);
	update();
	assert_content("copy/a/b.c", "one");
	assert_content("copy/link", "one");
	assert_content("copy/gone/c", "c");
	before = time_of("copy/a/b.c");
	assert_true(before == time_of("tree/a/b.c"));
	/* What is as it was is left alone. */
	update();
	assert_true(time_of("copy/a/b.c") == before);
	/* An edit of the copy is undone, and is seen to have been. */
	write_at("copy/a/b.c", "two");
	update();
	assert_content("copy/a/b.c", "one");
	assert_true(time_of("copy/a/b.c") > before);
	files_remove(link);
	free(link);
	link = files_text("%s/tree/gone", folder);
	files_remove(link);
	free(link);
	update();
	assert_content("copy/gone/c", "(none)");
	assert_content("copy/link", "(none)");
}

/* --- make --------------------------------------------------------------------------------------
 */

static void assert_error(const char *log, const char *wanted)
{
	char *line = make_first_error(log);

	assert_string_equal(line, wanted);
	free(line);
}

static void first_error(void **state)
{
	(void)state;
	assert_error("  CC a.o\na.c:1: warning: w\na.c:2:3: error: e\nb.c: error: f\n",
		     "a.c:2:3: error: e");
	assert_error("ld: undefined reference to `x'\nmake: *** [vmlinux] Error 1\n",
		     "ld: undefined reference to `x'");
	assert_error("  CC a.o\nmake: *** [a.o] Error 1", "make: *** [a.o] Error 1");
	assert_error("b.c:1: error: e\nld: a.o: No space left on device\nmake: *** [a.o] Error 1",
		     "ld: a.o: No space left on device");
	assert_error("all is well\n", "");
}

/* --- lists of objects --------------------------------------------------------------------------
 */

#define HEADER(name, size) name "0           0     0     644     " size "`\n"

/* A table of symbols (of odd length), one of names, and two members. */
static const char archive[] = "!<thin>\n" HEADER("/               ", "3         ") "sym\n" HEADER(
	"//              ", "16        ") "mm/b.o/\nmm/a.o/\n" HEADER("/0              ",
								      "9999      ")
	HEADER("/8              ", "9999      ");

static bool list(char **ret)
{
	char *out = files_text("%s/out", folder);
	bool ok = objects_list(out, ret);

	free(out);
	return ok;
}

static void object_list(void **state)
{
	static const char sum_of_a[] =
		"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
	json_t *objects;
	char *text = NULL;

	(void)state;
	write_at("out/mm/a.o", "a");
	assert_true(list(&text));
	assert_null(text);
	write_at("out/.vmlinux.o.cmd", "savedcmd_vmlinux.o := ld vmlinux.a lib/lib.a ; x y.a\n\n"
				       "source_vmlinux.o := z.a\n");
	write_at("out/vmlinux.a", archive);
	write_at("out/lib/lib.a", "!<thin>\n");
	assert_false(list(&text)); /* mm/b.o is missing */
	write_at("out/mm/b.o", "b");
	assert_true(list(&text));
	objects = objects_parse(text);
	assert_int_equal(json_object_size(objects), 2);
	assert_string_equal(json_string_value(json_object_get(objects, "mm/a.o")), sum_of_a);
	assert_true(strstr(text, "mm/a.o\n") < strstr(text, "mm/b.o"));
	json_decref(objects);
	free(text);
	/* Names are relative to the archive's folder. */
	write_at("out/lib/lib.a", archive);
	write_at("out/lib/mm/a.o", "a");
	write_at("out/lib/mm/b.o", "b");
	assert_true(list(&text));
	assert_non_null(strstr(text, "  lib/mm/b.o\n"));
	free(text);
}

/* As trees before 6.1 leave it: archives of folders, which may be in one another. */
static void object_folders(void **state)
{
	static const char one[] =
		"!<thin>\n" HEADER("//              ",
				   "6         ") "ab.o/\n" HEADER("/0              ", "9         ");
	char *text = NULL, *path = files_text("%s/out", folder);
	json_t *objects;

	(void)state;
	files_remove(path);
	free(path);
	write_at("out/mm/built-in.a", one);
	write_at("out/mm/ab.o", "x");
	write_at("out/mm/sub/built-in.a", archive);
	assert_true(list(&text));
	assert_non_null(strstr(text, "  mm/ab.o"));
	assert_null(strstr(text, "sub"));
	free(text);
	write_at("out/certs/built-in.a", "!<arch>\n");
	write_at("out/arch/x86/built-in.a", archive);
	write_at("out/arch/x86/mm/built-in.a", one);
	write_at("out/arch/x86/mm/ab.o", "x");
	write_at("out/arch/x86/mm/a.o", "a");
	write_at("out/arch/x86/mm/b.o", "b");
	write_at("out/arch/x86/kernel/head_64.o", "h");
	write_at("out/lib/lib.a", archive);
	write_at("out/lib/mm/a.o", "a");
	write_at("out/lib/mm/b.o", "b");
	assert_true(list(&text));
	objects = objects_parse(text);
	assert_int_equal(json_object_size(objects), 7);
	assert_non_null(json_object_get(objects, "arch/x86/kernel/head_64.o"));
	assert_non_null(json_object_get(objects, "lib/mm/b.o"));
	json_decref(objects);
	free(text);
}

/* What is cut is refused wherever it is cut, unless whole members (or padding) are gone. */
static void bad_archives(void **state)
{
	char cut[sizeof(archive)], *text = NULL;
	size_t size;

	(void)state;
	write_at("out/.vmlinux.o.cmd", "savedcmd_vmlinux.o := ld vmlinux.a\n");
	for (size = 1; size < sizeof(archive) - 1; size++) {
		memcpy(cut, archive, size);
		cut[size] = '\0';
		write_at("out/vmlinux.a", cut);
		if (list(&text))
			assert_true(size == 8 || size == 71 || size == 72 || size == 148 ||
				    size == 208);
		free(text);
		text = NULL;
	}
	write_at("out/vmlinux.a", "!<arch>\n");
	assert_false(list(&text));
}

static void object_diff(void **state)
{
	json_t *a = objects_parse("11  a.o\n22  b.o\n33  c.o"), *b = objects_parse("");
	json_t *diff = objects_diff(a, b);
	char *text = json_dumps(diff, JSON_COMPACT);

	(void)state;
	assert_string_equal(text, "{\"objects\":0,\"differ\":[],"
				  "\"only_a\":[\"a.o\",\"b.o\",\"c.o\"],\"only_b\":[]}");
	free(text);
	json_decref(diff);
	json_decref(b);
	b = objects_parse("11  a.o\n23  b.o\n44  d.o\n");
	diff = objects_diff(a, b);
	text = json_dumps(diff, JSON_COMPACT);
	assert_string_equal(text, "{\"objects\":2,\"differ\":[\"b.o\"],"
				  "\"only_a\":[\"c.o\"],\"only_b\":[\"d.o\"]}");
	free(text);
	json_decref(diff);
	json_decref(b);
	json_decref(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mirror),	cmocka_unit_test(first_error),
		cmocka_unit_test(object_list),	cmocka_unit_test(object_folders),
		cmocka_unit_test(bad_archives), cmocka_unit_test(object_diff),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
