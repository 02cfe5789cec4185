// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/tables/functions.h"
#include "analysis/tables/published/formats.h"
#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/units.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage;
	const char *summary;
	const char *help;
} commands[] = {
	{"try", cmd_try, "try", "measure this kernel, then count on two others: a first look",
	 "Runs the plan `quick` on this kernel, then fetches two of Debian's kernels and counts "
	 "the plan\n"
	 "`exact` on them under emulation: the archives' default and their newest, or the oldest "
	 "and "
	 "the\n"
	 "newest that were fetched before; on the one there is, where there is one only. A few "
	 "minutes;\n"
	 "journals quick.jsonl and exact.jsonl here. What this machine cannot do is left out, with "
	 "the\n"
	 "reason.\n"},
	{"run", cmd_run, "run [PLAN] [--machine M --kernel L=K...] [--out J] [--set k=v]...",
	 "measure a plan on this kernel and print its table",
	 "PLAN           what to measure (default: quick): a name of `list --plans`, or a file of\n"
	 "               yours, with a / in it or its .ini; --plan PLAN is the same\n"
	 "--out J        journal to write or to go on with (default: PLAN.jsonl here)\n"
	 "--label L      name of this kernel in tables (default: its release)\n"
	 "--machine M    a machine of configs/machines/, by name, or a file of yours, likewise\n"
	 "               (default: this one)\n"
	 "--kernel L=K   a kernel to start in it: label, and a label of `kernel list` or a path;\n"
	 "               several times for a comparison, the first is the base\n"
	 "--boots N      starts of each kernel, in turn (the plan's key boots)\n"
	 "--until P      add boots (in VMs; runs, on this machine) until the 95 % interval of "
	 "each\n"
	 "               point's time or rates is +-P or less, such as 0.5%: of the change "
	 "against\n"
	 "               the base, or of one kernel's mean. At least 8 boots (4 exact ones, 16\n"
	 "               runs), at most 64 (256 runs), by the rule of docs/verdicts.md\n"
	 "--budget T     for that: begin no more after 90s, 30m, 2h (default: 1h); what is not\n"
	 "               narrow then is named, with exit status 3, and a longer T goes on\n"
	 "--jobs N       emulated boots at the same time (default: 1; a CPU each in exact mode)\n"
	 "--aa           one kernel as two, L and L': what no change looks like (see `power`)\n"
	 "--set k=v      override a key of the plan, everywhere it fits\n"
	 "--set s.k=v    the same in section s only\n"
	 "--functions[=N]  exact runs: the N kernel functions (15) that differ most\n"
	 "--format F     print this table instead; kernels are compared with the first\n"
	 "--dry-run      print the points and stop\n"
	 "\n"
	 "Started again with the same words, it finishes what is missing in the journal.\n"},
	{"compare", cmd_compare,
	 "compare [--format F] [--base LABEL] [--title T] [--functions] J...",
	 "print the cover-letter table of kernels measured before",
	 "J...           journals; each kernel's label is a row\n"
	 "--format F     the table's layout (default: cover; exact runs have one of their own)\n"
	 "--base LABEL   the kernel the others are compared with (default: the first)\n"
	 "--title T      what the table calls the machine (default: its CPU)\n"
	 "--functions[=N]  exact runs: the N kernel functions (15) that differ most\n"},
	{"series", cmd_series, "series --tree DIR --range BASE..TOP --machine M [--plan P] [...]",
	 "build a base and every patch on it, measure each, print a row for each",
	 "--tree DIR     a git tree, which is only read\n"
	 "--range A..B   the commits; or\n"
	 "--series F     an mbox, or a folder of *.patch, that is applied on\n"
	 "--base REV     a commit\n"
	 "--machine M    where kernels are started; several times for several architectures\n"
	 "--plan P       what to measure, as for `run` (default: exact)\n"
	 "--layouts N    build the base N times more, with functions aligned otherwise: what a\n"
	 "               number does with no change in source\n"
	 "--config FILE  a complete config of the kernels (default: as for `kernel build`); with\n"
	 "               machines of two architectures twice, each takes its own\n"
	 "--clang        LLVM's tools (default: gcc)\n"
	 "--boots N, --set k=v, --functions[=N]\n"
	 "               as for `run`; functions are of what a patch moved\n"
	 "--out J        journal (default: PLAN-MACHINE.jsonl here)\n"
	 "--dry-run      print the patches and stop\n"
	 "\n"
	 "Started again with the same words, it goes on where it was. A patch that does not build\n"
	 "is `skip`.\n"},
	{"bisect-step", cmd_bisect_step, "bisect-step --base REV --machine M [--plan P] [...]",
	 "for `git bisect run`: whether this commit counts more than a base",
	 "Builds what the tree has checked out and the base, counts a plan on both, and ends with\n"
	 "0 (good), 1 (bad), 125 (cannot be told: it does not build or boot), or 255, which stops\n"
	 "the bisection, for wrong words.\n"
	 "\n"
	 "--base REV     the commit to compare with, such as the one called good\n"
	 "--machine M    an exact machine of configs/machines/, as for `run`\n"
	 "--plan P       what to count, as for `run` (default: exact)\n"
	 "--threshold T  bad is what takes T more kernel instructions at any point (default: "
	 "0.5%)\n"
	 "--tree DIR     the git tree (default: this folder)\n"
	 "--config FILE, --clang\n"
	 "               as for `kernel build`\n"
	 "--boots N, --set k=v\n"
	 "               as for `run`\n"
	 "--out DIR      where the journals go (default: in the cache, beside the tree's "
	 "builds)\n"},
	{"check", cmd_check,
	 "check [--base LABEL] [--threshold 2%] [--against DIR] [--format F] J...",
	 "a verdict on each point: ok, regression, improvement, inconclusive",
	 "J...           journals; every other kernel in them is checked against the base\n"
	 "--base LABEL   the kernel to compare with (default: the first)\n"
	 "--threshold P  a change that is none to report (default: the plan's, or 2%)\n"
	 "--against DIR  journals of earlier releases on this machine: what a point moves from one "
	 "to\n"
	 "               the next is its band, and no regression\n"
	 "--format F     text, ktap, junit, lava, kcidb or json (default: text)\n"
	 "--origin O     kcidb: name of the CI system (default: faultbench)\n"
	 "--build-id I   kcidb: the build that was tested (default: ORIGIN:LABEL)\n"
	 "\n"
	 "Exit status: 0 no regression, 1 a regression, 3 neither shown nor ruled out.\n"},
	{"power", cmd_power, "power [--base LABEL] [--effect 1%] J...",
	 "what a design finds, and how often it is wrong",
	 "J...           journals of two kernels, best of one measured as two (run --aa)\n"
	 "--base LABEL   the kernel to compare with (default: the first)\n"
	 "--effect P     the change to be found (default: 1%)\n"},
	{"plot", cmd_plot, "plot [--out x.png|x.svg|x.gp|-] [--kind K] J...",
	 "pictures of what was measured",
	 "J...           journals\n"
	 "--out FILE     a .png or .svg, or the .gp that gnuplot makes a PNG of; -: a text plot, "
	 "78\n"
	 "               columns wide (default: -)\n"
	 "--kind K       what is drawn (default: what suits each benchmark):\n"
	 "                 threads   operations a second by threads, processes or faulters\n"
	 "                 order     time or instructions of one op by folio order\n"
	 "                 runs      each run, and their quartiles, of each kernel\n"
	 "                 latency   quantiles of the latencies of contended points\n"
	 "                 series    changes relative to the first kernel, patch by patch\n"
	 "\n"
	 "Bars are 95 % intervals of the mean; of the change in `series`, of counts 99 %. Runs "
	 "that\n"
	 "are not ok are in no plot. Exit status 77 if there is no gnuplot.\n"},
	{"report", cmd_report, "report J... --out DIR [--base LABEL] [--title T] [--threshold 2%]",
	 "all that goes with a posting, in a folder",
	 "J...           journals\n"
	 "--out DIR      the folder: a new one, an empty one, or that of an earlier report, which\n"
	 "               is replaced. In it are\n"
	 "                 report.txt   tables, verdicts of kernels that were timed, environment\n"
	 "                              and what differs, command lines and plans, for a mail\n"
	 "                 index.html   the same as a page that needs no other file, with the\n"
	 "                 plot-*       pictures, which are here as .svg and .png too\n"
	 "                 journals/    copies, from which everything can be made again\n"
	 "                 SHA256SUMS   of all files, for sha256sum -c\n"
	 "--base LABEL   the kernel the others are compared with (default: the first)\n"
	 "--title T      what the tables call the machine (default: its CPU)\n"
	 "--threshold P  of the verdicts, as for `check` (default: the plan's, or 2%)\n"
	 "--functions[=N]  exact runs: the N kernel functions (15) that differ most\n"
	 "\n"
	 "Without gnuplot there are no pictures, and the report says so.\n"},
	{"emit-c", cmd_emit_c, "emit-c BENCH[/VARIANT] [key=value]... [--out FILE]",
	 "one C file that reproduces a point without faultbench",
	 "BENCH/VARIANT  what `faultbench list` shows; without VARIANT the first\n"
	 "key=value      its parameters, and iterations and warmup, as in a plan; one value each\n"
	 "--out FILE     where the program goes (default: stdout)\n"
	 "\n"
	 "The file has the benchmark's own code, the build line in its head, and what it does not "
	 "do.\n"
	 "It ends with 0, with 1 if an op's page faults are not those promised, with 77 and the "
	 "reason\n"
	 "where the machine cannot do it.\n"},
	{"export", cmd_export, "export --format csv|go|json J...", "the runs, for other programs",
	 "J...           journals\n"
	 "--format F     csv   a row for each run: kernel, boot, run, the point's parameters as "
	 "in\n"
	 "                     the journal (sizes in bytes), status and reason; of ok runs also "
	 "the\n"
	 "                     unit of an op (ns; insn: kernel instructions), mean, min and max "
	 "over\n"
	 "                     its iterations, their number, and the source (timed, emulated, "
	 "exact)\n"
	 "               go    Go's benchmark format, for `benchstat -col kernel`: a line for "
	 "each\n"
	 "                     unit that `check` compares, which is the mean of a boot, or of a "
	 "run\n"
	 "                     where there is one boot; iterations are those behind it. `source` "
	 "is\n"
	 "                     a key, so emulated times get a table of their own\n"
	 "               json  every kernel and point: its units, their mean and stdev relative "
	 "to\n"
	 "                     it, notes, and the runs as in csv\n"
	 "\n"
	 "Contended points also have ROLE-ops/s, ROLE-p50-ns and ROLE-p99-ns (their op lasts as "
	 "long\n"
	 "as the plan says: go leaves it out), exact runs what else was counted, by op. Runs that "
	 "are\n"
	 "void, skipped or failed have no numbers, and no line in go.\n"},
	{"kernel", cmd_kernel,
	 "kernel fetch SOURCE [--arch A] [--label L] | list | diff A B | remove LABEL |\n"
	 "       faultbench kernel build --tree DIR --arch A --label L [--rev R] [--variant V]...",
	 "fetch, build, compare, list and remove kernels to measure in VMs",
	 "fetch SOURCE   put a kernel into the cache; SOURCE is one of\n"
	 "                 debian:PACKAGE  e.g. debian:linux-image-6.12-cloud-arm64\n"
	 "                 A.deb[,B.deb]   packages of one kernel: .deb, .rpm, .pkg.tar.zst, "
	 ".tar.*\n"
	 "                 FOLDER          an installed or unpacked kernel, or a build folder\n"
	 "                 FILE            bzImage, vmlinux (PVH), Image, Image.gz, EFI zboot\n"
	 "--arch A       arm64 or x86_64 (default: what SOURCE says)\n"
	 "--label L      its name in tables (default: its release); one architecture's\n"
	 "build          build one and put it into the cache; --arch and --label are required:\n"
	 "--tree DIR     a git tree or a source folder, which is only read\n"
	 "--rev R        commit to build (default: HEAD, if nothing is uncommitted)\n"
	 "--variant V    with a feature turned off; `kernel build -h` lists them; several times\n"
	 "--config FILE  a complete config (default: the small one in configs/kernels/)\n"
	 "--jobs N       of make (default: one a CPU)\n"
	 "--clang        LLVM's tools (default: gcc)\n"
	 "diff A B       which objects of two built kernels differ\n"
	 "list           kernels in the cache and what they offer\n"
	 "--json         with diff and list: the same, to be read by programs\n"
	 "remove LABEL   delete one from the cache\n"
	 "\n"
	 "Where kernels of both architectures have a label, LABEL:arm64 and LABEL:x86_64 are one "
	 "each.\n"
	 "The cache is $XDG_CACHE_HOME/faultbench/kernels (default: in ~/.cache).\n"},
	{"list", cmd_list, "list [BENCH | --plans]",
	 "what can be measured, and whether this machine can",
	 "BENCH          one family only\n"
	 "--plans        the plans that can be carried out by name\n"
	 "--json         the same, to be read by programs\n"},
	{"doctor", cmd_doctor, "doctor", "what on this machine would spoil the numbers",
	 "--json         the same, to be read by programs\n"
	 "\n"
	 "Exit status 1 if something would spoil them, 0 if there are only remarks.\n"},
	{"show", cmd_show, "show J [BENCH] [--run N]", "runs of a journal in full",
	 "J              a journal\n"
	 "BENCH          only runs of this family\n"
	 "--run N        only run N of each point (default: all)\n"
	 "--kernel L     only runs of the kernel with this label\n"},
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int help_all(FILE *out, int status)
{
	size_t i;

	fprintf(out,
		"Usage: faultbench COMMAND [...]\n\n"
		"Microbenchmarks of page faults, fork, zap and mmap contention on Linux kernels,\n"
		"with every run verified and the tables of a cover letter.\n\n");
	for (i = 0; i < NR_COMMANDS; i++)
		fprintf(out, "  %-11s %s\n", commands[i].name, commands[i].summary);
	fprintf(out, "\n`faultbench COMMAND -h` shows a command's options.\n"
		     "Exit status: 0 ok, 1 a run failed or was void, or a regression, 2 wrong "
		     "input, 3 inconclusive,\n77 cannot run here.\n");
	return status;
}

int cli_help(const char *command)
{
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++) {
		if (strcmp(commands[i].name, command))
			continue;
		printf("Usage: faultbench %s\n\n%c%s.\n\n%s", commands[i].usage,
		       commands[i].summary[0] - 'a' + 'A', commands[i].summary + 1,
		       commands[i].help);
		if (commands[i].run == cmd_run || commands[i].run == cmd_compare)
			format_help(stdout);
	}
	return EXIT_OK;
}

