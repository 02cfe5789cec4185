#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: lava_device.py check JOB
       lava_device.py device JOB
       lava_device.py read JOB LOG
       lava_device.py boot JOB

check: whether a job of LAVA's is valid (lava_common.schemas).
device: prints the description of a device of QEMU's as a server would make it for the job, for lava-run.
read: prints from lava-run's log each case of the job's suites: SUITE CASE RESULT MEASUREMENT UNITS.
boot: carries the job out without LAVA, and prints the same: QEMU is started as the job says, and what comes of its serial line
is read by the job's patterns, one after the other.
"""
import re
import subprocess
import sys

import yaml


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def check(job):
    from lava_common import schemas

    try:
        schemas.validate(job)
    except Exception as wrong:  # of several kinds
        print(wrong, getattr(wrong, "path", ""))
        return 1
    return 0


def options(job):
    context = job["context"]
    return ["-machine", context["machine"], "-cpu", context["cpu"], "-m", str(context["memory"]), "-nographic",
            "-net", "none", "-monitor", "none"]


def program(job):
    return "qemu-system-" + {"arm64": "aarch64"}.get(job["context"]["arch"], job["context"]["arch"])


def device(job):
    qemu = {"parameters": {"command": program(job), "options": options(job)}}
    print(yaml.safe_dump({
        "available_architectures": [job["context"]["arch"]],
        "actions": {"deploy": {"methods": {"image": {"parameters": {}}}},
                    "boot": {"connections": {"serial": {}}, "methods": {"qemu": qemu}}},
        "timeouts": {"actions": {}, "connections": {}},
        "constants": {"boot_retry": 1, "failure_retry": 1, "default-shell-prompt": "#", "spawn_maxread": "4092",
                      "kernel-start-message": "Linux version [0-9]", "shutdown-message": "reboot: "},
    }))
    return 0


def show(suite, result):
    value = result["measurement"]
    print(suite, result.get("case", result.get("test_case_id")), result["result"], "-" if value is None else value,
          result["units"])


def read(log):
    status = 1
    with open(log, encoding="utf-8") as file:
        for line in file:
            record = yaml.safe_load(line)
            if record["lvl"] != "results":
                continue
            if record["msg"]["definition"] != "lava":
                show(record["msg"]["definition"], record["msg"])
            elif record["msg"]["case"] == "job":
                status = int(record["msg"]["result"] != "pass")
    return status


def boot(job):
    """Its actions come in threes: deploy, boot, test."""
    status = 0
    for i in range(0, len(job["actions"]), 3):
        (_, deploy), (_, start), (_, test) = (list(action.items())[0] for action in job["actions"][i:i + 3])
        words = []
        for name, image in deploy["images"].items():
            path = image["url"][len("file://"):]
            words += [word.replace("{%s}" % name, path) for word in re.findall(r'"([^"]*)"|(\S+)', image["image_arg"])
                      for word in [word[0] or word[1]]]
        monitor, = test["monitors"]
        done = subprocess.run([program(job)] + options(job) + words, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=start["timeout"]["seconds"], check=False)
        text = done.stdout.decode("utf-8", "replace")
        place = 0
        for mark in start["prompts"] + [monitor["start"]]:
            place = text.index(mark, place) + len(mark)
        end = text.index(monitor["end"], place)
        for match in re.finditer(monitor["pattern"], text[place:end]):
            show(monitor["name"], match.groupdict())
        status = status or done.returncode
    return status


def main(words):
    what = {"check": check, "device": device, "boot": boot}
    if len(words) == 2 and words[0] in what:
        return what[words[0]](load(words[1]))
    if len(words) == 3 and words[0] == "read":
        return read(words[2])
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
