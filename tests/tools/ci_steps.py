#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: ci_steps.py check FILE SCHEMA
       ci_steps.py run FILE FOLDER TREE [COMMAND]

check: whether a workflow of GitHub Actions or GitLab CI is valid against its published JSON schema.

run: carries out what the file says, job after job in the order of their needs, each shell line as the engine would start it,
in FOLDER/work, which every job finds empty but for TREE. What lasts, artifacts and caches, is in FOLDER/artifacts and
FOLDER/caches; a cache stays from one run to the next, artifacts do not. COMMAND is run by a shell in the folder of each job
before its first step. Of actions, keys and conditions only those are known that are there to be carried out; any other is an
error. The exit status is the first that failed, as the engine would judge it.
"""
import json
import os
import re
import shutil
import subprocess
import sys

import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2 as engines read it: on, off, yes and no are words."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:bool"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader)


def check(path, schema_path):
    import jsonschema

    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    errors = list(validator(schema).iter_errors(load(path)))
    for error in errors:
        print("%s: %s" % ("/".join(map(str, error.absolute_path)), error.message[:300]))
    return 1 if errors else 0


def known(what, mapping, keys):
    more = set(mapping) - set(keys)
    if more:
        sys.exit("%s: nobody here knows how to do %s" % (what, ", ".join(sorted(more))))


def copy_over(source, target):
    shutil.copytree(source, target, dirs_exist_ok=True)


class Runner:
    """A machine that is given one job after the other."""

    def __init__(self, file, folder, tree, command):
        self.file, self.folder, self.tree, self.command = file, folder, tree, command
        self.work = os.path.join(folder, "work")
        self.status = 0
        shutil.rmtree(os.path.join(folder, "artifacts"), ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def shell(self, words, text, env):
        """The exit status of text, a script for these words of a shell."""
        with open(self.path("script"), "w", encoding="utf-8") as script:
            script.write(text)
        print("$ " + text.rstrip().replace("\n", "\n$ "), flush=True)
        return subprocess.run(words + [self.path("script")], cwd=self.work, stdin=subprocess.DEVNULL,
                              env={**os.environ, "CI": "true", **env}, check=False).returncode

    def begin(self, name):
        print("== %s" % name, flush=True)
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)

    def checkout(self):
        copy_over(self.tree, self.work)
        if self.command and self.shell(["bash", "-e"], self.command, {}):
            sys.exit("cannot begin")

    def save(self, kind, name, paths):
        """Keeps those of the paths that are there; how many were."""
        nr = 0
        for path in paths:
            source, target = os.path.join(self.work, path), self.path(kind, name, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if os.path.isdir(source):
                copy_over(source, target)
            elif os.path.exists(source):
                shutil.copy2(source, target)
            nr += os.path.exists(source)
        return nr

    def take(self, kind, names):
        for name in names:
            copy_over(self.path(kind, name), self.work)

    def kept(self, kind):
        """Names, the oldest first."""
        folder = self.path(kind)
        names = os.listdir(folder) if os.path.isdir(folder) else []
        return sorted(names, key=lambda name: os.stat(os.path.join(folder, name)).st_mtime_ns)


class Github(Runner):
    run_id = str(os.getpid())

    def fill(self, text, matrix):
        known_values = {"github.run_id": self.run_id, "github.run_attempt": "1"}
        known_values.update(("matrix." + key, str(value)) for key, value in matrix.items())
        return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda match: known_values[match.group(1)], str(text))

    def action(self, name, given, status):
        """One of the actions that there are; its exit status."""
        paths = given.get("path", "").split()
        if name == "actions/checkout@v4":
            self.checkout()
        elif name == "actions/upload-artifact@v4":
            known(name, given, ["name", "path", "overwrite", "if-no-files-found"])
            # An artifact has no folder above what all its paths have in common; of one folder that is what is in it.
            nr = self.save("artifacts", given["name"], paths)
            if len(paths) == 1 and nr:
                os.rename(self.path("artifacts", given["name"], paths[0]), self.path("one"))
                shutil.rmtree(self.path("artifacts", given["name"]))
                os.rename(self.path("one"), self.path("artifacts", given["name"]))
            return int(not nr and given.get("if-no-files-found") == "error")
        elif name == "actions/download-artifact@v4":
            known(name, given, ["name", "path", "pattern", "merge-multiple"])
            pattern = re.escape(given.get("name", given.get("pattern"))).replace(r"\*", ".*")
            names = [kept for kept in self.kept("artifacts") if re.fullmatch(pattern, kept)]
            if "name" in given and not names:
                return 1
            for kept in names:
                copy_over(self.path("artifacts", kept), os.path.join(self.work, given.get("path", "")))
        elif name in ("actions/cache@v4", "actions/cache/restore@v4"):
            known(name, given, ["path", "key", "restore-keys"])
            caches = self.kept("caches")
            found = [given["key"]] if given["key"] in caches else []
            for prefix in given.get("restore-keys", "").split():
                found = found or [cache for cache in caches if cache.startswith(prefix)][-1:]
            self.take("caches", found)
            if name == "actions/cache@v4" and found != [given["key"]]:
                self.after.append(lambda: self.save("caches", given["key"], paths))
        elif name == "actions/cache/save@v4":
            known(name, given, ["path", "key"])
            if given["key"] not in self.kept("caches"):
                self.save("caches", given["key"], paths)
        else:
            sys.exit("%s: no such action here" % name)
        return 0

    def step(self, step, matrix, status):
        known("a step", step, ["name", "uses", "with", "run", "env", "if"])
        if "if" in step and step["if"] != "${{ !cancelled() }}":
            sys.exit("if: %s?" % step["if"])
        if status and "if" not in step:
            return 0
        if "uses" in step:
            return self.action(step["uses"], {key: self.fill(value, matrix) for key, value
                                              in step.get("with", {}).items()}, status)
        env = {**self.file.get("env", {}), **step.get("env", {})}
        env = {key: self.fill(value, matrix) for key, value in env.items()}
        if "${{" in step["run"]:
            sys.exit("a value in a script: %s" % step["run"])
        return self.shell(["bash", "--noprofile", "--norc", "-eo", "pipefail"], step["run"], env)

    def job(self, name, job, matrix):
        self.begin("%s %s" % (name, " ".join(map(str, matrix.values()))))
        self.after, status = [], 0
        for step in job["steps"]:
            status = self.step(step, matrix, status) or status
        for action in self.after:
            action()
        return status

    def run(self):
        known("the workflow", self.file, ["name", "on", "permissions", "defaults", "env", "jobs"])
        if self.file["defaults"] != {"run": {"shell": "bash"}}:
            sys.exit("another shell")
        failed = {}
        for name, job in self.file["jobs"].items():
            known(name, job, ["runs-on", "container", "needs", "strategy", "if", "steps"])
            needs = job.get("needs", [])
            needs = [needs] if isinstance(needs, str) else needs
            if any(failed[need] for need in needs) and "if" not in job:
                failed[name] = 1
                continue
            matrix = job.get("strategy", {}).get("matrix", {"": [""]})
            (key, values), = matrix.items()
            results = [self.job(name, job, {key: value} if key else {}) for value in values]
            failed[name] = next(filter(None, results), 0)
        return next(filter(None, failed.values()), 0)


class Gitlab(Runner):
    def cache(self, job):
        cache = job.get("cache", {})
        known("cache", cache, ["key", "paths", "policy", "when"])
        policy = cache.get("policy", "pull-push")
        if "pull" in policy.split("-"):
            self.take("caches", [key for key in self.kept("caches") if key == cache.get("key")])
        return cache if "push" in policy.split("-") and cache else None

    def job(self, name, job, variables):
        self.begin("%s %s" % (name, " ".join(variables.values())))
        self.checkout()
        cache = self.cache(job)
        for kept in self.kept("artifacts"):
            if not kept.startswith(job["stage"] + ":"):
                copy_over(self.path("artifacts", kept), self.work)
        lines = self.file["default"]["before_script"] + job["script"]
        status = self.shell(["bash", "-eo", "pipefail"], "\n".join(lines), variables)
        artifacts = job.get("artifacts", {})
        known("artifacts", artifacts, ["paths", "when", "reports"])
        paths = artifacts.get("paths", []) + list(artifacts.get("reports", {}).values())
        if not status or artifacts.get("when") == "always":
            self.save("artifacts", "%s:%s:%s" % (job["stage"], name, "-".join(variables.values())), paths)
        if cache and (not status or cache.get("when") == "always"):
            self.save("caches", cache["key"], cache["paths"])
        allowed = job.get("allow_failure", {}).get("exit_codes", 0)
        return 0 if status == allowed else status

    def run(self):
        worst = 0
        known("default", self.file["default"], ["image", "before_script"])
        jobs = {name: job for name, job in self.file.items() if name not in ("stages", "default")}
        for stage in self.file["stages"]:
            before = worst
            for name, job in jobs.items():
                known(name, job, ["stage", "cache", "script", "artifacts", "parallel", "when", "retry",
                             "allow_failure"])
                if job["stage"] != stage or (before and job.get("when") != "always"):
                    continue
                (key, values), = job.get("parallel", {"matrix": [{"": [""]}]})["matrix"][0].items()
                for value in values:
                    worst = self.job(name, job, {key: str(value)} if key else {}) or worst
        return worst


def main(words):
    if len(words) == 3 and words[0] == "check":
        return check(*words[1:])
    if len(words) in (4, 5) and words[0] == "run":
        file = load(words[1])
        kind = Github if "jobs" in file else Gitlab
        return kind(file, words[2], words[3], words[4] if len(words) == 5 else "").run()
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
