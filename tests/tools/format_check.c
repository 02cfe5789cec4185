// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: format-check ktap|junit|lava|kcidb|go|csv <REPORT
 *
 * Is a report of `faultbench check` or `export` what the format's own rules allow? Prints what is
 * not, exits 1.
 *
 * - KTAP version 1: Documentation/dev-tools/ktap.rst.
 * - JUnit: well-formed XML of the elements and attributes that Jenkins and GitLab read; the counts
 *   of a suite are those of its cases.
 * - LAVA: NAME=VALUE words without blanks; RESULT one of four; a MEASUREMENT is stored with 20
 *   digits, 10 of them behind the point.
 * - KCIDB: schema 5.3 (kcidb-io, schema/v05_03.py), as far as it concerns version and tests.
 * - Go: golang.org/design/14313-benchmark-format, units as in golang.org/issue/43744; nothing in it
 *   that its reader would ignore, and no name that seems to end in GOMAXPROCS.
 * - CSV: RFC 4180; as many fields in every row.
 */
#include <ctype.h>
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#define MAX_TEXT (4 << 20)

static int wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static int wrong(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return 1;
}

static bool matches(const char *text, const char *pattern)
{
	regex_t regex;
	bool yes;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		exit(2);
	yes = !regexec(&regex, text, 0, NULL, 0);
	regfree(&regex);
	return yes;
}

/* Calls fn for each line, which ends with a newline in the text. */
static int each_line(char *text, int (*fn)(const char *line, int nr, void *arg), void *arg)
{
	int nr = 0, bad = 0;
	char *line, *end;

	for (line = text; *line && !bad; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			return wrong("the last line has no end");
		*end = '\0';
		bad = fn(line, ++nr, arg);
	}
	return bad;
}

struct ktap {
	int planned, results;
};

static int ktap_line(const char *line, int nr, void *arg)
{
	struct ktap *k = arg;
	char wanted[96];

	if (nr == 1)
		return strcmp(line, "KTAP version 1") ? wrong("line 1: %s", line) : 0;
	if (nr == 2)
		return sscanf(line, "1..%d", &k->planned) != 1 ? wrong("line 2: %s", line) : 0;
	if (line[0] == '#')
		return line[1] == ' ' ? 0 : wrong("a diagnostic without its blank: %s", line);
	snprintf(wanted, sizeof(wanted),
		 "^(not )?ok %d [^# ][^#]*( # (SKIP|TODO|XFAIL|TIMEOUT|ERROR)( [^#]*)?)?$",
		 ++k->results);
	return matches(line, wanted) ? 0 : wrong("not the result %d: %s", k->results, line);
}

static int check_ktap(char *text)
{
	struct ktap k = {0};

	if (each_line(text, ktap_line, &k))
		return 1;
	return k.planned == k.results ? 0 : wrong("%d planned, %d are there", k.planned, k.results);
}

static int lava_line(const char *line, int nr, void *arg)
{
	(void)nr;
	(void)arg;
	/* What a job prints beside signals is its log: here the verdict, and why. */
	if (matches(line, "^[A-Za-z0-9._-]+: [a-z-]+(: [^<]+)?$"))
		return 0;
	return matches(line, "^<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=[A-Za-z0-9._-]+ "
			     "RESULT=(pass|fail|skip|unknown)"
			     "( UNITS=[^ <>=]+ MEASUREMENT=-?[0-9]{1,10}(\\.[0-9]{1,10})?)?>$")
		       ? 0
		       : wrong("not a test case: %s", line);
}

static int check_lava(char *text)
{
	return each_line(text, lava_line, NULL);
}

#define DEPTH 8

struct xml {
	const char *at;
	char open[DEPTH][32];
	int depth;
	long tests, failures, skipped; /* announced by the suite */
	long seen, failed, left_out;   /* in it */
};

/* Copies a name; false if there is none. */
static bool take_name(struct xml *x, char name[32])
{
	size_t n = strspn(x->at, "abcdefghijklmnopqrstuvwxyz-");

	if (!n || n > 31)
		return false;
	memcpy(name, x->at, n);
	name[n] = '\0';
	x->at += n;
	return true;
}

