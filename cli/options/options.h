/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a command, as one table: what reads them, the help, the man page and the completions
 * are all made of it. A command has its table in its own file; cli/commands.c lists the commands.
 */
#ifndef CLI_OPTIONS_OPTIONS_H
#define CLI_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* What a word stands for: what a shell can complete it to. */
enum word_kind {
	WORD_OTHER, /* what only the user knows */
	WORD_FILE,
	WORD_FOLDER,
	WORD_JOURNAL,
	WORD_PLAN,
	WORD_MACHINE,
	WORD_KERNEL,   /* a label of the cache */
	WORD_LABELLED, /* LABEL=KERNEL */
	WORD_VARIANT,  /* of kernels */
	WORD_ARCH,
	WORD_METRIC,
	WORD_BENCH, /* a family */
	WORD_POINT, /* BENCH/VARIANT */
	NR_WORD_KINDS
};

/* One of the words that can stand in a place. */
struct choice {
	const char *name;
	const char *help; /* a line, or NULL: the name says it */
};

/* Number i of them, from 0. False behind the last. What it gives is static. */
typedef bool choice_fn(size_t i, struct choice *ret);

struct cli_option {
	const char *name; /* without its dashes */
	const char *word; /* what stands for its value in the help; NULL: it has none */
	const char *help; /* in one paragraph; `x` is a word to be typed */
	size_t at;	  /* where in the command's struct it is stored, OPTION_AT() */
	enum word_kind kind;
	choice_fn *choice; /* or it is one of these, and nothing else is taken */
	bool optional;	   /* the value may be left out: --functions[=N] */
	bool required;	   /* the option must be given */
	bool many;	   /* it may be given several times */
	/*
	 * Stores the value, NULL if it was left out. False with one line printed. Without this a
	 * flag sets a bool, a value a const char * and one of many is added to a struct word_list.
	 */
	bool (*take)(void *at, const char *word);
};

#define OPTION_AT(type, member) .at = offsetof(type, member)

/* What comes without dashes, in this order. */
struct cli_operand {
	const char *word; /* in the help: "J" */
	const char *what; /* in messages: "journal" */
	const char *help;
	enum word_kind kind;
	bool optional;
	bool many; /* the last one only */
};

struct cli_example {
	const char *words; /* behind "faultbench " */
	const char *what;
};

struct command {
	const char *name;    /* one word, or two: "kernel fetch" */
	const char *summary; /* a line that goes on behind the name, in small letters */
	const char *about;   /* paragraphs, each ended by a newline but for the last; or NULL */
	const struct cli_operand *operands; /* these three end with a row of zeros; NULL: none */
	const struct cli_option *options;
	const struct cli_example *examples;
	int wrong; /* the exit status of wrong words; 0: EXIT_USAGE */
	int (*run)(int argc, char **argv);
};

/* Words in the order given. Zero it; free() words. */
struct word_list {
	const char **words;
	size_t nr;
};

void word_list_add(struct word_list *list, const char *word);

/*
 * Says in one line that a word is not among those known: the text, and then the one that was meant,
 * where one letter makes the difference, or all there are. Dashes stand before each of them.
 * Returns false.
 */
bool words_unknown(const struct word_list *known, const char *dashes, const char *word,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * Reads the words of a command into its struct, of which a table's rows say where. True if the
 * command can go on: its operands are argv[optind] to argv[argc - 1], as many as allowed. False
 * with *ret_status if help was asked for, which was printed, or something is wrong, which was said
 * in one line. argv[0] is the command's name; the order of argv may be changed.
 */
bool options_read(const struct command *c, int argc, char **argv, void *into, int *ret_status);

#endif
