# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Kernels from source; sourced by tests/run-tests.sh.

# tiny_tree: a "kernel" in $tmp/tree, with its compiler and tools in $tmp/bin. Its image is an arm64 header,
# a release, mm/*.o and lib/*.o, which are copies of the sources; a file slow makes it take a minute, and
# symbols named in the file lost get lost.
tiny_tree() {
	local tool
	for tool in git make ar; do
		command -v $tool >/dev/null || exit 77
	done
	mkdir -p "$tmp/bin" "$tmp/tree/mm" "$tmp/tree/lib"
	for tool in flex bison bc gcc aarch64-linux-gnu-gcc; do
		printf '#!/bin/sh\n[ $# = 3 ] && exec cp "$2" "$3"\necho tiny %s 1.0\n' $tool >"$tmp/bin/$tool"
	done
	chmod +x "$tmp"/bin/*
	printf 'int copy_present_ptes(void)\n{\n\tif (unlikely(!*prealloc && folio_test_large(folio) && max_nr != 1)) {\n\t}\n}\n' \
		>"$tmp/tree/mm/memory.c"
	echo mlock >"$tmp/tree/mm/mlock.c"
	echo string >"$tmp/tree/lib/string.c"
	: >"$tmp/tree/Kconfig"
	cat >"$tmp/tree/Makefile" <<-'EOF'
	.RECIPEPREFIX = >
	CC = $(CROSS_COMPILE)gcc
	MM = $(patsubst %.c,%.o,$(wildcard mm/*.c))
	LIB = $(patsubst lib/%.c,%.o,$(wildcard lib/*.c))
	allnoconfig:
	>cp $(KCONFIG_ALLCONFIG) $(O)/.config
	>@$(MAKE) olddefconfig
	olddefconfig:
	>if [ -f lost ]; then grep -vFf lost $(O)/.config >$(O)/new; mv $(O)/new $(O)/.config; fi
	Image:
	>echo built >>$(COUNT)
	>echo "  CC      mm/memory.o"
	>if [ -f slow ]; then sleep 61; fi
	>@if grep -q SYNTAX mm/memory.c; then echo "mm/memory.c:1:1: error: SYNTAX" >&2; exit 1; fi
	>mkdir -p $(O)/arch/arm64/boot $(O)/mm $(O)/lib
	>@for o in $(MM) $(addprefix lib/,$(LIB)); do $(CC) -c $${o%.o}.c $(O)/$$o || exit 1; done
	>rm -f $(O)/vmlinux.a $(O)/lib/lib.a
	>cd $(O) && ar cDPrST vmlinux.a $(MM)
	>cd $(O)/lib && ar cDPrST lib.a $(LIB)
	>echo 'savedcmd_vmlinux.o := ld -o vmlinux.o vmlinux.a --start-group lib/lib.a --end-group' >$(O)/.vmlinux.o.cmd
	>(head -c 56 /dev/zero; printf 'ARM\144Linux version 6.99.0 (tiny)'; cd $(O); cat $(MM) $(addprefix lib/,$(LIB))) >$(O)/arch/arm64/boot/Image
	EOF
	export XDG_CACHE_HOME=$tmp/cache PATH=$tmp/bin:$PATH COUNT=$tmp/count CCACHE_DISABLE=1
	kernels=$tmp/cache/faultbench/kernels
}

tiny_git() {
	git -C "$tmp/tree" -c user.name=n -c user.email=e@example.org "$@" || fail "git $*"
}

# tiny STATUS LABEL WORDS...: kernel build
tiny() {
	local want=$1 label=$2
	shift 2
	expect $want "$fb" kernel build --tree "$tmp/tree" --arch arm64 --label $label "$@"
}

builds() { # builds N: so many were there
	[ "$(wc -l <"$COUNT")" = $1 ] || fail "$(wc -l <"$COUNT") builds, not $1: $errs"
}

# What is the same is built once, under whatever label; an edit is built, its undoing gives the same image.
test_build_cached() {
	local label
	tiny_tree
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	tiny 0 base
	has "$out" '^release  6.99.0$'
	tiny 0 base
	has "$errs" 'base: already built'
	tiny 0 again --rev HEAD
	has "$errs" "again: already built as 'base'"
	builds 1
	tiny 0 variant --variant no-fork-batch
	grep -q 'if (false) {' "$kernels/variant/image" || fail "no variant"
	[ -z "$(tiny_git status --porcelain)" ] && [ ! -d "$tmp/tree/.git/worktrees" ] || fail "the tree was written to"
	echo '/* more */' >>"$tmp/tree/mm/memory.c"
	tiny_git commit -qam two
	tiny 0 base
	builds 3
	cmp -s "$kernels/base/image" "$kernels/again/image" && fail "the edit is not in it"
	tiny_git revert --no-edit HEAD >/dev/null
	tiny 0 undone
	builds 3
	cmp "$kernels/undone/image" "$kernels/again/image" || fail "not what it was"
	# Built again, not copied.
	cp "$kernels/again/kernel.json" "$kernels/again/objects" "$tmp"
	for label in again undone; do
		expect 0 "$fb" kernel remove $label
	done
	tiny 0 undone
	builds 4
	[ "$(grep sha256 "$kernels/undone/kernel.json")" = "$(grep sha256 "$tmp/kernel.json")" ] || fail "another image"
	cmp "$kernels/undone/objects" "$tmp/objects" || fail "other objects"
	tiny 0 older --rev HEAD~1
	builds 4
	git clone -q --bare "$tmp/tree" "$tmp/tree.git" || fail "clone"
	expect 0 "$fb" kernel build --tree "$tmp/tree.git" --arch arm64 --label bare
	has "$errs" 'bare: already built as'
	expect 0 "$fb" kernel list --json
	has "$out" '"source": "build:.*/tree@HEAD\+no-fork-batch"'
	[ "$(printf '%s' "$out" | grep -c '"fork_batching": "no"')" = 1 ] || fail "features: $out"
	tiny 2 undone --variant no-fork-batch
	has "$errs" "there is another kernel 'undone'"
}

