#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: clang_rest.py FOLDER TARGET...

Whether clang has a word to say of the sources of a build folder that these targets are not made of, by the
flags that they have there, each once for each version of QEMU's plugin interface."""
import json
import re
import shlex
import subprocess
import sys

folder, targets = sys.argv[1], sys.argv[2:]
inputs = subprocess.run(['ninja', '-C', folder, '-t', 'inputs', *targets], check=True, stdout=subprocess.PIPE, text=True)
built = set(inputs.stdout.split())
with open(folder + '/compile_commands.json', encoding='utf-8') as file:
    commands = json.load(file)
seen = set()
for one in commands:
    words = shlex.split(one['command'])
    what = one['file'], next((word for word in words if word.startswith('-DQEMU_PLUGIN_VERSION')), '')
    if one['file'] in built or what in seen:
        continue
    seen.add(what)
    words = [word for word in words if not re.match('-(M|fsan|fno-san|fcolor)', word)]
    for name in ('-o', one['output'] + '.d', one['output']):
        words = [word for word in words if word != name]
    if subprocess.run([*words, '-fsyntax-only'], cwd=folder, check=False).returncode:
        sys.exit(1)
print(len(seen), 'looked at beside what is built')
sys.exit(not seen)
