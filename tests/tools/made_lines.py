#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: made_lines.py journal PROGRAM
       made_lines.py check PROGRAM TREE PROFILE
       made_lines.py lines PROGRAM TREE PROFILE [ADDR2LINE]

journal prints one of a kernel, "made", whose ops have executed each instruction of an ELF file's functions,
the n-th of a function n times; check, whether a Callgrind profile of it has that, and for each instruction
the line that addr2line says, of a file below TREE; lines, that alone, of any ELF file and profile, and how many of the
instructions that were executed have a line.
"""
import json
import os
import re
import subprocess
import sys


def said(*words, **more):
    return subprocess.run(words, check=True, capture_output=True, text=True, **more).stdout


def functions(program):
    """[(name, [(address, length)])], by address."""
    starts = [int(a, 16) for a in re.findall(r"^ *([0-9a-f]+):\t", said("objdump", "-d", program), re.M)]
    found = []
    for line in said("nm", "-n", "-S", "--defined-only", program).splitlines():
        words = line.split()
        if len(words) != 4 or words[2] not in "tT":
            continue
        begin, end = int(words[0], 16), int(words[0], 16) + int(words[1], 16)
        inside = [a for a in starts if begin <= a < end]
        found.append((words[3], [(a, b - a) for a, b in zip(inside, inside[1:] + [end])]))
    return found


def journal(program):
    all_of = functions(program)
    base = all_of[0][1][0][0]
    build_id = re.search("Build ID: ([0-9a-f]+)", said("readelf", "-n", program))[1]
    point = {"bench": "fork", "variant": "fork", "place": "core", "size": 4096, "order": 0}
    nodes, code, by_name, total = [], [], {}, 0
    for i, (name, insns) in enumerate(all_of):
        own = sum(range(1, len(insns) + 1))
        total += own
        nodes.append([i - 1, i, own, 1])
        by_name[name] = {"addr": f"{insns[0][0]:x}", "insn": own, "calls": 1}
        code += [[i, a - base, n + 1, f"{length:x}"] for n, (a, length) in enumerate(insns)]
    for record in (
            {"type": "plan", "schema": 1, "name": "made", "runs": 1, "boots": 1, "counters": [], "calls": True,
             "points": [{"point": point, "iterations": 1, "warmup": 1, "time_limit_s": 120}], "kernels": ["made"]},
            {"type": "machine", "kernel": "made", "boot": 0, "facts": {"kernel.build_id": build_id}},
            {"type": "run", "kernel": "made", "boot": 0, "run": 0, "point": point, "status": "ok", "unit": "insn",
             "source": "exact", "per": "fork", "per_count": 1, "warmup": 1, "samples": [total], "started": 1.0,
             "wall_s": 1.0, "counts": {"user": [1], "interrupt": [0], "interrupts": [0]}, "functions": by_name,
             "calls": {"functions": [name for name, _ in all_of], "op": nodes, "interrupts": [], "cut": 0, "odd": 0,
                       "base": f"{base:x}", "code": code}},
            {"type": "end", "kernel": "made", "boot": 0}):
        print(json.dumps(record))


def read_profile(path):
    """{address: (function, file, line, cost)} of what is no call."""
    names, seen, state, call = {}, {}, {}, False
    for line in open(path):
        found = re.match(r"(fl|fi|fe|fn|cfi|cfn|calls)=(?:\((\d+)\))? ?(.*)", line)
        if found:
            key, number, name = found.groups()
            call = call or key == "calls"
            kind = "fn" if key.endswith("fn") else "fl"
            name = names.setdefault((kind, number), name) if number else name
            state[{"fi": "fl", "fe": "fl"}.get(key, key)] = name
        elif line.startswith("0x"):
            addr, number, cost = line.split()
            if not call:
                assert int(addr, 16) not in seen, f"{addr} is there twice"
                seen[int(addr, 16)] = (state["fn"], state["fl"], int(number), int(cost))
            call = False
    return seen


def places(addr2line, program, addresses):
    """Where each address is, by such a program: FILE:LINE, or None."""
    says = said(addr2line, "-e", program, input="".join(f"{a:x}\n" for a in addresses)).splitlines()
    assert len(says) == len(addresses), f"{addr2line} says {len(says)} lines of {len(addresses)} instructions"
    says = [os.path.normpath(re.sub(r" \(discriminator \d+\)$", "", at)) for at in says]
    return {a: None if at[:2] == "??" or at[-2:] in (":?", ":0") else at for a, at in zip(addresses, says)}


def lines(program, tree, path, addr2line="addr2line"):
    """What addr2line of LLVM knows nothing of, such as vectors of a kernel built with -g1, that of binutils decides."""
    seen = read_profile(path)
    is_at_all = places(addr2line, program, list(seen))
    lost = [a for a, s in seen.items() if s[2] and not is_at_all[a]]
    arm64 = "AArch64" in said("readelf", "-h", program)
    is_at_all.update(places("aarch64-linux-gnu-addr2line" if arm64 else "addr2line", program, lost) if lost else {})
    for addr, (_, file, line, _) in seen.items():
        is_at = is_at_all[addr]
        known = is_at is not None
        assert (line > 0) == known, f"{addr:x} is at {is_at}, not at {file}:{line}"
        at = file if file.startswith("/") else f"{tree}/{file}"
        assert not known or f"{at}:{line}" == is_at, f"{addr:x} is at {is_at}, not at {file}:{line}"
    files = {s[1] for s in seen.values()}
    executed, has = sum(s[3] for s in seen.values()), sum(s[3] for s in seen.values() if s[2])
    print(f"{len(seen)} instructions, {len({s[1:3] for s in seen.values()})} lines of {len(files)} files, "
          f"of {executed} executed {100 * has / executed:.3f} % have a line")
    assert len(files) > 1, "nothing is inlined from another file"
    assert has > 0.99 * executed
    return seen


def check(program, tree, path):
    seen = lines(program, tree, path)
    wanted = {a: (name, n + 1) for name, insns in functions(program) for n, (a, _) in enumerate(insns)}
    assert {a: (s[0], s[3]) for a, s in seen.items()} == wanted, "other instructions, or executed otherwise"


{"journal": journal, "check": check, "lines": lines}[sys.argv[1]](*sys.argv[2:])
