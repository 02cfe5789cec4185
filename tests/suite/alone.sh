# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A machine that boots its kernels itself; sourced by tests/run-tests.sh.

measures alone alone_entry alone_install alone_stop long_alone_cuts long_unattended long_unattended_panic

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
		[ \$nr -lt 100 ] || exit 9
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
	[ "$n" = $(($# * ${runs-12})) ] || fail "$n runs, not $(($# * ${runs-12})): $(cat "$tmp/runs")"
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
	$fb campaign stop --out $tmp/p.ini >>$tmp/second 2>&1
	$fb campaign stop --out $tmp/j.jsonl >$tmp/stop 2>&1
	echo \$? >>$tmp/stop
	EACH
	set -- "$fb" run p.ini --machine ./m.ini --kernel a=a --kernel b=b --out j.jsonl --unattended \
		--at-end 'echo "$FAULTBENCH_STATUS" >>hook'
	power "$@"
	has "$(cat "$tmp/status.one")" '^p into .*: measuring$'
	has "$(tr '\n' ' ' <"$tmp/second")" 'a campaign is being carried out on this machine, by process [0-9]+.* 77 .*p.ini: is not under way; .*j.jsonl is $'
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

# Forty cuts, each at any moment: the program alone is killed, or the power fails. No run is lost, none doubled.
test_long_alone_cuts() {
	local n
	alone_machine
	sed -i 's/^boots = .*/boots = 4/' "$tmp/p.ini"
	for n in $(seq 40); do
		cat >"$tmp/each.$n" <<-EACH
		$state/faultbench campaign go-on >>$tmp/out 2>>$tmp/errs &
		sleep 0.$((RANDOM % 8))$((RANDOM % 10))
		kill -KILL \$! 2>/dev/null && echo >>$tmp/cuts
		wait
		$([ $((RANDOM % 2)) = 0 ] || echo "cat /proc/sys/kernel/random/uuid >$tmp/boot_id")
		EACH
	done
	power "$fb" run p.ini --machine ./m.ini --kernel a=a --kernel b=b --out j.jsonl --unattended --tries 90 --at-end 'echo >>ended'
	runs=24 nothing_twice "$tmp/j.jsonl" a b
	[ "$(wc -l <"$tmp/ended")" = 1 ] || fail "ended $(wc -l <"$tmp/ended") times"
	[ "$(grep -c '"event":"ended"' "$tmp/j.jsonl")" -le 2 ] && [ "$(ls "$state")" = lock ] || fail "not ended well"
	[ "$(wc -l <"$tmp/cuts")" -gt 10 ] || fail "only $(wc -l <"$tmp/cuts") cuts"
	no_processes
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
	printf '%s\n' '[machine]' 'kind = local' 'switch = boot-entry' 'rescue = x' >"$tmp/n.ini"
	wrong 'n.ini:4: rescue = x: must be left out' --machine "$tmp/n.ini" --kernel a=a
	printf '%s\n' '[machine]' 'kind = local' 'go-on = none' >"$tmp/n.ini"
	wrong 'n.ini:3: go-on = none: must be beside a switch' --machine "$tmp/n.ini"
	expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel x=dead --out "$tmp/j.jsonl"
	has "$errs" 'next is boot 0 of x: boot 9.9.9-dead \(.*/image\) and give the same command again; with --unattended'
	[ ! -e "$tmp/asked" ] && [ ! -e "$state" ] || fail "something was started"
}

# A kernel that cannot be installed is given up, and the journal has the reason that was found there.
test_alone_install() {
	alone_machine
	printf '%s\n' '[machine]' 'kind = local' 'switch = boot-entry' 'go-on = none' >"$tmp/m.ini"
	cat >"$tmp/root" <<-'HELPER'
	#!/bin/sh
	case $1 in
	state) printf '%s\n' 'version 2' 'loader grub' 'kexec yes' 'watchdog a dog' 'initrd mkinitramfs' ;;
	install) echo a warning >&2; echo 'faultbench-root: its image does not fit: cp: No space left on device' >&2; exit 1 ;;
	esac
	HELPER
	cat >"$tmp/evening" <<-EVENING
	mount -t tmpfs none /usr/local/sbin && install -m 755 $tmp/root /usr/local/sbin/faultbench-root || exit 77
	$fb run p.ini --machine ./m.ini --kernel x=dead --out j.jsonl --unattended --tries 1
	EVENING
	power "$BASH" "$tmp/evening"
	has "$(cat "$tmp/j.jsonl")" '"reason":"given up after 1 try: the kernel could not be installed: its image does not fit: cp: No space left on device"'
	no_processes
}

# A kernel that cannot start another is left for the machine's own first, which is tried then.
test_alone_entry() {
	alone_machine
	printf '%s\n' '[machine]' 'kind = local' 'switch = boot-entry' 'go-on = none' 'boot-limit = 30' >"$tmp/m.ini"
	echo 'root=/dev/x faultbench.entry=6.1-a' >"$tmp/cmdline"
	cat >"$tmp/root" <<-HELPER
	#!/bin/sh
	echo \$1 >>$tmp/asked
	case \$1 in
	state) printf '%s\n' 'version 2' 'loader grub' 'kexec yes' 'watchdog a dog' 'initrd mkinitramfs' ;;
	boot) ! grep -q faultbench.entry /proc/cmdline || { echo 'faultbench-root: its partition is not mounted' >&2; exit 3; } ;;
	install) cat >/dev/null && exit 0 ;;
	esac
	[ \$1 != boot ] && [ \$1 != reboot ] && exit 0
	echo root=/dev/x >$tmp/cmdline
	cat /proc/sys/kernel/random/uuid >$tmp/boot_id
	kill -TERM \$PPID
	HELPER
	cat >"$tmp/evening" <<-EVENING
	mount --bind $tmp/cmdline /proc/cmdline && mount -t tmpfs none /usr/local/sbin &&
		install -m 755 $tmp/root /usr/local/sbin/faultbench-root || exit 77
	$fb run p.ini --machine ./m.ini --kernel x=dead --out j.jsonl --unattended
	EVENING
	power "$BASH" "$tmp/evening"
	has "$(cat "$tmp/errs")" 'note: m: faultbench-root boot: its partition is not mounted; the machine.s own kernel is booted, to try it from there$'
	[ "$(grep -v state "$tmp/asked" | tr '\n' ' ')" = 'install boot reboot install boot ' ] || fail "$(cat "$tmp/asked")"
	no_processes
}

