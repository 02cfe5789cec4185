# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# faultbench-root, which is run as root on machines whose kernels are switched; sourced by tests/run-tests.sh.

# made_up LOADER: $tmp/root, a machine with that loader; $helper is a faultbench-root that knows no other, with programs
# of $tmp/fakes, which write down how they were called to $tmp/calls.
made_up() {
	local root=$tmp/root fakes=$tmp/fakes name
	rm -rf "$root" "$fakes" && mkdir -p "$root"/{boot/grub,lib/modules/6.1.0/kernel,proc/sys/kernel,sys/kernel,run/systemd/system} \
		"$root"/{etc/systemd/system,sys/firmware/efi,efi/loader/entries,sys/class/watchdog/watchdog0} "$fakes"
	echo own-image >"$root/boot/vmlinuz-6.1.0" && echo own-initrd >"$root/boot/initrd.img-6.1.0"
	echo 'BOOT_IMAGE=/vmlinuz-6.1.0 root=UUID=1-2 ro quiet' >"$root/proc/cmdline"
	mkdir "$root/proc/sys/kernel/random" && echo 1-2-3 >"$root/proc/sys/kernel/random/boot_id"
	echo 0 >"$root/proc/sys/kernel/kexec_load_disabled" && echo 0 >"$root/sys/kernel/kexec_loaded"
	echo 'made-up dog' >"$root/sys/class/watchdog/watchdog0/identity"
	: >"$tmp/calls"
	for name in grub-reboot grub-editenv grub-probe grub-mkrelpath mkinitramfs depmod kexec systemctl sync; do
		printf '#!/bin/sh\necho "%s $*" >>%s\nif [ -e %s/%s.do ]; then . %s/%s.do; fi\n' $name "$tmp/calls" "$fakes" $name "$fakes" $name >"$fakes/$name"
	done
	echo 'echo next_entry=$(cat '"$tmp"'/next 2>/dev/null); [ "$2" = list ] || rm -f '"$tmp/next" >"$fakes/grub-editenv.do"
	echo "echo \$1 >$tmp/next" >"$fakes/grub-reboot.do"
	echo 'case $1 in *=fs) echo ext2 ;; *=fs_uuid) echo 12-34 ;; esac' >"$fakes/grub-probe.do"
	echo 'echo /faultbench' >"$fakes/grub-mkrelpath.do"
	echo 'echo initrd >"$2"' >"$fakes/mkinitramfs.do"
	if [ "$1" = grub ]; then
		printf '%s\n' 'set next_entry=' 'source custom.cfg' >"$root/boot/grub/grub.cfg"
	else
		cat >"$fakes/bootctl" <<-BOOTCTL
		#!/bin/sh
		[ -e $root/efi/loader ] || exit 1
		echo "bootctl \$*" >>$tmp/calls
		case \$1 in --print-boot-path) echo $root/efi ;; status) echo 'Product: systemd-boot 252' ;; esac
		BOOTCTL
	fi
	chmod 755 "$fakes"/*
	sed "s#^root=.*#root=$root#; s#^PATH=#&$fakes:#" runners/switch/faultbench-root >"$tmp/helper"
	helper="sh $tmp/helper"
}

# parcel [RELEASE [IMAGE [CMDLINE]]]: what `install` reads, on stdout; $how: boot-entry or kexec.
parcel() {
	rm -rf "$tmp/parcel" && mkdir -p "$tmp/parcel/m/kernel"
	(
		cd "$tmp/parcel" || exit
		echo a >m/kernel/a.ko && (cd m && tar -czf ../modules.tar.gz kernel)
		echo "${1-6.12.0+}" >release && echo "${2-image}" >image && printf %s "${3-}" >cmdline && : >config && echo "${how-boot-entry}" >how
		tar -cf - how release cmdline config modules.tar.gz image
	)
}

# What a machine is made of.
all_of() { (cd "$tmp/root" && find . -type f ! -name "*.lock" -exec sha256sum {} + | sort; find . ! -type f | sort); }

# installs STATUS NAME [PARCEL-WORDS]
installs() {
	local want=$1 name=$2
	shift 2
	parcel "$@" >"$tmp/parcel.tar"
	expect "$want" $helper install "$name" <"$tmp/parcel.tar"
}

# A kernel is installed, booted once and removed; of two with one release each has its own modules when it is booted.
test_root_helper() {
	made_up grub
	all_of >"$tmp/before"
	installs 0 6.12.0-one 6.12.0+ one cma=64M
	installs 0 6.12.0-two 6.12.0+ two
	expect 0 $helper state
	has "$out" '^version 2$' && has "$out" '^loader grub$' && has "$out" '^kexec yes$' && has "$out" '^watchdog made-up dog$'
	has "$out" '^entry 6.12.0-one 6.12.0\+$' && has "$out" '^entry 6.12.0-two 6.12.0\+$'
	grep -qx '	linux /faultbench/6.12.0-one/image root=UUID=1-2 ro quiet panic=10 oops=panic softlockup_panic=1 systemd.watchdog_sec=60 faultbench.entry=6.12.0-one cma=64M' \
		"$tmp/root/boot/grub/custom.cfg" || fail "$(cat "$tmp/root/boot/grub/custom.cfg")"
	[ "$(cat "$tmp/root/lib/modules/6.12.0+/.faultbench")" = 6.12.0-two ] || fail "not two's modules"
	expect 0 $helper boot 6.12.0-one
	[ "$out" = 'boot 1-2-3' ] && has "$(tail -1 "$tmp/calls")" '^systemctl --no-block reboot$'
	[ "$(cat "$tmp/root/lib/modules/6.12.0+/.faultbench")" = 6.12.0-one ] || fail "not one's modules"
	[ "$(cat "$tmp/next")" = faultbench-6.12.0-one ] || fail "it is not the next one"
	# On an entry of ours, the next one's command line is the machine's own all the same.
	echo 'BOOT_IMAGE=/x root=UUID=1-2 ro quiet panic=10 faultbench.entry=6.12.0-one' >"$tmp/root/proc/cmdline"
	installs 0 6.13-three 6.13
	grep -q 'linux .*/6.13-three/image root=UUID=1-2 ro quiet panic=10 oops=panic' "$tmp/root/boot/grub/custom.cfg" ||
		fail "$(cat "$tmp/root/boot/grub/custom.cfg")"
	expect 0 $helper kexec 6.12.0-two
	[ "$out" = 'boot 1-2-3' ] && has "$(tail -1 "$tmp/calls")" '^systemctl --no-block kexec$'
	grep -qx "kexec -s -l $tmp/root/boot/faultbench/6.12.0-two/image --initrd=.*--command-line=root=UUID=1-2 ro quiet panic=10.*" "$tmp/calls" ||
		fail "$(cat "$tmp/calls")"
	for n in 6.12.0-one 6.12.0-two 6.13-three 6.13-three; do expect 0 $helper remove $n; done
	[ ! -e "$tmp/next" ] || fail "what was removed is the next one"
	echo 'BOOT_IMAGE=/vmlinuz-6.1.0 root=UUID=1-2 ro quiet' >"$tmp/root/proc/cmdline"
	all_of | diff "$tmp/before" - >"$tmp/diff" || fail "left: $(cat "$tmp/diff")"
	# What is the user's stays.
	echo 'menuentry mine {}' >"$tmp/root/boot/grub/custom.cfg"
	all_of >"$tmp/before"
	installs 0 a-1 && grep -q 'menuentry mine {}' "$tmp/root/boot/grub/custom.cfg" || fail "not beside it"
	expect 0 $helper remove a-1
	all_of | diff "$tmp/before" - >"$tmp/diff" || fail "left: $(cat "$tmp/diff")"
	# The machine's own kernel as an entry has the modules that it has; another of that release is refused.
	installs 0 own-1 6.1.0 own-image
	[ "$(cat "$tmp/root/boot/faultbench/own-1/initrd")" = own-initrd ] || fail "not its own initrd"
	expect 0 $helper boot own-1
	expect 0 $helper remove own-1
	installs 3 own-2 6.1.0 other
	has "$errs" 'has a kernel 6.1.0 of its own, and this is another one'
	all_of | diff "$tmp/before" - >"$tmp/diff" || fail "left: $(cat "$tmp/diff")"
}

