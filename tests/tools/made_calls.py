#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: nm -n PROGRAM | made_calls.py tell FOLDER BASE ENTRY...
       made_calls.py show FOLDER

Of a program for a bare machine, whose code is in the upper half of addresses as well, BASE added. tell writes what the
plugin is told: FOLDER/functions, and FOLDER/entries of lines such as "interrupt NAME+OFFSET". show prints what it has
written of a run, FOLDER/counts: paths as they are indented, each with the instructions executed in the last function, those
with what it called, and how often it was called; and how often each instruction was executed, in the order of addresses.
"""
import bisect
import json
import re
import struct
import sys

TOP = 2**64


def tell(folder, base, *entries):
    at = {}
    for line in sys.stdin:
        addr, kind, name = line.split()
        if kind in "tT" and name[0] != "$":
            at[name] = int(addr, 16) + int(base, 16)
    with open(folder + "/functions", "wb") as out:
        out.write(b"".join(struct.pack("<QQ", a, a) for a in sorted(set(at.values()))))
    with open(folder + "/entries", "w") as out:
        for entry in entries:
            kind, *names = entry.split()
            found = [name.partition("+")[::2] for name in names]
            print(kind, *(f"{at[name] + int(offset or '0', 16):x}" for name, offset in found), file=out)
    with open(folder + "/names", "w") as out:
        json.dump({a: name for name, a in at.items()}, out)


def inclusive(nodes):
    sums = [insns for _, _, insns, _ in nodes]
    for number in range(len(nodes) - 1, -1, -1):
        parent = nodes[number][0]
        assert parent < number
        if parent >= 0:
            sums[parent] += sums[number]
    return sums


def print_tree(nodes, names, parent=-1, depth=1):
    sums = inclusive(nodes)
    for number, (caller, function, insns, calls) in enumerate(nodes):
        if caller == parent:
            print("  " * depth + names[function % TOP], insns, sums[number], calls)
            print_tree(nodes, names, number, depth + 1)


def print_insns(blocks, names):
    executed, by_name, begins = {}, {}, sorted(names)
    for addr, insns, times, lengths, *_ in blocks:
        assert insns == len(lengths)
        for length in lengths:
            executed[addr % TOP] = executed.get(addr % TOP, 0) + times
            addr += int(length, 16)
    for addr in sorted(executed):
        begin = begins[bisect.bisect_right(begins, addr) - 1]
        by_name.setdefault(names[begin], []).append(executed[addr])
    for name, times in by_name.items():
        print(name, *times)


def show(folder):
    names = {int(addr): name for addr, name in json.load(open(folder + "/names")).items()}
    run = json.load(open(folder + "/counts"))
    calls = run["calls"]
    for kind, column in ("op", 0), ("interrupts", 2):
        print(kind, *(iteration[column] for iteration in run["iterations"]))
        print_tree(calls[kind], names)
    there_were = " ".join(str(iteration[3]) for iteration in run["iterations"])
    print(f"there were {there_were}, cut {calls['cut']}, odd {calls['odd']}")
    print_insns(run["blocks"], names)


{"tell": tell, "show": show}[sys.argv[1]](*sys.argv[2:])