/* Checks text up to one of the characters in `until`. */
static bool take_text(struct xml *x, const char *until)
{
	for (; *x->at && !strchr(until, *x->at); x->at++) {
		if ((unsigned char)*x->at < ' ' && *x->at != '\n')
			return false;
		if (*x->at == '&' && strncmp(x->at, "&amp;", 5) && strncmp(x->at, "&lt;", 4) &&
		    strncmp(x->at, "&gt;", 4) && strncmp(x->at, "&quot;", 6))
			return false;
	}
	return *x->at;
}

static bool take_attribute(struct xml *x)
{
	static const char *const allowed[] = {"name",	 "tests",     "failures", "errors",
					      "skipped", "classname", "type",	  "message"};
	char name[32];
	long value;
	size_t i;

	if (!take_name(x, name) || strncmp(x->at, "=\"", 2))
		return false;
	x->at += 2;
	value = atol(x->at);
	x->tests = !strcmp(name, "tests") ? value : x->tests;
	x->failures = !strcmp(name, "failures") ? value : x->failures;
	x->skipped = !strcmp(name, "skipped") ? value : x->skipped;
	if (!take_text(x, "\"<") || *x->at++ != '"')
		return false;
	for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (!strcmp(allowed[i], name))
			return true;
	return false;
}