test_root_helper_systemd_boot() {
	made_up systemd-boot
	all_of >"$tmp/before"
	installs 0 6.12-a
	expect 0 $helper state
	has "$out" '^loader systemd-boot$'
	has "$(cat "$tmp/root/efi/loader/entries/faultbench-6.12-a.conf")" '^options root=UUID=1-2 ro quiet panic=10 '
	[ -s "$tmp/root/efi/faultbench/6.12-a/initrd" ] || fail "no initrd"
	expect 0 $helper boot 6.12-a
	grep -qx 'bootctl set-oneshot faultbench-6.12-a.conf' "$tmp/calls" || fail "$(cat "$tmp/calls")"
	# A kernel without its partition: nothing is said to be there, or gone, that is not.
	mkdir "$tmp/root/sys/firmware/efi/efivars" && printf '\6\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0' >"$tmp/root/sys/firmware/efi/efivars/LoaderInfo-4a"
	mv "$tmp/root/efi" "$tmp/efi"
	expect 3 $helper boot 6.12-a
	has "$errs" 'its EFI partition is not mounted'
	installs 3 6.13-b
	has "$errs" 'its EFI partition is not mounted'
	expect 3 $helper remove 6.12-a
	has "$errs" '/efi/faultbench/6.12-a is not there: its file system is not mounted$'
	expect 0 $helper state
	has "$out" '^entry 6.12-a 6.12.0\+$'
	mv "$tmp/efi" "$tmp/root/efi" && rm -r "$tmp/root/sys/firmware/efi/efivars"
	expect 0 $helper remove 6.12-a
	all_of | diff "$tmp/before" - >"$tmp/diff" || fail "left: $(cat "$tmp/diff")"
}

