// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x86-64 as of the Intel SDM, volume 2, appendix A "Opcode map", and AMD's manual for what only AMD
 * has. Each opcode has a letter, its kind, that says what it does to memory:
 *
 *	.  nothing, or not to the operand that ModRM names
 *	r  reads the operand, if that is in memory
 *	w  writes it
 *	m  reads and writes it, atomically with LOCK
 *	a  the same, always atomically
 *	L  loads whatever ModRM says: POP, RET, LODS, MOV from an address in the instruction
 *	S  stores, likewise: PUSH, CALL, STOS
 *	B  both: MOVS
 *	p  pushes (PUSH, CALL), and reads the operand
 *	q  pops, and writes the operand
 *
 * and other letters for barriers and TLB flushes, see kinds[].
 */
#include "runners/exact/insn/decode.h"

#include <stdbool.h>

enum {
	LOAD = 1u << INSN_LOAD,
	STORE = 1u << INSN_STORE,
	BOTH = LOAD | STORE,
};

/* Classes that an instruction of a kind has always, and those it has if its operand is in memory.
 */
static const struct {
	uint32_t always, memory;
} kinds[128] = {
	['r'] = {0, LOAD},
	['w'] = {0, STORE},
	['m'] = {0, BOTH},
	['a'] = {0, BOTH | 1u << INSN_ATOMIC},
	['L'] = {LOAD, 0},
	['S'] = {STORE, 0},
	['B'] = {BOTH, 0},
	['p'] = {STORE, LOAD},
	['q'] = {LOAD, STORE},
	['i'] = {LOAD | 1u << INSN_SERIALISE, 0}, /* IRET */
	['z'] = {1u << INSN_SERIALISE, 0},
	['5'] = {1u << INSN_LFENCE, 0},
	['6'] = {1u << INSN_MFENCE, 0},
	['7'] = {1u << INSN_SFENCE, 0},
	['3'] = {1u << INSN_CR3, 0},
	['v'] = {0, 1u << INSN_INVLPG},
	['b'] = {1u << INSN_INVLPGB, 0},
	['P'] = {1u << INSN_SPIN, 0},
	['V'] = {0, LOAD | 1u << INSN_INVPCID},
};

/* The opcodes of one byte, and those that follow 0F; sixteen in a row. */
static const char maps[2][256 + 1] = {
	"mmrr....mmrr...."  /* 00 ADD, OR */
	"mmrr....mmrr...."  /* 10 ADC, SBB */
	"mmrr....mmrr...."  /* 20 AND, SUB */
	"mmrr....rrrr...."  /* 30 XOR, CMP */
	"................"  /* 40 REX */
	"SSSSSSSSLLLLLLLL"  /* 50 PUSH, POP */
	"...r....SrSrSSLL"  /* 60 MOVSXD, PUSH, IMUL, INS, OUTS */
	"................"  /* 70 Jcc */
	"mmmmrraawwrrw.rq"  /* 80 TEST, XCHG, MOV, LEA, POP */
	"............SL.."  /* 90 XCHG, PUSHF, POPF */
	"LLSSBBLL..SSLLLL"  /* a0 MOV, MOVS, CMPS, STOS, LODS, SCAS */
	"................"  /* b0 MOV */
	"mmLL..wwSLLL...i"  /* c0 shifts, RET, MOV, ENTER, LEAVE, IRET */
	"mmmm...Lrrrrrrrr"  /* d0 shifts, XLAT, x87 */
	"........S......."  /* e0 CALL */
	"......rr......m.", /* f0 TEST .. IDIV, INC, DEC */

	"..rr....zz.....r"  /* 00 LAR, LSL, INVD, WBINVD, 3DNow */
	"rwrwrrrw........"  /* 10 MOVUPS .. MOVHPS, hints */
	"........rwrwrrrr"  /* 20 MOVAPS, conversions, COMISS */
	"................"  /* 30 */
	"rrrrrrrrrrrrrrrr"  /* 40 CMOVcc */
	".rrrrrrrrrrrrrrr"  /* 50 */
	"rrrrrrrrrrrrrrrr"  /* 60 */
	"rrrrrrr.wrrrrrww"  /* 70 VMREAD, MOVD, MOVDQA */
	"................"  /* 80 Jcc */
	"wwwwwwwwwwwwwwww"  /* 90 SETcc */
	"SLzrmm..SLzmmm.r"  /* a0 PUSH, POP, CPUID, BT, SHLD, RSM, BTS, SHRD, IMUL */
	"mmrmrrrrr.rmrrrr"  /* b0 CMPXCHG, BTR, MOVZX, BTC, BSF, MOVSX */
	"mmrwr.r........."  /* c0 XADD, MOVNTI, PINSRW, BSWAP */
	"rrrrrrw.rrrrrrrr"  /* d0 MOVQ */
	"rrrrrrrwrrrrrrrr"  /* e0 MOVNTQ */
	"rrrrrrrSrrrrrrr.", /* f0 LDDQU, MASKMOVDQU */
};