/* May the element stand within the one that is open? */
static bool belongs(const struct xml *x, const char *name)
{
	static const char *const inside[][2] = {
		{"", "testsuites"},	 {"testsuites", "testsuite"}, {"testsuite", "testcase"},
		{"testcase", "failure"}, {"testcase", "skipped"},     {"testcase", "system-out"},
	};
	const char *outer = x->depth ? x->open[x->depth - 1] : "";
	size_t i;

	for (i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		if (!strcmp(inside[i][0], outer) && !strcmp(inside[i][1], name))
			return true;
	return false;
}

static bool end_element(struct xml *x, const char *name)
{
	if (!x->depth || strcmp(x->open[--x->depth], name))
		return false;
	return strcmp(name, "testsuite") ||
	       (x->seen == x->tests && x->failed == x->failures && x->left_out == x->skipped);
}

static bool begin_element(struct xml *x)
{
	char name[32];

	if (!take_name(x, name) || !belongs(x, name) || x->depth == DEPTH)
		return false;
	strcpy(x->open[x->depth++], name);
	if (!strcmp(name, "testsuite"))
		x->seen = x->failed = x->left_out = 0;
	x->seen += !strcmp(name, "testcase");
	x->failed += !strcmp(name, "failure");
	x->left_out += !strcmp(name, "skipped");
	while (*x->at == ' ') {
		x->at++;
		if (!take_attribute(x))
			return false;
	}
	if (*x->at == '/') {
		x->at++;
		if (!end_element(x, name))
			return false;
	}
	return *x->at++ == '>';
}

static int check_junit(char *text)
{
	static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	struct xml x = {.at = text + strlen(head)};
	char name[32];
	bool ok;

	if (strncmp(text, head, strlen(head)))
		return wrong("no XML declaration");
	do {
		if (x.at[0] != '<')
			return wrong("no element at: %.60s", x.at);
		x.at++;
		if (*x.at == '/') {
			x.at++;
			ok = take_name(&x, name) && end_element(&x, name) && *x.at++ == '>';
		} else {
			ok = begin_element(&x);
		}
		if (!ok || (x.depth && !take_text(&x, "<")))
			return wrong("not allowed, or other counts, before: %.60s", x.at);
	} while (x.depth);
	return x.at[strspn(x.at, " \n")] ? wrong("behind the end: %.60s", x.at) : 0;
}

/* A member that matches, or is not there and need not be. */
static bool member(const json_t *json, const char *name, const char *pattern, bool required)
{
	const json_t *value = json_object_get(json, name);

	if (!value)
		return !required;
	return json_is_string(value) && matches(json_string_value(value), pattern);
}

static bool only_members(const json_t *json, const char *const *allowed)
{
	const char *const *a, *name;
	json_t *value;

	json_object_foreach((json_t *)json, name, value) {
		for (a = allowed; *a && strcmp(*a, name); a++)
			;
		if (!*a)
			return false;
	}
	return true;
}

static bool number_ok(const json_t *number)
{
	static const char *const members[] = {"value", "unit", "prefix", NULL};

	return !number ||
	       (only_members(number, members) && json_is_number(json_object_get(number, "value")) &&
		member(number, "unit", "", false) &&
		member(number, "prefix", "^(metric|binary)$", false));
}

static bool test_ok(const json_t *test)
{
	static const char *const members[] = {
		"id",	       "origin",       "environment", "build_id", "path",	"comment",
		"log_url",     "log_excerpt",  "status",      "number",	  "start_time", "duration",
		"input_files", "output_files", "misc",	      NULL};

	return only_members(test, members) && member(test, "origin", "^[a-z0-9_]+$", true) &&
	       member(test, "id", "^[a-z0-9_]+:.*$", true) &&
	       member(test, "build_id", "^[a-z0-9_]+:.*$", true) &&
	       member(test, "path", "^[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*$", false) &&
	       member(test, "status", "^(FAIL|ERROR|MISS|PASS|DONE|SKIP)$", false) &&
	       member(test, "comment", "", false) &&
	       member(test, "start_time", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\+00:00$",
		      false) &&
	       number_ok(json_object_get(test, "number"));
}

static int check_kcidb(char *text)
{
	static const char *const members[] = {"version", "tests", NULL};
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *test;
	json_t *ids = json_object();
	size_t i;
	int major = 0, minor = 0;

	if (!only_members(json, members) ||
	    json_unpack(json, "{s:{s:i,s:i}}", "version", "major", &major, "minor", &minor) ||
	    major != 5 || minor != 3 || !json_array_size(json_object_get(json, "tests")))
		return wrong("no version 5.3, or no tests");
	json_array_foreach(json_object_get(json, "tests"), i, test) {
		if (!test_ok(test))
			return wrong("test %zu is none: %s", i, json_dumps(test, JSON_COMPACT));
		json_object_set_new(ids, json_string_value(json_object_get(test, "id")),
				    json_null());
	}
	if (json_object_size(ids) != i)
		return wrong("two tests have one id");
	json_decref(ids);
	json_decref(json);
	return 0;
}

/* Fields in pairs of number and unit, to the end of the line. */
static bool go_values(const char *text)
{
	char *end;

	do {
		strtod(text, &end);
		if (end == text || *end++ != ' ' || !*end || isdigit((unsigned char)*end))
			return false;
		text = end + strcspn(end, " ");
	} while (*text++);
	return true;
}

static int go_line(const char *line, int nr, void *arg)
{
	const char *values = line;
	int i;

	(void)arg;
	if (matches(line, "^Unit [^ ]+ (better|assume)=[a-z]+$") ||
	    matches(line, "^[a-z][^A-Z :]*: "))
		return 0;
	if (!matches(line, "^Benchmark[^a-z ][^ ]*[^ ] [1-9][0-9]* [^ ]"))
		return wrong("line %d: neither a key nor a result: %s", nr, line);
	if (matches(line, "^[^ ]*-[0-9]+ "))
		return wrong("line %d: a name that ends like GOMAXPROCS: %s", nr, line);
	for (i = 0; i < 2; i++)
		values = strchr(values, ' ') + 1;
	return go_values(values) ? 0 : wrong("line %d: not numbers and units: %s", nr, line);
}

static int check_go(char *text)
{
	return each_line(text, go_line, NULL);
}

/* Goes past one field; false if it is none. */
static bool csv_field(const char **text)
{
	const char *c = *text;

	if (*c != '"') {
		c += strcspn(c, ",\n\"\r");
	} else {
		for (c++; *c && (*c != '"' || c[1] == '"'); c++)
			c += *c == '"';
		c += *c == '"';
	}
	*text = c;
	return *c == ',' || *c == '\n';
}

static int check_csv(char *text)
{
	int row = 1, fields = 0, wanted = 0;
	const char *c = text;

	while (*c) {
		if (!csv_field(&c))
			return wrong("row %d: a field that does not end", row);
		fields++;
		if (*c++ == ',')
			continue;
		wanted = wanted ? wanted : fields;
		if (fields != wanted)
			return wrong("row %d: %d fields, not %d", row, fields, wanted);
		fields = 0;
		row++;
	}
	return fields ? wrong("the last row has no end") : 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*check)(char *text);
	} formats[] = {
		{"ktap", check_ktap},	{"junit", check_junit}, {"lava", check_lava},
		{"kcidb", check_kcidb}, {"go", check_go},	{"csv", check_csv},
	};
	static char text[MAX_TEXT];
	size_t i, len = fread(text, 1, sizeof(text) - 1, stdin);

	if (!len || strlen(text) != len)
		return wrong("empty, or not text");
	for (i = 0; argc == 2 && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, argv[1]))
			return formats[i].check(text);
	return 2;
}