# metal_on_own: what a machine of metal needs to be alone: the programs with their libraries, two kernels in the cache of
# the user bench, "old", which is its own one, and "new", a plan and a machine file. It is switched on.
metal_on_own() {
	metal_make
	mkdir -p "$tmp/own/fb/bin" "$tmp/lib" "$tmp/old"
	cp "$build/faultbench" "$build/faultbench-worker" "$tmp/own/fb/bin/"
	cp -r configs "$tmp/own/fb/"
	ldd "$build/faultbench" "$build/faultbench-worker" | grep -o '/[^ ]*\.so[^ ]*' | grep -v 'ld-linux\|/libc\.so' |
		sort -u | xargs cp -L -t "$tmp/lib"
	printf '%s\n' '[machine]' 'kind = local' 'switch = boot-entry' 'boot-limit = 600' \
		'cmdline = watchdog_thresh=60' >"$tmp/own/m.ini"
	printf '%s\n' '[plan]' 'runs = 2' 'iterations = 2' 'boots = 2' 'settle = 1s, 10s' '[fork]' 'bench = fork' \
		'size = 4M' '[zap]' 'bench = zap' 'size = 4M' 'order = 0, pmd' >"$tmp/own/p.ini"
	metal_start
	metal_wait
	metal_helper
	tar -C "$tmp/lib" -c . | metal_in "tar -C /usr/local/lib -x && ldconfig" || fail "no libraries"
	# It has fewer modules than its package.
	metal_ssh 'cd /lib/modules/* && xargs ls -d <modules.order >order 2>/dev/null; mv order modules.order
		cd / && tar -c boot/vmlinuz* boot/config* lib/modules' | tar -C "$tmp/old" -x || fail "no kernel of its own"
	own_kernels "$tmp/own/.cache"
	tar -C "$tmp/own" -c . | metal_in "tar -C /home/bench -x && chown -R bench: /home/bench" || fail "no programs"
}

own_kernels() { # own_kernels CACHE: with all that it takes to install them; it is slow there
	local name
	printf '%s\n' '[machine]' 'kind = local' 'switch = boot-entry' >"$tmp/here.ini"
	for name in old new; do
		XDG_CACHE_HOME=$1 "$fb" kernel fetch "$([ $name = old ] && echo "$tmp/old" || echo "$metal/new")" --label $name >/dev/null ||
			fail "no $name"
	done
	XDG_CACHE_HOME=$1 "$fb" run "$tmp/own/p.ini" --machine "$tmp/here.ini" --kernel old=old --kernel new=new \
		--out "$tmp/here.jsonl" >/dev/null || fail "kernels"
}

