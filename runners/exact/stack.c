// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/stack.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH 512 /* calls under way; the kernel's stacks have no room for more */
#define NONE  UINT32_MAX

struct node {
	uint32_t parent, function;
	uint32_t child, sibling; /* NONE; the latest that was looked for is the first */
	uint64_t insns, calls;
};

struct frame {
	uint32_t node, function;
	bool gone;    /* it jumped to the one above, and is not returned to */
	bool entered; /* by the kernel itself: returns do not go below */
	bool inner;   /* a part of the function below */
	uint64_t kept;
};

/* Node 0 is the root, and frame 0 stays: it has what is executed before any function is known. */
struct stack {
	struct node *nodes;
	uint32_t nr_nodes, room;
	struct frame frame[DEPTH];
	unsigned int top, above; /* DEPTH */
};

static struct {
	struct stack of[2]; /* the operation's, interrupts' */
	struct stack *now;
	uint64_t cut, odd;
} stack;

#define NR_STACKS (sizeof(stack.of) / sizeof(stack.of[0]))

static struct frame *top(void)
{
	return &stack.now->frame[stack.now->top];
}

/* A new node; NONE if there are too many. Ends the process without memory. */
static uint32_t add_node(struct stack *s, uint32_t parent, uint32_t function)
{
	if (s->nr_nodes == STACK_NODES)
		return NONE;
	if (s->nr_nodes == s->room) {
		s->room = s->room ? 2 * s->room : 1024;
		s->nodes = realloc(s->nodes, s->room * sizeof(*s->nodes));
		if (!s->nodes)
			abort();
	}
	s->nodes[s->nr_nodes] = (struct node){
		.parent = parent, .function = function, .child = NONE, .sibling = NONE};
	return s->nr_nodes++;
}

/* The node's child of that function, which becomes its first one; NONE if there are too many. */
static uint32_t child_of(struct stack *s, uint32_t parent, uint32_t function)
{
	uint32_t at = s->nodes[parent].child, before = NONE;

	for (; at != NONE && s->nodes[at].function != function; at = s->nodes[at].sibling)
		before = at;
	if (at == NONE)
		at = add_node(s, parent, function);
	else if (before != NONE)
		s->nodes[before].sibling = s->nodes[at].sibling;
	if (at == NONE || at == s->nodes[parent].child)
		return at;
	s->nodes[at].sibling = s->nodes[parent].child;
	s->nodes[parent].child = at;
	return at;
}

static void push_frame(uint32_t node, uint32_t function)
{
	if (stack.now->top + 1 == DEPTH) {
		stack.now->above++;
		return;
	}
	stack.now->top++;
	*top() = (struct frame){.node = node, .function = function};
}

static void push(uint32_t function)
{
	uint32_t parent = top()->node, node = child_of(stack.now, parent, function);

	/* What is above DEPTH is as if it were called by the same. */
	if (node == NONE || stack.now->top + 1 == DEPTH)
		stack.cut++;
	if (node == NONE)
		node = parent;
	else
		stack.now->nodes[node].calls++;
	push_frame(node, function);
}

/* Frames up to this one remain. */
static void cut_to(unsigned int frame)
{
	stack.now->above = 0;
	stack.now->top = frame;
	top()->gone = false;
}

void stack_run(void)
{
	size_t i;

	for (i = 0; i < NR_STACKS; i++) {
		stack.of[i].nr_nodes = 0;
		add_node(&stack.of[i], NONE, 0);
		stack.of[i].top = stack.of[i].above = 0;
		stack.of[i].frame[0] = (struct frame){.entered = true};
	}
	stack.now = &stack.of[0];
	stack.cut = stack.odd = 0;
}

void stack_start(void)
{
	stack.now = &stack.of[0];
	cut_to(0);
}

void stack_ran(uint64_t insns)
{
	stack.now->nodes[top()->node].insns += insns;
}

void stack_user(void)
{
	cut_to(0);
}

void stack_called(uint32_t function)
{
	push(function);
}

/* By a jump. One that it was already reached by, since the last call, is where that goes on. */
void stack_reached(uint32_t function)
{
	const struct frame *frame = stack.now->frame;
	unsigned int i = stack.now->top;

	if (!i) {
		push(function);
		return;
	}
	while (frame[i].function != function && !frame[i].entered && frame[i - 1].gone)
		i--;
	if (frame[i].function == function && (i < stack.now->top || !stack.now->above)) {
		cut_to(i);
		return;
	}
	top()->gone = true;
	push(function);
}

void stack_drop_caller(void)
{
	struct frame *frame = top();

	if (!stack.now->above && !frame->entered && !frame[-1].entered)
		frame[-1].gone = true;
}

void stack_inner(void)
{
	push_frame(top()->node, top()->function);
	if (!stack.now->above)
		top()->inner = true;
}

void stack_drop_inner(uint64_t calls)
{
	for (; calls && top()->inner && !stack.now->above; calls--)
		stack.now->top--;
}

/* The uppermost frame of a function that can be returned to; 0 if there is none. */
static unsigned int find(uint32_t function)
{
	const struct frame *frame = stack.now->frame;
	unsigned int i = stack.now->top;

	for (; !(frame[i].function == function && !frame[i].gone); i--)
		if (frame[i].entered)
			return 0;
	return i;
}

void stack_in(uint32_t function)
{
	unsigned int frame;

	if (top()->function == function || stack.now->above)
		return;
	stack.odd++;
	frame = find(function);
	if (frame)
		cut_to(frame);
	else
		stack_reached(function);
}

void stack_return(void)
{
	if (stack.now->above) {
		stack.now->above--;
		return;
	}
	if (top()->entered)
		return;
	do
		stack.now->top--;
	while (top()->gone && !top()->entered);
	top()->gone = false;
}

void stack_enter(uint32_t function, uint64_t keep)
{
	push(function);
	if (!stack.now->above) {
		top()->entered = true;
		top()->kept = keep;
	}
}

bool stack_leave(uint64_t *ret_kept)
{
	unsigned int i = stack.now->top;

	while (!stack.now->frame[i].entered)
		i--;
	if (!i)
		return false;
	*ret_kept = stack.now->frame[i].kept;
	cut_to(i - 1);
	return true;
}

void stack_interrupt(bool begins)
{
	stack.now = &stack.of[begins];
	if (begins)
		cut_to(0);
}

static void print_tree(FILE *out, const struct stack *s, uint64_t (*address)(uint32_t function))
{
	/* The root is there only if something was executed in it: before any function was known. */
	uint32_t first = s->nodes[0].insns ? 0 : 1, i;
	const struct node *n;

	for (i = first; i < s->nr_nodes; i++) {
		n = &s->nodes[i];
		/* JSON has no unsigned integers: an address of the kernel is a negative number. */
		fprintf(out, "%s[%lld,%lld,%llu,%llu]", i > first ? "," : "",
			n->parent == NONE || n->parent < first
				? -1LL
				: (long long)n->parent - (long long)first,
			(long long)address(n->function), (unsigned long long)n->insns,
			(unsigned long long)n->calls);
	}
}

void stack_print(FILE *out, uint64_t (*address)(uint32_t function))
{
	fprintf(out, "{\"op\":[");
	print_tree(out, &stack.of[0], address);
	fprintf(out, "],\"interrupts\":[");
	print_tree(out, &stack.of[1], address);
	fprintf(out, "],\"cut\":%llu,\"odd\":%llu}", (unsigned long long)stack.cut,
		(unsigned long long)stack.odd);
}
