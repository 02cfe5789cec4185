# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A machine that boots its kernels itself; sourced by tests/run-tests.sh.

measures alone alone_stop

# alone_machine: $tmp/m.ini, this machine, which is told to start kernels and has another boot's id then, and nothing
# else: that is mounted over the real one, where only what $tmp/power starts sees it. Kernels: two of this release, one of
# another, which therefore never comes up.
alone_machine() {
	local name
	unshare -m true 2>/dev/null || exit 77
	[ "$(uname -m)" = x86_64 ] || exit 77
	export XDG_CACHE_HOME=$tmp/cache XDG_STATE_HOME=$tmp/state
	state=$tmp/state/faultbench/campaign
	for name in a b; do
		bzimage "$(uname -r)" >"$tmp/image" && echo $name >>"$tmp/image"
		expect 0 "$fb" kernel fetch "$tmp/image" --label $name
	done
	bzimage 9.9.9-dead >"$tmp/image"
	expect 0 "$fb" kernel fetch "$tmp/image" --label dead
	cat /proc/sys/kernel/random/uuid >"$tmp/boot_id"
	printf '%s\n' '[machine]' 'kind = local' 'switch = command' 'boot-limit = 30' "command = . $tmp/switch" >"$tmp/m.ini"
	cat >"$tmp/switch" <<-SWITCH
	echo "\$FAULTBENCH_LABEL,\$FAULTBENCH_RELEASE" >>$tmp/asked
	cat /proc/sys/kernel/random/uuid >$tmp/boot_id
	kill -TERM \$PPID
	SWITCH
	printf '%s\n' '[plan]' 'runs = 3' 'iterations = 2' 'boots = 2' 'settle = none' '[x]' 'bench = null' 'size = 4M' \
		'[y]' 'bench = zap' 'size = 4M' >"$tmp/p.ini"
}

# power COMMAND...: the command, then boots until nothing is under way; $tmp/each, if it is there, is sourced for a boot.
power() {
	cat >"$tmp/power" <<-POWER
	mount --bind $tmp/boot_id /proc/sys/kernel/random/boot_id || exit 77
	cd $tmp
	"\$@" >>$tmp/out 2>>$tmp/errs
	nr=0
	while [ -e $state/campaign.json ]; do
		nr=\$((nr + 1))
		[ \$nr -lt 20 ] || exit 9
		$fb campaign status >>$tmp/status 2>>$tmp/errs || exit 8
		if [ -e $tmp/each.\$nr ]; then . $tmp/each.\$nr; else $state/faultbench campaign go-on >>$tmp/out 2>>$tmp/errs; fi
	done
	exit 0
	POWER
	unshare -m "$BASH" "$tmp/power" "$@" || fail "status $?: $(tail -5 "$tmp/errs")"
}

