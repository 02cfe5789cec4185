# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What engines of others are given by `batch`, and how they carry it out; sourced by tests/run-tests.sh.

slow ci_steps

# has_python MODULE...: skips where one is not there.
has_python() {
	local module
	for module; do
		/usr/bin/python3 -c "import $module" 2>/dev/null || { echo "needs python3, and $module" && exit 77; }
	done
}

has_arm64_worker() { [ "$(uname -m)" = aarch64 ] || [ -x "$build/aarch64/faultbench-worker" ]; }

# valid ENGINE: what is in $out is a file as ENGINE's published schema wants it; it stays as $tmp/ENGINE.yml
valid() {
	printf '%s\n' "$out" >"$tmp/$1.yml"
	"$top/tests/tools/ci_steps.py" check "$tmp/$1.yml" "$top"/tests/cases/schemas/$1-*.json >"$tmp/wrong" ||
		fail "$1: $(cat "$tmp/wrong")"
}

# With and without kernels to fetch, one kernel or several, parts up to what an engine takes: valid, and the words survive.
test_ci_schemas() {
	local engine most name="a'b: \$x #\"y\" {{"
	has_python yaml jsonschema
	printf '[plan]\niterations=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	vm m arm64
	for engine in github gitlab; do
		most=$([ $engine = github ] && echo 256 || echo 200)
		set -- --out n-1.x_y.jsonl -- "$tmp/p.ini" --machine "$tmp/m.ini" --kernel
		expect 0 "$fb" batch $engine "$@" "$name=./k"
		valid $engine
		! grep -qE 'junit|\.xml$' "$tmp/$engine.yml" || fail "a verdict on one kernel"
		/usr/bin/python3 - "$tmp/$engine.yml" "$name=./k" <<-'END' || fail "$engine: the words are others"
		import re, shlex, sys, yaml
		text = open(sys.argv[1], encoding="utf-8").read()
		blocks = re.findall(r'"\$FAULTBENCH" (run .*)', text)
		assert len(blocks) == 1 and shlex.split(blocks[0])[5] == sys.argv[2], blocks
		yaml.safe_load(text)
		END
		expect 0 "$fb" batch $engine --parts $most --first 'kernel build --label "a b"' --first 'kernel list' \
			--clone 'https://example.org/a b.git' "$@" a=./k --kernel b=./l
		valid $engine
		has "$out" 'git clone -q --depth 1 .https://example.org/a b.git. faultbench'
		expect 2 "$fb" batch $engine --parts $((most + 1)) "$@" a=./k
		has "$errs" "$engine has at most $most jobs"
		# A file that says nothing to the engine is one that the schema refuses.
		expect 0 "$fb" batch $engine "$@" a=./k
		printf '%s\n' "$out" | sed 's/^      - uses: /      - used: /; s/^  script:/  scripts:/' >"$tmp/bad.yml"
		! "$top/tests/tools/ci_steps.py" check "$tmp/bad.yml" "$top"/tests/cases/schemas/$engine-*.json >/dev/null ||
			fail "the schema takes anything"
		# What is not there where it runs.
		expect 2 "$fb" batch $engine "$@" "a=$tmp/k"
		has "$errs" 'kernel a=/.*/k: is not there where this runs'
		expect 2 "$fb" batch $engine "$@" 'a=./${{ x }}'
		has "$errs" 'has no place in a script'
		expect 2 "$fb" batch $engine "$@" a=./k --cache x
		has "$errs" "cache: $engine keeps its own results"
	done
	expect 2 "$fb" batch make --clone x "$@" a=./k
	has "$errs" 'clone: make runs where faultbench is'
	expect 2 "$fb" batch github -- quick
	has "$errs" 'boots are divided, and this machine is measured in the one'
}

# ci_tree: $tmp/tree, what a job of CI checks out: this tree, with a plan and a machine of ours, $tmp/p.ini and m.ini.
ci_tree() {
	mkdir "$tmp/tree"
	(cd "$top" && git ls-files -z | xargs -0 tar -c) | tar -x -C "$tmp/tree"
	cp "$tmp/p.ini" "$tmp/m.ini" "$tmp/tree"
}

# ci_run STATUS ENGINE: carries out $tmp/ENGINE.yml, in $tmp/ENGINE. Its first step finds what this tree has built already.
ci_run() {
	expect $1 "$top/tests/tools/ci_steps.py" run "$tmp/$2.yml" "$tmp/$2" "$tmp/tree" "ln -s '$build' build"
}