# What is for kexec is no entry of the loader's, whatever there is of one.
test_root_helper_kexec() {
	local made=grub
	for made in grub systemd-boot; do
		made_up $made
		all_of >"$tmp/before"
		how=kexec installs 0 6.12-k
		! grep -rs 6.12-k "$tmp/root/boot/grub/custom.cfg" "$tmp/root/efi" || fail "$made: there is an entry"
		expect 3 $helper boot 6.12-k
		has "$errs" "the entry 6.12-k is not one of the loader's$"
		expect 0 $helper kexec 6.12-k
		grep -q "^kexec -s -l $tmp/root/boot/faultbench/6.12-k/image" "$tmp/calls" || fail "$(cat "$tmp/calls")"
		expect 0 $helper remove 6.12-k
		all_of | diff "$tmp/before" - >"$tmp/diff" || fail "$made: left: $(cat "$tmp/diff")"
		how=other installs 2 6.12-k
		all_of | diff "$tmp/before" - >"$tmp/diff" || fail "$made: left: $(cat "$tmp/diff")"
	done
}

# Whatever fails in between, nothing of it is left.
test_root_helper_fails() {
	made_up grub
	all_of >"$tmp/before"
	undone() { # undone STATUS PATTERN
		expect "$1" $helper install a-1 <"$tmp/parcel.tar"
		has "$errs" "faultbench-root: $2"
		all_of | diff "$tmp/before" - >"$tmp/diff" || fail "$2: left: $(cat "$tmp/diff")"
	}
	parcel >"$tmp/parcel.tar"
	printf '%s\n' 'echo cannot write >&2' 'exit 1' >"$tmp/fakes/mkinitramfs.do"
	undone 1 'its initrd could not be made: cannot write$'
	echo : >"$tmp/fakes/mkinitramfs.do" # it says that it did, and has not
	undone 1 'its initrd could not be made$'
	head -c 600 "$tmp/parcel.tar" >"$tmp/cut" && mv "$tmp/cut" "$tmp/parcel.tar"
	undone 1 'what was sent does not fit, or is damaged: tar: .*Unexpected EOF'
	(cd "$tmp/parcel" && echo no >modules.tar.gz && tar -cf "$tmp/parcel.tar" how release cmdline config modules.tar.gz image)
	undone 1 'its modules do not fit, or are damaged: .*gzip'
	(cd "$tmp/parcel" && rm image && ln -s /etc/passwd image && tar -cf "$tmp/parcel.tar" how release cmdline config modules.tar.gz image)
	undone 2 'there is more than files in what was sent'
	for words in '6.12.0;id' '../6.12' ''; do
		parcel "$words" >"$tmp/parcel.tar"
		undone 2 'what was sent is of no release'
	done
	for words in 'a"b' 'a$(id)' 'a{b'; do
		parcel 6.12 image "$words" >"$tmp/parcel.tar"
		undone 2 'cmdline: of letters'
	done
	parcel >"$tmp/parcel.tar"
	echo 'root=1 dyndbg="file x +p"' >"$tmp/root/proc/cmdline"
	all_of >"$tmp/before"
	undone 3 '/proc/cmdline has a character'
}

