# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What comes from others: packages, folders, patches, journals; sourced by tests/run-tests.sh.

measures size_limit

# installed ROOT: a kernel as a distribution installs it, with one module.
installed() {
	local lib=$1/lib/modules/6.1.0
	mkdir -p "$1/boot" "$lib/kernel"
	tiny_image 6.1.0 >"$1/boot/vmlinuz-6.1.0"
	echo 'CONFIG_ARM64=y' >"$1/boot/config-6.1.0"
	echo kernel/virtio_pci.ko >"$lib/modules.order"
	echo module >"$lib/kernel/virtio_pci.ko"
}

# contents FOLDER: what is in there, in a list
contents() {
	(cd "$1" && find . -printf '%p %y %l\n' && find . -type f -exec cksum {} +) | sort
}

# leads_out NAME COMMAND...: of a fresh kernel COMMAND makes one whose parts are elsewhere, in $r; it is
# refused, the path is named, and what is elsewhere is neither read nor changed.
leads_out() {
	local name=$1 r=$tmp/k/r
	shift
	rm -rf "$tmp/k" "$tmp/cache"
	mkdir -p "$tmp/k/elsewhere"
	installed "$r"
	cp -r "$r"/* "$tmp/k/elsewhere"
	echo 'CONFIG_SECRET=y' >"$tmp/k/elsewhere/secret"
	eval "$*"
	contents "$tmp/k" >"$tmp/before"
	expect $want timeout 20 "$fb" kernel fetch "${source:-$r}" --label k
	one_line "$errs"
	has "$errs" "$name.*: (leads out of|.* leads out of it|not a regular file)"
	contents "$tmp/k" | diff "$tmp/before" - || fail "$name: something was changed"
	[ -z "$(ls -A "$tmp/cache/faultbench/kernels")" ] || fail "$name: $(ls -A "$tmp/cache/faultbench/kernels")"
}

# Whatever is said in a package, a folder or its files: nothing outside of it is read or written.
test_fetch_inside() {
	local lib=lib/modules/6.1.0 source='' want=2
	export XDG_CACHE_HOME=$tmp/cache
	leads_out boot/vmlinuz-6.1.0 'ln -sf ../../elsewhere/boot/vmlinuz-6.1.0 $r/boot/'
	leads_out boot/vmlinuz-6.1.0 'ln -sf $r/boot/config-6.1.0 $r/boot/vmlinuz-6.1.0'
	leads_out boot/config-6.1.0 'ln -sf ../../elsewhere/secret $r/boot/config-6.1.0'
	leads_out boot/config-6.1.0 'ln -sf /dev/zero $r/boot/config-6.1.0'
	leads_out boot/config-6.1.0 'rm $r/boot/config-6.1.0; mkfifo $r/boot/config-6.1.0'
	want=1
	leads_out modules.order 'ln -sf ../../../../elsewhere/$lib/modules.order $r/$lib/'
	leads_out modules.order 'rm -r $r/lib; ln -s ../elsewhere/lib $r/lib'
	leads_out kernel/virtio_pci.ko 'ln -sf ../../../../../elsewhere/secret $r/$lib/kernel/virtio_pci.ko'
	leads_out kernel/virtio_pci.ko 'xz <$r/boot/config-6.1.0 >$r/../elsewhere/x; rm $r/$lib/kernel/*
		ln -s ../../../../../elsewhere/x $r/$lib/kernel/virtio_pci.ko.xz'
	leads_out modules.order 'echo kernel/../../../../../elsewhere/lib/modules/6.1.0/kernel/virtio_pci.ko >$r/$lib/modules.order'
	leads_out modules.order 'echo module >$r/$lib/zram.ko; echo a/../../../../../zram.ko >$r/$lib/modules.order; echo x >$tmp/k/zram.ko'
	# A build folder.
	source='' want=2
	leads_out 'include/config/kernel.release' 'rm -r $r/*; mkdir -p $r/arch/arm64/boot $r/include/config; touch $r/.config
		tiny_image 6.1.0 >$r/arch/arm64/boot/Image; mkfifo $r/include/config/kernel.release'
	leads_out '\.config' 'rm -r $r/*; mkdir -p $r/arch/arm64/boot
		tiny_image 6.1.0 >$r/arch/arm64/boot/Image; ln -s $r/../elsewhere/secret $r/.config'
	want=1
	leads_out modules.order 'rm -r $r/boot $r/lib; mkdir -p $r/arch/arm64/boot $r/include/config $r/lib/modules; echo CONFIG_ARM64=y >$r/.config
		tiny_image "" >$r/arch/arm64/boot/Image; echo ../../../elsewhere/lib/modules/6.1.0 >$r/include/config/kernel.release'
	# A package, whose links are left in it, as is what would be above it.
	installed "$tmp/p"
	echo 'a/../../../../../pwn/zram.ko' >>"$tmp/p/$lib/modules.order"
	mkdir "$tmp/p/pwn" && echo evil >"$tmp/p/pwn/zram.ko"
	tar -C "$tmp/p" -cf "$tmp/p.tar" .
	expect 1 "$fb" kernel fetch "$tmp/p.tar" --label p
	has "$errs" 'modules.order: a/../../../../../pwn/zram.ko leads out of it'
	# What is named by the user may be a link, as may what leads to another place inside.
	installed "$tmp/good"
	mv "$tmp/good/lib" "$tmp/good/usr" && mkdir "$tmp/good/lib" && mv "$tmp/good/usr" "$tmp/good/lib/usr"
	mv "$tmp/good/lib/usr/modules" "$tmp/good/real" && ln -s ../real "$tmp/good/lib/modules"
	mv "$tmp/good/boot/vmlinuz-6.1.0" "$tmp/good/image" && ln -s ../image "$tmp/good/boot/vmlinuz-6.1.0"
	ln -s good "$tmp/link"
	expect 0 "$fb" kernel fetch "$tmp/link" --label good
	[ -e "$tmp/cache/faultbench/kernels/good/modules/kernel/virtio_pci.ko" ] || fail "no modules"
}

# Folders of patches: a series that names files elsewhere, links out, what is no file.
test_mail_inside() {
	local name
	mail_tree
	printf 'From: S <s@example.org>\nSubject: secret\n\n--- a/x\n+++ b/x\n' >"$tmp/secret"
	for name in '../secret' "$tmp/secret" link.patch fifo.patch zero.patch; do
		rm -rf "$tmp/q" && mkdir "$tmp/q"
		ln -s ../secret "$tmp/q/link.patch"
		ln -s /dev/zero "$tmp/q/zero.patch"
		mkfifo "$tmp/q/fifo.patch"
		echo "$name" >"$tmp/q/series"
		mails "series: $name" 2 "$tmp/q"
		one_line "$errs"
		has "$errs" "$name: (leads out of $tmp/q, and is not followed|not a regular file|cannot be read)"
	done
	rm "$tmp/q/series" "$tmp/q/fifo.patch" "$tmp/q/zero.patch"
	mails "a folder" 2 "$tmp/q"
	has "$errs" "q/link.patch: leads out of $tmp/q, and is not followed"
	mkdir "$tmp/q/cur" && mkfifo "$tmp/q/cur/1"
	mails "a maildir" 2 "$tmp/q"
	has "$errs" "q/cur/1: not a regular file"
}

# nothing_hidden WHAT FILE: there is nothing in it that a terminal obeys, or that does not show
nothing_hidden() {
	! LC_ALL=C.UTF-8 grep -anP '[^\P{Cc}\t]|[\x{200b}-\x{200f}\x{2028}-\x{202e}\x{feff}]' "$2" || fail "$1: as it is"
	! LC_ALL=C.UTF-8 grep -avP '^.*$' "$2" || fail "$1: no UTF-8"
	! grep -an '^FORGED' "$2" || fail "$1: a line of others"
}

# Every text of a journal, and some names in it, try to be obeyed: in all that is made of journals they are
# shown, as they are written in C.
test_shown() {
	command -v perl >/dev/null || exit 77
	local journal command hidden='\u001b[31m\u009b1m\u202e\ufeff\r\nFORGED '
	for journal in contend counters exact fork series storms; do
		journal=tests/golden/$journal.jsonl
		HIDDEN=$hidden perl -pe 'next if /^\{"type":"(plan|kernel|command)/;
			s/"(?!(?:type|status|source|unit|kernel|boot_id|clock\.id)":)[a-z_.]+":"/$&$ENV{HIDDEN}/g;
			s/"(cpus|notes|placement|conditions|vmstat|counters|facts)":\{/$&"$ENV{HIDDEN}":"$ENV{HIDDEN}",/g' \
			"$journal" >"$tmp/h.jsonl"
		for command in show compare 'compare --functions' check 'check --format ktap' 'check --format junit' \
			'check --format lava' 'check --format kcidb' 'check --format json' power 'plot --out -' \
			'export --format csv' 'export --format go' 'export --format json'; do
			"$fb" $command "$tmp/h.jsonl" >"$tmp/out" 2>&1
			nothing_hidden "$command of $journal" "$tmp/out"
		done
		"$fb" show "$tmp/h.jsonl" >"$tmp/out" 2>&1
		grep -qF '\x1b[31m\u009b1m\u202e\ufeff\r\nFORGED' "$tmp/out" || fail "show of $journal: nothing is shown"
		"$fb" report "$tmp/h.jsonl" --out "$tmp/r" >"$tmp/out" 2>&1 || fail "$(cat "$tmp/out")"
		nothing_hidden "report of $journal" "$tmp/r/report.txt"
		nothing_hidden "report of $journal" "$tmp/r/index.html"
	done
	# Names of files, and what is no record at all.
	for journal in $'a\e[31mb\nFORGED' $'\xe4\xff' $'\u202e'; do
		expect 2 "$fb" compare "$tmp/$journal.jsonl"
		one_line "$errs"
		echo "$errs" >"$tmp/out"
		nothing_hidden "a name" "$tmp/out"
	done
	printf '{"type":"\e[31m' >"$tmp/h.jsonl"
	printf '\n{"type":"plan"}\n' >>"$tmp/h.jsonl"
	"$fb" compare "$tmp/h.jsonl" >"$tmp/out" 2>&1
	nothing_hidden "no record" "$tmp/out"
	printf '[plan]\nsummary = a\e[31mb\nruns=\e[31m\n[x]\nbench=null\n' >"$tmp/p.ini"
	expect 2 "$fb" run "$tmp/p.ini" --dry-run
	has "$errs" 'p.ini:3: runs = \\x1b\[31m: must be'
	# What a worker says of its machine.
	printf '#!/bin/sh\nexec 3>&1\n{ "%s" "$@" 3>&-; } | sed -u "s/\\"cpu.model\\":\\"/&\\\\\\\\u001b[31m/"\n' "$worker" >"$tmp/worker"
	chmod +x "$tmp/worker"
	FAULTBENCH_WORKER=$tmp/worker "$fb" doctor >"$tmp/out" 2>&1
	nothing_hidden doctor "$tmp/out"
	grep -qF '\x1b[31m' "$tmp/out" || fail "doctor: $(cat "$tmp/out")"
}

# In CSV a text is no formula of a spreadsheet, and a number is a number.
test_csv_formulas() {
	local text
	for text in '=1+1' '+1' '-1' '@SUM(A1)' '＝1' '=cmd| /C calc!A0,x'; do
		TEXT=$text perl -pe 's/"kernel":"[^"]*/"kernel":"$ENV{TEXT}/; s/"place":"/$&$ENV{TEXT}/; s/"size":/"$ENV{TEXT}":/' \
			tests/golden/one.jsonl >"$tmp/j.jsonl"
		expect 0 "$fb" export --format csv "$tmp/j.jsonl"
		[ "$(printf '%s\n' "$out" | grep -oF "'$text" | wc -l)" -gt 3 ] || fail "$text: $out"
		! printf '%s\n' "$out" | LC_ALL=C.UTF-8 grep -P '(^|,)"?[=+@＝]|(^|,)"?-(?![0-9.]+(,|$))' || fail "$text: a formula"
	done
	expect 0 "$fb" export --format csv tests/golden/boots-a.jsonl
	! printf '%s\n' "$out" | grep "'" || fail "marked: $out"
}

# Subjects of mails, in what `series` prints and in messages.
test_mail_shown() {
	mail_tree
	sed 's/mm: step 2/mm: =?utf-8?q?=1b=5b31m=c2=9b=e2=80=ae?= step 2/' "$tmp"/p/*.patch >"$tmp/h.mbox"
	mails "subjects" 0 "$tmp/h.mbox" --base v1
	echo "$out" >"$tmp/out"
	nothing_hidden "a subject" "$tmp/out"
	has "$out" 'mm: \\x1b\[31m'
}

# What is no file, in whatever place a file is asked for, is refused at once and named; so is an empty word.
test_never_hangs() {
	local words kind n=0 golden=tests/golden/fork.jsonl good="$tmp/p.ini --machine $tmp/m.ini"
	export XDG_CACHE_HOME=$tmp/cache
	mail_tree
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	vm m arm64
	tiny_image 6.1.0 >"$tmp/Image"
	expect 0 "$fb" kernel fetch "$tmp/Image" --label k
	mkdir "$tmp/fifo" "$tmp/zero"
	: >"$tmp/nowhere"
	for kind in x x.ini x.jsonl x.png x.gp x.svg x.deb x.rpm x.tar x.patch; do
		mkfifo "$tmp/fifo/$kind"
		ln -s /dev/zero "$tmp/zero/$kind"
	done
	while read -r words; do
		for kind in fifo zero nowhere ''; do
			n=$((n + 1))
			case $kind in
			'') set -- $words && set -- "${@/@*/}" ;;
			*) set -- ${words//@/$tmp/$kind/x} ;;
			esac
			timeout 20 "$fb" "$@" >"$tmp/out" 2>"$tmp/errs" </dev/null
			case $? in
			1 | 2 | 77 | 125 | 255) ;;
			*) fail "status $?: $*: $(cat "$tmp/errs")" ;;
			esac
			one_line "$(grep -vE ' note: |anything can be told$' "$tmp/errs")"
		done
	done <<-EOF
		run @.ini
		run @ --dry-run
		run --plan @.ini
		run $tmp/p.ini --out @.jsonl
		run $tmp/p.ini --machine @.ini --kernel a=k
		run $good --kernel a=@
		run $good --kernel a=@.deb
		run $good --kernel a=k --out @.jsonl
		compare @.jsonl
		compare $golden @
		check @
		check $golden --against @
		power @
		plot @ --out -
		plot $golden --out @.png
		plot $golden --out @.svg
		plot $golden --out @.gp
		report @ --out $tmp/r
		report $golden --out @
		emit-c null --out @.jsonl
		export --format csv @
		show @
		kernel fetch @
		kernel fetch @.deb
		kernel fetch @.rpm,@.tar
		kernel build --tree @ --arch arm64 --label l
		kernel build --tree $tmp/tree --arch arm64 --label l --config @
		kernel build --tree $tmp/tree --arch arm64 --label l --fragment @
		kernel build --tree $tmp/tree --arch arm64 --label l --variant @.ini
		kernel diff @ k
		kernel remove @
		series --tree @ --machine $tmp/m.ini --range A..B
		series --tree $tmp/tree --machine @.ini --range A..B
		series --tree $tmp/tree --machine $tmp/m.ini --series @
		series --tree $tmp/tree --machine $tmp/m.ini --series @.patch --base v1
		series --tree $tmp/tree --machine $tmp/m.ini --plan @.ini --range v1..posted
		series --tree $tmp/tree --machine $tmp/m.ini --plan $tmp/p.ini --range v1..posted --config @
		series --tree $tmp/tree --machine $tmp/m.ini --plan $tmp/p.ini --range v1..posted --fragment @
		series --tree $tmp/tree --machine $tmp/m.ini --plan $tmp/p.ini --range v1..posted --out @.jsonl
		bisect-step --tree @ --base v1 --machine arm64-exact
		bisect-step --tree $tmp/tree --base v1 --machine @.ini
		bisect-step --tree $tmp/tree --base v1 --machine arm64-exact --plan @.ini
		bisect-step --tree $tmp/tree --base v1 --machine arm64-exact --out @
		list @
	EOF
	[ $n -gt 160 ] || fail "$n commands only"
	# What would be written is refused before, whether or not a write would wait.
	for words in fifo/x.png fifo/x.gp zero/x.svg zero/x.gp; do
		expect 2 timeout 20 "$fb" plot $golden --out "$tmp/$words"
		has "$errs" "$words: not a regular file"
	done
	# Journals of earlier releases among which is something else.
	mkdir "$tmp/releases" && mkfifo "$tmp/releases/x.jsonl"
	expect 2 timeout 20 "$fb" check $golden --against "$tmp/releases"
	has "$errs" 'x.jsonl: not a regular file'
}

