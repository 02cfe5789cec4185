/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the doctor knows, as data.
 *
 * A rule fires if all its conditions hold, and a condition on a fact that is not there does not.
 * In its texts {name} stands for the value of a fact, {*} for the names that the first condition
 * found. Commands are for a shell of root, and only for interfaces whose fact was read.
 */
#ifndef ANALYSIS_DOCTOR_RULES_H
#define ANALYSIS_DOCTOR_RULES_H

#include <stddef.h>

enum doctor_severity {
	DOCTOR_SPOILS,	 /* numbers measured like this say nothing about the kernel */
	DOCTOR_DISTURBS, /* they are noisier, or shifted */
	DOCTOR_REMARK,	 /* a reader of them should know */
};

enum test {
	NO_TEST,
	TEST_IS,     /* the fact's text is one of text's words, which '|' separates */
	TEST_IS_NOT, /* it is there, and none of them */
	TEST_ABOVE,  /* number, times the fact `per` if that is given */
	TEST_BELOW,
	TEST_BITS,	 /* has any of the bits of number */
	TEST_BEGIN_WITH, /* the text of any fact whose name begins so does */
	TEST_HAS_WORD,	 /* the fact, words with blanks between, has one of text's words */
	TEST_HAS_NOT_WORD,
	TEST_SET, /* a configuration symbol is y or m */
	TEST_NOT_SET,
};

struct condition {
	enum test test;
	const char *name;
	const char *text;
	double number;
	const char *per;
};

#define MAX_CONDITIONS 4

struct rule {
	enum doctor_severity severity;
	const char *title;
	const char *what;
	const char *mend;
	struct condition when[MAX_CONDITIONS];
};

extern const struct rule doctor_rules[];
extern const size_t nr_doctor_rules;

/* Symbols that cost time wherever they are set, whatever the command line says. */
struct debug_symbol {
	enum doctor_severity severity;
	const char *symbol;
	const char *what;
};

extern const struct debug_symbol doctor_symbols[];
extern const size_t nr_doctor_symbols;

#endif
