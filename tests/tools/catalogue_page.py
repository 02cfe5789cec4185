#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: faultbench list --json | catalogue_page.py NAME=JOURNAL[,JOURNAL]... [NAME=...]

Prints the table of docs/results/catalogue-*.md, a column for each NAME: of journals of the plan `catalogue`, one exact and one
timed. A cell is the kernel instructions of one of what an op consists of, where they are counted; else how the
timed run ended: ok, or the letter of the reason why it was skipped, which are listed below. What failed or is void is
said as that. A journal has one kernel.
"""
import json
import sys


def runs_of(path):
    with open(path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    return {json.dumps(r["point"], sort_keys=True): r for r in records if r["type"] == "run"}


def name_of(point, families):
    """bench/variant, and what differs from its defaults, and from what most points of the plan have."""
    params = {p["name"]: p["default"] for p in families[point["bench"]]["params"]}
    words = []
    for key, value in point.items():
        if key in ("bench", "variant", "order", "place") or (key == "size" and value == 4 << 20):
            continue
        if key == "size":
            value = f"{value >> 20} MiB" if value >> 20 else f"{value >> 10} KiB"
        elif str(value) == params.get(key):
            continue
        words.append(value if key == "size" else f"{key} {value}")
    return ", ".join([f"{point['bench']}/{point['variant']}"] + words)


class Column:
    def __init__(self, word):
        self.name, paths = word.split("=", 1)
        self.counted, self.timed = {}, {}
        for path in paths.split(","):
            for key, run in runs_of(path).items():
                (self.counted if run.get("source") == "exact" and run["status"] == "ok" else self.timed).setdefault(key, run)

    def cell(self, key, reasons):
        run = self.counted.get(key)
        if run:
            mean = sum(run["samples"]) / len(run["samples"]) / (run.get("per_count") or 1)
            return f"{mean:,.0f}"
        run = self.timed.get(key)
        if not run:
            return ""
        if run["status"] != "skipped":
            return run["status"]
        return reasons.setdefault(run["reason"], chr(ord("a") + len(reasons)))


def main():
    families = {f["name"]: f for f in json.load(sys.stdin)}
    columns = [Column(word) for word in sys.argv[1:]]
    points, reasons = {}, {}
    for column in columns:
        for run in list(column.timed.values()) + list(column.counted.values()):
            points.setdefault(json.dumps(run["point"], sort_keys=True), run)
    names = list(families)
    print("| op | order | per |" + "".join(f" {c.name} |" for c in columns))
    print("|---|---|---|" + "---:|" * len(columns))
    for key, run in sorted(points.items(), key=lambda item: names.index(item[1]["point"]["bench"])):
        point = run["point"]
        per = next((c.counted[key]["per"] for c in columns if key in c.counted), "")
        cells = "".join(f" {c.cell(key, reasons)} |" for c in columns)
        print(f"| {name_of(point, families)} | {point.get('order', '-')} | {per} |{cells}")
    print()
    for reason, letter in reasons.items():
        print(f"- {letter}: {reason}")


if __name__ == "__main__":
    main()