# Words that are not what they seem: NULs, numbers that are too large, a cache that cannot be read.
test_never_mute() {
	local cpu
	export XDG_CACHE_HOME=$tmp/cache
	printf '[plan]\nruns=1\n[x]\nbench=null\nsize=4M\0, 8M\n' >"$tmp/p.ini"
	expect 2 "$fb" run "$tmp/p.ini" --dry-run
	has "$errs" 'p.ini: has a NUL at byte 36, so it is no text'
	printf '[machine]\nkind=qemu\narch=x86_64\0\n' >"$tmp/m.ini"
	expect 2 "$fb" run quick --machine "$tmp/m.ini" --kernel a=b --dry-run
	has "$errs" 'm.ini: has a NUL at byte 31'
	printf '[plan]\nruns=1\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	for cpu in list:99999999999999999999 list:0:4294967296 list:1024 list: list:0: list:0::1 list:-1 list:0x1 lists:0; do
		expect 2 "$fb" run "$tmp/p.ini" --dry-run --set place=$cpu
		has "$errs" "place = $cpu: must be core, .* or list:CPU:CPU..., each from 0 to 1023"
	done
	expect 0 "$fb" run "$tmp/p.ini" --dry-run --set place=list:0:1023
	mkdir -p "$tmp/cache/faultbench" && echo >"$tmp/cache/faultbench/kernels"
	expect 1 "$fb" kernel list
	has "$errs" 'faultbench/kernels: Not a directory'
	one_line "$errs"
	is_root || return 0
	rm "$tmp/cache/faultbench/kernels" && mkdir -p "$tmp/cache/faultbench/kernels/k"
	chmod 755 "$tmp" "$tmp/cache"
	chmod 700 "$tmp/cache/faultbench"
	expect 1 setpriv --reuid=65534 --regid=65534 --clear-groups "$fb" kernel list
	has "$errs" 'faultbench/kernels: Permission denied'
	mkfifo "$tmp/cache/faultbench/kernels/k/kernel.json"
	expect 1 timeout 20 "$fb" kernel list
	has "$errs" 'k/kernel.json: damaged'
}

