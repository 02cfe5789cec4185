// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/turns.h"

#include <dlfcn.h>
#include <stddef.h>

static struct {
	unsigned int nr; /* vCPUs; 0: one */
	/* QEMU's: leaves translated code before the next piece of it; the vCPU of that number; the
	 * one that executes, of the thread. */
	void (*leave)(void *cpu);
	void *(*find)(int number);
	void **current;

	void *cpu[TURNS_VCPUS];
	unsigned int now; /* whose turn it is */
	uint32_t left;	  /* instructions of the turn */
	bool coarse;
	uint64_t state;
} turns;

/* The address of something of QEMU's. */
static void *symbol(const char *name)
{
	return dlsym(RTLD_DEFAULT, name);
}

bool turns_init(unsigned int nr)
{
	*(void **)&turns.leave = symbol("cpu_exit");
	*(void **)&turns.find = symbol("qemu_get_cpu");
	turns.nr = nr;
	return turns.leave && turns.find && symbol("current_cpu");
}

/* Of splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). */
static uint64_t draw(void)
{
	uint64_t z = turns.state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

void turns_seed(uint64_t schedule)
{
	turns.state = schedule;
}

static uint32_t draw_turn(void)
{
	uint64_t number = draw();
	uint32_t from = TURNS_LEAST;

	from <<= number % (unsigned int)__builtin_ctz(TURNS_MOST / TURNS_LEAST);
	from += (uint32_t)(number >> 32) % from;
	return turns.coarse ? from * TURNS_COARSE : from;
}

/* vCPUs share a thread, which is not the one that loads plugins. */
static void find_vcpus(void)
{
	unsigned int i;

	turns.current = symbol("current_cpu");
	for (i = 0; i < turns.nr; i++)
		turns.cpu[i] = turns.find((int)i);
}

unsigned int turns_vcpu(void)
{
	unsigned int i;

	if (!turns.nr)
		return 0;
	if (!turns.current)
		find_vcpus();
	if (turns.cpu[turns.now] == *turns.current)
		return turns.now;
	turns.left = draw_turn();
	for (i = 0; i + 1 < turns.nr && turns.cpu[i] != *turns.current; i++)
		;
	turns.now = i;
	return i;
}

void turns_coarse(bool coarse)
{
	turns.coarse = coarse;
}

void turns_ran(uint32_t insns)
{
	if (turns.left > insns) {
		turns.left -= insns;
		return;
	}
	/* What goes beyond is the next turn's, so that a block takes what its instructions do. */
	turns.left += draw_turn() - insns;
	turns.leave(turns.cpu[turns.now]);
}