# Words that nobody of ours sends: nothing is run, nothing is written.
test_root_helper_words() {
	local action word
	made_up grub
	installs 0 a-1
	: >"$tmp/calls"
	all_of >"$tmp/before"
	parcel >"$tmp/parcel.tar"
	# Each in turn is another action's, and some are all actions'.
	set -- install remove boot kexec
	for word in '' ' ' 'a b' "a'b" 'a"b' $'a\nb' -a --help '$(touch x)' '`touch x`' 'a;id' 'a|id' 'a&id' '../a' 'a/../../b' 'a/b' \
		.a .. 'a..b' A é '*' 'a*' '%n' 'a\b' "$(printf 'a%.0s' $(seq 101))"; do
		expect 2 $helper $1 "$word" <"$tmp/parcel.tar"
		one_line "$errs"
		set -- $2 $3 $4 $1
	done
	for action; do expect 2 $helper $action '../a b' <"$tmp/parcel.tar"; done
	expect 2 $helper && expect 2 $helper 'state; id' && expect 2 $helper version more && expect 2 $helper remove && expect 2 $helper remove a b
	expect 3 $helper boot a-2
	[ ! -s "$tmp/calls" ] || [ "$(sort -u "$tmp/calls" | grep -v '^grub-\(probe\|editenv\)')" = '' ] || fail "was run: $(sort -u "$tmp/calls")"
	all_of | diff "$tmp/before" - >"$tmp/diff" || fail "written: $(cat "$tmp/diff")"
}

