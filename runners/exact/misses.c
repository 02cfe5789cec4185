// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/misses.h"

#include <stdlib.h>

#include "common/exact/insn_class.h"
#include "runners/exact/model/hierarchy.h"
#include "runners/exact/model/mapped.h"
#include "runners/exact/printed.h"
#include "runners/exact/where.h"

#define KERNEL	   (1ULL << 63)
#define WIDEST	   16 /* bytes of an access: QEMU makes no wider ones */
#define NO_LINE	   UINT64_MAX
#define ZEROED	   (1ULL << 56) /* no memory is there */
#define ZERO_BLOCK 64		/* bytes that DC ZVA zeroes, on all of the CPUs that we emulate */

static struct {
	const struct target *target;
	struct hierarchy h;
	unsigned int shift; /* log2 of the bytes of a line of the first level */
	uint64_t last;	   /* line of the kernel's that was used last: it is the first in its set */
	struct misses *op; /* whose the kernel's accesses are: &now in an op, or */
	struct misses now, others;
	uint64_t zeroed; /* blocks, where nobody says which */

	/* What names addresses in registers was executed: they can be read once QEMU goes on with
	 * the next piece of code. NULL: nothing. */
	const struct tlb_insn *named;
	bool names; /* the instruction that was translated last does */

	struct printed printed; /* of the run's iterations */
} model = {.last = NO_LINE, .op = &model.others};

bool misses_init(const char *geometry, const struct target *target)
{
	struct cache_model m;

	hierarchy_free(&model.h);
	if (!cache_model_parse(&m, geometry) || !hierarchy_init(&model.h, &m))
		return false;
	model.shift = model.h.shift[CACHE_L1D];
	model.target = target;
	return true;
}

static const struct page_key *key_of(struct where *where, uint64_t vaddr)
{
	struct page page;

	if (!where->has_key) {
		page = mapped_page(vaddr, where->ppage * WHERE_PAGE + vaddr % WHERE_PAGE);
		where->key = hierarchy_key(&page);
		where->has_key = true;
	}
	return &where->key;
}

/* In a line other than that of the kernel's that was used last. */
static void use_other(qemu_plugin_meminfo_t info, uint64_t vaddr, struct misses *m)
{
	struct where *where = where_is(info, vaddr);

	model.last = NO_LINE;
	if (!where)
		return;
	hierarchy_page(&model.h, key_of(where, vaddr), m);
	hierarchy_line(&model.h, where->ppage * WHERE_PAGE + vaddr % WHERE_PAGE, m);
	if (vaddr & KERNEL)
		model.last = vaddr >> model.shift;
}

/* The page and the line that were used last are asked for again: nothing moves. */
static void use(qemu_plugin_meminfo_t info, uint64_t vaddr, struct misses *m)
{
	if (vaddr >> model.shift == model.last)
		m->accesses++;
	else
		use_other(info, vaddr, m);
}

static void look(qemu_plugin_meminfo_t info, uint64_t vaddr, struct misses *m)
{
	uint64_t offset = vaddr & ((1ULL << model.shift) - 1), last;

	use(info, vaddr, m);
	if (offset + WIDEST <= 1ULL << model.shift)
		return;
	last = vaddr + (1ULL << qemu_plugin_mem_size_shift(info)) - 1;
	if (last >> model.shift != vaddr >> model.shift)
		use(info, last, m);
}

static void on_kernel_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr,
			     void *userdata)
{
	(void)vcpu;
	(void)userdata;
	look(info, vaddr, model.op);
}

static void on_user_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr,
			   void *userdata)
{
	(void)vcpu;
	(void)userdata;
	look(info, vaddr, &model.others);
}

/*
 * A block is zeroed, and QEMU does not say where: a line that nobody has comes in, and throws out
 * what the right one would. It is no access that is counted.
 */
static void on_zero(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	(void)userdata;
	model.last = NO_LINE;
	hierarchy_line(&model.h, ZEROED + model.zeroed++ * ZERO_BLOCK, &model.others);
}

/* Forgets what the instruction in front of this names, now that its registers can be read. */
static void forget_named(const struct tlb_insn *tlb)
{
	struct flush flush = {.pages = tlb->pages, .tables = tlb->tables};
	uint64_t base = 0, index = 0;

	if ((tlb->base >= 0 && !api_register((unsigned int)tlb->base, &base)) ||
	    (tlb->index >= 0 && !api_register((unsigned int)tlb->index, &index))) {
		fputs("faultbench-exact: a register of the guest cannot be read\n", stderr);
		abort();
	}
	tlb_addresses(tlb->form, base + (index << tlb->shift) + tlb->offset, mapped_wide(), &flush);
	hierarchy_flush(&model.h, &flush);
}

static void on_first(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	(void)userdata;
	if (!model.named)
		return;
	forget_named(model.named);
	model.named = NULL;
}

static void on_tlb(unsigned int vcpu, void *userdata)
{
	const struct tlb_insn *tlb = userdata;
	struct flush flush = {.pages = tlb->pages, .tables = tlb->tables};

	(void)vcpu;
	model.last = NO_LINE;
	if (tlb->kernel)
		where_forget();
	if (tlb->pages == FLUSH_ADDRESSES)
		model.named = tlb;
	else
		hierarchy_flush(&model.h, &flush);
}

/* What is called is kept as long as the translation is. */
static void call_on_tlb(struct qemu_plugin_insn *insn, const struct tlb_insn *tlb)
{
	struct tlb_insn *kept = malloc(sizeof(*kept));

	if (!kept)
		abort();
	*kept = *tlb;
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_tlb, QEMU_PLUGIN_CB_NO_REGS, kept);
}

void misses_first(struct qemu_plugin_insn *insn, uint64_t addr)
{
	model.names = false;
	if (addr & KERNEL)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_first, QEMU_PLUGIN_CB_R_REGS, NULL);
}

void misses_at(struct qemu_plugin_insn *insn, uint64_t addr, const uint8_t *bytes, size_t size)
{
	bool kernel = addr & KERNEL;
	struct tlb_insn tlb = {0};

	/* Else its registers could be others when they are read. */
	if (model.names) {
		fputs("faultbench-exact: this QEMU goes on behind a TLBI or INVLPG, so that a "
		      "model of TLBs cannot know what is flushed\n",
		      stderr);
		abort();
	}
	qemu_plugin_register_vcpu_mem_cb(insn, kernel ? on_kernel_access : on_user_access,
					 QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
	if (model.target->decode(bytes, size) & 1u << INSN_ZERO)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_zero, QEMU_PLUGIN_CB_NO_REGS, NULL);
	if (kernel)
		tlb = model.target->tlb(addr, bytes, size);
	if (tlb.pages || tlb.tables || tlb.kernel)
		call_on_tlb(insn, &tlb);
	model.names = tlb.pages == FLUSH_ADDRESSES;
}

void misses_start(void)
{
	model.now = (struct misses){0};
	misses_own(true);
}

void misses_own(bool own)
{
	model.op = own ? &model.now : &model.others;
}

void misses_stop(void)
{
	int level;

	misses_own(false);
	if (!printed_next(&model.printed))
		return;
	fprintf(model.printed.out, "[%llu", (unsigned long long)model.now.accesses);
	for (level = 0; level < NR_CACHE_LEVELS; level++)
		fprintf(model.printed.out, ",%llu", (unsigned long long)model.now.of[level]);
	fprintf(model.printed.out, "]");
}

void misses_run(void)
{
	misses_own(false);
	printed_run(&model.printed);
}

void misses_print(FILE *out)
{
	fprintf(out, ",\"misses\":[%s]", printed_text(&model.printed));
}