int cli_usage(const char *command)
{
	fprintf(stderr, "faultbench: `faultbench %s -h` shows the options\n", command);
	return EXIT_USAGE;
}

bool cli_needs(const char *command, const struct cli_need *needs)
{
	const struct cli_need *missing[8];
	char text[256] = "";
	size_t nr = 0, i, used = 0;

	for (; needs->option && nr < 8; needs++)
		if (!needs->given)
			missing[nr++] = needs;
	for (i = 0; i < nr && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
					 !i	      ? ""
					 : i + 1 < nr ? ", "
						      : " and ",
					 missing[i]->option);
	return !nr || err("%s needs %s", command, text);
}

bool cli_functions(const char *word, int64_t *ret)
{
	*ret = FUNCTIONS_SHOWN;
	return !word || units_parse_int(word, 1, 100000, ret) ||
	       err("--functions=%s: must be a whole number from 1 to 100000", word);
}

bool cli_threshold(const char *word, double *ret)
{
	return units_parse_percent(word, ret) ||
	       err("--threshold %s: must be a percentage from 0%% to 100%%, such as 2%%", word);
}

bool cli_format(const struct format *format, int64_t functions)
{
	return !format || !functions ||
	       err("--format %s shows no functions: leave it or --functions out", format->name);
}

static int run(int argc, char **argv)
{
	size_t i;

	if (argc < 2)
		return help_all(stderr, EXIT_USAGE);
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
		return help_all(stdout, EXIT_OK);
	for (i = 0; i < NR_COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	err("'%s' is not a command; `faultbench -h` lists them", argv[1]);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	int status;

	msg_init("faultbench");
	status = run(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		err_errno("standard output cannot be written");
		return EXIT_USAGE;
	}
	return status;
}