# A pair is proved: builds say in which objects they differ, copies have the list, fetched kernels have none.
test_build_objects() {
	tiny_tree
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	tiny 0 base
	[[ $errs != *differs* ]] || fail "from nothing: $errs"
	[ "$(sed 's/.* //' "$kernels/base/objects" | tr '\n' ' ')" = 'lib/string.o mm/memory.o mm/mlock.o ' ] ||
		fail "objects: $(cat "$kernels/base/objects")"
	(cd "$tmp"/cache/faultbench/build/*/arm64-*[0-9a-f]/ && sha256sum --quiet -c "$kernels/base/objects") ||
		fail "not the checksums"
	tiny 0 variant --variant no-fork-batch
	has "$errs" 'note: variant differs from base in 1 of 3 objects: mm/memory.o$'
	expect 0 "$fb" kernel diff base variant
	[ "$out" = "$(printf '%s\n' 'base and variant: the images differ' '1 of 3 objects differs: mm/memory.o')" ] ||
		fail "$out"
	# What is no longer in the tree is still in the build folder, and counts no more.
	tiny_git mv mm/mlock.c lib/mlock.c
	echo more >>"$tmp/tree/lib/string.c"
	tiny_git commit -qam two
	tiny 0 two
	has "$errs" 'note: two differs from variant in 2 of 2 objects: lib/string.o, mm/memory.o; only in two: lib/mlock.o; only in variant: mm/mlock.o$'
	expect 0 "$fb" kernel diff base two
	[ "$out" = "$(printf '%s\n' 'base and two: the images differ' '1 of 2 objects differs: lib/string.o' \
		'only in base: mm/mlock.o' 'only in two: lib/mlock.o')" ] || fail "$out"
	# The same label again, after an edit; the same source is nearer than what was built last, also with
	# another config.
	echo '/* more */' >>"$tmp/tree/mm/memory.c"
	tiny_git commit -qam three
	tiny 0 two
	has "$errs" 'note: two differs from its last build in 1 of 3 objects: mm/memory.o$'
	expect 0 "$fb" kernel remove variant
	tiny 0 variant --rev HEAD~2 --variant no-fork-batch
	has "$errs" 'note: variant differs from base in 1 of 3 objects: mm/memory.o$'
	tiny 0 config --config "$tmp/tree/Kconfig" --variant no-fork-batch
	has "$errs" 'note: config differs from two in 1 of 3 objects: mm/memory.o$'
	tiny 0 again --rev HEAD~2
	has "$errs" "again: already built as 'base'"
	cmp "$kernels/base/objects" "$kernels/again/objects" || fail "the copy's list"
	expect 0 "$fb" kernel diff base again
	[ "$out" = "$(printf '%s\n' 'base and again: the same image, to the byte' 'none of 3 objects differs')" ] ||
		fail "$out"
	expect 0 "$fb" kernel diff base variant --json
	printf '%s' "$out" | tr -d ' \n' >"$tmp/json"
	[ "$(cat "$tmp/json")" = '{"a":"base","b":"variant","same_image":false,"objects":3,"differ":["mm/memory.o"],"only_a":[],"only_b":[]}' ] ||
		fail "$out"
	expect 0 "$fb" kernel fetch "$kernels/base/image" --label fetched
	expect 0 "$fb" kernel diff base fetched
	[ "$out" = 'base and fetched: the same image, to the byte' ] || fail "$out"
	refused() { # refused PATTERN WORDS...
		local pattern=$1
		shift
		expect 2 "$fb" kernel diff "$@"
		one_line "$(printf '%s\n' "$errs" | head -1)"
		has "$errs" "$pattern"
	}
	refused 'fetched: has no list of its objects: it was fetched, not built' fetched variant
	refused 'fetched: has no list of its objects: it was fetched, not built' variant fetched
	refused "there is no kernel 'nobody'" base nobody
	refused "'../base' is no label" ../base base
	refused 'takes two labels, not 1' base
	refused 'takes two labels, not 3' base two again
	rm "$kernels/two/objects"
	refused 'two: has no list of its objects: .* built before there were lists' base two
}

# ccache is used where it is installed, said once, and makes no other build of it.
test_build_ccache() {
	local tool
	tiny_tree
	export CCACHED=$tmp/ccached
	printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/ccache"
	chmod +x "$tmp/bin/ccache"
	tiny 0 a
	has "$errs" 'a: building; log'
	printf '#!/bin/sh\n[ "$1" = --version ] && exit\necho "$@" >>"$CCACHED"\nexec "$@"\n' >"$tmp/bin/ccache"
	tiny 0 b
	has "$errs" "already built as 'a'"
	builds 1
	echo more >>"$tmp/tree/mm/mlock.c"
	tiny 0 b
	[ "$(printf '%s' "$errs" | grep -c ccache)" = 1 ] && has "$errs" 'note: b: building with ccache; log' || fail "$errs"
	has "$(cat "$CCACHED")" '^(aarch64-linux-gnu-)?gcc -c mm/mlock.c '
	has "$errs" 'note: b differs from its last build in 1 of 3 objects: mm/mlock.o$'
	for tool in clang ld.lld llvm-ar; do
		sed "s/gcc/$tool/" "$tmp/bin/gcc" >"$tmp/bin/$tool" && chmod +x "$tmp/bin/$tool"
	done
	tiny 0 c --clang
	has "$(cat "$CCACHED")" '^clang -c mm/mlock.c '
}

# A plain folder: copied, followed when it changes, and refused where it was built in.
test_build_folder() {
	tiny_tree
	tiny 0 a
	tiny 0 a
	builds 1
	touch -d '2001-01-01' "$tmp/tree/mm/memory.c"
	tiny 0 a
	builds 2
	sed -i 's/max_nr != 1/max_nr > 1/' "$tmp/tree/mm/memory.c"
	touch -d '2001-01-02' "$tmp/tree/mm/memory.c"
	tiny 0 a
	grep -q 'max_nr > 1' "$kernels/a/image" || fail "an old file was built"
	tiny 2 b --variant no-fork-batch
	one_line "$(printf '%s' "$errs" | grep -v note:)"
	has "$errs" 'variant no-fork-batch does not fit this tree: 0 times, not once, in copy_present_ptes\(\) of mm/memory.c'
	tiny 2 b --rev HEAD
	has "$errs" 'is no git tree'
	# A complete config, and over it what a guest needs.
	printf 'CONFIG_OWN=y\n# CONFIG_VIRTIO_PCI is not set\n' >"$tmp/own"
	tiny 0 own --config "$tmp/own"
	grep -qx CONFIG_OWN=y "$kernels/own/config" && [ "$(grep VIRTIO_PCI "$kernels/own/config" | tail -1)" = CONFIG_VIRTIO_PCI=y ] ||
		fail "not the config"
	grep -q CONFIG_EXPERT "$kernels/own/config" && fail "base.config is in it"
	: >"$tmp/tree/.config"
	tiny 2 a
	has "$errs" 'has been built in'
}

# What is wrong with the tree, the words or the machine: one line that names it, and nothing is built.
test_build_refused() {
	local tool
	tiny_tree
	bad() { # bad STATUS PATTERN WORDS...
		local want=$1 pattern=$2
		shift 2
		tiny $want x "$@"
		one_line "$errs"
		has "$errs" "$pattern"
	}
	tiny_git init -q
	bad 2 "has no commit 'HEAD'"
	tiny_git add .
	tiny_git commit -qm one
	tiny_git commit -qm two --allow-empty
	bad 2 "has no commit 'v9'" --rev v9
	bad 2 "has no commit '--help'" --rev=--help
	echo >>"$tmp/tree/mm/memory.c"
	bad 2 'changes that are not committed \(mm/memory.c ...\)'
	tiny_git checkout -q mm/memory.c
	echo >"$tmp/tree/mm/new.c"
	bad 2 'changes that are not committed \(mm/new.c ...\)'
	mv "$tmp/tree/mm/new.c" "$tmp/tree/mm/notes"
	bad 2 "there is no variant 'no-such'" --variant no-such
	bad 2 'nowhere: cannot be read' --config nowhere
	echo CONFIG_X86_64=y >"$tmp/x86.config"
	bad 2 'x86.config: is a config of x86_64, and the kernel is to be one of arm64$' --config "$tmp/x86.config"
	expect 2 "$fb" kernel build --tree "$tmp/bin" --arch arm64 --label x
	has "$errs" 'no kernel source: there is no Makefile'
	expect 2 "$fb" kernel build --tree "$tmp/tree" --arch x86_64 --label x --variant no-contpte
	has "$errs" 'no-contpte is for arm64 only'
	expect 2 "$fb" kernel build --tree "$tmp/tree" --label x
	has "$errs" 'kernel build needs --arch$'
	tiny 2 x --variant no-contpte --variant no-contpte
	has "$errs" '--variant no-contpte: is named twice'
	expect 2 "$fb" kernel build
	has "$errs" 'kernel build needs --tree, --arch and --label$'
	git clone -q --depth 1 "file://$tmp/tree" "$tmp/shallow" || fail "clone"
	expect 2 "$fb" kernel build --tree "$tmp/shallow" --arch arm64 --label x --rev HEAD~1
	has "$errs" 'shallow clone'
	mkdir "$tmp/few"
	for tool in git env make sha256sum sh; do
		ln -s "$(command -v $tool)" "$tmp/few/"
	done
	expect 77 env PATH="$tmp/few" "$fb" kernel build --tree "$tmp/tree" --rev HEAD --arch arm64 --label x
	one_line "$errs"
	has "$errs" 'gcc is not installed, which building a kernel needs: apt-get install gcc'
	[ ! -e "$COUNT" ] || fail "something was built"
	expect 0 "$fb" kernel build --tree "$tmp/shallow" --arch arm64 --label x
	builds 1
	tiny 0 y --rev HEAD
	has "$errs" "y: already built as 'x'"
}

# A build that fails names the first error, one that loses a symbol the symbol; both keep their log.
test_build_fails() {
	tiny_tree
	echo PROC_PAGE_MONITOR >"$tmp/tree/lost"
	tiny 1 x
	has "$errs" 'x: .* does not keep 1 of the symbols that are wanted: PROC_PAGE_MONITOR=y \(is n\)$'
	[ ! -e "$COUNT" ] || fail "it was built"
	# What is optional may get lost.
	echo ARM64_CONTPTE >"$tmp/tree/lost"
	tiny 0 x
	echo SYNTAX >>"$tmp/tree/mm/memory.c"
	tiny 1 x
	one_line "$(printf '%s' "$errs" | grep -v note:)"
	has "$errs" 'x: the build failed: mm/memory.c:1:1: error: SYNTAX; log: /.*/x.log$'
	[ -f "$(printf '%s' "$errs" | sed -n 's/.*log: //p' | tail -1)" ] || fail "no log"
}

# Two at a time would spoil each other's numbers and switches: the second one says so, and can run as soon
# as the first has ended, however that ends.
test_one_at_a_time() {
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=contend\nfaulters=1\nwriters=0\ntime=60000\n' >"$tmp/p.ini"
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=1M\n' >"$tmp/q.ini"
	env --default-signal "$fb" run "$tmp/p.ini" --out "$tmp/a.jsonl" >/dev/null 2>"$tmp/log" &
	for i in $(seq 100); do
		grep -q '"type":"machine"' "$tmp/a.jsonl" 2>/dev/null && break
		sleep 0.1
	done
	expect 77 "$fb" run "$tmp/q.ini" --out "$tmp/b.jsonl"
	has "$errs" 'another faultbench measures on this machine'
	one_line "$errs"
	kill -KILL $!
	wait $! 2>/dev/null
	expect 0 "$fb" run "$tmp/q.ini" --out "$tmp/b.jsonl"
	no_processes
}

# ^C and SIGTERM end all that was started, leave nothing half, and the next time it is built.
test_build_interrupted() {
	local sig i
	tiny_tree
	: >"$tmp/tree/slow"
	for sig in INT TERM; do
		rm -f "$COUNT"
		env --default-signal "$fb" kernel build --tree "$tmp/tree" --arch arm64 --label x 2>"$tmp/log" &
		for i in $(seq 100); do
			[ -e "$COUNT" ] && break
			sleep 0.1
		done
		sleep 0.2
		kill -$sig $!
		wait $!
		i=$?
		[ $i = $((128 + $(kill -l $sig))) ] || fail "status $i after $sig: $(cat "$tmp/log")"
		pgrep -u "$(id -u)" -fx 'sleep 61' >/dev/null && fail "make's children go on"
		[ -z "$(ls -A "$kernels" 2>/dev/null)" ] || fail "left: $(ls -A "$kernels")"
	done
	rm "$tmp/tree/slow"
	tiny 0 x
}

# full_build: builds with more and more room. Each time it fails the reason is said, and there is nothing
# half; the last one, in what all others have left, gives what is built where there was room from the start.
full_build() {
	local room got failed=0
	for room in $(seq 0 20 1000); do
		rm -f "$tmp/full/filler"
		head -c $((room_there - room * 1024 - $(du -sB1 "$tmp/full" | cut -f1))) /dev/zero >"$tmp/full/filler"
		"$fb" kernel build --tree "$tmp/tree" --arch arm64 --label x >/dev/null 2>"$tmp/log" && got=0 || got=$?
		[ $got = 0 ] && break
		failed=$((failed + 1))
		[ $got = 1 ] || fail "status $got with $room KiB left: $(cat "$tmp/log")"
		grep -qE 'No space left on device|is left on the disk of' "$tmp/log" ||
			fail "with $room KiB left it says: $(cat "$tmp/log")"
		one_line "$(grep -v note: "$tmp/log")"
		[ -z "$(ls -A "$kernels" 2>/dev/null)" ] || fail "left: $(ls -AR "$kernels")"
	done
	[ $got = 0 ] && [ $failed -gt 5 ] || fail "status $got after $failed failures: $(cat "$tmp/log")"
	cmp "$kernels/x/image" "$tmp/image" || fail "not what is built elsewhere"
	rm -rf "$tmp"/full/*
}

test_build_full_disk() {
	local room_there=$((2 << 20))
	tiny_tree
	is_root && mkdir "$tmp/full" && mount -t tmpfs -o size=$room_there none "$tmp/full" 2>/dev/null || exit 77
	trap 'umount "$tmp/full"' EXIT
	head -c 60000 /dev/urandom | base64 >>"$tmp/tree/mm/mlock.c"
	tiny 0 x
	mv "$kernels/x/image" "$tmp/image"
	export XDG_CACHE_HOME=$tmp/full
	kernels=$tmp/full/faultbench/kernels
	full_build
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	full_build
}

# Two builds of one tree at a time: the second waits for the first, and says so; both are whole.
test_build_two() {
	local i
	tiny_tree
	: >"$tmp/tree/slow"
	: >"$tmp/wait"
	sed -i "s#sleep 61#while [ -e $tmp/wait ]; do sleep 0.1; done#" "$tmp/tree/Makefile"
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	"$fb" kernel build --tree "$tmp/tree" --arch arm64 --label first >/dev/null 2>"$tmp/first" &
	for i in $(seq 100); do
		[ -e "$COUNT" ] && break
		sleep 0.1
	done
	"$fb" kernel build --tree "$tmp/tree" --arch arm64 --label second --variant no-fork-batch \
		>/dev/null 2>"$tmp/second" &
	for i in $(seq 100); do
		grep -q waiting "$tmp/second" && break
		sleep 0.1
	done
	has "$(cat "$tmp/second")" 'note: /.*/tree: waiting for another build of this tree$'
	builds 1
	rm "$tmp/wait"
	wait -n && wait -n || fail "$(cat "$tmp/first" "$tmp/second")"
	builds 2
	has "$(cat "$tmp/second")" 'second differs from first in 1 of 3 objects: mm/memory.o'
	for i in first second; do
		[ "$(ls "$kernels/$i" | tr '\n' ' ')" = 'config image kernel.json objects ' ] || fail "$i: $(ls "$kernels/$i")"
		grep -q "\"sha256\": \"$(sha256sum "$kernels/$i/image" | cut -d' ' -f1)\"" "$kernels/$i/kernel.json" ||
			fail "$i: not its image"
	done
	tiny 0 alone --rev HEAD
	has "$errs" "already built as 'first'"
}

# A base and three patches in the tiny tree, of which the second does not build; a QEMU that starts none.
series_tree() {
	local i
	tiny_tree
	printf '#!/bin/sh\n[ $1 = -help ] && { printf "QEMU emulator version 10.0\\n-plugin x\\n"; exit; }\necho no guest today >&2\nexit 1\n' \
		>"$tmp/bin/qemu-system-aarch64"
	chmod +x "$tmp/bin/qemu-system-aarch64"
	tiny_git init -q
	tiny_git add -A
	tiny_git commit -qm base
	tiny_git tag v1
	for i in 1 2 3; do
		echo "line $i" >>"$tmp/tree/mm/memory.c"
		[ $i != 2 ] || echo SYNTAX >>"$tmp/tree/mm/memory.c"
		[ $i != 3 ] || sed -i /SYNTAX/d "$tmp/tree/mm/memory.c"
		tiny_git commit -qam "mm: patch $i"
	done
}

series() { # series STATUS WORDS...
	local want=$1
	shift
	expect $want "$fb" series --tree "$tmp/tree" --machine configs/machines/arm64-exact.ini --boots 1 \
		--out "$tmp/j.jsonl" "$@"
}

# A range and an mbox of the same patches: the same kernels, built once; what does not build is in the
# journal as such; the base has to.
test_series() {
	series_tree
	series 0 --range v1..HEAD --dry-run
	[ "$(printf '%s\n' "$out" | cut -d' ' -f1,3-)" = "baseline base
1/3 mm: patch 1
2/3 mm: patch 2
3/3 mm: patch 3" ] || fail "not the patches: $out"
	series 1 --range v1..HEAD # no guest, no run
	has "$errs" '2/3, arm64: .* mm: patch 2'
	has "$errs" 'the build failed: mm/memory.c:1:1: error: SYNTAX'
	has "$errs" 'boot 0 of 3/3: QEMU ended with status 1'
	has "$(printf '%s\n' "$errs" | tail -1)" 'no guest today|QEMU ended with status 1'
	[ "$(grep -c '"type":"kernel"' "$tmp/j.jsonl")" = 4 ] || fail "not 4 kernels in the journal"
	has "$(grep '"label":"2/3"' "$tmp/j.jsonl")" '"skip":"mm/memory.c:1:1: error: SYNTAX","patch":2'
	has "$(sed -n 2p "$tmp/j.jsonl")" '^{"type":"command","words":\["series",.*"--tree",".../tree"'
	grep -q "$tmp" "$tmp/j.jsonl" && fail "a folder's name"
	builds 4
	# Once more: only what failed is tried.
	series 1 --range v1..HEAD
	builds 5
	[ "$(grep -c '"type":"kernel"' "$tmp/j.jsonl")" = 4 ] || fail "a kernel is in the journal twice"
	tiny_git format-patch -q -o "$tmp/patches" --cover-letter v1..HEAD
	cat "$tmp"/patches/000[123]*.patch >"$tmp/series.mbox"
	tiny_git checkout -q v1
	series 0 --base v1 --series "$tmp/series.mbox" --dry-run
	has "$out" '^3/3 [0-9a-f]{12} mm: patch 3$'
	local first=$out
	series 0 --base v1 --series "$tmp/patches" --dry-run
	[ "$out" = "$first" ] || fail "a folder gives other commits: $out, not $first"
	rm "$tmp/j.jsonl"
	series 1 --base v1 --series "$tmp/patches"
	builds 6
	has "$errs" "3/3, arm64:|already built as"
	# The tree was only read.
	[ -z "$(tiny_git status --porcelain)" ] || fail "the tree was written to"
	[ "$(tiny_git rev-parse HEAD)" = "$(tiny_git rev-parse v1)" ] || fail "HEAD moved"
	# Another image under a label of the journal.
	sed -i 's/"sha256":"[0-9a-f]*"/"sha256":"00"/' "$tmp/j.jsonl"
	series 2 --base v1 --series "$tmp/patches"
	has "$errs" "j.jsonl: holds another kernel 'baseline' .image 00, this one is [0-9a-f]{12}.; give another --out"
}

test_series_bad_input() {
	series_tree
	printf 'CONFIG_ARM64=y\n' | tee "$tmp/a.config" >"$tmp/b.config"
	bad() { # bad PATTERN WORDS...
		local pattern=$1
		shift
		series 2 "$@"
		has "$errs" "$pattern"
	}
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD --machine arm64-vm --functions=3
	one_line "$errs"
	has "$errs" '--functions: the machine arm64-vm counts no instructions'
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD
	has "$errs" 'series needs --machine$'
	bad 'either --range' --range v1..HEAD --series x --base v1
	bad 'either --range'
	bad 'they go together' --series x
	bad '--range v1: must be BASE..TOP' --range v1
	bad "tree: has no commit 'v9'" --range v9..HEAD
	bad 'no commit between v1 and' --range v1..v1
	bad '^faultbench: --range HEAD..v1: the wrong way round, .*: --range v1..HEAD$' --range HEAD..v1
	one_line "$errs"
	bad 'layouts 9: must be a whole number from 0 to 6' --range v1.. --layouts 9
	echo CONFIG_X86_64=y >"$tmp/x86.config"
	bad '--config: none of them is for arm64, which configs/machines/arm64-exact.ini is$' --range v1.. \
		--config "$tmp/x86.config"
	bad '--config: .*/a.config and .*/b.config are both for arm64$' --range v1.. --config "$tmp/a.config" \
		--config "$tmp/b.config" --config "$tmp/x86.config"
	bad '--config nowhere: cannot be read: No such file' --range v1.. --config nowhere
	bad 'nowhere: No such file' --base v1 --series "$tmp/nowhere"
	bad 'bin: 0 patches in it' --base v1 --series "$tmp/bin"
	local m=configs/machines/arm64-exact.ini
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD --machine $m --out "$tmp/nowhere/j.jsonl"
	one_line "$errs"
	has "$errs" 'nowhere/j.jsonl: cannot be opened for writing: No such file'
	printf '{"type":"plan","schema":1,"name":"other"}\n' >"$tmp/j.jsonl"
	bad 'j.jsonl: holds another plan' --range v1..HEAD
	rm "$tmp/j.jsonl"
	tiny_git format-patch -q -o "$tmp/patches" v1..HEAD
	rm "$tmp"/patches/0001*
	bad 'patches: patch 1 .*mm: patch 2.* does not apply on v1: .*mm/memory.c' --base v1 --series "$tmp/patches"
	tiny_git checkout -q -b side v1
	tiny_git commit -q --allow-empty -m side
	tiny_git merge -q -m merge --no-ff master
	bad 'has a merge in it' --range v1..side
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD --machine configs/machines/local.ini
	has "$errs" 'does not start kernels'
	rm -rf "$tmp/tree/.git"
	bad 'is no git tree' --range v1..HEAD
	bad 'is no git tree' --base v1 --series "$tmp/patches"
	[ ! -e "$COUNT" ] || fail "something was built"
	[ ! -e "$tmp/j.jsonl" ] || fail "a journal was left"
}

# Of configs for two architectures each machine takes its own.
test_series_configs() {
	series_tree
	printf 'CONFIG_ARM64=y\nCONFIG_OWN=y\n' >"$tmp/a.config"
	printf 'CONFIG_X86_64=y\n' >"$tmp/x86.config"
	series 1 --range v1..HEAD~2 --config "$tmp/x86.config" --config "$tmp/a.config" # no guest, no run
	grep -qx CONFIG_OWN=y "$kernels/$(tiny_git rev-parse --short=12 v1)-arm64/config" || fail "another config: $errs"
}

# The statuses that git bisect run knows: what cannot be built is skipped, wrong words stop it.
test_bisect_step() {
	local m=configs/machines/arm64-exact.ini
	series_tree
	step() { # step STATUS WORDS...
		local want=$1
		shift
		expect $want "$fb" bisect-step --tree "$tmp/tree" --boots 1 --out "$tmp/steps" "$@"
	}
	step 255 --machine $m
	has "$errs" 'bisect-step needs --base$'
	step 255
	has "$errs" 'bisect-step needs --base and --machine$'
	step 255 --machine $m --base v9
	has "$errs" "has a commit 'v9'|with a commit 'v9'"
	step 255 --machine configs/machines/arm64-vm.ini --base v1
	has "$errs" 'decided by counts'
	step 255 --machine $m --base v1 --threshold 1
	has "$errs" 'must be a percentage'
	: >"$tmp/steps"
	step 255 --machine $m --base v1
	rm "$tmp/steps"
	[ ! -e "$COUNT" ] || fail "something was built"
	# The base must be measured, and no guest starts here.
	step 255 --machine $m --base v1
	has "$errs" 'the base, v1, must be built and counted'
}

# A base with exact runs of its own, and commits that were counted before: only judged.
test_bisect_judges() {
	local m=configs/machines/arm64-exact.ini base head k
	series_tree
	expect 0 "$fb" kernel build --tree "$tmp/tree" --rev v1 --arch arm64 --label b
	base=$(tiny_git rev-parse v1) head=$(tiny_git rev-parse HEAD)
	judge() { # judge STATUS PATTERN INSNS
		rm -rf "$tmp/steps"
		expect 255 "$fb" bisect-step --tree "$tmp/tree" --boots 2 --base v1 --machine $m --out "$tmp/steps" \
			--set size=64M
		counted $base 1000000
		# The base is there; this commit's boots fail, but for what is put there.
		expect 125 "$fb" bisect-step --tree "$tmp/tree" --boots 2 --base v1 --machine $m \
			--out "$tmp/steps" --set size=64M
		counted $head $3
		expect $1 "$fb" bisect-step --tree "$tmp/tree" --boots 2 --base v1 --machine $m \
			--out "$tmp/steps" --set size=64M
		has "$out" "$2"
	}
	judge 1 "^${head:0:12} is bad: fork order-0 .pte-map. takes 1.00% more kernel instructions than" 1010000
	judge 0 "^${head:0:12} is good: nothing takes 0.50% more" 1004000
	judge 0 "^${head:0:12} is good" 900000
}

# counted COMMIT INSNS: gives its journal the runs of all its points, 2 boots
counted() {
	local label=${1:0:12} file boot
	file=$tmp/steps/$label.jsonl
	for boot in 0 1; do
		sed -n 1p "$file" | grep -o '"point":{[^}]*}' |
			sed "s/.*/{\"type\":\"run\",\"kernel\":\"$label\",\"boot\":$boot,\"run\":0,&,\"status\":\"ok\",\"unit\":\"insn\",\"samples\":[$2,$2,$2],\"source\":\"exact\",\"per\":\"fork\",\"per_count\":1,\"counts\":{\"user\":[1,1,1]}}/" >>"$file"
	done
}

# Debian's 6.12 from source, with and without what the series were about, and a made-up series.
test_long_kernels() {
	local got
	tests/tools/long-kernels.sh
	got=$?
	[ $got != 77 ] || exit 77
	[ $got = 0 ] || fail "status $got"
	no_processes
}
