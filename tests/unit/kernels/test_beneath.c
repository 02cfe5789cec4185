// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is opened beneath a folder, with openat2() and where there is none.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/arch.h"
#include "common/files.h"
#include "common/io.h"
#include "kernels/beneath.h"
#include "kernels/build/variant.h"
#include "tests/unit/kernels/folder.h"

static void link_at(const char *name, const char *to)
{
	char *path = files_text("%s/%s", folder, name);

	assert_int_equal(symlink(to, path), 0);
	free(path);
}

/* The folder "in", with links in it and beside it. */
static int lay_out(void **state)
{
	char *path;

	if (make_folder(state))
		return -1;
	write_at("in/a/file", "inside\n");
	write_at("in/..odd", "odd\n");
	write_at("out/file", "outside\n");
	write_at("inner/file", "outside\n");
	link_at("in/a/link", "file");
	link_at("in/dir", "a");
	link_at("in/up", "../out/file");
	link_at("in/updir", "../out");
	link_at("in/absolute", "/etc/passwd");
	link_at("in/self", "/proc/self/exe");
	path = files_text("%s/in/fifo", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	free(path);
	return freopen("/dev/null", "w", stderr) ? 0 : -1;
}

static void assert_read(const char *name, const char *wanted)
{
	char *in = files_text("%s/in", folder), *path = files_text("%s/%s", folder, name);
	char *text = beneath_read(in, path);

	assert_string_equal(text ? text : "(refused)", wanted);
	free(text);
	free(path);
	free(in);
}

static void nothing_leads_out(void)
{
	static const char *const names[] = {
		"in/up",       "in/updir/file", "in/../out/file", "in/a/../../out/file",
		"in/absolute", "in/self",	"in/fifo",	  "in/a",
		"in/nothing",  "out/file",	"inner/file"};
	size_t i;

	assert_read("in/a/file", "inside");
	assert_read("in//a//file", "inside");
	assert_read("in/..odd", "odd");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_read(names[i], "(refused)");
}

static void links_inside_are_followed(void **state)
{
	(void)state;
	nothing_leads_out();
	assert_read("in/a/link", "inside");
	assert_read("in/dir/file", "inside");
	assert_read("in/dir/../..odd", "odd");
}

/* A variant's edit of a file that is a link changes nothing elsewhere. */
static void edits_stay_inside(void **state)
{
	char *src = files_text("%s/in", folder), *path = files_text("%s/v.ini", folder);
	static const char source[] = "int f(void)\n{\n\treturn 1;\n}\n";
	struct variant variant;

	(void)state;
	write_at("out/f.c", source);
	write_at("in/a/f.c", source);
	link_at("in/f.c", "../out/f.c");
	write_at("v.ini", "[variant]\nsummary=s\n[x]\nfile=f.c\nfunction=f\nfind=return 1;\n"
			  "replace=return 2;\n");
	assert_true(variant_read("", path, &variant));
	assert_false(variant_apply(&variant, arch_find("arm64"), src));
	assert_content("out/f.c", "int f(void)\n{\n\treturn 1;\n}");
	assert_true(ini_file_set(&variant.ini, "x", "file", "a/f.c", 1));
	assert_true(variant_apply(&variant, arch_find("arm64"), src));
	assert_content("in/a/f.c", "int f(void)\n{\n\treturn 2;\n}");
	variant_free(&variant);
	free(path);
	free(src);
}

static bool forbid_openat2(void)
{
	struct sock_filter code[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					      offsetof(struct seccomp_data, nr)),
				     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
				     BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
				     BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog filter = {.len = sizeof(code) / sizeof(code[0]), .filter = code};

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

/* The last: it cannot be undone. */
static void without_openat2_no_link_is(void **state)
{
	(void)state;
	if (!forbid_openat2())
		skip();
	nothing_leads_out();
	assert_read("in/a/link", "(refused)");
	assert_read("in/dir/file", "(refused)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_inside_are_followed),
		cmocka_unit_test(edits_stay_inside),
		cmocka_unit_test(without_openat2_no_link_is),
	};

	return cmocka_run_group_tests(tests, lay_out, remove_folder);
}
