// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a brief program begins with.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/emit/brief.h"
#include "cli/emit/program.h"
#include "common/plan_values.h"

#define COLUMNS 100

/* Bytes, or 0. */
static long size_of(const struct brief *b)
{
	json_t *param;
	bool said;
	size_t i;

	json_array_foreach(b->p->params, i, param)
		if (!strcmp(point_text(param, "kind"), "size"))
			return point_number(param, point_value_of(b->p, param, &said));
	return 0;
}

/* Headers that a file may include for what is left out, and what is not. */
static const struct {
	const char *header, *words; /* a word that ends in _ stands for all that begin so */
} headers[] = {
	{"<errno.h>", "errno"},
	{"<fcntl.h>", "open O_ posix_fadvise"},
	{"<limits.h>", "LONG_MAX LONG_MIN INT_MAX"},
	{"<linux/io_uring.h>", "io_uring_params"},
	{"<linux/magic.h>", "TMPFS_MAGIC RAMFS_MAGIC"},
	{"<linux/mempolicy.h>", "MPOL_"},
	{"<linux/mman.h>", "MAP_HUGE_SHIFT"},
	{"<malloc.h>", "mallopt"},
	{"<sched.h>", "sched_setscheduler"},
	{"<signal.h>", "kill sigaction"},
	{"<stdarg.h>", "va_list"},
	{"<stdbool.h>", "bool true false"},
	{"<stddef.h>", "offsetof"},
	{"<stdint.h>", "uint64_t uintptr_t"},
	{"<string.h>", "memset memcpy memchr strlen strcmp strncmp strcspn strchr strstr strerror"},
	{"<sys/resource.h>", "rusage rlimit"},
	{"<sys/stat.h>", "stat"},
	{"<sys/syscall.h>", "syscall"},
	{"<sys/sysinfo.h>", "sysinfo"},
	{"<sys/types.h>", "ssize_t pid_t off_t"},
	{"<sys/uio.h>", "iovec"},
	{"<sys/vfs.h>", "statfs"},
	{"<sys/wait.h>", "waitpid WIFSIGNALED"},
};

static bool is_wanted(struct brief *b, const char *header)
{
	const char *words, *word;
	size_t i, len, nr = sizeof(headers) / sizeof(headers[0]);

	for (i = 0; i < nr && strcmp(headers[i].header, header); i++)
		;
	for (words = i < nr ? headers[i].words : ""; *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		word = fold_say(&b->f, "%.*s", (int)len, words);
		if (brief_uses(b, NULL, word))
			return true;
	}
	return i == nr;
}

/* What the head has of faultbench beside this. */
static const char less[] =
	"Checked are the faults of each op, that folios are whole, and, in warm-up, what is there "
	"before an op and after it. --full checks more; faultbench does, in fresh processes and "
	"boots.";

/* In two lines, if it is longer than one. */
static void put_command(FILE *out, const struct brief *b)
{
	const struct program *p = b->p;
	char *words = NULL, *count = NULL;
	size_t size;
	FILE *text = open_memstream(&words, &size);

	fprintf(text, " *     faultbench emit-c ");
	point_put_words(text, p);
	fclose(text);
	if (asprintf(&count, "iterations=%d warmup=%d", p->point->iterations, p->point->warmup) < 0)
		abort();
	fprintf(out, "%s %s%s\n", words,
		strlen(words) + 1 + strlen(count) > COLUMNS ? "\\\n *         " : "", count);
	free(words);
	free(count);
}

void brief_head(FILE *out, struct brief *b)
{
	const struct program *p = b->p;
	const json_t *variant = plan_by_name(json_object_get(p->bench, "variants"), p->variant);
	json_t *all = point_includes(p);
	char *need = point_needs(p);
	const char *name;
	json_t *value;
	void *next;

	fprintf(out, "/* SPDX-License-Identifier: GPL-2.0-or-later */\n/*\n");
	point_put_wrapped(out, fold_say(&b->f, "%s. What is timed: %s.%s%s%s",
					point_text(p->bench, "path"), point_text(variant, "help"),
					*need ? " It needs: " : "", need, *need ? "." : ""));
	fprintf(out,
		" *\n *     gcc -O2 -o %s %s.c -lm && taskset -c 1 ./%s\n *\n * " EMIT_MARK
			FAULTBENCH_VERSION ", less what this point does not need:\n",
		p->stem, p->stem, p->stem);
	put_command(out, b);
	point_put_wrapped(out, less);
	fprintf(out, " * Exit status: 0 ok, 1 an op broke its promise, 77 cannot run here.\n */\n");
	json_object_foreach_safe(all, next, name, value) if (!is_wanted(b, name))
		json_object_del(all, name);
	point_put_includes(out, all);
	fprintf(out, "\n#define BRIEF_SIZE %ldUL\n#define BRIEF_ITERATIONS %d\n", size_of(b),
		p->point->iterations);
	free(need);
	json_decref(all);
}
