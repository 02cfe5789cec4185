/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the fact collection (facts_*.c) share: tables of files to be read, and the
 * object that their contents go into.
 */
#ifndef BENCH_HARNESS_MACHINE_FACTS_PART_H
#define BENCH_HARNESS_MACHINE_FACTS_PART_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct facts {
	json_t *json;
	json_t *unreadable; /* ["name: reason"] */
};

enum fact_kind {
	FACT_TEXT,
	FACT_NUMBER, /* text if it is not a whole decimal number */
	FACT_CHOICE, /* the [chosen] word of several */
};

/*
 * A fact that is the content of a file. Where path has a '*' and name has one too, each match
 * gives a fact, its name made with what the '*' stood for; where name has none, the fact is the
 * distinct contents, ", " between them.
 */
struct fact_file {
	const char *name;
	const char *path;
	enum fact_kind kind;
	bool matters; /* every kernel has it: null if it cannot be read */
};

/* A fact that is one line "key: value" of a file; a unit after a number is dropped. */
struct fact_key {
	const char *name;
	const char *key;
	enum fact_kind kind;
};

#define FACTS_NR(table) (sizeof(table) / sizeof((table)[0]))

void facts_text(struct facts *f, const char *name, const char *text);
void facts_number(struct facts *f, const char *name, long long number);
void facts_real(struct facts *f, const char *name, double number);

/* Records that name could not be read because of errno. ENOENT is worth a word only if it matters.
 */
void facts_missed(struct facts *f, const char *name, int error, bool matters);

void facts_files(struct facts *f, const struct fact_file *table, size_t nr);

/* text is the file's content; keys it has not are absent. */
void facts_keys(struct facts *f, const char *text, const struct fact_key *table, size_t nr);

/* The value of the first line "key : value" in text, malloc'ed, or NULL. */
char *facts_line(const char *text, const char *key);

/* The text of the fact if it has been collected and is a text, else NULL. */
const char *facts_seen(const struct facts *f, const char *name);

void facts_kernel(struct facts *f);
void facts_process(struct facts *f);
void facts_cpu(struct facts *f);
void facts_hypervisor(struct facts *f);
void facts_memory(struct facts *f);
void facts_zones(struct facts *f);

#endif
