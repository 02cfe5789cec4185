// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/files.h"
#include "common/io.h"
#include "kernels/build/config.h"
#include "kernels/build/kconfig.h"
#include "kernels/build/variant.h"
#include "tests/unit/kernels/folder.h"

/* --- config fragments --------------------------------------------------------------------------
 */

static json_t *symbols_of(const char *text, bool ok)
{
	json_t *symbols = json_object();

	assert_int_equal(fragment_parse(symbols, "test", text), ok);
	return symbols;
}

/* The symbols of fragment that config lacks, as one text. */
static void assert_lost(const char *fragment, const char *config, const char *wanted)
{
	json_t *symbols = symbols_of(fragment, true), *lost = fragment_lost(symbols, config);
	char text[256] = "";
	json_t *symbol;
	size_t i;

	json_array_foreach(lost, i, symbol) {
		strcat(text, json_string_value(symbol));
		strcat(text, ";");
	}
	assert_string_equal(text, wanted);
	json_decref(lost);
	json_decref(symbols);
}

static void lost_symbols(void **state)
{
	(void)state;
	assert_lost("CONFIG_A=y\n", "CONFIG_A=y\n", "");
	assert_lost("CONFIG_A=y", "CONFIG_A=y", "");
	assert_lost("CONFIG_A=y\n", "# CONFIG_A is not set\n", "A=y (is n);");
	assert_lost("CONFIG_A=y\n", "", "A=y (is n);");
	assert_lost("CONFIG_A=y\n", "CONFIG_A=m\n", "A=y (is m);");
	assert_lost("CONFIG_A=y\n", "CONFIG_A_B=y\nX_CONFIG_A=y\n", "A=y (is n);");
	assert_lost("CONFIG_A=\"x y\"\n", "CONFIG_A=\"x y\"\n", "");
	assert_lost("CONFIG_N=8\nCONFIG_A=y\n", "CONFIG_N=64\n", "N=8 (is 64);A=y (is n);");
}

static void unwanted_symbols(void **state)
{
	(void)state;
	assert_lost("# CONFIG_A is not set\n", "", "");
	assert_lost("# CONFIG_A is not set\n", "# CONFIG_A is not set\n", "");
	assert_lost("# CONFIG_A is not set\n", "CONFIG_A=y\n", "A=n (is y);");
}

static void optional_symbols(void **state)
{
	(void)state;
	assert_lost("# optional: 6.4\nCONFIG_A=y\nCONFIG_B=y\n", "", "B=y (is n);");
	assert_lost("# optional\n# CONFIG_A is not set\n", "CONFIG_A=y\n", "");
	/* Only the line right below. */
	assert_lost("# optional\n\nCONFIG_A=y\n", "", "A=y (is n);");
}

static void later_symbols_win(void **state)
{
	json_t *symbols = symbols_of("# optional\nCONFIG_A=y\nCONFIG_B=\"\"\n", true);
	char *text;

	(void)state;
	fragment_set(symbols, "A", "n");
	text = fragment_text(symbols);
	assert_string_equal(text, "# CONFIG_A is not set\nCONFIG_B=\"\"\n");
	free(text);
	json_decref(symbols);
}

static void bad_fragments(void **state)
{
	(void)state;
	json_decref(symbols_of("# a comment\n\n# CONFIG_A is not set\n", true));
	json_decref(symbols_of("CONFIG_A\n", false));
	json_decref(symbols_of("CONFIG_A=\n", false));
	json_decref(symbols_of("CONFIG_=y\n", false));
	json_decref(symbols_of("A=y\n", false));
	json_decref(symbols_of("# CONFIG_A is not\n", false));
}

/* --- variants ----------------------------------------------------------------------------------
 */

static const char source[] = "int twice(int a);\n"
			     "\n"
			     "static int other(int a)\n"
			     "{\n"
			     "\treturn twice(a + 1);\n"
			     "}\n"
			     "\n"
			     "static __always_inline int\n"
			     "twice(int a,\n"
			     "      int b)\n"
			     "{\n"
			     "\tif (a)\n"
			     "\t\treturn 2;\n"
			     "\ta++;\n"
			     "\tb = a + 1;\n"
			     "\ta++;\n"
			     "\treturn twice_more(b);\n"
			     "}\n"
			     "\n"
			     "int twice_more(int b)\n"
			     "{\n"
			     "\treturn 2;\n"
			     "}\n";

static int found_in(const char *function, const char *find, char **ret)
{
	int found = -2;
	char *text = variant_edit(source, function, find, "return 3;", &found);

	assert_int_equal(text != NULL, found == 1);
	if (ret)
		*ret = text;
	else
		free(text);
	return found;
}

