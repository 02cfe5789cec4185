// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Several vCPUs: whose turn it is and how long, under a QEMU that is played here; and whose what
 * they execute is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runners/exact/counts.h"
#include "runners/exact/parts.h"
#include "runners/exact/turns.h"
#include "runners/exact/whose.h"

/* The QEMU: vCPUs are numbers of these. */
static int vcpus[3], left;
void *current_cpu = &vcpus[0];

void cpu_exit(void *cpu);
void *qemu_get_cpu(int number);

void cpu_exit(void *cpu)
{
	assert_ptr_equal(cpu, current_cpu);
	left++;
}

void *qemu_get_cpu(int number)
{
	return &vcpus[number];
}

/* What was said of whose it is, a letter each. */
static char said[64];

static void say(char what)
{
	said[strlen(said)] = what;
}

void counts_switched(unsigned int vcpu, enum counts_whose whose)
{
	assert_int_equal(vcpu, 1);
	say("oia"[whose]);
}

void counts_interrupted(unsigned int vcpu)
{
	assert_int_equal(vcpu, 1);
	say('I');
}

void counts_resumed(unsigned int vcpu, size_t block)
{
	assert_int_equal(vcpu, 1);
	assert_int_equal(block, 7);
	say('R');
}

void parts_own(bool own)
{
	(void)own;
}

/* The lengths of so many turns, of blocks of one instruction. */
static void lengths(uint64_t schedule, uint32_t *ret, size_t nr)
{
	size_t i;

	turns_seed(schedule);
	current_cpu = &vcpus[1];
	turns_vcpu();
	current_cpu = &vcpus[0];
	assert_int_equal(turns_vcpu(), 0);
	for (i = 0; i < nr; i++)
		for (ret[i] = 0, left = 0; !left; ret[i]++)
			turns_ran(1);
}

static void turns_are_a_schedule(void **state)
{
	uint32_t one[200], again[200], other[200], least = UINT32_MAX, most = 0;
	size_t i;

	(void)state;
	lengths(1, one, 200);
	lengths(2, other, 200);
	lengths(1, again, 200);
	assert_memory_equal(one, again, sizeof(one));
	assert_memory_not_equal(one, other, sizeof(one));
	for (i = 0; i < 200; i++) {
		least = one[i] < least ? one[i] : least;
		most = one[i] > most ? one[i] : most;
	}
	assert_in_range(least, TURNS_LEAST, 4 * TURNS_LEAST);
	assert_in_range(most, TURNS_MOST / 4, TURNS_MOST);
	turns_coarse(true);
	lengths(1, again, 1);
	turns_coarse(false);
	lengths(1, one, 1);
	assert_int_equal(again[0], one[0] * TURNS_COARSE);
}

static void vcpu_is_the_one_that_executes(void **state)
{
	int i;

	(void)state;
	for (i = 2; i >= 0; i--) {
		current_cpu = &vcpus[i];
		assert_int_equal(turns_vcpu(), i);
		turns_ran(TURNS_MOST);
	}
}

#define TASK  0xffff000001234500ULL
#define OTHER 0xffff000001239500ULL

/* A switch from one task to another: registers are stored to and loaded from both. */
static void switches(uint64_t from, uint64_t to)
{
	whose_enter(1, ENTRY_SWITCH);
	whose_access(1, from, true);
	whose_access(1, from + 96, true);
	whose_access(1, to, false);
	whose_access(1, to + 16, false);
}

static void whose(const char *wanted)
{
	assert_string_equal(said, wanted);
	memset(said, 0, sizeof(said));
}

static void others_run_while_an_op_waits(void **state)
{
	(void)state;
	whose_start(1);
	switches(TASK, OTHER);
	whose("a");
	/* What happens to others is nobody's; nor is it when they go on with one another. */
	whose_enter(1, ENTRY_INTERRUPT);
	whose_leave(1, 7);
	switches(OTHER, OTHER + 0x4000);
	whose("");
	switches(OTHER + 0x4000, TASK);
	whose("o");
	whose_enter(1, ENTRY_INTERRUPT);
	whose_leave(1, 7);
	whose("IR");
	/* Memory is stored to at any time. */
	whose_access(1, OTHER, false);
	whose("");
}

static void a_switch_in_an_interrupt_is_within_it(void **state)
{
	(void)state;
	whose_start(1);
	whose_enter(1, ENTRY_INTERRUPT);
	whose_enter(1, ENTRY_EXCEPTION);
	switches(TASK, OTHER);
	whose_leave(1, 7);
	whose_leave(1, 7);
	switches(OTHER, TASK);
	whose("Iai");
	whose_leave(1, 7);
	whose("");
	whose_leave(1, 7);
	whose("R");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turns_are_a_schedule),
		cmocka_unit_test(vcpu_is_the_one_that_executes),
		cmocka_unit_test(others_run_while_an_op_waits),
		cmocka_unit_test(a_switch_in_an_interrupt_is_within_it),
	};

	if (!turns_init(3))
		return 1;
	whose_vcpus(3);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
