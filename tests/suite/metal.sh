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
	metal=${METAL_CACHE:-$common/metal}
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
	CONFIG
}

metal_build() { # metal_build FOLDER LOG-FILE
	local package keep
	mkdir -p "$1"
	ssh-keygen -q -t ed25519 -N '' -f "$1/key" || return
	tests/tools/metal.sh "$1/key" "$1" || return
	package=$(apt-cache depends linux-image-6.12-amd64 | sed -n 's/.*Depends: //p' | head -1)
	(cd "$1" && apt-get -q download "$package" && dpkg-deb -x "$package"_*.deb new && rm "$package"_*.deb) || return
	keep='drivers/(virtio|watchdog|char)/|drivers/net/(virtio_net|net_failover)|net/core/failover|drivers/block/(virtio_blk|zram)'
	keep+='|fs/(ext4|jbd2|mbcache)|^kernel/(lib|crypto|arch/x86/crypto)/|drivers/firmware'
	sed -Ei "\\#$keep#!d" "$1"/new/lib/modules/*/modules.order
	touch "$1/made" "$2"
}

# metal_start: the machine is switched on.
metal_start() {
	qemu-system-x86_64 -nodefaults -no-user-config -display none -serial "file:$tmp/metal.console" \
		-machine q35 -accel tcg,thread=multi -cpu max,la57=off -smp 2 -m 1G \
		-drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd \
		-drive if=pflash,format=raw,file="$tmp/metal.vars" -drive file="$tmp/metal.disk",format=raw,if=virtio \
		-netdev "user,id=net,hostfwd=tcp:127.0.0.1:$metal_port-:22" -device virtio-net-pci,netdev=net,romfile= \
		-device i6300esb -action watchdog=reset -device virtio-rng-pci -daemonize -pidfile "$tmp/metal.pid"
}

# metal_stop: its power is cut.
metal_stop() {
	[ -e "$tmp/metal.pid" ] || return 0
	kill -KILL "$(cat "$tmp/metal.pid")" && tail --pid="$(cat "$tmp/metal.pid")" -f /dev/null
	rm -f "$tmp/metal.pid"
}

# metal_ssh COMMAND...: as root.
metal_ssh() { ssh -n -F "$tmp/ssh_config" -o BatchMode=yes -o ConnectTimeout=10 -o LogLevel=ERROR metal-root "$@"; }

metal_up() { metal_ssh true 2>/dev/null; }

# metal_wait: until it is there.
metal_wait() { wait_for "$(cat "$tmp/metal.pid")" metal_up; }
