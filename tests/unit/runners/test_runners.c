// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <elf.h>

#include "common/arch.h"
#include "common/map.h"
#include "runners/channel.h"
#include "runners/closure.h"
#include "runners/machine.h"
#include "runners/signals.h"
#include "tests/unit/between.h"

#define ROOM 4096

static bool count(void *arg, const char *name, const struct file_map *file)
{
	assert_true(name[0] != '/' && file->len);
	++*(int *)arg;
	return true;
}

/* This test needs the C library at least. */
static void own_closure(void **state)
{
	struct file_map self;
	int nr = 0;

	(void)state;
	assert_true(map_file("/proc/self/exe", &self));
	assert_true(closure_each("self", &self, "", count, &nr));
	assert_between(nr, 2, 30);
	unmap_file(&self);
}

/* What is for another machine is not looked for among this one's libraries. */
static void foreign_closure(void **state)
{
	unsigned char *program = calloc(1, ROOM);
	const struct file_map m = {.data = program, .len = ROOM};
	Elf64_Ehdr *eh = (Elf64_Ehdr *)program;
	int nr = 0;

	(void)state;
	memcpy(eh->e_ident, ELFMAG, SELFMAG);
	eh->e_ident[EI_CLASS] = ELFCLASS64;
	eh->e_machine = EM_AARCH64;
	assert_true(closure_each("program", &m, "", count, &nr));
	eh->e_machine = EM_RISCV;
	assert_false(closure_each("program", &m, "", count, &nr));
	memset(program, 0, ROOM);
	assert_false(closure_each("program", &m, "", count, &nr));
	assert_int_equal(nr, 0);
	free(program);
}

static void archs(void **state)
{
	const struct arch *a;
	char names[32];
	size_t i;

	(void)state;
	for (a = arch_list; a->name; a++) {
		assert_ptr_equal(arch_find(a->name), a);
		assert_ptr_equal(arch_find(a->uname), a);
		assert_ptr_equal(arch_find(a->debian), a);
		assert_string_equal(arch_of_elf(a->elf), a->name);
		assert_non_null(a->images[0]);
		assert_true(strlen(arch_pages_names(a, names)) < sizeof(names) - 1);
		for (i = 0; i < ARCH_PAGES && a->pages[i].name; i++)
			assert_ptr_equal(arch_pages_named(a, a->pages[i].name),
					 arch_pages_sized(a, a->pages[i].bytes));
	}
	assert_null(arch_find("riscv64"));
	assert_string_equal(arch_names(), "arm64 or x86_64");
	assert_string_equal(arch_pages_names(arch_find("arm64"), names), "4K, 16K or 64K");
	assert_null(arch_pages_named(arch_find("x86_64"), "16K"));
	assert_string_equal(arch_of_package("linux-image-6.12.9-arm64-16k"), "arm64");
	assert_string_equal(arch_of_package("linux-image-amd64"), "x86_64");
	assert_string_equal(arch_of_package("linux-image-armmp"), "arm");
	assert_null(arch_of_package("linux-image-generic"));
}

/* Whether a machine file of that text is taken. */
static bool reads(struct machine *m, const char *text)
{
	char path[] = "/tmp/test-runners-XXXXXX";
	int fd = mkstemp(path);
	bool ok;

	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	ok = machine_read(m, path);
	unlink(path);
	return ok;
}

#define HOST "[machine]\nkind = ssh\nhost = user@lab\n"
#define VM   "[machine]\nkind = qemu\n"

static void machines_can(void **state)
{
	struct machine m;

	(void)state;
	assert_true(machine_read(&m, NULL));
	assert_string_equal(m.name, "local");
	assert_false(m.starts_kernels || m.counts || m.side_by_side || m.memory || m.page_size);
	assert_true(m.unit == UNIT_RUN && machine_timed(&m));
	machine_free(&m);
	assert_true(reads(&m, VM "accel = tcg\nmemory = 3G\n"));
	assert_true(m.starts_kernels && m.side_by_side && !m.counts && m.unit == UNIT_BOOT);
	assert_false(machine_timed(&m));
	assert_int_equal(m.memory, 3LL << 30);
	assert_int_equal(m.page_size, 4096); /* x86-64 has no other */
	assert_null(machine_boot_id(&m));
	machine_free(&m);
	assert_true(reads(&m, VM "arch = aarch64\naccel = exact\npage-size = 16K\nruns = 2\n"));
	assert_ptr_equal(m.arch, arch_find("arm64"));
	assert_true(m.counts && !machine_timed(&m) && m.boots == 5 && m.runs == 2);
	assert_int_equal(m.page_size, 16 << 10);
	machine_free(&m);
	assert_true(reads(&m, VM "arch = arm64\n"));
	assert_int_equal(m.page_size, 0); /* its kernels say it */
	machine_free(&m);
	assert_true(reads(&m, HOST));
	assert_false(m.starts_kernels || m.counts || m.side_by_side || m.arch);
	assert_true(m.unit == UNIT_RUN && machine_timed(&m));
	machine_free(&m);
	assert_true(reads(&m, HOST "switch = restart\ncommand = x\narch = arm64\ncpus = 8\n"));
	assert_true(m.starts_kernels && !m.side_by_side && m.unit == UNIT_BOOT && m.cpus == 8);
	assert_true(machine_ask(&m)); /* all is told */
	assert_int_equal(m.page_size, 0);
	machine_free(&m);
	assert_false(reads(&m, HOST "switch = restart\n"));
	assert_false(reads(&m, HOST "command = x\n"));
	assert_false(reads(&m, HOST "boot-kind = kexec\n"));
	assert_false(reads(&m, HOST "patience = 0\n"));
	assert_false(reads(&m, "[machine]\nkind = ssh\nhost = -oX\n"));
	assert_false(reads(&m, VM "host = x\n"));
	assert_false(reads(&m, VM "page-size = 16K\n"));
	assert_false(reads(&m, VM "arch = arm64\npage-size = 32K\n"));
	assert_false(reads(&m, VM "arch = riscv64\n"));
	assert_false(reads(&m, "[machine]\nkind = local\npage-size = 4K\n"));
	assert_false(reads(&m, "[machine]\nkind = none\n"));
}

/* --- a channel on which nothing comes ----------------------------------------------------------
 */

static int told;

static void hear(const struct channel *c)
{
	assert_false(c->spoken);
	told++;
}

static bool take(void *arg, const json_t *record)
{
	(void)arg;
	(void)record;
	return true;
}

/* How often silence is heard of, on a channel that has a console with such a text. */
static int silences(const char *text)
{
	int ends[2], console[2];
	struct channel c, *all[] = {&c};

	assert_false(pipe(ends) || pipe(console));
	channel_init(&c, take, NULL);
	c.from.fd = ends[0];
	c.console = console[0];
	c.console_end = calloc(1, CONSOLE_KEPT + 1);
	c.silent_s = 0.01;
	c.silent = hear;
	told = 0;
	assert_int_equal(write(console[1], text, strlen(text)), strlen(text));
	channel_begin(&c, NULL, true, 0.2);
	channels_wait(all, 1);
	assert_int_equal(c.end, CHANNEL_TIMEOUT);
	channel_close(&c);
	close(ends[1]);
	close(console[1]);
	return told;
}

static void silent_channels(void **state)
{
	(void)state;
	signals_catch();
	assert_int_equal(silences(""), 1);
	assert_int_equal(silences("[    0.000000] Booting"), 0);
	signals_release();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archs),	   cmocka_unit_test(own_closure),
		cmocka_unit_test(foreign_closure), cmocka_unit_test(machines_can),
		cmocka_unit_test(silent_channels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
