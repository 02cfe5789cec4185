// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Under emulation each instruction counts, and there are half a million frames: so no stdio here,
 * and no memory of its own, which an op would find in its process.
 */
#include "bench/harness/kernel/layout.h"

#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/harness/kernel/kcore.h"
#include "common/io.h"

#define KPF_RESERVED 32	 /* linux/kernel-page-flags.h, of the kernel itself */
#define AT_ONCE	     512 /* frames */

struct layout_value layout_values[] = {
	{"pcpu_base_addr", 0},
	{"pcpu_unit_size", 0},
	{0},
};

/* What is sent, in pieces. */
struct out {
	int fd;
	bool failed;
	size_t used;
	char text[1024];
};

static void out_flush(struct out *o)
{
	o->failed = o->failed || !io_write_all(o->fd, o->text, o->used);
	o->used = 0;
}

static void out_text(struct out *o, const char *text, size_t len)
{
	if (o->used + len > sizeof(o->text))
		out_flush(o);
	memcpy(o->text + o->used, text, len);
	o->used += len;
}

static void out_string(struct out *o, const char *text)
{
	out_text(o, text, strlen(text));
}

static void out_hex(struct out *o, char before, uint64_t number)
{
	char text[18], *at = text + sizeof(text);

	do {
		*--at = "0123456789abcdef"[number & 15];
		number >>= 4;
	} while (number);
	*--at = before;
	out_text(o, at, (size_t)(text + sizeof(text) - at));
}

static void out_values(struct out *o, const struct kcore *k)
{
	const struct layout_value *v;
	uint64_t value;

	for (v = layout_values; v->name; v++) {
		if (!v->addr || !kcore_read(k, v->addr, &value, sizeof(value)))
			continue;
		out_string(o, "value ");
		out_string(o, v->name);
		out_hex(o, ' ', value);
		out_string(o, ";");
	}
}

static void out_segments(struct out *o, const struct kcore *k)
{
	const Elf64_Phdr *p;

	for (p = k->segment; p < k->segment + k->nr; p++) {
		if (p->p_type != PT_LOAD)
			continue;
		out_string(o, "segment");
		out_hex(o, ' ', p->p_vaddr);
		out_hex(o, ' ', p->p_paddr);
		out_hex(o, ' ', p->p_memsz);
		out_string(o, ";");
	}
	out_values(o, k);
}

bool layout_send(int fd)
{
	struct out o = {.fd = fd};
	struct kcore kcore;

	out_string(&o, "{\"type\":\"layout\",\"text\":\"page");
	out_hex(&o, ' ', (uint64_t)sysconf(_SC_PAGESIZE));
	out_string(&o, ";");
	if (kcore_open(&kcore)) {
		out_segments(&o, &kcore);
		kcore_close(&kcore);
	}
	out_string(&o, "\"}\n");
	out_flush(&o);
	return !o.failed;
}

static char use_of(uint64_t flags)
{
	static const struct {
		uint64_t any;
		char use;
	} uses[] = {
		{1ULL << KPF_NOPAGE, 'x'},
		{1ULL << KPF_BUDDY, 'y'},
		{1ULL << KPF_PGTABLE, 't'},
		{1ULL << KPF_SLAB, 's'},
		{1ULL << KPF_RESERVED, 'r'},
		{1ULL << KPF_ANON | 1ULL << KPF_MMAP | 1ULL << KPF_HUGE, 'u'},
		{1ULL << KPF_LRU, 'p'},
		{~0ULL, 'o'},
	};
	size_t i;

	for (i = 0; i + 1 < sizeof(uses) / sizeof(uses[0]); i++)
		if (flags & uses[i].any)
			break;
	return uses[i].use;
}

/* A stretch of frames of one use. */
struct stretch {
	uint64_t nr, flags; /* flags: of its last frame */
	char use;
};

