# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Campaigns in parts; sourced by tests/run-tests.sh.

# made_units BOOTS: $tmp/whole.jsonl, two kernels counted so often, as one machine writes it; made, not measured.
made_units() {
	local boot turn kernel image
	local plan='"type":"plan","schema":1,"name":"p","runs":1,"boots":'$1',"seed":1,"counters":[],"points":['
	plan+='{"point":{"bench":"fork","variant":"fork","size":4194304,"order":0,"place":"core"},"iterations":2,"warmup":2,"time_limit_s":120},'
	plan+='{"point":{"bench":"fork","variant":"fork","size":4194304,"order":9,"place":"core"},"iterations":2,"warmup":2,"time_limit_s":120}]'
	head="{$plan,\"kernels\":[\"a\",\"b\"]}
{\"type\":\"command\",\"words\":[\"run\",\"p.ini\"],\"version\":\"0.1\",\"qemu\":\"7.2.22\"}"
	for kernel in a b; do
		image=$(printf '%s' $kernel | sha256sum | cut -d' ' -f1)
		head+="
{\"type\":\"kernel\",\"label\":\"$kernel\",\"arch\":\"arm64\",\"release\":\"6.12\",\"source\":\"$kernel\",\"sha256\":\"$image\"}"
	done
	echo "$head" >"$tmp/whole.jsonl"
	: >"$tmp/units"
	for boot in $(seq 0 $(($1 - 1))); do
		# In the order of a seed, which has b first, and backwards in every second boot.
		turn='b a'
		[ $((boot % 2)) = 0 ] || turn='a b'
		for kernel in $turn; do
			made_unit $kernel $boot >"$tmp/unit"
			cat "$tmp/unit" >>"$tmp/whole.jsonl"
			tr '\n' '\t' <"$tmp/unit" >>"$tmp/units"
			echo >>"$tmp/units"
		done
	done
}

# made_unit KERNEL BOOT: its records. What the host's clock says is another each time.
made_unit() {
	local order
	printf '{"type":"machine","kernel":"%s","boot":%s,"facts":{"kernel.release":"6.12"},"config":null,"startup":{"unpack_s":0.1,"initramfs_s":0.%s,"start_s":4.%s},"perturbation":{"memory_MiB":%s,"seed":%s}}\n' \
		$1 $2 $RANDOM $RANDOM $((1024 + 8 * $2)) $(($2 + 1))
	for order in 0 9; do
		printf '{"type":"run","kernel":"%s","boot":%s,"run":0,"point":{"bench":"fork","variant":"fork","size":4194304,"order":%s,"place":"core"},"status":"ok","unit":"insn","warmup":2,"samples":[%s,%s],"per":"call","per_count":1.0,"started":%s.0,"wall_s":0.5,"source":"exact"}\n' \
			$1 $2 $order $((1000 + $2 + order)) $((1000 + $2)) $((1795000000 + RANDOM))
	done
	printf '{"type":"end","kernel":"%s","boot":%s}\n' $1 $2
}

# shards_of N: $tmp/shards/I.jsonl, the units that `run --shard I/N` carries out.
shards_of() {
	local i
	rm -rf "$tmp/shards" && mkdir "$tmp/shards"
	for i in $(seq $1); do
		echo "$head" >"$tmp/shards/$i.jsonl"
		awk -v i=$i -v n=$1 'NR % n == i % n' "$tmp/units" | tr '\t' '\n' | grep . >>"$tmp/shards/$i.jsonl"
	done
}

# However a campaign was divided, what is collected is the same bytes; what is no part of it is refused.
test_collect() {
	made_units 6
	expect 0 "$fb" collect "$tmp/whole.jsonl" --out "$tmp/whole"
	has "$errs" 'whole: 12 boots of 2 kernels, from 1 journal$'
	# But for words and times it is what it was.
	sed 's/"words":\[[^]]*\]/"words":["collect"]/; s/"started":[^,]*,//; s/,"initramfs_s":[^,]*,"start_s":[^}]*//' \
		"$tmp/whole.jsonl" | cmp - "$tmp/whole" || fail "$(diff "$tmp/whole.jsonl" "$tmp/whole" | head -5 | cut -c1-600)"
	for n in 1 5 7 12 20; do
		shards_of $n
		expect 0 "$fb" collect "$tmp/shards" --out "$tmp/$n"
		cmp "$tmp/whole" "$tmp/$n" || fail "$n shards are not the whole"
	done
	# In another order, one twice, one that was cut and one that holds all: each boot counts once.
	shards_of 5
	head -8 "$tmp/shards/2.jsonl" | head -c -20 >"$tmp/cut.jsonl"
	expect 0 "$fb" collect "$tmp/shards/5.jsonl" "$tmp/cut.jsonl" "$tmp/shards" "$tmp/shards/5.jsonl" "$tmp/whole.jsonl" --out "$tmp/again"
	cmp "$tmp/whole" "$tmp/again" || fail "not the whole"
	expect 0 "$fb" compare "$tmp/again"
	has "$out" 'over 6 boots'
	# What is missing is named, and what is there is there.
	rm "$tmp/shards/3.jsonl"
	expect 1 "$fb" collect "$tmp/shards" "$tmp/cut.jsonl" --out "$tmp/part"
	has "$errs" 'part: of 12 boots 2 are missing or incomplete: boot 1 of a, 3 of b$'
	[ "$(grep -c '"type":"end"' "$tmp/part")" = 10 ] || fail "not what is there"
	refused() { # refused PATTERN JOURNAL...
		local pattern=$1
		shift
		expect 2 "$fb" collect "$@" --out "$tmp/bad"
		one_line "$errs"
		has "$errs" "$pattern"
		[ ! -e "$tmp/bad" ] || fail "bad was written"
	}
	sed 's/"seed":1,"counters"/"seed":2,"counters"/' "$tmp/whole.jsonl" >"$tmp/other.jsonl"
	refused 'other.jsonl: holds another plan than .*whole.jsonl' "$tmp/whole.jsonl" "$tmp/other.jsonl"
	sed 's/"sha256":"./"sha256":"0/' "$tmp/whole.jsonl" >"$tmp/other.jsonl"
	refused "other.jsonl: holds another kernel 'a' than .*whole.jsonl" "$tmp/whole.jsonl" "$tmp/other.jsonl"
	sed '/"kernel":"b","boot":3.*"order":9/s/"samples":\[[0-9]*/"samples":[77/' "$tmp/whole.jsonl" >"$tmp/other.jsonl"
	refused 'other.jsonl: has another result than .*whole.jsonl for run 0 of fork/fork in the same boot of b' \
		"$tmp/whole.jsonl" "$tmp/other.jsonl"
	sed 's/"seed":1,"counters"/"seed":1,"until":0.01,"budget_s":60,"counters"/' "$tmp/whole.jsonl" >"$tmp/other.jsonl"
	refused 'of a plan with until' "$tmp/other.jsonl"
	mkdir "$tmp/empty"
	refused 'empty: no journal' "$tmp/empty"
	refused 'No such file' "$tmp/nowhere"
	refused 'line|record|JSON' "$0"
	cp "$tmp/whole" "$tmp/kept"
	expect 2 "$fb" collect "$tmp/whole.jsonl" --out "$tmp/kept"
	has "$errs" 'kept: is there already'
	cmp "$tmp/kept" "$tmp/whole" || fail "it was changed"
	[ -z "$(find "$tmp" -name '*.[0-9]*' ! -name '*.jsonl')" ] || fail "left: $(ls "$tmp")"
}

# Journals of one boot each, all of number 0, are as many boots as there are perturbations, here and in tables.
test_collect_renumbers() {
	local i kernel
	made_units 5
	mkdir "$tmp/ten"
	for i in 0 1 2 3 4; do
		for kernel in a b; do
			{
				echo "$head" | sed 's/"boots":5/"boots":1/; s/"kernels":\["a","b"\]/"kernels":["'$kernel'"]/' |
					grep -v '"label":"'$(echo $kernel | tr ab ba)'"'
				made_unit $kernel $i | sed 's/"boot":'$i'/"boot":0/'
			} >"$tmp/ten/$kernel$i.jsonl"
		done
	done
	expect 0 "$fb" collect "$tmp/ten" --out "$tmp/all"
	[ "$(sed -n 's/^{"type":"end","kernel":"\(.\)","boot":\(.\)}/\1\2/p' "$tmp/all" | sort | tr '\n' ' ')" = 'a0 a1 a2 a3 a4 b0 b1 b2 b3 b4 ' ] ||
		fail "$(grep end "$tmp/all")"
	expect 0 "$fb" compare "$tmp/all"
	has "$out" 'over 5 boots'
	expect 0 "$fb" compare "$tmp"/ten/*.jsonl
	has "$out" 'over 5 boots'
}

# played: two kernels, a plan and a machine whose guests are played, see tests/tools/playing-qemu.sh.
played() {
	mkdir "$tmp/bin" && ln -s "$top/tests/tools/playing-qemu.sh" "$tmp/bin/qemu-system-x86_64"
	[ "$(uname -m)" = x86_64 ] || [ -x "$build/x86_64/faultbench-worker" ] || exit 77
	export XDG_CACHE_HOME=$tmp/cache PLAYED=$tmp/played PATH=$tmp/bin:$PATH
	printf '[plan]\nruns=3\niterations=2\nboots=5\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	vm m x86_64
	bzimage 6.1.0 >"$tmp/image"
	expect 0 "$fb" kernel fetch "$tmp/image" --label k
	bzimage 6.2.0 >"$tmp/image"
	expect 0 "$fb" kernel fetch "$tmp/image" --label l
}

# Resumed after a cut: the last boot is done again, the others are not.
test_vm_resumed() {
	local n
	played
	set -- "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k --kernel b=l --boots 2 --out "$tmp/j.jsonl"
	boots_of 4 "$@"
	n=$(grep -n '"type":"machine"' "$tmp/j.jsonl" | tail -1 | cut -d: -f1)
	head -$((n + 2)) "$tmp/j.jsonl" >"$tmp/cut" && mv "$tmp/cut" "$tmp/j.jsonl"
	boots_of 1 "$@"
	has "$errs" 'going on with boot [01] of'
	[ "$(grep -c '"type":"run"' "$tmp/j.jsonl")" = 12 ] || fail "runs are missing or doubled"
	boots_of 0 "$@"
}

# Parts of a plan, one of them killed and begun again: each boot is carried out by one of them, and once.
test_shards() {
	local i pid
	played
	part() { # part I/N STATUS
		expect $2 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k --kernel b=k \
			--shard $1 --out "$tmp/parts/${1%/*}.jsonl"
	}
	mkdir "$tmp/parts"
	PLAY_UNTIL=$tmp/never "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k --kernel b=k \
		--shard 2/3 --out "$tmp/parts/2.jsonl" >/dev/null 2>&1 &
	pid=$!
	wait_for $pid has_run "$tmp/parts/2.jsonl"
	kill -9 $pid
	wait $pid
	no_processes
	for i in 1 2 3; do
		part $i/3 0
		[ -z "$out" ] || fail "a table of a part: $out"
		has "$errs" "$i.jsonl: shard $i of 3 is there"
		[ "$(grep -c '"type":"end"' "$tmp/parts/$i.jsonl")" = $((i == 1 ? 4 : 3)) ] || fail "shard $i: $(cut -c1-60 "$tmp/parts/$i.jsonl")"
	done
	[ "$(wc -l <"$PLAYED")" = 11 ] || fail "not 10 boots, and the one that was killed: $(cat "$PLAYED")"
	part 2/3 0
	[ "$(wc -l <"$PLAYED")" = 11 ] || fail "it was begun again"
	expect 0 "$fb" collect "$tmp/parts" --out "$tmp/all.jsonl"
	[ "$(grep -c '"type":"run"' "$tmp/all.jsonl")" = 30 ] || fail "runs are missing or doubled"
	n=$(sed -n 's/^{"type":"end","kernel":"\(.\)".*/\1/p' "$tmp/all.jsonl" | tr -d '\n')
	case $n in abbaabbaab | baabbaabba) ;; *) fail "not A B B A: $n" ;; esac
	mkdir "$tmp/more"
	part 11/12 0
	has "$errs" '11.jsonl: shard 11 of 12 is there'
	for i in 0/3 4/3 3 1/0 a/b 1/100001; do
		expect 2 "$fb" run "$tmp/p.ini" --shard $i
		has "$errs" "shard $i: must be I/N"
	done
	expect 2 "$fb" run "$tmp/p.ini" --shard 1/2
	has "$errs" 'boots are divided, and this machine is measured in the one'
	expect 2 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k --until 1% --shard 1/2
	has "$errs" 'with until there are as many boots as one machine needs'
}