metal_in() { ssh -F "$tmp/ssh_config" -o BatchMode=yes metal-root "$@"; }
own() { ssh -n -F "$tmp/ssh_config" -o BatchMode=yes -o ConnectTimeout=10 metal "$@"; }
own_ended() { own test -e ended 2>/dev/null; }

# own_evening [WORDS...]: it is told, and left alone until its campaign has ended.
own_evening() {
	own "fb/bin/faultbench run p.ini --machine ./m.ini --kernel old=old --kernel new=new --out j.jsonl \
		--unattended --at-end 'env >hook; touch ended' $*" >"$tmp/out" 2>"$tmp/errs" ||
		grep -q 'is next' "$tmp/errs" || fail "$(cat "$tmp/errs")"
	wait_for "$(cat "$tmp/metal.pid")" own_ended
	own 'cat j.jsonl' >"$tmp/j.jsonl"
	own 'cat hook' >"$tmp/hook"
}

# What it must not leave: a service, a kernel, a knob, or another kernel than its own.
own_left() {
	metal_ssh "cat /proc/cmdline; grep -H . /sys/kernel/mm/transparent_hugepage/enabled /proc/sys/vm/nr_hugepages /proc/swaps
		ls /boot /lib/modules /etc/systemd/system /home/bench/.local/state/faultbench/campaign 2>/dev/null
		/usr/local/sbin/faultbench-root state | grep -v ^version"
}

# Left alone with its disk and started by nothing but its own reboots, it ends with A B B A, as it was.
test_long_unattended() {
	local line
	metal_on_own
	own mkdir -p .local/state/faultbench/campaign && own touch .local/state/faultbench/campaign/lock
	own_left >"$tmp/before"
	own_evening
	line=$(sed -n 's/^{"type":"end","kernel":"\([a-z]*\)".*/\1/p' "$tmp/j.jsonl" | tr '\n' ' ')
	[ "$line" = 'old new new old ' ] || [ "$line" = 'new old old new ' ] || fail "not A B B A: $line"
	[ "$(each_run "$tmp/j.jsonl" | grep -c ' ok$')" = 24 ] || fail "not 24 ok: $(each_run "$tmp/j.jsonl")"
	[ "$(each_run "$tmp/j.jsonl" | sort -u | wc -l)" = 24 ] || fail "twice"
	[ "$(grep -c '"boot.kind":"firmware","boot.proved":"release' "$tmp/j.jsonl")" = 4 ] || fail "not proved"
	[ "$(grep -c '"settle.end":"' "$tmp/j.jsonl")" = 4 ] || fail "not settled"
	[ "$(grep -c '"type":"try"' "$tmp/j.jsonl")" = 4 ] || fail "tried again: $(grep '"type":"\(try\|boot\)"' "$tmp/j.jsonl")"
	has "$(cat "$tmp/hook")" '^FAULTBENCH_STATUS=complete$'
	own_left >"$tmp/after"
	diff "$tmp/before" "$tmp/after" >"$tmp/diff" || fail "left: $(cat "$tmp/diff")"
	metal_stop
}

# A kernel that panics at each boot is given up after two tries; the other's boots are complete.
test_long_unattended_panic() {
	metal_on_own
	metal_ssh "printf '%s\n' '[Service]' 'ExecStart=/bin/sh -c \"grep -q faultbench.entry=6.12 /proc/cmdline && echo c >/proc/sysrq-trigger; true\"' \
		'[Install]' 'WantedBy=multi-user.target' >/etc/systemd/system/panic.service && systemctl -q enable panic"
	own_evening
	[ "$(each_run "$tmp/j.jsonl" | grep -c '^old .* ok$')" = 12 ] || fail "not 12 ok: $(each_run "$tmp/j.jsonl")"
	! each_run "$tmp/j.jsonl" | grep '^new' || fail "a dead kernel was measured"
	[ "$(grep -c '"type":"try","kernel":"new"' "$tmp/j.jsonl")" = 2 ] || fail "not tried twice"
	has "$(cat "$tmp/hook")" '^FAULTBENCH_STATUS=given-up$'
	has "$(cat "$tmp/hook")" '^FAULTBENCH_REASON=new: given up after 2 tries: it did not come up: the machine runs 6.1'
	metal_stop
}