/* What selects among the instructions of an opcode, as one set: the last of 66, F3, F2 and ... */
enum {
	NP = 1 << 0, /* none of them */
	P66 = 1 << 1,
	PF3 = 1 << 2,
	PF2 = 1 << 3,
	ANY = NP | P66 | PF3 | PF2,
	/* ... the encoding ... */
	LEGACY = 1 << 4,
	VEX = 1 << 5,
	EVEX = 1 << 6,
	/* ... and what the operand is. */
	MEM = 1 << 7,
	REG = 1 << 8,
};

/*
 * Exceptions to the above, and to 'r', which is the rule after 0F 38, after 0F 3A and in the other
 * maps. Kinds are one letter, or eight by the middle field of ModRM.
 */
static const struct special {
	unsigned char map, first, last;
	unsigned short when;
	const char *kinds;
} specials[] = {
	{0, 0x80, 0x83, LEGACY | ANY | MEM | REG, "mmmmmmmr"},
	{0, 0x90, 0x90, LEGACY | PF3 | MEM | REG, "P"}, /* PAUSE */
	{0, 0xd9, 0xd9, LEGACY | ANY | MEM, "r.wwrrww"},
	{0, 0xdb, 0xdb, LEGACY | ANY | MEM, "rwww.r.w"},
	{0, 0xdd, 0xdd, LEGACY | ANY | MEM, "rwwwr.ww"},
	{0, 0xdf, 0xdf, LEGACY | ANY | MEM, "rwwwrrww"},
	{0, 0xf6, 0xf7, LEGACY | ANY | MEM, "rrmmrrrr"},
	{0, 0xff, 0xff, LEGACY | ANY | MEM | REG, "mmpprrp."},

	{1, 0x00, 0x00, LEGACY | ANY | MEM, "wwrrrr.."},
	{1, 0x01, 0x01, LEGACY | ANY | MEM, "wwrrwmrv"}, /* SGDT .. INVLPG */
	{1, 0x22, 0x22, LEGACY | ANY | MEM | REG, "...3...."},
	{1, 0x78, 0x78, EVEX | ANY | MEM, "r"},
	{1, 0x7e, 0x7e, LEGACY | VEX | EVEX | PF3 | MEM, "r"},
	{1, 0x90, 0x90, VEX | ANY | MEM, "r"},		      /* KMOV */
	{1, 0xae, 0xae, LEGACY | VEX | NP | MEM, "wrrwwrw."}, /* FXSAVE .. XSAVEOPT */
	{1, 0xae, 0xae, LEGACY | PF3 | MEM, "....r.m."},      /* PTWRITE, CLRSSBSY */
	{1, 0xae, 0xae, LEGACY | NP | REG, ".....567"},
	{1, 0xba, 0xba, LEGACY | ANY | MEM, "....rmmm"}, /* BT, BTS, BTR, BTC */
	{1, 0xc7, 0xc7, LEGACY | ANY | MEM, ".m.rwwrw"}, /* CMPXCHG16B, XRSTORS .. VMPTRST */

	{2, 0x10, 0x15, EVEX | PF3 | MEM, "w"}, /* VPMOVUSWB ..: narrowing moves */
	{2, 0x20, 0x25, EVEX | PF3 | MEM, "w"},
	{2, 0x30, 0x35, EVEX | PF3 | MEM, "w"},
	{2, 0x2e, 0x2f, VEX | ANY | MEM, "w"},		       /* VMASKMOVPS */
	{2, 0x49, 0x49, VEX | P66 | MEM, "w"},		       /* STTILECFG */
	{2, 0x4b, 0x4b, VEX | PF3 | MEM, "w"},		       /* TILESTORED */
	{2, 0x63, 0x63, EVEX | ANY | MEM, "w"},		       /* VPCOMPRESSB */
	{2, 0x82, 0x82, LEGACY | ANY | MEM, "V"},	       /* INVPCID */
	{2, 0x8a, 0x8b, EVEX | ANY | MEM, "w"},		       /* VCOMPRESSPS, VPCOMPRESSD */
	{2, 0x8e, 0x8e, VEX | ANY | MEM, "w"},		       /* VPMASKMOVD */
	{2, 0xa0, 0xa3, EVEX | ANY | MEM, "w"},		       /* scatters */
	{2, 0xc6, 0xc7, EVEX | ANY | MEM, "."},		       /* prefetches of gathers */
	{2, 0xe0, 0xef, VEX | ANY | MEM, "a"},		       /* CMPccXADD */
	{2, 0xf1, 0xf1, LEGACY | NP | P66 | MEM, "w"},	       /* MOVBE; with F2, CRC32 */
	{2, 0xf5, 0xf5, LEGACY | ANY | MEM, "w"},	       /* WRUSS */
	{2, 0xf6, 0xf6, LEGACY | NP | MEM, "w"},	       /* WRSS */
	{2, 0xf8, 0xf8, LEGACY | ANY | MEM, "m"},	       /* MOVDIR64B, ENQCMD */
	{2, 0xf9, 0xf9, LEGACY | ANY | MEM, "w"},	       /* MOVDIRI */
	{2, 0xfc, 0xfc, LEGACY | ANY | MEM, "m"},	       /* AADD .. AXOR */
	{3, 0x14, 0x17, LEGACY | VEX | EVEX | ANY | MEM, "w"}, /* PEXTRB .. EXTRACTPS */
	{3, 0x19, 0x19, VEX | EVEX | ANY | MEM, "w"},	       /* VEXTRACTF128 */
	{3, 0x1b, 0x1b, EVEX | ANY | MEM, "w"},
	{3, 0x1d, 0x1d, VEX | EVEX | ANY | MEM, "w"}, /* VCVTPS2PH */
	{3, 0x39, 0x39, VEX | EVEX | ANY | MEM, "w"}, /* VEXTRACTI128 */
	{3, 0x3b, 0x3b, EVEX | ANY | MEM, "w"},
	{5, 0x11, 0x11, EVEX | ANY | MEM, "w"}, /* VMOVSH */
	{5, 0x7e, 0x7e, EVEX | P66 | MEM, "w"}, /* VMOVW */
};