# One service of a fixed text, which is the user's who asks, in a folder of that user's.
test_root_helper_service() {
	local word unit=$tmp/root/etc/systemd/system/faultbench-go-on.service
	made_up grub
	all_of >"$tmp/before"
	folder() { mkdir -p "$1" && : >"$1/faultbench" && chmod 755 "$1/faultbench"; }
	refused() { # refused PATTERN FOLDER
		expect 2 $helper service-on "$2"
		one_line "$errs"
		has "$errs" "$1"
		all_of | diff "$tmp/before" - >"$tmp/diff" || fail "written: $(cat "$tmp/diff")"
	}
	for word in 'a b' "a'b" 'a"b' '$(id)' 'a;b' 'a%i' 'a\b' $'a\nb'; do
		folder "$tmp/$word"
		refused "may have letters, digits" "$tmp/$word"
	done
	folder "$tmp/good"
	refused 'has .. in its name' "$tmp/good/../good"
	refused 'has to begin with /' good
	refused 'there is no program' "$tmp"
	is_root || exit 77
	chown 12345 "$tmp/good"
	refused "is not a folder of root's" "$tmp/good"
	chown 0 "$tmp/good"
	for word in 'a b' -u '$(id)' no-such-user; do
		SUDO_USER=$word refused 'a user whose name is not taken here' "$tmp/good"
	done
	expect 0 $helper service-on "$tmp/good"
	has "$(cat "$unit")" '^User=root$'
	has "$(cat "$unit")" "^ExecStart=$tmp/good/faultbench campaign go-on$"
	grep -qx 'systemctl enable faultbench-go-on.service' "$tmp/calls" || fail "not enabled"
	expect 0 $helper state
	has "$out" '^service root$'
	expect 0 $helper service-off
	expect 0 $helper service-off
	all_of | diff "$tmp/before" - >"$tmp/diff" || fail "left: $(cat "$tmp/diff")"
	echo '[ $1 != enable ] || exit 1' >"$tmp/fakes/systemctl.do"
	expect 1 $helper service-on "$tmp/good"
	all_of | diff "$tmp/before" - >"$tmp/diff" || fail "left: $(cat "$tmp/diff")"
}

# What it will not do, with the reason.
test_root_helper_cannot() {
	local why
	made_up grub
	cannot() { # cannot FACT PATTERN
		expect 0 $helper state
		has "$out" "^$1 no(ne)? .*$2"
	}
	installs 0 a-1
	echo 1 >"$tmp/root/proc/sys/kernel/kexec_load_disabled"
	cannot kexec kexec_load_disabled
	expect 3 $helper kexec a-1
	has "$errs" 'kexec: kernel.kexec_load_disabled is set'
	echo 0 >"$tmp/root/proc/sys/kernel/kexec_load_disabled"
	mkdir "$tmp/root/sys/kernel/security" && echo 'none [integrity] confidentiality' >"$tmp/root/sys/kernel/security/lockdown"
	cannot kexec 'locked down'
	echo '[none] integrity confidentiality' >"$tmp/root/sys/kernel/security/lockdown"
	echo ' 10: 5 GICv3 27 Level arch_timer' >"$tmp/root/proc/interrupts"
	expect 0 $helper state
	has "$out" '^kexec yes$'
	rmdir "$tmp/root/sys/firmware/efi"
	cannot kexec 'GICv3 without EFI'
	rm "$tmp/root/sys/kernel/kexec_loaded"
	cannot kexec 'the running kernel has no kexec'
	echo 'case $1 in *=fs) echo btrfs ;; esac' >"$tmp/fakes/grub-probe.do"
	cannot loader 'file system where GRUB cannot write'
	expect 3 $helper boot a-1
	echo 'case $1 in *=abstraction) echo lvm ;; esac' >"$tmp/fakes/grub-probe.do"
	cannot loader 'LVM or RAID'
	echo 'menuentry x {}' >"$tmp/root/boot/grub/grub.cfg"
	cannot loader 'was not made by grub-mkconfig'
	mkdir -p "$tmp/root/sys/firmware/efi/efivars" && printf '\6\0\0\0\1' >"$tmp/root/sys/firmware/efi/efivars/SecureBoot-1"
	cannot loader 'Secure Boot is on'
	rm -r "$tmp/root/boot/grub" "$tmp/root/sys/firmware/efi/efivars"
	cannot loader 'no EFI variables are there .efivarfs.'
	rm -r "$tmp/root/sys/firmware/efi"
	cannot loader 'neither GRUB nor systemd-boot'
}