# What `batch make` prints carries the parts, some of them at a time; killed, the same command does what is missing.
test_batch_make() {
	local run='./p.ini --machine ./m.ini --kernel a=k' name="it's \$1" i
	played
	cd "$tmp" || exit
	export FAULTBENCH=$fb
	expect 0 "$fb" batch make --parts 4 --out all.jsonl -- ./p.ini --machine ./m.ini --kernel "$name=k" --kernel b=l --cache results
	printf '%s\n' "$out" >parts.mk
	PLAY_UNTIL=$tmp/never setsid make -s -j3 -f parts.mk >/dev/null 2>&1 &
	wait_for $! has_run all.parts/2.jsonl
	kill -9 -- -$!
	wait
	no_processes
	expect 0 make -s -k -j3 -f parts.mk
	[ "$(ls all.parts/*.jsonl | wc -l)" = 4 ] && [ "$(ls all.parts/*.done | wc -l)" = 4 ] || fail "$(ls all.parts)"
	[ "$(grep -cF "\"type\":\"run\",\"kernel\":\"$name\"" all.jsonl)" = 15 ] || fail "not 15 runs of $name"
	# Boots that were begun again are no units. By hand in another number of parts it is the same: what is known is not
	# measured again.
	rm -r all.parts all.jsonl
	expect 0 make -s -k -j3 -f parts.mk
	mkdir by-hand
	: >"$PLAYED"
	for i in 1 2 3 4 5 6 7; do
		expect 0 "$fb" run ./p.ini --machine ./m.ini --kernel "$name=k" --kernel b=l --cache results --shard $i/7 --out by-hand/$i.jsonl
	done
	[ ! -s "$PLAYED" ] || fail "boots again: $(cat "$PLAYED")"
	expect 0 "$fb" collect by-hand --out by-hand.jsonl
	# Which of them were known says the one that did not measure them.
	[ "$(grep -c '"type":"unit"' by-hand.jsonl)" = 10 ] || fail "not 10 that were known"
	cmp <(grep -v '"type":"unit"' all.jsonl) <(grep -v '"type":"unit"' by-hand.jsonl) || fail "another journal"
	expect 0 make -s -f parts.mk
	# A part that fails is none, and nothing is collected.
	rm -r all.parts all.jsonl results
	PLAY_BADLY=1 expect 2 make -s -k -j2 -f parts.mk
	[ ! -e all.jsonl ] || fail "it was collected"
	expect 2 "$fb" batch no-such -- $run
	has "$errs" 'no-such is no engine'
	for i in --out=x --shard=1/2 --jobs=2 --ou=x; do
		expect 2 "$fb" batch make -- $run $i
		has "$errs" 'each part has its own'
	done
	expect 2 "$fb" batch make -- $run --nonsense
	has "$errs" 'run has no option --nonsense'
	expect 2 "$fb" batch make --out 'a b.jsonl' -- $run
	has "$errs" 'must be NAME.jsonl'
	expect 2 "$fb" batch make --parts 0 -- $run
	has "$errs" 'parts 0: must be a whole number'
}