# A limit of sizes of files is like a full disk: the run's record is kept.
test_size_limit() {
	local kept
	printf '[plan]\nruns=20\niterations=20\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/whole.jsonl"
	expect 2 bash -c "ulimit -f $(($(wc -c <"$tmp/whole.jsonl") / 1024 - 8)); exec \"\$@\"" sh \
		"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$errs" 'j.jsonl: a record cannot be written: File too large'
	kept=$(printf '%s' "$errs" | sed -n 's/.*the record is kept in \([^:]*\):.*/\1/p')
	grep -q '"type":"run"' "$kept" || fail "the record is lost: $errs"
	rm -f "$kept"
}

# changed WHAT PATTERN COMMAND: after COMMAND, done to the entry k, k is not started, and l is.
changed() {
	rm -rf "$tmp/j.jsonl" "$kernels/k"
	expect 0 "$fb" kernel fetch "$tmp/r" --label k
	eval "$3"
	expect 1 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=k --kernel l=l --out "$tmp/j.jsonl"
	has "$errs" "^faultbench: boot 0 of k: in $kernels/k $2 is not what was put there; fetch or build it again$"
	grep -qE '"type":"boot","kernel":"k","boot":0,"status":"failed","reason":"'"$2 is not" "$tmp/j.jsonl" ||
		fail "$1: $(grep '"type":"boot"' "$tmp/j.jsonl")"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 4 ] || fail "$1: $(cat "$tmp/j.jsonl")"
	grep -q '"kernel":"l".*"status":"ok"' "$tmp/j.jsonl" || fail "$1: l suffered"
	# What was said helps, and the journal is gone on with.
	expect 0 "$fb" kernel fetch "$tmp/r" --label k
	expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=k --kernel l=l --out "$tmp/j.jsonl"
}

