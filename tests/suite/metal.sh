# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Metal whose kernels are switched, played by a QEMU guest with a disk, firmware and a loader; sourced by
# tests/run-tests.sh.

measures long_switch_metal

# metal_make: $metal, a folder with what tests/tools/metal.sh makes, once a call of the tests or, with $METAL_CACHE,
# once there; $metal/new, Debian's 6.12 unpacked, with the modules that such a machine needs. $tmp/metal.disk is a copy
# of the disk, $tmp/ssh_config knows "metal" (the user bench) and "metal-root".
metal_make() {
	command -v qemu-system-x86_64 >/dev/null && command -v dpkg-deb >/dev/null || exit 77
	is_root || { echo "needs root"; exit 77; }
	metal=${METAL_CACHE:-$common/metal}/${LOADER:-grub}
	[ -e "$metal/made" ] || shared metal-log metal_build "$metal"
	cp --sparse=always "$metal/disk" "$tmp/metal.disk"
	cp /usr/share/OVMF/OVMF_VARS_4M.fd "$tmp/metal.vars"
	cp "$metal/key" "$tmp/key" && chmod 600 "$tmp/key"
	metal_port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport')
	echo "[127.0.0.1]:$metal_port $(cut -d' ' -f1-2 "$metal/host.pub")" >"$tmp/known_hosts"
	cat >"$tmp/ssh_config" <<-CONFIG
	Host metal
	User bench
	Host metal-root
	User root
	Host metal metal-root
	HostName 127.0.0.1
	Port $metal_port
	IdentityFile $tmp/key
	IdentitiesOnly yes
	UserKnownHostsFile $tmp/known_hosts
	StrictHostKeyChecking yes
	KexAlgorithms curve25519-sha256
	CONFIG
}