# nothing_twice JOURNAL KERNEL...: each run of each boot of the kernels is there once, and no other.
nothing_twice() {
	local journal=$1 n
	shift
	each_run "$journal" | cut -d' ' -f1-3,4 >"$tmp/runs"
	n=$(sort -u "$tmp/runs" | wc -l)
	[ "$n" = "$(wc -l <"$tmp/runs")" ] || fail "twice: $(sort "$tmp/runs" | uniq -d)"
	[ "$n" = $(($# * 12)) ] || fail "$n runs, not $(($# * 12)): $(cat "$tmp/runs")"
	[ "$(cut -d' ' -f1 "$tmp/runs" | sort -u | tr '\n' ' ')" = "$* " ] || fail "of others: $(cat "$tmp/runs")"
}

# Left alone, with its power cut in the middle of a run: it ends with all boots of what comes up, each another, a kernel
# that does not given up with the reason, the machine's own kernel started, nothing left, and the command at the end told.
test_alone() {
	local line
	alone_machine
	# The first boot that is measured.
	cat >"$tmp/each.1" <<-EACH
	$state/faultbench campaign go-on >>$tmp/out 2>>$tmp/errs &
	until grep -qs '"type":"run"' $tmp/j.jsonl || ! kill -0 \$!; do sleep 0.02; done
	kill -KILL \$!
	cat /proc/sys/kernel/random/uuid >$tmp/boot_id
	EACH
	power "$fb" run p.ini --machine ./m.ini --kernel x=dead --kernel a=a --kernel b=b --out j.jsonl --unattended \
		--at-end 'env >hook; echo "$FAULTBENCH_REASON" >reason'
	nothing_twice "$tmp/j.jsonl" a b
	[ "$(grep -c '^x,9.9.9-dead$' "$tmp/asked")" = 2 ] || fail "not tried twice: $(cat "$tmp/asked")"
	[ "$(tail -1 "$tmp/asked")" = , ] || fail "not its own kernel in the end: $(cat "$tmp/asked")"
	line=$(sed -n 's/^{"type":"end","kernel":"\(.\)".*/\1/p' "$tmp/j.jsonl" | tr -d '\n')
	[ "$line" = abba ] || [ "$line" = baab ] || fail "not A B B A: $line"
	[ "$(grep -o '"kernel.boot_id":"[^"]*"' "$tmp/j.jsonl" | sort -u | wc -l)" = 5 ] || fail "not 4 boots and one that was cut"
	grep -q '^FAULTBENCH_STATUS=given-up$' "$tmp/hook" && grep -q "^FAULTBENCH_JOURNAL=$tmp/j.jsonl$" "$tmp/hook" ||
		fail "not told: $(grep ^FAULTBENCH "$tmp/hook")"
	has "$(cat "$tmp/reason")" "^x: given up after 2 tries: it did not come up: the machine runs $(uname -r)"
	has "$(cat "$tmp/out")" "^Warning: 'x' was given up after 2 tries: it did not come up"
	has "$(cat "$tmp/status")" 'p into .*: waiting for the next boot'
	has "$(cat "$tmp/status")" '^x: 0 of 2 boots; last failure: it did not come up'
	[ "$(ls "$state")" = lock ] || fail "left: $(ls "$state")"
	expect 0 "$fb" campaign status --out "$tmp/j.jsonl" --json
	has "$(printf '%s' "$out" | tr -d ' \n')" '"kernel":"a","complete":2,"boots":2,"tries":0,"given_up":false\}'
	has "$out" '"state": "given-up"'
	no_processes
}

# What is under way is ended from elsewhere in the middle of a run: nothing of it stays, the journal is whole, and the
# same command goes on there. Nobody but one carries it out.
test_alone_stop() {
	alone_machine
	printf '[z]\nbench = contend\nvariant = mmap\nsize = 4M\ntime = 200\nplace = none\n' >>"$tmp/p.ini"
	cat >"$tmp/each.1" <<-EACH
	$state/faultbench campaign go-on >>$tmp/out 2>>$tmp/errs &
	until grep -qs '"type":"run"' $tmp/j.jsonl || ! kill -0 \$!; do sleep 0.02; done
	$fb campaign status >$tmp/status.one
	$state/faultbench campaign go-on 2>$tmp/second
	echo \$? >>$tmp/second
	$fb campaign stop >$tmp/stop 2>&1
	echo \$? >>$tmp/stop
	EACH
	set -- "$fb" run p.ini --machine ./m.ini --kernel a=a --kernel b=b --out j.jsonl --unattended \
		--at-end 'echo "$FAULTBENCH_STATUS" >>hook'
	power "$@"
	has "$(cat "$tmp/status.one")" '^p into .*: measuring$'
	has "$(tr '\n' ' ' <"$tmp/second")" 'a campaign is being carried out on this machine, by process [0-9]+.* 77 $'
	has "$(tr '\n' ' ' <"$tmp/stop")" 'the campaign has ended: stopped 0 $'
	[ "$(ls "$state")" = lock ] || fail "left: $(ls "$state")"
	no_processes
	expect 0 "$fb" campaign stop
	has "$errs" 'no campaign is under way'
	rm "$tmp/each.1" && sed -i '/^\[z\]/,$d' "$tmp/p.ini" && rm "$tmp/j.jsonl"
	power "$@"
	nothing_twice "$tmp/j.jsonl" a b
	[ "$(tr '\n' ' ' <"$tmp/hook")" = 'stopped complete ' ] || fail "not told: $(cat "$tmp/hook")"
}

# Words and keys that do not go together, a line each; without --unattended nothing is started.
test_alone_words() {
	alone_machine
	wrong() { # wrong PATTERN WORDS...
		local pattern=$1
		shift
		expect 2 "$fb" run "$tmp/p.ini" "$@" --out "$tmp/j.jsonl"
		one_line "$errs"
		has "$errs" "$pattern"
	}
	wrong '^faultbench: --unattended: this machine has to be told how it starts a kernel' --unattended
	wrong '^faultbench: --at-end: goes with --unattended$' --at-end true
	wrong '^faultbench: --tries: goes with --unattended$' --tries 3
	wrong '^faultbench: --tries 0: must be' --unattended --tries 0
	set -- --machine "$tmp/m.ini" --kernel a=a
	wrong 'goes on boot after boot: leave --shard out' "$@" --shard 1/2
	wrong 'goes on boot after boot: leave until out' "$@" --until 1%
	sed 's/^switch = .*/switch = restart/' "$tmp/m.ini" >"$tmp/n.ini"
	wrong 'n.ini:3: switch = restart: must be' --machine "$tmp/n.ini" --kernel a=a
	sed '/^switch/d' "$tmp/m.ini" >"$tmp/n.ini"
	wrong 'n.ini:[34]: .*is measured as it is' --machine "$tmp/n.ini"
	expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel x=dead --out "$tmp/j.jsonl"
	has "$errs" 'next is boot 0 of x: boot 9.9.9-dead \(.*/image\) and give the same command again; with --unattended'
	[ ! -e "$tmp/asked" ] && [ ! -e "$state" ] || fail "something was started"
}
