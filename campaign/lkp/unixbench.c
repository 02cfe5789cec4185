// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UnixBench: most of it is not about memory.
 */
#include "campaign/lkp/names.h"

#define TASKS	    .processes = true
#define NO_MM(what) .lacks = "no memory management in it: " what
#define SCRIPTS	    .lacks = "shell scripts: programs of all kinds, which read and write files"
#define OF_FILES    NO_MM("read() and write() of files")

const struct lkp_name lkp_unixbench[] = {
	{"spawn", "process/fork-exit size=1M/worker", TASKS, .differs = {LKP_PARENT}},
	{"execl", "exit/exec size=1M/worker", TASKS,
	 .differs = {"a process that has 1 MiB, where no other size is set, executes a program, of "
		     "which nothing runs; there one starts itself again and again"}},
	{"shell*", "process/fork-exec", SCRIPTS},
	{"fsbuffer*", NULL, OF_FILES},
	{"fsdisk*", NULL, OF_FILES},
	{"fstime*", NULL, OF_FILES},
	{"pipe", NULL, NO_MM("read() and write() of a pipe")},
	{"context1", NULL, NO_MM("task switches by pipes")},
	{"syscall", "null/write", NO_MM("the entry of a system call")},
	{"dhry2*", NULL, NO_MM("computing in user space")},
	{"whetstone*", NULL, NO_MM("computing in user space")},
	{"[23]d-*", NULL, NO_MM("graphics")},
	{0},
};