metal_build() { # metal_build FOLDER LOG-FILE
	local package keep
	mkdir -p "$1"
	ssh-keygen -q -t ed25519 -N '' -f "$1/key" || return
	tests/tools/metal.sh "$1/key" "$1" "${LOADER:-grub}" || return
	package=$(apt-cache depends linux-image-6.12-amd64 | sed -n 's/.*Depends: //p' | head -1)
	(cd "$1" && apt-get -q download "$package" && dpkg-deb -x "$package"_*.deb new && rm "$package"_*.deb) || return
	keep='drivers/(virtio|watchdog|char)/|drivers/net/(virtio_net|net_failover)|net/core/failover|drivers/block/(virtio_blk|zram)'
	keep+='|fs/(ext4|jbd2|mbcache)|^kernel/(lib|crypto|arch/x86/crypto)/|drivers/firmware'
	sed -Ei "\\#$keep#!d" "$1"/new/lib/modules/*/modules.order
	touch "$1/made" "$2"
}

# metal_start: the machine is switched on. A reset is a QEMU of its own: emulation is many times slower in a second boot.
metal_start() {
	(
		cd "$tmp" && exec setsid sh -c 'echo $$ >metal.pid; while "$@"; do :; done' metal \
			qemu-system-x86_64 -nodefaults -no-user-config -display none -serial file:metal.console -no-reboot \
			-machine q35 -accel tcg,thread=multi -cpu max,la57=off -smp 1 -m 1G \
			-drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd \
			-drive if=pflash,format=raw,file=metal.vars -drive file=metal.disk,format=raw,if=virtio \
			-netdev "user,id=net,hostfwd=tcp:127.0.0.1:$metal_port-:22" -device virtio-net-pci,netdev=net,romfile= \
			-device i6300esb -action watchdog=reset -device virtio-rng-pci </dev/null >metal.log 2>&1
	) &
	until [ -s "$tmp/metal.pid" ]; do sleep 0.1; done
}

# metal_stop: its power is cut.
metal_stop() {
	[ -s "$tmp/metal.pid" ] || return 0
	kill -KILL "-$(cat "$tmp/metal.pid")"
	while pgrep -s "$(cat "$tmp/metal.pid")" >/dev/null; do sleep 0.1; done
	rm -f "$tmp/metal.pid"
}

# metal_ssh COMMAND...: as root.
metal_ssh() { ssh -n -F "$tmp/ssh_config" -o BatchMode=yes -o ConnectTimeout=10 -o LogLevel=ERROR metal-root "$@"; }

metal_up() { metal_ssh true 2>/dev/null; }

# metal_wait: until it is there.
metal_wait() { wait_for "$(cat "$tmp/metal.pid")" metal_up; }

# metal_helper: the tree's faultbench-root is the one that is installed.
metal_helper() {
	ssh -F "$tmp/ssh_config" -o LogLevel=ERROR metal-root 'cat >/usr/local/sbin/faultbench-root; sync' <runners/switch/faultbench-root
}

# metal_ini SWITCH [KEY=VALUE...]: $tmp/metal.ini. Its rescue is a power switch.
metal_ini() {
	{
		declare -f metal_start metal_stop
		declare -p tmp metal_port
		echo 'metal_stop; metal_start'
	} >"$tmp/rescue"
	printf '%s\n' '[machine]' 'kind = ssh' 'host = metal' 'ssh-config = ssh_config' "switch = $1" "boot-limit = ${BOOT_LIMIT:-600}" \
		"rescue = bash $tmp/rescue" 'arch = x86_64' 'cpus = 1' 'memory = 1G' "${@:2}" >"$tmp/metal.ini"
}

# Nothing of ours is left, and the machine runs its own kernel, which is its default one.
metal_is_own() {
	local left
	metal_wait
	left=$(metal_ssh 'grep -o faultbench.entry=.* /proc/cmdline; uname -r | grep -v "^6\.1\.0-"; ls -d /boot/faultbench /boot/grub/custom.cfg \
		/boot/efi/faultbench /boot/efi/loader/entries/faultbench-* /sys/firmware/efi/efivars/LoaderEntryOneShot-* \
		/lib/modules/.faultbench /tmp/faultbench-host-* 2>/dev/null; ls /lib/modules | grep -v "^6\.1\.0-"; ls /etc/systemd/system | grep faultbench
		grub-editenv /boot/grub/grubenv list | grep "next_entry=."; cat /sys/kernel/kexec_loaded | grep 1; pgrep -a faultbench')
	[ -z "$left" ] || fail "left on the machine: $left"
}

# The power of a machine that says so is cut while it boots.
metal_cuts() {
	local seen=0 now
	while sleep 1; do
		now=$(grep -ac 'fault: cut' "$tmp/metal.console")
		[ "$now" -gt $seen ] || continue
		seen=$now
		bash "$tmp/rescue"
		seen=0 # the console begins anew
	done
}

# Seconds that the machine takes by itself for a boot, until it lets one in.
metal_own_boot() {
	local before now began=$SECONDS
	before=$(metal_ssh cat /proc/sys/kernel/random/boot_id)
	metal_ssh systemctl reboot
	until now=$(metal_ssh cat /proc/sys/kernel/random/boot_id 2>/dev/null) && [ "$now" != "$before" ]; do sleep 1; done
	echo $((SECONDS - began))
}

# metal_told: `ssh` from now on is one that writes down, into $tmp/told, what it was started for, and when the host has
# done what root is needed for.
metal_told() {
	local ssh
	ssh=$(command -v ssh)
	mkdir "$tmp/bin"
	cat >"$tmp/bin/ssh" <<-SSH
	#!/bin/bash
	say() { echo "\$EPOCHREALTIME \$1" >>$tmp/told; }
	case "\$*" in
	*faultbench-root*)
		say root
		$ssh "\$@"
		status=\$?
		say done
		exit \$status
		;;
	*faultbench-ready*) say worker ;;
	*) say ask ;;
	esac
	exec $ssh "\$@"
	SSH
	chmod 755 "$tmp/bin/ssh"
	PATH=$tmp/bin:$PATH
}

# metal_times JOURNAL: from that, of a switch that came to a worker, medians: what the machine takes from having been told to
# leave until it has answered; and what is ours: telling it, and what is beside the runs while the worker is there.
metal_times() {
	perl -ane '
		if ($ARGV eq "-") {
			my ($now, $what) = @F;
			push @with, $now - $sent and $sent = 0 if $what ne "worker" and $sent;
			$begun = $now if $what eq "root";
			($took, $left) = ($now - $begun, $now) if $what eq "done";
			next if $what ne "worker";
			push @own, $now - $left and push @told, $took if $left;
			($left, $sent) = (0, $now);
		} else {
			$boots++ if /^\{"type":"end"/;
			$runs += $1 if /^\{"type":"run".*"wall_s":([0-9.]+)/;
		}
		sub median { my @s = sort { $a <=> $b } @_; $s[$#s / 2] // 0 }
		END { printf "medians: %.1f s from leaving to the first answer; ours: %.1f s to have it leave, %.1f s with the worker, without runs",
			median(@own), median(@told), median(@with) - $runs / $boots }' "$1" - <"$tmp/told"
}

# Seconds that a login takes.
metal_login() {
	local began=$EPOCHREALTIME
	metal_up && metal_up && metal_up && echo "$EPOCHREALTIME $began" | awk '{ printf "%.1f", ($1 - $2) / 3 }'
}

# metal_order JOURNAL: A B B A, of what the first of its sessions ended.
metal_order() {
	perl -ne 'last if /"type":"command"/ && $sessions++;
		push @{$of{$2}}, $1 if /^\{"type":"end","kernel":"(\w+)","boot":(\d+)/;
		END {
			$first{$_ % 2}{$of{$_}[0]} = 1 for grep { @{$of{$_}} == 2 } keys %of;
			@even = keys %{$first{0}}, @odd = keys %{$first{1}};
			exit(@even > 1 || @odd > 1 || (@even && @odd && $even[0] eq $odd[0]));
		}' "$1" || fail "not A B B A: $(grep '^{"type":"\(end\|command\)"' "$1" | cut -c1-60)"
}

# SWITCHES (40) of two kernels, by entries of the loader (LOADER, grub or systemd-boot) and by kexec (HOW), with something that goes wrong in every fourth: of
# each boot each run is there once, whoever asks is told what happened, and the machine is as it was before. FAULTS are
# others, a word for each boot. A boot takes half a minute of a CPU; on a busy machine BOOT_LIMIT is more than 600 s.
test_long_switch_metal() {
	local switches=${SWITCHES:-40} how fault i n cuts own login began
	metal_make
	metal_start
	metal_wait
	metal_helper
	own=$(metal_own_boot)
	login=$(metal_login)
	metal_told
	export XDG_CACHE_HOME=$tmp/cache
	printf '%s\n' '[plan]' 'runs = 1' 'iterations = 2' "boots = $((switches / 2))" '[fork]' 'bench = fork' 'size = 8M' '[zap]' \
		'bench = zap' 'size = 8M' >"$tmp/p.ini"
	metal_ini boot-entry
	# There is no room for a kernel.
	metal_ssh 'fallocate -l $(($(stat -f -c "%f * %S" /) - 30000000)) /full; sync'
	expect 1 "$fb" run "$tmp/p.ini" --machine "$tmp/metal.ini" --kernel new="$metal/new" --boots 1 --out "$tmp/full.jsonl"
	# tar says the one or the other, as the last block of what there is fits or not.
	has "$errs" 'boot 0 of new: the kernel could not be installed: .*(No space left on device|Wrote only [0-9]+ of [0-9]+ bytes)'
	metal_is_own
	metal_ssh 'rm /full; sync'
	for how in ${HOW:-boot-entry kexec}; do
		metal_ini $how
		expect 0 "$fb" doctor --machine "$tmp/metal.ini"
		# Every fourth, beginning with the third.
		for i in $(seq $switches); do
			set -- panic forget worker hang cut silent
			[ $((i % 4)) = 3 ] && shift $((i / 4 % 6)) && echo "$1" || echo none
		done >"$tmp/faults"
		[ -z "${FAULTS-}" ] || printf '%s\n' $FAULTS >"$tmp/faults"
		ssh -F "$tmp/ssh_config" -o LogLevel=ERROR metal-root 'cat >/var/fault; sync' <"$tmp/faults"
		metal_cuts &
		cuts=$!
		rm -f "$tmp/told"
		i=0 began=$SECONDS
		until "$fb" run "$tmp/p.ini" --machine "$tmp/metal.ini" --kernel own="$metal" --kernel new="$metal/new" \
			--out "$tmp/$how.jsonl" 2>"$tmp/said.$i"; do
			cat "$tmp/said.$i"
			metal_is_own
			i=$((i + 1))
			[ $i -lt 6 ] || fail "it does not end"
			metal_ssh 'echo -n >/var/fault'
		done
		cat "$tmp/said.$i"
		kill $cuts
		metal_is_own
		n=$(sed -n 's/^{"type":"end","kernel":"\([a-z]*\)","boot":\([0-9]*\).*/\1 \2/p' "$tmp/$how.jsonl" | sort -u | wc -l)
		[ "$n" = $((switches / 2 * 2)) ] || fail "$n boots have ended, not $switches"
		metal_order "$tmp/$how.jsonl"
		each_run "$tmp/$how.jsonl" >"$tmp/runs"
		[ "$(grep -c ' ok$' "$tmp/runs")" = $((switches / 2 * 4)) ] || fail "runs are lost: $(cat "$tmp/runs")"
		[ -z "$(cut -d' ' -f1-4 "$tmp/runs" | uniq -d)" ] || fail "runs are doubled: $(cut -d' ' -f1-4 "$tmp/runs" | uniq -d)"
		fault=firmware
		[ $how = kexec ] && fault=kexec
		! grep '"type":"machine"' "$tmp/$how.jsonl" | grep -v "\"boot.kind\":\"$fault\"" || fail "not by $fault"
		echo "$how: $switches switches, $(grep -vc none "$tmp/faults") of them with a fault: $(wc -l <"$tmp/runs") runs, each once;" \
			"$(((SECONDS - began) / switches)) s a switch in all, with installing and what went wrong; $(metal_times "$tmp/$how.jsonl");" \
			"a boot of the machine's own kernel takes $own s, a login $login s"
	done
	metal_stop
}