# slurm_up FOLDER: a whole Slurm on this machine, all its files in there; $SLURM_CONF is its.
slurm_up() {
	local dir=$1 host
	host=$(hostname -s)
	mkdir -p "$dir"/munge "$dir"/state "$dir"/spool
	chmod 700 "$dir/munge"
	chmod a+x "$tmp" "$dir"
	head -c 1024 /dev/urandom >"$dir/munge/key" && chmod 400 "$dir/munge/key"
	munged --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/munge/pid" \
		--log-file="$dir/munge/log" --seed-file="$dir/munge/seed" || return
	cat >"$dir/slurm.conf" <<-EOF
	ClusterName=made
	SlurmctldHost=$host(127.0.0.1)
	SlurmctldPort=26817
	SlurmdPort=26818
	SlurmUser=root
	SlurmdUser=root
	AuthType=auth/munge
	AuthInfo=socket=$dir/munge/socket
	CredType=cred/munge
	StateSaveLocation=$dir/state
	SlurmdSpoolDir=$dir/spool
	SlurmctldPidFile=$dir/slurmctld.pid
	SlurmdPidFile=$dir/slurmd.pid
	SlurmctldLogFile=$dir/slurmctld.log
	SlurmdLogFile=$dir/slurmd.log
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	SelectType=select/cons_tres
	SelectTypeParameters=CR_Core
	JobAcctGatherType=jobacct_gather/none
	AccountingStorageType=accounting_storage/none
	ReturnToService=2
	SlurmdTimeout=30
	KillWait=2
	NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=4000 State=UNKNOWN
	PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
	EOF
	export SLURM_CONF=$dir/slurm.conf
	slurmctld && slurmd
}

