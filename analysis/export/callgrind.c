// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Callgrind's profile (valgrind's manual, "Callgrind Format Specification"): a cost for each
 * instruction and its line of source, and calls. Lines of another file than their function's, of
 * functions that were inlined, stand behind that file's name. Of calls it is not known which
 * instruction made them: they stand where their function begins.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/calls/code.h"
#include "analysis/calls/vmlinux.h"
#include "analysis/compare/units.h"
#include "analysis/export/calls.h"
#include "analysis/export/edges.h"

#define ROOT	"[op]"
#define UNKNOWN "???"

/* Where something is; file is UNKNOWN and line 0 if no DWARF says it. */
struct spot {
	uint64_t addr;
	const char *file;
	unsigned int line;
};

struct profile {
	FILE *out;
	const struct call_tree *tree;
	struct vmlinux *vmlinux;
	struct code code;
	struct edges edges;
	struct spot *begin; /* of each function, the root's last */
	bool *named;	    /* functions that were named */
	json_t *files;	    /* {name: number} of files that were */
};

static struct spot spot_of(const struct profile *p, uint64_t addr)
{
	struct spot s = {.addr = addr};

	s.file = p->vmlinux && addr ? vmlinux_line(p->vmlinux, addr, &s.line) : NULL;
	if (!s.file)
		s.file = UNKNOWN;
	return s;
}

/* Where functions begin, as a run has it. */
static void find_begins(struct profile *p, const struct result_cell *cell)
{
	const json_t *functions = called_functions(cell);
	uint32_t i;

	for (i = 0; i < p->tree->nr_names; i++)
		p->begin[i] = spot_of(p, vmlinux_address(functions, p->tree->name[i]));
	p->begin[i] = spot_of(p, 0);
}

/* A name the first time, with its number; then the number alone. */
static void put_name(FILE *out, const char *key, uint32_t number, const char *name)
{
	fprintf(out, "%s=(%u)", key, number);
	if (name) {
		fputc(' ', out);
		called_put(out, name, "\n\r");
	}
	fputc('\n', out);
}

static void put_function(struct profile *p, const char *key, uint32_t function)
{
	const char *name = function < p->tree->nr_names ? p->tree->name[function] : ROOT;

	put_name(p->out, key, function + 1, p->named[function] ? NULL : name);
	p->named[function] = true;
}

static void put_file(struct profile *p, const char *key, const char *file)
{
	json_t *known = json_object_get(p->files, file);
	uint32_t number = (uint32_t)json_integer_value(known);

	if (!known) {
		number = (uint32_t)json_object_size(p->files) + 1;
		json_object_set_new(p->files, file, json_integer(number));
	}
	put_name(p->out, key, number, known ? NULL : file);
}

/* Positions are addresses and lines where instructions are known, else lines, which are 0. */
static void put_position(const struct profile *p, const struct spot *s)
{
	if (p->code.nr)
		fprintf(p->out, "0x%llx ", (unsigned long long)s->addr);
	fprintf(p->out, "%u", s->line);
}

static void put_cost(const struct profile *p, const struct spot *s, double cost)
{
	put_position(p, s);
	fprintf(p->out, " %.0f\n", cost);
}

/* The instructions of a function, from the one on; returns which is behind them. */
static size_t put_insns(struct profile *p, uint32_t function, size_t insn)
{
	const char *file = p->begin[function].file;
	struct spot s;

	for (; insn < p->code.nr && p->code.insn[insn].function == function; insn++) {
		s = spot_of(p, p->code.insn[insn].addr);
		if (strcmp(s.file, file))
			put_file(p, strcmp(s.file, p->begin[function].file) ? "fi" : "fe", s.file);
		file = s.file;
		put_cost(p, &s, p->code.insn[insn].executed);
	}
	if (strcmp(file, p->begin[function].file))
		put_file(p, "fe", p->begin[function].file);
	return insn;
}

