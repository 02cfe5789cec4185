# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Hosts that are switched to kernels; sourced by tests/run-tests.sh.

measures long_switch_exact long_switch_restart long_switch_wrong

# guest_root FILE: an initramfs (newc) of programs of this machine, with a real sshd that talks over a virtio port, as
# no kernel here has a network without modules. Keys are those of $tmp/ssh.
guest_root() {
	local root=$tmp/root name file
	mkdir -p "$root"/{usr/bin,usr/sbin,usr/lib,usr/lib64,dev,proc,sys,tmp,run/sshd,root/.ssh,etc}
	for name in bin sbin lib lib64; do ln -s usr/$name "$root/$name"; done
	for name in sh uname getconf nproc mkdir head tar rm env sleep mount insmod; do
		file=$(PATH=$PATH:/usr/sbin:/sbin command -v $name) || fail "no $name"
		cp -L "$file" "$root/usr/bin/$name"
	done
	cp -L "$(PATH=$PATH:/usr/sbin command -v sshd)" "$root/usr/sbin/sshd"
	for file in $(ldd "$root"/usr/bin/* "$root/usr/sbin/sshd" | grep -o '/[^ ]*\.so[^ ]*' | sort -u); do
		mkdir -p "$root$(dirname "$file")" && cp -L "$file" "$root$file"
	done
	printf '%s\n' 'root:*:0:0::/root:/bin/sh' 'sshd:*:100:100::/run/sshd:/bin/sh' >"$root/etc/passwd"
	cp "$tmp/ssh/user.pub" "$root/root/.ssh/authorized_keys"
	cp "$tmp/ssh/host" "$root/etc/host_key"
	printf '%s\n' 'HostKey /etc/host_key' 'UsePAM no' 'StrictModes no' 'PermitRootLogin yes' >"$root/etc/sshd_config"
	cat >"$root/init" <<-'INIT'
	#!/bin/sh
	PATH=/usr/bin:/usr/sbin
	export PATH
	mount -t proc proc /proc && mount -t sysfs sys /sys && mount -t devtmpfs dev /dev && mount -t tmpfs tmp /tmp
	for module in /modules/*.ko; do [ ! -e "$module" ] || insmod "$module"; done
	serve() {
		while :; do
			# Whoever was there before has to be gone; its first words then wait until somebody comes.
			head -c 1G </dev/vport0p$1 >/dev/null
			/usr/sbin/sshd -i -f /etc/sshd_config <>/dev/vport0p$1 >&0 2>/dev/console
			sleep 0.1
		done
	}
	for port in 2 3 4 5 6; do serve $port & done
	serve 1
	INIT
	chmod 755 "$root/init" && chmod 700 "$root/etc/host_key" "$root/root/.ssh"
	(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet) >"$1"
}

# guest [KEY=VALUE...]: $tmp/guest.ini, a VM of ours that is started anew with a kernel, as one of vfkit or libvirt is.
guest() {
	debian_pair x86_64
	command -v cpio >/dev/null && PATH=$PATH:/usr/sbin command -v sshd >/dev/null || exit 77
	mkdir "$tmp/ssh"
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/ssh/host" && ssh-keygen -q -t ed25519 -N '' -f "$tmp/ssh/user" || exit 1
	guest_root "$tmp/initrd"
	echo "guest $(cut -d' ' -f1-2 "$tmp/ssh/host.pub")" >"$tmp/ssh/known_hosts"
	cat >"$tmp/proxy" <<-'PROXY'
	use Fcntl ':flock';
	use IO::Socket::UNIX;
	# Each the next port: who is behind one may not have noticed yet that the last connection has ended.
	open my $count, '+>>', "$ARGV[0]/count" or die;
	flock $count, LOCK_EX;
	syswrite $count, '.';
	my $port = 1 + (-s $count) % 6;
	close $count;
	my $to = IO::Socket::UNIX->new(Peer => "$ARGV[0]/port$port") or die "the VM is not there\n";
	my ($pid, $block) = (fork, '');
	if ($pid) { syswrite $to, $block while sysread STDIN, $block, 65536; kill 'KILL', $pid }
	else { syswrite STDOUT, $block while sysread $to, $block, 65536; kill 'KILL', getppid }
	PROXY
	cat >"$tmp/config" <<-CONFIG
	Host guest
	User root
	ProxyCommand perl $tmp/proxy $tmp
	IdentityFile $tmp/ssh/user
	IdentitiesOnly yes
	UserKnownHostsFile $tmp/ssh/known_hosts
	StrictHostKeyChecking yes
	CONFIG
	cat >"$tmp/restart" <<-'RESTART'
	cd "$(dirname "$0")" || exit
	echo "$FAULTBENCH_LABEL" >>started
	[ ! -e pid ] || { kill -KILL $(cat pid); tail --pid=$(cat pid) -f /dev/null; rm -f pid port?; }
	rm -rf more && mkdir -p more/modules
	kernel=$(dirname "$FAULTBENCH_IMAGE")
	sed -n 's/^    "\(kernel.*\.ko\)",\{0,1\}$/\1/p' "$kernel/kernel.json" | while read -r module; do
		i=$((${i:-100} + 1))
		cp "$kernel/modules/$module" more/modules/$i.ko
	done
	(cd more && find . | cpio -o -H newc -R 0:0 --quiet) | cat "$FAULTBENCH_INITRD" - >initrd.all
	exec qemu-system-x86_64 -nodefaults -no-user-config -display none -monitor none -no-reboot -serial file:console \
		-machine q35 -accel tcg,thread=multi -cpu max,la57=off -smp 1 -m 1G -kernel "$FAULTBENCH_IMAGE" -initrd initrd.all \
		-append "console=ttyS0 rdinit=/init panic=-1 $FAULTBENCH_COMMAND_LINE" -device virtio-serial-pci \
		$(for i in 1 2 3 4 5 6; do
			echo "-chardev socket,id=p$i,path=port$i,server=on,wait=off -device virtserialport,chardev=p$i,nr=$i,name=ssh$i"
		done) -daemonize -pidfile pid
	RESTART
	printf '%s\n' '[machine]' 'kind = ssh' 'host = guest' 'ssh-config = config' 'switch = restart' 'boot-limit = 120' \
		"command = sh $tmp/restart" "initrd = $tmp/initrd" 'cmdline = quiet' 'arch = x86_64' 'cpus = 1' 'memory = 1G' \
		"$@" >"$tmp/guest.ini"
}

# What a journal says of its runs: kernel, boot, number, point, what came of it and what was seen.
each_run() {
	sed -n 's/^{"type":"run","kernel":"\([^"]*\)","boot":\([0-9]*\),"run":\([0-9]*\),"point":\({[^}]*}\),"status":"\([a-z]*\)".*/\1 \2 \3 \4 \5/p' \
		"$1" | sort
}
each_proof() {
	grep '"type":"run"' "$1" | grep -o '"verified":{.*' | grep -o '"[a-z_-]*":{"wanted":"[^"]*","seen":"[^"]*"}' | sort | uniq -c
}

# A B B A of two kernels on a machine that is started anew, and the same plan on VMs of ours: the same runs, of which
# the same was proved.
test_long_switch_restart() {
	local n
	guest
	printf '%s\n' '[plan]' 'runs = 1' 'iterations = 2' 'boots = 2' '[fork]' 'bench = fork' 'size = 16M' 'order = 0, 9' '[zap]' \
		'bench = zap' 'size = 8M' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/guest.ini" --kernel old=x86_64-old --kernel new=x86_64-new \
		--out "$tmp/j.jsonl"
	n=$(sed -n 's/^{"type":"end","kernel":"\([a-z]*\)".*/\1/p' "$tmp/j.jsonl" | tr '\n' ' ')
	[ "$n" = "old new new old " ] || [ "$n" = "new old old new " ] || fail "not A B B A: $n"
	[ "$(tr '\n' ' ' <"$tmp/started")" = "$n" ] || fail "told otherwise: $(cat "$tmp/started")"
	[ "$(grep -c '"boot.kind":"restart","boot.proved":"release, build id"' "$tmp/j.jsonl")" = 4 ] || fail "not proved"
	[ "$(each_run "$tmp/j.jsonl" | grep -c ' ok$')" = 12 ] || fail "not 12 ok: $(each_run "$tmp/j.jsonl")"
	kill -KILL "$(cat "$tmp/pid")"
	vm m x86_64
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel old=x86_64-old --kernel new=x86_64-new \
		--out "$tmp/k.jsonl"
	diff <(each_run "$tmp/j.jsonl") <(each_run "$tmp/k.jsonl") >"$tmp/diff" || fail "other runs: $(cat "$tmp/diff")"
	diff <(each_proof "$tmp/j.jsonl") <(each_proof "$tmp/k.jsonl") >"$tmp/diff" || fail "proved otherwise: $(cat "$tmp/diff")"
	[ -n "$(each_proof "$tmp/j.jsonl")" ] || fail "nothing was proved"
}

# A switch that fails, that starts nothing, or another kernel than was wanted: each is that boot's, in one line, and
# the others go on.
test_long_switch_wrong() {
	guest
	printf '%s\n' '[plan]' 'iterations = 2' 'runs = 1' 'boots = 1' '[zap]' 'bench = zap' 'size = 8M' >"$tmp/p.ini"
	on_guest() { # on_guest COMMAND WORDS...
		sed "s#^command = .*#command = $1#; s/^boot-limit = .*/boot-limit = ${limit-120}/" "$tmp/guest.ini" >"$tmp/wrong.ini"
		shift
		expect 1 "$fb" run "$tmp/p.ini" --machine "$tmp/wrong.ini" "$@"
	}
	on_guest 'echo no "$FAULTBENCH_LABEL" >\&2; exit 7' --kernel 'a b;$(x)=x86_64-new' --out "$tmp/a.jsonl"
	one_line "$errs"
	has "$errs" 'boot 0 of a b;\$\(x\): the switch failed with status 7: no a b;\$\(x\)$'
	limit=1 on_guest true --kernel new=x86_64-new --out "$tmp/b.jsonl"
	one_line "$errs"
	has "$errs" 'boot 0 of new: the host did not come up within 1 s \(boot-limit\): .*the VM is not there|Connection closed'
	# The newer one is started whatever was wanted: one of another release, and one of the same that is another build.
	local new=$XDG_CACHE_HOME/faultbench/kernels/x86_64-new/image id
	id=$(readelf -n "$new" 2>/dev/null | sed -n 's/.*Build ID: //p')
	[ ${#id} = 40 ] || fail "no build id: $id"
	perl -0777 -pe 'BEGIN { $id = pack "H*", shift } s/\Q$id\E/"x" x length $id/ge' $id "$new" >"$tmp/vmlinux"
	! cmp -s "$new" "$tmp/vmlinux" || fail "it is the same"
	mkdir "$tmp/cache" "$tmp/cache/faultbench" && mkdir "$tmp/cache/faultbench/kernels" &&
		cp -r "$XDG_CACHE_HOME"/faultbench/kernels/x86_64-{old,new} "$tmp/cache/faultbench/kernels/" || exit 1
	export XDG_CACHE_HOME=$tmp/cache
	expect 0 "$fb" kernel fetch "$tmp/vmlinux" --label other
	on_guest "FAULTBENCH_IMAGE=$new sh $tmp/restart" --kernel old=x86_64-old --kernel other=other --out "$tmp/c.jsonl"
	has "$errs" 'boot 0 of old: the host came up with another kernel: 6.12[^ ]*, and 6.1[^ ]* was to be started \(/.*/x86_64-old/image\)'
	has "$errs" "boot 0 of other: the host came up with another kernel: 6.12[^ ]*, build id $id, and 6.12[^ ]* was to be started"
	! grep -q '"type":"\(run\|machine\)"' "$tmp/c.jsonl" || fail "something of them is in the journal"
	# Keys that do not belong together.
	sed -i '/^switch/d' "$tmp/guest.ini"
	expect 2 "$fb" run "$tmp/p.ini" --machine "$tmp/guest.ini" --kernel new=x86_64-new
	has "$errs" "guest.ini:5: boot-limit = 120: is for a machine with a switch|: command = .*: is for switch = restart or command"
	printf '%s\n' '[machine]' 'kind = ssh' 'host = x' 'switch = command' >"$tmp/none.ini"
	expect 2 "$fb" run "$tmp/p.ini" --machine "$tmp/none.ini" --kernel new=x86_64-new
	has "$errs" 'none.ini: switch = command needs a command = TEXT'
}

# What a user may call kernels, files and hosts: nothing of it is read by a shell, cut, or taken for an option.
odd_words() {
	printf '%s\0' 'a b' "a'b" 'a"b' '-x' '--boots' '$(touch ran)' '`touch ran`' ';touch ran' '|touch ran' 'a\b' '%s%n' '*' '>ran' \
		'-oProxyCommand touch ran'
}

# A command that switches kernels is told of them as they are called.
test_switch_words() {
	local word n=0 bad
	debian_new x86_64
	printf '%s\n' '[plan]' 'iterations = 2' 'runs = 1' 'boots = 1' '[zap]' 'bench = zap' 'size = 8M' >"$tmp/p.ini"
	printf '%s\n' 'Host *' 'ProxyCommand false' >"$tmp/config"
	# shellcheck disable=SC2016 # it is for the machine's file
	printf '%s\0' 'env -0 | grep -z ^FAULTBENCH_ >told; exit 3' >"$tmp/command"
	while IFS= read -r -d '' word; do
		n=$((n + 1))
		mkdir "$tmp/$n" && cd "$tmp/$n" || exit 1
		{
			printf '%s\n' '[machine]' 'kind = ssh' 'host = none' "ssh-config = $tmp/config" 'switch = command' 'arch = x86_64' \
				'cpus = 1' 'memory = 1G' "initrd = /x/$word" "cmdline = x=$word"
			printf 'command = %s\n' "$(tr -d '\0' <"$tmp/command")"
		} >m.ini
		expect 1 "$fb" run "$tmp/p.ini" --machine ./m.ini --kernel "$word=x86_64-new" --out j.jsonl --title "$word"
		[ -s told ] || fail "it was not asked: $errs"
		for bad in "LABEL=$word" "INITRD=/x/$word" "COMMAND_LINE=x=$word"; do
			grep -qzxF "FAULTBENCH_$bad" told || fail "not told FAULTBENCH_$bad: $(tr '\0' '\n' <told)"
		done
		"$fb" show j.jsonl >/dev/null 2>&1
	done < <(odd_words)
	[ $n -gt 13 ] || fail "only $n words"
	for word in $'a\nb' $'a\tb' $'\e[1m'; do
		expect 2 "$fb" run "$tmp/p.ini" --machine "$tmp/1/m.ini" --kernel "$word=x86_64-new" --out "$tmp/n.jsonl"
		has "$errs" '^faultbench: --kernel: a name has no control characters$'
	done
	[ -z "$(find "$tmp" -name ran)" ] || fail "something was run"
}

# The script that starts a VM on a Mac anew, with programs that only say how they were called: the kernel and its command
# line come there as they are, and the last VM has ended before the next begins.
test_switch_mac() {
	local first cmdline='root=/dev/vda1 x="a b" $(touch ran)'
	mkdir -p "$tmp/bin" "$tmp/mac/faultbench" "$tmp/mac/.lima/faultbench"
	# shellcheck disable=SC2016 # they are for the programs
	{
		printf '#!/bin/sh\nshift\ncd %s/mac && HOME=$PWD exec sh -c "$*"\n' "$tmp" >"$tmp/bin/ssh"
		printf '#!/bin/sh\ncp "$2" "%s/mac/${3#mac:}"\n' "$tmp" >"$tmp/bin/scp"
		printf '#!/bin/sh\necho "$*" >>vfkit.said\nexec tail -f /dev/null\n' >"$tmp/bin/vfkit"
		printf '#!/bin/sh\necho "$*" >>limactl.said\n' >"$tmp/bin/limactl"
	}
	chmod 755 "$tmp"/bin/*
	export PATH=$tmp/bin:$PATH FAULTBENCH_IMAGE=$tmp/an\ image FAULTBENCH_INITRD='' FAULTBENCH_COMMAND_LINE=$cmdline
	echo kernel >"$tmp/an image"
	expect 0 sh configs/machines/restart-m2 vfkit
	wait_for $$ [ -s "$tmp/mac/faultbench/vfkit.said" ]
	has "$(cat "$tmp/mac/faultbench/vfkit.said")" '--bootloader linux,kernel=kernel,cmdline="root=/dev/vda1 x="a b" \$\(touch ran\)"'
	cmp "$tmp/an image" "$tmp/mac/faultbench/kernel" || fail "not the kernel"
	first=$(cat "$tmp/mac/faultbench/pid")
	FAULTBENCH_INITRD='an initrd' expect 0 sh configs/machines/restart-m2 vfkit
	! kill -0 "$first" 2>/dev/null || fail "the first VM still runs"
	wait_for $$ grep -q 'kernel=kernel,initrd=an initrd,cmdline=' "$tmp/mac/faultbench/vfkit.said"
	kill "$(cat "$tmp/mac/faultbench/pid")"
	expect 0 sh configs/machines/restart-m2 lima
	[ "$(cat "$tmp/mac/.lima/faultbench/kernel.cmdline")" = "$cmdline" ] || fail "not the command line"
	cmp "$tmp/an image" "$tmp/mac/.lima/faultbench/kernel" || fail "not the kernel"
	[ "$(tr '\n' ' ' <"$tmp/mac/faultbench/limactl.said")" = 'stop -f faultbench start faultbench ' ] || fail "not restarted"
	expect 2 sh configs/machines/restart-m2 other
	[ -z "$(find "$tmp" -name ran)" ] || fail "something was run"
}

# Counted beside a machine that is started anew: both are in the journal, each once, also after both were cut off.
test_long_switch_exact() {
	local pid
	guest 'here = no'
	printf '%s\n' '[plan]' 'runs = 1' 'iterations = 2' 'boots = 1' '[zap]' 'bench = zap' 'size = 8M' '[fault]' 'bench = fault' \
		'size = 8M' 'threads = 2' >"$tmp/p.ini"
	set -- run "$tmp/p.ini" --machine "$tmp/guest.ini" --kernel old=x86_64-old --kernel new=x86_64-new --exact-too \
		--jobs 1 --out "$tmp/j.jsonl"
	env --default-signal "$fb" "$@" >"$tmp/log" 2>&1 &
	pid=$!
	wait_for $pid grep -qs '"type":"run".*"counted":true' "$tmp/j.jsonl"
	kill -INT $pid
	wait $pid
	expect 0 "$fb" "$@"
	has "$out" '^Times$'
	has "$out" '^Exact counts$'
	has "$out" 'skipped: exact mode counts one worker'
	[ "$(grep -v '"counted":true' "$tmp/j.jsonl" | grep -c '^{"type":"run"')" = 4 ] || fail "not 4 runs beside"
	[ "$(grep -c '^{"type":"run".*"source":"exact".*"counted":true' "$tmp/j.jsonl")" = 10 ] || fail "not 10 counted runs"
	[ "$(grep -c '^{"type":"plan"' "$tmp/j.jsonl")" = 2 ] || fail "not two plans"
	expect 0 "$fb" "$@"
	has "$errs" 'j.jsonl: all boots are there, nothing is left to measure'
	has "$errs" 'j.jsonl: all counted boots are there, nothing is left to measure'
	kill -KILL "$(cat "$tmp/pid")"
}