struct insn {
	const uint8_t *at, *end;
	bool lock, rex_r;
	unsigned int when, map;
	uint8_t opcode, modrm;
};

/* The next byte, or 0 behind the end, where it cannot matter. */
static uint8_t take(struct insn *i)
{
	return i->at < i->end ? *i->at++ : 0;
}

/* Up to the opcode or what stands for it. A REX prefix counts as the last one only. */
static uint8_t take_prefixes(struct insn *i)
{
	unsigned int repeat = 0, size = 0;
	uint8_t byte, rex = 0;

	for (;; rex = (byte & 0xf0) == 0x40 ? byte : 0) {
		byte = take(i);
		if (byte == 0xf0)
			i->lock = true;
		else if (byte == 0xf2 || byte == 0xf3)
			repeat = byte == 0xf2 ? PF2 : PF3;
		else if (byte == 0x66)
			size = P66;
		else if ((byte & 0xf0) != 0x40 && (byte & 0xe7) != 0x26 && (byte & 0xfc) != 0x64)
			break;
	}
	i->rex_r = rex & 4;
	i->when = repeat ? repeat : size ? size : NP;
	return byte;
}

/* VEX (C4, C5), EVEX (62) and XOP (8F): the prefix, the map and the encoding in fixed places. */
static bool take_vector(struct insn *i, uint8_t first)
{
	bool xop = first == 0x8f && i->at < i->end && (*i->at & 0x1f) >= 8;
	uint8_t second;

	if (first != 0xc4 && first != 0xc5 && first != 0x62 && !xop)
		return false;
	second = take(i);
	i->map = first == 0xc5 ? 1 : second & (first == 0x62 ? 7 : 0x1f);
	if (first != 0xc5)
		second = take(i);
	i->when = (first == 0x62 ? EVEX : VEX) | 1 << (second & 3);
	if (first == 0x62)
		take(i);
	i->opcode = take(i);
	return true;
}

static void take_opcode(struct insn *i, uint8_t first)
{
	if (take_vector(i, first))
		return;
	i->when |= LEGACY;
	i->opcode = first;
	if (first != 0x0f)
		return;
	i->opcode = take(i);
	i->map = i->opcode == 0x38 ? 2 : i->opcode == 0x3a ? 3 : 1;
	if (i->map > 1)
		i->opcode = take(i);
}

/* SERIALIZE, CLZERO, INVLPGB: register forms that are told apart by all of ModRM. */
static char group7_register(const struct insn *i)
{
	if (!(i->when & NP))
		return '.';
	return i->modrm == 0xe8 ? 'z' : i->modrm == 0xfc ? 'S' : i->modrm == 0xfe ? 'b' : '.';
}

static char kind_of(const struct insn *i)
{
	unsigned int reg = i->modrm >> 3 & 7;
	const struct special *s;

	if (i->map == 1 && i->opcode == 0x01 && i->when & REG)
		return group7_register(i);
	/* With REX.R it is CR11, which does not exist. */
	if (i->map == 1 && i->opcode == 0x22 && i->rex_r)
		return '.';
	for (s = specials; s < specials + sizeof(specials) / sizeof(*specials); s++)
		if (s->map == i->map && i->opcode >= s->first && i->opcode <= s->last &&
		    (s->when & i->when) == i->when)
			return s->kinds[1] ? s->kinds[reg] : s->kinds[0];
	return i->map < 2 ? maps[i->map][i->opcode] : 'r';
}

uint32_t decode_x86(const uint8_t *bytes, size_t size)
{
	struct insn i = {.at = bytes, .end = bytes + size};
	uint32_t classes;
	bool memory;
	char kind;

	take_opcode(&i, take_prefixes(&i));
	/* A missing ModRM reads as one of a register, and accesses nothing. */
	i.modrm = i.at < i.end ? *i.at : 0xc0;
	memory = i.modrm < 0xc0;
	i.when |= memory ? MEM : REG;
	kind = kind_of(&i);
	classes = kinds[(unsigned char)kind].always;
	if (memory)
		classes |= kinds[(unsigned char)kind].memory;
	if (memory && i.lock && kind == 'm')
		classes |= 1u << INSN_ATOMIC;
	return classes;
}