# A machine file whose keys do not belong together: one line, before anything is asked or started.
test_switch_keys() {
	wrong() { # wrong PATTERN LINE...
		printf '%s\n' '[machine]' 'kind = ssh' 'host = none.invalid' "${@:2}" >"$tmp/w.ini"
		expect 2 "$fb" doctor --machine "$tmp/w.ini"
		one_line "$errs"
		has "$errs" "w.ini$1"
	}
	wrong ':4: switch = boot: must be none, boot-entry, kexec, restart or command$' 'switch = boot'
	wrong ':5: command = x: is for switch = restart or command; this one has switch = kexec$' 'switch = kexec' 'command = x'
	wrong ':5: boot-kind = kexec: is for switch = restart or command; this one has switch = boot-entry$' 'switch = boot-entry' 'boot-kind = kexec'
	wrong ':6: rescue = x: is for switch = boot-entry or kexec; this one has switch = command$' 'switch = command' 'command = y' 'rescue = x'
	wrong ':4: rescue = x: is for switch = boot-entry or kexec; this one is measured as it is$' 'rescue = x'
	wrong ':4: cpus = 4: is for a machine with a switch; this one is measured as it is$' 'cpus = 4'
	wrong ': switch = command needs a command = TEXT' 'switch = command'
	wrong ':5: cmdline = a="b": must be of letters, digits, blanks and _.,:=/@%\+~-$' 'switch = kexec' 'cmdline = a="b"'
	expect 2 "$fb" doctor --machine none.ini
}

# What a machine lacks for its kernels to be switched, each in one line with what to do.
test_doctor_machine() {
	cat >"$tmp/ssh" <<-'SSH'
	#!/bin/sh
	for script; do :; done
	case $script in
	*faultbench-host*) [ "$said" = away ] && { echo no route >&2; exit 255; }; echo "faultbench-host aarch64 4096 4 1000 id - 6.1.0"; exit ;;
	esac
	read -r action
	[ "$action" = state ] || exit 9
	printf '%b' "$said" >&${to:-1}
	exit ${status:-0}
	SSH
	chmod 755 "$tmp/ssh"
	machine() { # machine STATUS PATTERN [LINE...]
		printf '%s\n' '[machine]' 'kind = ssh' 'host = lab' "switch = ${how:-boot-entry}" "${@:3}" >"$tmp/lab.ini"
		PATH=$tmp:$PATH expect "$1" "$fb" doctor --machine "$tmp/lab.ini"
		has "$(echo $out)" "$2"
	}
	local good='version 2\nloader grub\nkexec yes\nwatchdog dog\ninitrd dracut\n'
	(export said=$good; machine 0 'lab: nothing is missing.') || exit
	(export said=away; machine 77 'SPOILS connection: no route mend: `ssh lab true` has to work') || exit
	(export status=44 said=; machine 77 'SPOILS root: there is no /usr/local/sbin/faultbench-root there.* mend: scp .*/faultbench-root lab: && ssh -t lab sudo install -o root') || exit
	(export status=1 to=2 said='sudo: a password is required\n'; machine 77 'root: sudo: a password is required.* mend: there, by `visudo .*USER ALL=.root. NOPASSWD: /usr/local/sbin/faultbench-root') || exit
	(export status=45 said=; machine 77 'root: there is neither sudo nor doas there') || exit
	(export said='version 7\n'; machine 77 'root: .* there is of version 7, and 2 is needed mend: scp') || exit
	(export said=${good/grub/none why not}; machine 77 'SPOILS boot entries: why not mend: another switch') || exit
	(export said=${good/grub/none why not} how=kexec; machine 0 'nothing is missing') || exit
	(export said=${good/yes/no kexec here} how=kexec; machine 77 'SPOILS kexec: kexec here mend: another switch') || exit
	(export said=${good/dracut/none}; machine 77 'SPOILS initrd: nothing there makes one') || exit
	(export said=${good/ dog/}; machine 0 'DISTURBS watchdog: there is none, and no rescue') || exit
	(export said=${good/ dog/}; machine 0 'nothing is missing' 'rescue = x') || exit
	(export said=away how=command; machine 77 'connection' 'command = x') || exit
	"$fb" doctor --machine local >"$tmp/out" || fail "this machine"
}