static void edit_found_once(void **state)
{
	char *text = NULL;

	(void)state;
	assert_int_equal(found_in("twice", "return 2;", &text), 1);
	assert_non_null(strstr(text, "\tif (a)\n\t\treturn 3;\n\ta++;\n"));
	assert_non_null(strstr(text, "int twice_more(int b)\n{\n\treturn 2;\n}\n"));
	assert_int_equal(strlen(text), strlen(source));
	free(text);
}

static void edit_not_found(void **state)
{
	(void)state;
	assert_int_equal(found_in("twice", "return 4;", NULL), 0);
	assert_int_equal(found_in("twice", "return 2", NULL), 0);
	assert_int_equal(found_in("other", "return 2;", NULL), 0);
}

static void edit_found_twice(void **state)
{
	(void)state;
	assert_int_equal(found_in("twice", "a++;", NULL), 2);
}

static void edit_no_function(void **state)
{
	(void)state;
	assert_int_equal(found_in("thrice", "return 2;", NULL), -1);
	assert_int_equal(found_in("wice", "return 2;", NULL), -1);
	assert_int_equal(found_in("", "return 2;", NULL), -1);
}

/* Both of #ifdef and #else count: which one is built is not known here. */
static void edit_two_definitions(void **state)
{
	static const char two[] = "int f(void)\n{\n\tx();\n}\n\nint f(void)\n{\n\tx();\n}\n";
	static const char cut[] = "int f(void)\n{\n\tx();\n";
	int found = 0;
	char *text;

	(void)state;
	assert_null(variant_edit(two, "f", "x();", "y();", &found));
	assert_int_equal(found, 2);
	text = variant_edit(cut, "f", "x();", "y();", &found);
	assert_string_equal(text, "int f(void)\n{\n\ty();\n");
	free(text);
}

static void variant_files(void **state)
{
	struct variant variant;

	(void)state;
	write_at("v.ini", "[variant]\nsummary = s\n[config]\nA = n\n"
			  "[one]\nfile = a.c\nfunction = f\nfind = x();\nreplace = y();\n"
			  "[two]\nfile = a.c\nfunction = g\nfind = x();\nreplace = z();\n");
	write_at("a.c", "void f(void)\n{\n\tx();\n}\nvoid g(void)\n{\n\tx();\n}\n");
	assert_true(variant_read(folder, "v", &variant));
	assert_string_equal(variant.summary, "s");
	assert_null(variant.arch);
	assert_true(variant_apply(&variant, arch_find("arm64"), folder));
	assert_content("a.c", "void f(void)\n{\n\ty();\n}\nvoid g(void)\n{\n\tz();\n}");
	/* It does not fit what it has changed. */
	assert_false(variant_apply(&variant, arch_find("arm64"), folder));
	variant_free(&variant);
}

/* One of several, by what is there and by architecture; a file of one's own. */
static void variant_alternatives(void **state)
{
	char *path = files_text("%s/sub/own.ini", folder);
	struct variant variant;

	(void)state;
	write_at("sub/own.ini",
		 "[variant]\nsummary = s\n"
		 "[x86]\neither = e\narch = x86_64\nfile = b.c\nfunction = f\nfind = x();\n"
		 "replace = bad();\n"
		 "[none]\neither = e\nfile = none.c\nfunction = f\nfind = x();\nreplace = bad();\n"
		 "[first]\neither = e\nfile = b.c\nfunction = f\nfind = x();\nreplace = y();\n"
		 "[second]\neither = e\nfile = b.c\nfunction = g\nfind = x();\nreplace = bad();\n");
	write_at("b.c", "void f(void)\n{\n\tx();\n}\nvoid g(void)\n{\n\tx();\n}\n");
	assert_true(variant_read("/", path, &variant));
	assert_string_equal(variant.name, "own");
	assert_true(variant_apply(&variant, arch_find("arm64"), folder));
	assert_content("b.c", "void f(void)\n{\n\ty();\n}\nvoid g(void)\n{\n\tx();\n}");
	assert_true(variant_apply(&variant, arch_find("arm64"), folder));
	assert_false(variant_apply(&variant, arch_find("arm64"), folder));
	variant_free(&variant);
	free(path);
}

