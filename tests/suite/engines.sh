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

# ci_tree: $tmp/tree, what a job of CI reads of what it checks out, this tree, with a plan and a machine of ours, $tmp/p.ini and m.ini.
ci_tree() {
	mkdir "$tmp/tree"
	cp -r "$top/bootstrap.sh" "$top/runners" "$tmp/tree"
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
	printf '[plan]\nruns=3\niterations=2\nboots=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
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
		[ "$(wc -l <"$PLAYED")" = 4 ] || fail "$engine: $(wc -l <"$PLAYED") boots"
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

# A job of LAVA's is one by LAVA's own schemas, for QEMU and for a board, and names what it deploys.
test_lava_job() {
	local name
	has_python yaml lava_common
	command -v dpkg-deb >/dev/null && has_arm64_worker || exit 77
	export XDG_CACHE_HOME=$tmp/cache
	tiny_image 6.1.0 >"$tmp/old"
	tiny_image 6.2.0 >"$tmp/new"
	printf '[plan]\niterations=2\nboots=2\n[x]\nbench=null\nsize=4M,4K\n' >"$tmp/p.ini"
	vm m arm64
	cd "$tmp" || exit
	set -- --out j.jsonl -- ./p.ini --machine ./m.ini --kernel "it's old=./old" --kernel "it's_old=./new"
	expect 0 "$fb" batch lava "$@"
	printf '%s\n' "$out" >job.yaml
	"$top/tests/tools/lava_device.py" check job.yaml || fail "no job: $out"
	[ "$(ls j.lava | wc -l)" = 6 ] || fail "$(ls j.lava)"
	# Each file is there, with its sum; each boot has its own namespace and suite.
	printf '%s\n' "$out" | sed -n 's/^ *url: file:\/\///p; s/^ *sha256sum: //p' | paste - - | awk '{ print $2 "  " $1 }' >sums
	[ "$(wc -l <sums)" = 8 ] && sha256sum --quiet -c sums || fail "not what is there"
	[ "$(printf '%s\n' "$out" | sed -n 's/^    - name: //p' | tr '\n' ' ')" = "$(printf '%s\n' "$out" | sed -n 's/^    namespace: //p' |
		uniq | tr '\n' ' ')" ] || fail "suites are not namespaces: $out"
	[ "$(printf '%s\n' "$out" | grep '^    - name: ' | sort -u | wc -l)" = 4 ] || fail "suites of one name"
	has "$(grep -aoh '"console":\[[^]]*\]' j.lava/*.cpio | sort -u)" '"console":\["null_write_size_4m","null_write_size_4k"\]'
	expect 0 "$fb" batch lava --url https://files.lab/fork --device-type "juno's" "$@"
	printf '%s\n' "$out" >board.yaml
	"$top/tests/tools/lava_device.py" check board.yaml || fail "no job: $out"
	[ "$(grep -c '^        url: https://files.lab/fork/' board.yaml)" = 8 ] || fail "$(grep url board.yaml)"
	# A job without what LAVA wants is none.
	sed '/^visibility/d' job.yaml >bad.yaml
	! "$top/tests/tools/lava_device.py" check bad.yaml >/dev/null || fail "LAVA takes anything"
	sed 's/^accel=.*/accel=exact/; s/^vcpus=.*/vcpus=1/' m.ini >exact.ini
	expect 2 "$fb" batch lava -- ./p.ini --machine ./exact.ini --kernel a=./old
	has "$errs" 'exact.ini: counts, which takes a plugin of ours'
	expect 2 "$fb" batch lava --url 'x y' "$@"
	has "$errs" 'url x y: must be a URL'
	expect 2 "$fb" batch make --device-type x "$@"
	has "$errs" "are lava's"
}

# lava_plan: $tmp/p.ini and $tmp/m.ini, of a few runs with a time, some with rates, one that is skipped, on two kernels.
lava_plan() {
	debian_new arm64
	printf '[plan]\nruns=2\niterations=2\n[f]\nbench=fork\nsize=4M\n[t]\nbench=contend\nvariant=mmap\nsize=4M\ntime=20\nplace=none\n' >"$tmp/p.ini"
	printf '[n]\nbench=zap\nsize=4M\nnode=9\n' >>"$tmp/p.ini"
	vm m arm64
}

# lava_results FILE SUITE...: each suite has each case once, with what it is to have.
lava_results() {
	local file=$1 suite
	shift
	for suite; do
		[ "$(sed -n "s/^$suite //p" "$file" | sort | sed 's/ [0-9][0-9.]* / N /' | tr '\n' ',')" = "$(printf '%s,' \
			'contend_mmap_run_'{0,1}'_'{faulters,writers}' pass N ops_per_s' 'fork_fork_run_'{0,1}' pass N us' \
			'zap_munmap_run_'{0,1}' skip - none')" ] || fail "$suite: $(cat "$file")"
	done
	awk '$4 != "-" && !($4 > 0 && $4 < 1e10)' "$file" | grep . && fail "no measurement of LAVA's"
	[ "$(cut -d' ' -f1 "$file" | sort -u | wc -l)" = $# ] || fail "more suites: $(cat "$file")"
}

# What the worker says on a serial line, as the init of a VM that is started by the job's words alone, is what the job's own
# patterns read.
test_lava_serial() {
	has_python yaml
	lava_plan
	cd "$tmp" || exit
	expect 0 "$fb" batch lava -- ./p.ini --machine ./m.ini --kernel "a b=arm64-new" --boots 1
	printf '%s\n' "$out" >job.yaml
	"$top/tests/tools/lava_device.py" boot job.yaml >results || fail "$(cat results)"
	lava_results results a-b-boot0
}

# LAVA's dispatcher carries the job out, without a server: two kernels, each booted twice; a file that is another is noticed.
test_long_lava() {
	has_python yaml lava_common
	is_root && command -v lava-run >/dev/null ||
		{ echo "needs root, and lava-run: apt-get install --no-install-recommends lava-dispatcher"; exit 77; }
	debian_pair arm64
	lava_plan
	cd "$tmp" || exit
	expect 0 "$fb" batch lava -- ./p.ini --machine ./m.ini --kernel old=arm64-old --kernel new=arm64-new --boots 2
	printf '%s\n' "$out" >job.yaml
	"$top/tests/tools/lava_device.py" check job.yaml || fail "no job"
	"$top/tests/tools/lava_device.py" device job.yaml >device.yaml
	dispatch() {
		lava-run --device device.yaml --job-id $$ --output-dir "$tmp/out" job.yaml >log 2>&1
		"$top/tests/tools/lava_device.py" read job.yaml log >results
	}
	dispatch || fail "$(tail -5 log)"
	lava_results results old-boot0 old-boot1 new-boot0 new-boot1
	[ ! -e /var/lib/lava/dispatcher/tmp/$$ ] || fail "it is left behind"
	printf x >>batch.lava/old-boot0.cpio
	! dispatch || fail "another file is taken"
	has "$(cat log)" 'sha256'
}

# submitting: `batch slurm --submit` with guests that are played, on the Slurm that is there: a kernel that is made by a first job,
# progress as for `run`, ^C that leaves the jobs and says how to end them, the same command that goes on following them, and what
# comes in the end.
submitting() {
	local pid ids status
	sed -i 's/boots=5/boots=3/' p.ini
	bzimage 6.5.0 >new.image
	export PLAY_UNTIL=$tmp/go
	set -- --parts 4 --out all.jsonl --first 'kernel fetch ./new.image --label new' -- \
		./p.ini --machine ./m.ini --kernel a=k --kernel b=new
	begin() { # begin WORDS...: batch slurm, in the background, where ^C is as for others
		: >errs # what an earlier one said is not this one's
		env --default-signal=INT "$fb" batch slurm "$@" >out 2>errs &
		pid=$!
	}
	said() { grep -qE "$1" errs; }
	begin --submit "$@"
	wait_for $pid said '^[ab] boot [0-2] \[[0-9]+/18\] run [0-2] of null/write: '
	kill -INT $pid
	wait $pid
	status=$?
	[ $status = 130 ] || fail "status $status: $(cat errs)"
	ids=$(sed -n 's/.*: the jobs go on; to cancel: scancel //p' errs)
	[ "$(echo $ids | wc -w)" = 3 ] || fail "not three jobs, kernel, array and collection: $(cat errs)"
	[ -n "$(squeue --noheader --jobs="${ids// /,}")" ] || fail "the jobs have ended with it"
	touch go
	expect 0 "$fb" batch slurm --submit "$@"
	has "$errs" "jobs $(echo $ids | cut -d' ' -f2) .*of an earlier command are at it"
	has "$errs" '\[18/18\] run '
	has "$out" '3 boots x 3 runs'
	[ "$(wc -l <"$PLAYED")" = 6 ] || fail "$(wc -l <"$PLAYED") boots"
	[ "$(grep -c '"type":"end"' all.jsonl)" = 6 ] || fail "not all: $(cut -c1-60 all.jsonl)"
	# Again, there is nothing to do but to collect, and what is cancelled by the words that it says is gone.
	boots_of 0 "$fb" batch slurm --submit "$@"
	has "$out" '3 boots x 3 runs'
	rm -r all.parts go
	begin --submit "$@"
	wait_for $pid said '\[1/18\]'
	scancel $(sed -n 's/.* in 4 parts: jobs //p' errs)
	wait $pid
	status=$?
	[ $status = 1 ] || fail "status $status: $(cat errs)"
	said 'all.jsonl: was not made; all.log and all.parts/\*.log say why' || fail "$(cat errs)"
	# A kernel that cannot be made: no part is begun.
	: >"$PLAYED"
	expect 1 "$fb" batch slurm --submit --out none.jsonl --parts 2 --first 'kernel fetch ./nowhere --label x' -- ./p.ini \
		--machine ./m.ini --kernel a=x
	[ ! -s "$PLAYED" ] && has "$(cat none.first.log)" 'nowhere' || fail "it went on: $errs"
}

# On a Slurm that is played; on a terminal there is one line.
test_slurm_submit() {
	local tool
	played
	for tool in sbatch squeue scancel; do ln -s "$top/tests/tools/playing-slurm.sh" "$tmp/bin/$tool"; done
	export PLAYED_QUEUE=$tmp/queue
	cd "$tmp" || exit
	submitting
	set -- --submit --parts 2 --out tty.jsonl -- ./p.ini --machine ./m.ini --kernel a=k --boots 1
	script -qec "'$fb' batch slurm $*" /dev/null >out </dev/null &
	wait_for $! grep -qE '\[1/3\] [12] jobs run, 0 wait' out
	touch go
	wait $! || fail "$(cat out)"
	! grep -q 'run 0 of null' out || fail "a line for each run on a terminal: $(cat out)"
	# Another folder's jobs of that name are not ours.
	rm queue/1.status
	mkdir elsewhere && mv p.ini m.ini elsewhere && cd elsewhere || exit
	expect 0 "$fb" batch slurm --submit --parts 1 --out all.jsonl -- ./p.ini --machine ./m.ini --kernel a=k --boots 1
	has "$errs" 'submitted in 1 parts'
	expect 77 env PATH="$tmp/none" "$fb" batch slurm --submit --out none.jsonl -- ./p.ini --machine ./m.ini --kernel a=k
	has "$errs" 'there is no Slurm here'
	expect 2 "$fb" batch make --submit -- ./p.ini --machine ./m.ini --kernel a=k
	has "$errs" "only slurm's script is submitted"
}

# On a real one, on which a part that its node cannot carry out is tried again; Slurm takes its time for that.
test_long_slurm_submit() {
	local dir=$tmp/slurm
	is_root && command -v slurmctld munged sbatch >/dev/null ||
		{ echo "needs root, and slurmctld slurmd slurm-client munge"; exit 77; }
	played
	trap 'slurm_down "$dir"' EXIT
	slurm_up "$dir" || fail "Slurm does not start: $(tail -5 "$dir"/*.log)"
	cd "$tmp" || exit
	submitting
	touch go
	[ -z "$(squeue -h)" ] || fail "$(squeue)"
	printf '#!/bin/sh\necho try >>"%s"\n[ -n "${SLURM_RESTART_COUNT-}" ] || exit 75\n' "$tmp/tries" >elsewhere && chmod +x elsewhere
	FAULTBENCH=$tmp/elsewhere expect 1 "$fb" batch slurm --submit --out tried.jsonl --parts 1 -- ./p.ini --machine ./m.ini --kernel a=k
	[ "$(wc -l <tries)" = 3 ] || fail "$(wc -l <tries): not a try, another, and a collection"
	slurm_down "$dir"
}