/* The calls that a function makes, from the edge on; returns which is behind them. */
static uint32_t put_calls(struct profile *p, uint32_t function, uint32_t edge)
{
	const struct edge *e;

	for (; edge < p->edges.nr && p->edges.edge[edge].from == function; edge++) {
		e = &p->edges.edge[edge];
		if (strcmp(p->begin[e->to].file, p->begin[function].file))
			put_file(p, "cfi", p->begin[e->to].file);
		put_function(p, "cfn", e->to);
		fprintf(p->out, "calls=%.0f ", e->calls);
		put_position(p, &p->begin[e->to]);
		fputc('\n', p->out);
		put_cost(p, &p->begin[function], e->insns);
	}
	return edge;
}

/* What each function executed itself, of the tree: free it. */
static double *own_of(const struct call_tree *t)
{
	double *own = calloc(t->nr_names + 1, sizeof(*own));
	uint32_t i;

	for (i = 1; own && i < t->nr; i++)
		own[t->node[i].function] += t->node[i].own[0];
	return own;
}

static void put_functions(struct profile *p)
{
	double *own = own_of(p->tree);
	uint32_t i, edge = 0;
	size_t insn = 0;
	const char *file = NULL;

	for (i = 0; own && i <= p->tree->nr_names; i++) {
		fputc('\n', p->out);
		if (!file || strcmp(file, p->begin[i].file))
			put_file(p, "fl", p->begin[i].file);
		file = p->begin[i].file;
		put_function(p, "fn", i);
		insn = put_insns(p, i, insn);
		if (!p->code.nr)
			put_cost(p, &p->begin[i], own[i]);
		edge = put_calls(p, i, edge);
	}
	free(own);
}

static void put_head(const struct profile *p, const struct called *called)
{
	const struct call_tree *t = p->tree;

	fprintf(p->out, "# callgrind format\nversion: 1\ncreator: faultbench " FAULTBENCH_VERSION
			"\ncmd: ");
	called_put(p->out, called->title, "\n\r");
	fprintf(p->out, "\ndesc: Ops: %.0f, of %zu boot%s; divide by them for one\n", t->ops[0],
		cell_boots(called->cell), cell_boots(called->cell) == 1 ? "" : "s");
	if (t->event)
		fprintf(p->out,
			"desc: Samples: of %s in the kernel; how often functions were called is "
			"not known, and 0\n",
			t->event);
	else
		fputs("desc: Ir: kernel instructions, without those of interrupts\n", p->out);
	if (p->code.nr && !p->vmlinux)
		fprintf(p->out, "desc: Lines of source: none, for want of a vmlinux with DWARF\n");
	if (t->cut[0] > 0)
		fprintf(p->out, "desc: Cut: %.0f calls, which are their callers' own\n", t->cut[0]);
	if (t->odd[0] > 0)
		fprintf(p->out, "desc: Odd: %.0f jumps or returns that were seen too late\n",
			t->odd[0]);
	fprintf(p->out,
		"positions: %sline\nevents: %s\nsummary: %.0f\n\nob=", p->code.nr ? "instr " : "",
		t->event ? "Samples" : "Ir", t->node[0].all[0]);
	called_put(p->out,
		   p->vmlinux ? vmlinux_path(p->vmlinux)
			      : called->results->kernels[called->kernel].label,
		   "\n\r");
	fputc('\n', p->out);
}

void called_callgrind(FILE *out, const struct called *called)
{
	struct call_tree *t = call_tree_of(called->cell, true);
	struct profile p = {.out = out, .tree = t, .vmlinux = called->vmlinux};

	if (!t)
		return;
	code_of(&p.code, t, called->cell);
	p.edges = edges_of(t);
	p.begin = calloc(t->nr_names + 1, sizeof(*p.begin));
	p.named = calloc(t->nr_names + 1, sizeof(*p.named));
	p.files = json_object();
	if (p.begin && p.named) {
		find_begins(&p, called->cell);
		put_head(&p, called);
		put_functions(&p);
		fprintf(out, "\ntotals: %.0f\n", t->node[0].all[0]);
	}
	json_decref(p.files);
	free(p.named);
	free(p.begin);
	edges_free(&p.edges);
	code_free(&p.code);
	call_tree_free(t);
}
