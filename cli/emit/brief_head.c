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
#define COMMAND " *    "

long brief_size(const struct brief *b)
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
	{"<sched.h>", "sched_setscheduler sched_yield"},
	{"<signal.h>", "kill sigaction"},
	{"<stdarg.h>", "va_list"},
	{"<stdbool.h>", "bool true false"},
	{"<stddef.h>", "offsetof"},
	{"<stdint.h>", "uint64_t uintptr_t"},
	{"<string.h>", "memset memcpy memchr strlen strcmp strncmp strcspn strchr strstr strerror"},
	{"<sys/prctl.h>", "prctl"},
	{"<sys/resource.h>", "rusage rlimit"},
	{"<sys/stat.h>", "stat"},
	{"<sys/syscall.h>", "syscall"},
	{"<sys/sysinfo.h>", "sysinfo"},
	{"<sys/types.h>", "ssize_t pid_t off_t"},
	{"<sys/uio.h>", "iovec"},
	{"<sys/vfs.h>", "statfs"},
	{"<sys/wait.h>", "wait waitpid WIFSIGNALED"},
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

/* Of workers: how many there are. */
static const char *const counts[] = {"BRIEF_THREADS", "BRIEF_PROCESSES", "BRIEF_WORKERS"};

/* What the head has of faultbench beside this. */
static const char less[] =
	"Checked are the faults of each op, that folios are whole, and, in warm-up, what is there "
	"before an op and after it. --full checks more; faultbench does, in fresh processes and "
	"boots.";

/* The command that prints it, in lines. */
static void put_command(FILE *out, struct brief *b)
{
	const struct plan_point *point = b->p->point;
	const char *name = json_string_value(json_object_get(b->f.facts, "BRIEF_POINT")) + 2;
	const char *word = fold_say(&b->f, "faultbench emit-c %.*s iterations=%d warmup=%d",
				    (int)strlen(name) - 1, name, point->iterations, point->warmup);
	size_t column = strlen(COMMAND), len;

	fprintf(out, COMMAND);
	for (; *word; word += len + strspn(word + len, " ")) {
		len = strcspn(word, " ");
		if (column + 1 + len > COLUMNS - strlen(" \\")) {
			fprintf(out, " \\\n" COMMAND "   ");
			column = strlen(COMMAND "   ");
		}
		fprintf(out, " %.*s", (int)len, word);
		column += 1 + len;
	}
	fprintf(out, "\n");
}

static const char less_of_crew[] =
	"Checked are the faults of each op; --full checks more, and faultbench the memory's state.";

void brief_head(FILE *out, struct brief *b)
{
	const struct program *p = b->p;
	const json_t *variant = plan_by_name(json_object_get(p->bench, "variants"), p->variant);
	json_t *all = point_includes(p);
	char *need = point_needs(p);
	const char *name;
	json_t *value;
	void *next;
	size_t i;

	fprintf(out, "/* SPDX-License-Identifier: GPL-2.0-or-later */\n/*\n");
	point_put_wrapped(out, fold_say(&b->f, "%s. What is timed: %s.%s%s%s %s",
					point_text(p->bench, "path"), point_text(variant, "help"),
					*need ? " It needs: " : "", need, *need ? "." : "",
					point_file(p, false)));
	fprintf(out,
		" *\n *     gcc -O2 -o %s %s.c%s -lm && %s./%s\n *\n * " EMIT_MARK
			FAULTBENCH_VERSION ", less what this point does not need:\n",
		p->stem, p->stem, p->crew ? " -pthread" : "", p->crew ? "" : "taskset -c 1 ",
		p->stem);
	put_command(out, b);
	point_put_wrapped(out, p->crew ? less_of_crew : less);
	fprintf(out, " * Exit status: 0 ok, 1 an op broke its promise, 77 cannot run here.\n */\n");
	json_object_foreach_safe(all, next, name, value) if (!is_wanted(b, name))
		json_object_del(all, name);
	/* Of POSIX that has these. */
	if (json_object_get(all, "<pthread.h>")) {
		json_object_del(all, "<sched.h>");
		json_object_del(all, "<time.h>");
	}
	point_put_includes(out, all);
	fprintf(out, "\n#define BRIEF_SIZE %ldUL\n#define BRIEF_ITERATIONS %d\n", brief_size(b),
		p->point->iterations);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (brief_uses(b, NULL, counts[i]))
			fprintf(out, "#define %s %lld\n", counts[i],
				json_integer_value(json_object_get(b->f.facts, counts[i])));
	free(need);
	json_decref(all);
}