static void variant_symbols(void **state)
{
	struct variant variant;

	(void)state;
	write_at("s.ini", "[variant]\nsummary = s\n[config]\nGONE = n\nTHERE = n\n");
	assert_true(variant_read(folder, "s", &variant));
	assert_false(variant_apply(&variant, arch_find("arm64"), folder));
	write_at("arch/x86/Kconfig", "config THERE\n\tbool\n");
	assert_false(variant_apply(&variant, arch_find("arm64"), folder));
	write_at("drivers/a/b/Kconfig", "config THERE\n\tbool\n");
	assert_true(variant_apply(&variant, arch_find("arm64"), folder));
	variant_free(&variant);
}

/* --- what Kconfig files say --------------------------------------------------------------------
 */

/* What of the symbol's conditions a .config does not meet. */
static void assert_unmet(const char *conditions, const char *config, const char *wanted)
{
	char *text = files_text("config X_Y\n\tbool\n\n"
				"config X\n\tbool \"x\"\n%s\thelp\n\t  depends on Z\n\n"
				"config Z\n\tdepends on NOT_X\n",
				conditions);
	char *unmet;

	write_at("mm/Kconfig", text);
	unmet = kconfig_unmet(folder, "arm64", "X", config);
	assert_non_null(unmet);
	assert_string_equal(unmet, wanted);
	free(unmet);
	free(text);
}

/* As deep as nobody has written them. */
static void deep_conditions(void **state)
{
	static const char signs[] = "!(=";
	char *line = malloc(2000001), *text;
	size_t i;

	(void)state;
	assert_non_null(line);
	for (i = 0; i < strlen(signs); i++) {
		memset(line, signs[i], 2000000);
		line[2000000] = '\0';
		text = files_text("config X\n\tdepends on %s\n", line);
		write_at("mm/Kconfig", text);
		free(kconfig_unmet(folder, "arm64", "X", ""));
		free(text);
	}
	free(line);
}

static void unmet_conditions(void **state)
{
	(void)state;
	assert_unmet("", "", "");
	assert_unmet("\tdepends on A\n", "CONFIG_A=y\n", "");
	assert_unmet("\tdepends on A\n", "CONFIG_A=m\n", "");
	assert_unmet("\tdepends on A\n", "# CONFIG_A is not set\n", "depends on A (A=n)");
	assert_unmet("\tdepends on !NUMA\n", "CONFIG_NUMA=y\n", "depends on !NUMA (NUMA=y)");
	assert_unmet("\tdepends on A && (B || !C)\n\tdepends on D\n", "CONFIG_A=y\nCONFIG_C=y\n",
		     "depends on A && (B || !C) (A=y, B=n, C=y), depends on D (D=n)");
	assert_unmet("\tdepends on A || B && C\n", "CONFIG_A=y\n", "");
	assert_unmet("\tdepends on N = 4 && M != \"x\"\n", "CONFIG_N=4\nCONFIG_M=\"y\"\n", "");
	assert_unmet("\tdepends on N=5\n", "CONFIG_N=4\n", "depends on N=5 (N=4)");
	assert_unmet("\tdepends on (((\n", "", "depends on ((( ()");
	assert_null(kconfig_unmet(folder, "arm64", "W", ""));
	assert_true(kconfig_has(folder, "arm64", "X"));
	assert_false(kconfig_has(folder, "arm64", "BOOL"));
}

static void bad_variants(void **state)
{
	static const char *const texts[] = {
		"[variant]\narch = arm64\n",
		"[variant]\nsummary = s\ncolour = red\n",
		"[variant]\nsummary = s\n[a]\nfile = a.c\nfunction = f\nfind = x\n",
		"[variant]\nsummary = s\n[a]\nfile = ../a\nfunction = f\nfind = x\nreplace = y\n",
	};
	struct variant variant;
	size_t i;

	(void)state;
	assert_false(variant_read(folder, "nothing", &variant));
	assert_false(variant_read(folder, "../x", &variant));
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_at("bad.ini", texts[i]);
		assert_false(variant_read(folder, "bad", &variant));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lost_symbols),	    cmocka_unit_test(unwanted_symbols),
		cmocka_unit_test(optional_symbols), cmocka_unit_test(later_symbols_win),
		cmocka_unit_test(bad_fragments),    cmocka_unit_test(edit_found_once),
		cmocka_unit_test(edit_not_found),   cmocka_unit_test(edit_found_twice),
		cmocka_unit_test(edit_no_function), cmocka_unit_test(edit_two_definitions),
		cmocka_unit_test(variant_files),    cmocka_unit_test(variant_alternatives),
		cmocka_unit_test(variant_symbols),  cmocka_unit_test(unmet_conditions),
		cmocka_unit_test(deep_conditions),  cmocka_unit_test(bad_variants),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