slurm_down() {
	kill -9 $(cat "$1"/*.pid "$1"/munge/pid 2>/dev/null) 2>/dev/null
}

# 24 counted boots by a cluster whose tasks and daemon are killed; the same command finishes them, and what is collected is
# what one machine's journal is.
test_long_slurm() {
	local dir=$tmp/slurm i
	is_root && command -v slurmctld munged sbatch >/dev/null ||
		{ echo "needs root, and slurmctld slurmd slurm-client munge"; exit 77; }
	debian_pair arm64
	trap 'slurm_down "$dir"' EXIT
	slurm_up "$dir" || fail "Slurm does not start: $(tail -5 "$dir"/*.log)"
	cd "$tmp" || exit
	export FAULTBENCH=$fb
	sed 's/^memory.*/memory = 1G/' "$top/configs/machines/arm64-exact.ini" >m.ini
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=zap\nsize=4M\n' >p.ini
	set -- ./p.ini --machine ./m.ini --kernel old=arm64-old --kernel new=arm64-new --boots 12
	expect 0 "$fb" batch slurm --parts 24 --out all.jsonl -- "$@"
	printf '%s\n' "$out" >all.sh
	expect 0 bash all.sh
	wait_until() { # wait_until COMMAND...
		until "$@"; do sleep 0.2; done
	}
	ended() { [ -z "$(squeue -h)" ]; }
	some_ended() { [ "$(grep -ls '"type":"end"' all.parts/*.jsonl | wc -l)" -ge "$1" ]; }
	wait_until some_ended 3
	for i in 1 2; do
		wait_until pkill -9 -n -f "faultbench run .*all.parts/"
		sleep 1
	done
	kill -9 "$(cat "$dir/slurmd.pid")"
	slurmd
	wait_until ended
	expect 0 bash all.sh
	wait_until ended
	has "$(cat all.log)" 'all.jsonl: 24 boots of 2 kernels, from 24 journals'
	expect 0 "$fb" run "$@" --out one.jsonl
	expect 0 "$fb" collect one.jsonl --out one
	cmp all.jsonl one || fail "not what one machine has"
	slurm_down "$dir"
}