# What the printed files say is carried out step by step, each job in a folder of its own: kernels are fetched, each boot is
# booted once, what is collected is what one machine has, and a second run, whose cache is restored, boots nothing.
test_ci_steps() {
	local engine made
	has_python yaml
	command -v dpkg-deb >/dev/null && has_arm64_worker || exit 77
	archive
	split_kernel 7.2.13+deb14-cloud-arm64 7.2.13-1 cloud-arm64
	split_kernel 6.12.9+deb14-cloud-arm64 6.12.9-1 6.12-cloud-arm64
	mkdir "$tmp/bin" && ln -s "$top/tests/tools/playing-qemu.sh" "$tmp/bin/qemu-system-aarch64"
	export PLAYED=$tmp/played PATH=$tmp/bin:$PATH
	printf '[plan]\nruns=3\niterations=2\nboots=5\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	vm m arm64
	expect 0 "$fb" kernel fetch debian:linux-image-cloud-arm64 --label new
	expect 0 "$fb" kernel fetch debian:linux-image-6.12-cloud-arm64 --label old
	ci_tree
	cd "$tmp" || exit
	set -- ./p.ini --machine ./m.ini --kernel old=old --kernel new=new
	as_one() { # as_one JOURNAL: it is one, but for what says which results were known
		diff <(grep -v '"type":"unit"' one) <(grep -v '"type":"unit"' "$1") >differ || fail "$engine: $(cut -c1-300 differ)"
	}
	for engine in github gitlab; do
		expect 0 "$fb" batch $engine --parts 2 --out all.jsonl -- "$@"
		printf '%s\n' "$out" >$engine.yml
		: >"$PLAYED"
		ci_run 0 $engine
		[ "$(wc -l <"$PLAYED")" = 10 ] || fail "$engine: $(wc -l <"$PLAYED") boots"
		made=$(find $engine/artifacts -name all.jsonl ! -path '*.report/*')
		[ "$(find "${made%/*}" -name report.txt -o -name index.html | wc -l)" = 2 ] || fail "$engine: no report"
		xmllint --noout "${made%/*}/all.xml" || fail "$engine: no verdict"
		# One machine that knows the same results has the same bytes.
		rm -f one.jsonl one
		boots_of 0 "$fb" run "$@" --cache "$(find $engine/caches -type d -name all.results | tail -1)" --out one.jsonl
		expect 0 "$fb" collect one.jsonl --out one
		as_one "$made"
		boots_of 0 ci_run 0 $engine
		as_one "$made"
		# What failed is a failure, and no result.
		rm -r $engine
		expect 0 "$fb" batch $engine --parts 1 --out all.jsonl -- "$@"
		printf '%s\n' "$out" >$engine.yml
		PLAY_BADLY=1 ci_run 1 $engine
		[ -z "$(find $engine/caches -name '*.jsonl')" ] || fail "$engine: it is kept"
	done
	rm "$XDG_CACHE_HOME/faultbench/kernels/new/image"
	expect 2 "$fb" batch github -- "$@"
	tiny_image 6.2.0 >image
	expect 0 "$fb" kernel fetch "$tmp/image" --label here
	expect 2 "$fb" batch github -- ./p.ini --machine ./m.ini --kernel a=here
	has "$errs" 'kernel a=here: comes from .*/image, which is not there'
}

# Real kernels, fetched by the first job and counted by two: the journal is, byte for byte, that of a machine that did all. The
# newer kernel is a regression, or the older one: the last job fails, after its report.
test_long_ci_exact() {
	local engine status cache
	has_python yaml
	debian_pair arm64
	sed 's/^memory.*/memory = 1G/' "$top/configs/machines/arm64-exact.ini" >"$tmp/m.ini"
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=zap\nsize=4M\n' >"$tmp/p.ini"
	ci_tree
	cd "$tmp" || exit
	for engine in github gitlab; do
		set -- ./p.ini --machine ./m.ini --kernel old=arm64-old --kernel new=arm64-new
		[ $engine = github ] || set -- ./p.ini --machine ./m.ini --kernel new=arm64-new --kernel old=arm64-old
		set -- "$@" --boots 2
		expect 0 "$fb" batch $engine --parts 2 --out all.jsonl -- "$@"
		printf '%s\n' "$out" >$engine.yml
		"$top/tests/tools/ci_steps.py" run $engine.yml "$tmp/$engine" "$tmp/tree" "ln -s '$build' build" >$engine.log 2>&1
		status=$?
		grep -q '<failure' "$(find $engine/artifacts -name all.xml)"
		[ $status = $((1 - $?)) ] || fail "$engine: $status: $(tail -20 $engine.log)"
		cache=$XDG_CACHE_HOME XDG_CACHE_HOME=$tmp/kernels.$engine
		cp -r "$(find "$tmp/$engine/artifacts" -type d -name kernels -path '*/faultbench/*')/../.." "$XDG_CACHE_HOME"
		rm -f one.jsonl one
		expect 0 "$fb" run "$@" --out one.jsonl
		expect 0 "$fb" collect one.jsonl --out one
		cmp one "$(find $engine/artifacts -name all.jsonl ! -path '*.report/*')" || fail "$engine: not what one machine has"
		XDG_CACHE_HOME=$cache
	done
}