static void add_frames(struct out *o, struct stretch *s, const uint64_t *flags, size_t nr)
{
	size_t i;
	char use;

	for (i = 0; i < nr; i++) {
		/* Neighbours are alike. */
		use = s->nr && flags[i] == s->flags ? s->use : use_of(flags[i]);
		s->flags = flags[i];
		if (s->nr && use != s->use) {
			out_hex(o, s->use, s->nr);
			s->nr = 0;
		}
		s->use = use;
		s->nr++;
	}
}

/* Before that there is none. */
static uint64_t find_first_frame(void)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), first = UINT64_MAX;
	const Elf64_Phdr *p;
	struct kcore kcore;

	if (!kcore_open(&kcore))
		return 0;
	for (p = kcore.segment; p < kcore.segment + kcore.nr; p++)
		if (p->p_type == PT_LOAD && p->p_paddr / page < first)
			first = p->p_paddr / page;
	kcore_close(&kcore);
	return first == UINT64_MAX ? 0 : first;
}

static void layout_frames(int fd, bool rehearsal)
{
	static uint64_t first_frame;

	int in = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	static uint64_t flags[AT_ONCE];
	struct stretch s = {.nr = first_frame, .flags = 1ULL << KPF_NOPAGE, .use = 'x'};
	struct out o = {.fd = fd};
	off_t at = (off_t)(first_frame * sizeof(flags[0]));
	ssize_t got;

	if (in < 0)
		return;
	if (rehearsal)
		first_frame = find_first_frame();
	while ((got = pread(in, flags, sizeof(flags), at)) > 0 && !rehearsal) {
		add_frames(&o, &s, flags, (size_t)got / sizeof(flags[0]));
		at += got;
	}
	if (s.nr)
		out_hex(&o, s.use, s.nr);
	out_string(&o, ";");
	out_flush(&o);
	close(in);
}

/* Who has made an area. Most are not of interest, so the most frequent comes first. */
static char area_of(const char *line, size_t len)
{
	static const struct {
		const char *caller;
		char area;
	} callers[] = {{" kernel_clone+", 's'},
		       {" dup_task_struct+", 's'},
		       {" copy_process+", 's'},
		       {" pcpu_get_vm_areas+", 'p'}};
	size_t i;

	for (i = 0; i < sizeof(callers) / sizeof(callers[0]); i++)
		if (memmem(line, len, callers[i].caller, strlen(callers[i].caller)))
			return callers[i].area;
	return 0;
}

/* A line of /proc/vmallocinfo: "0xFROM-0xTO   BYTES CALLER+OFFSET/SIZE ...". */
static void put_area(struct out *o, const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);
	char area[2] = {' ', area_of(line, len)};

	if (!blank || !area[1])
		return;
	out_text(o, area, sizeof(area));
	out_text(o, line, (size_t)(blank - line));
}

static void layout_areas(int fd)
{
	int in = open("/proc/vmallocinfo", O_RDONLY | O_CLOEXEC);
	struct out o = {.fd = fd};
	static char buffer[4096];
	size_t have = 0;
	char *line, *end;
	ssize_t got;

	while (in >= 0 && (got = read(in, buffer + have, sizeof(buffer) - have)) > 0) {
		have += (size_t)got;
		for (line = buffer; (end = memchr(line, '\n', have)); line = end + 1) {
			put_area(&o, line, (size_t)(end - line));
			have -= (size_t)(end + 1 - line);
		}
		memmove(buffer, line, have);
	}
	out_string(&o, ";");
	out_flush(&o);
	if (in >= 0)
		close(in);
}

bool layout_has_stacks(void)
{
	FILE *in = fopen("/proc/vmallocinfo", "re");
	bool has = !in;
	char *line = NULL;
	size_t room = 0;

	while (in && !has && getline(&line, &room, in) > 0)
		has = area_of(line, strlen(line)) == 's';
	free(line);
	if (in)
		fclose(in);
	return has;
}

void layout_around(int fd, int iteration, int warmup, bool after)
{
	if (fd < 0 || (iteration && iteration < warmup))
		return;
	if (iteration == warmup && !after && (lseek(fd, 0, SEEK_SET) || ftruncate(fd, 0)))
		return;
	layout_frames(fd, iteration < warmup);
	if (after)
		layout_areas(fd);
}