# The image that runs is the image that is named, at each boot; so are its modules and its config.
test_image_named() {
	local kernels=$tmp/cache/faultbench/kernels lib=$tmp/r/lib/modules/6.1.0
	[ "$(uname -m)" = x86_64 ] || [ -x "$build/x86_64/faultbench-worker" ] || exit 77
	export XDG_CACHE_HOME=$tmp/cache PATH=$tmp/bin:$PATH LIE=
	mkdir "$tmp/bin" && ln -s "$top/tests/tools/lying-qemu.sh" "$tmp/bin/qemu-system-x86_64"
	vm m x86_64
	printf '[plan]\nruns=4\niterations=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	mkdir -p "$tmp/r/boot" "$lib/kernel"
	bzimage 6.1.0 >"$tmp/r/boot/vmlinuz-6.1.0"
	echo 'CONFIG_X86_64=y' >"$tmp/r/boot/config-6.1.0"
	echo kernel/virtio_pci.ko >"$lib/modules.order"
	echo module >"$lib/kernel/virtio_pci.ko"
	bzimage 6.1.0-l >"$tmp/image"
	expect 0 "$fb" kernel fetch "$tmp/image" --label l
	changed 'four bytes of the image' image 'touch -r $kernels/k/image $tmp/then
		printf abcd | dd of=$kernels/k/image bs=1 seek=1500 conv=notrunc status=none; touch -r $tmp/then $kernels/k/image'
	changed 'another image' image 'cp $kernels/l/image $kernels/k/image'
	changed 'a module' modules/kernel/virtio_pci.ko 'echo more >>$kernels/k/modules/kernel/virtio_pci.ko'
	changed 'the list of modules' modules/modules.dep 'echo >>$kernels/k/modules/modules.dep'
	changed 'the config' config 'echo CONFIG_KASAN=y >>$kernels/k/config'
	changed 'no config' config 'rm $kernels/k/config'
	changed 'a file more' zz 'echo >$kernels/k/zz'
	(cd "$kernels/k" && sha256sum --quiet -c SHA256SUMS) || fail "the list"
	# Of before there were lists: what is there is kept to.
	changed 'no list' config 'rm $kernels/k/SHA256SUMS; "$fb" kernel list >/dev/null; echo >>$kernels/k/config'
	# Another kernel under the label, whole, while a campaign is under way.
	bzimage 6.1.0-m >"$tmp/image"
	expect 0 "$fb" kernel fetch "$tmp/image" --label m
	rm "$tmp/bin/qemu-system-x86_64"
	printf '#!/bin/sh\n[ ! -e "%s/m" ] || { rm -r "%s/l" && mv "%s/m" "%s/l"; }\nexec "%s" "$@"\n' "$kernels" "$kernels" \
		"$kernels" "$kernels" "$top/tests/tools/lying-qemu.sh" >"$tmp/bin/qemu-system-x86_64"
	chmod +x "$tmp/bin/qemu-system-x86_64"
	expect 1 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=k --kernel l=l --out "$tmp/other.jsonl"
	has "$errs" 'boot 0 of l: in .*/l image is not what was put there'
}

# Journals of which no run is ok, or hardly any, or none is of a point that was planned: there is nothing to
# compare, in every way of asking.
test_nothing_ok() {
	local journal status command
	for journal in contend exact fork one series series-times storms; do
		for status in 's/"status":"ok"/"status":"void"/' '/"type":"run"/{n;d}' '/"type":"run"/s/"variant":"/&x/' \
			'/"boot":0,"run":0/!s/"status":"ok"/"status":"failed"/'; do
			sed "$status" tests/golden/$journal.jsonl >"$tmp/j.jsonl"
			for command in compare 'compare --functions' 'compare --metric time' check 'check --format kcidb' power \
				'plot --kind runs --out -' 'export --format csv' 'export --format go' show; do
				timeout 60 "$fb" $command "$tmp/j.jsonl" >"$tmp/out" 2>&1
				[ $? -lt 124 ] || fail "$journal, $status: $command"
			done
		done
	done
}
