# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Kernels from source; sourced by tests/run-tests.sh.

# tiny_tree: a "kernel" in $tmp/tree, with its compiler and tools in $tmp/bin. Its image is an arm64 header,
# a release, mm/*.o and lib/*.o, which are copies of the sources; a file slow makes it take a minute, and
# symbols named in the file lost get lost. Its vmlinux is what gcc makes of vmlinux.c, if there is one.
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
	vmlinux:
	>echo built >>$(COUNT)
	>/usr/bin/gcc $(KCFLAGS) -nostdlib -static -no-pie -Wl,-e,f -Wl,--build-id=sha1 -o $(O)/vmlinux vmlinux.c
	Image: $(if $(wildcard vmlinux.c),vmlinux)
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
	modules:
	>if ! grep -qx CONFIG_MODULES=y $(O)/.config; then echo "modules are disabled" >&2; exit 1; fi
	>mkdir -p $(O)/lib; echo test >$(O)/lib/test_vmalloc.ko; echo other >$(O)/lib/other.ko
	>printf 'lib/other.o\nlib/test_vmalloc.o\n' >$(O)/modules.order
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

# Modules are built where a fragment asks for that, and of those the kernel's entry has what guests get, under
# whatever label.
test_build_modules() {
	local label
	tiny_tree
	tiny 0 plain
	[ ! -e "$kernels/plain/modules" ] || fail "modules without CONFIG_MODULES"
	printf 'CONFIG_MODULES=y\nCONFIG_TEST_VMALLOC=m\n' >"$tmp/vm.config"
	tiny 0 vm --fragment "$tmp/vm.config"
	tiny 0 same --fragment "$tmp/vm.config"
	has "$errs" "same: already built as 'vm'"
	for label in vm same; do
		[ "$(cd "$kernels/$label/modules" && find . -type f | sort | xargs)" = "./kernel/lib/test_vmalloc.ko ./modules.dep" ] ||
			fail "$label: $(find "$kernels/$label")"
		grep -q '"kernel/lib/test_vmalloc.ko"' "$kernels/$label/kernel.json" || fail "$label does not name its module"
	done
	(cd "$kernels/same" && sha256sum -c --quiet SHA256SUMS) || fail "sums"
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

# A feature that the tree has and the kernel has not is said, with what keeps it off; a fragment more;
# variants of trees with speculative page faults, and one of one's own.
test_build_features() {
	local line='if (!(FLAGS & FAULT_FLAG_USER) || atomic_read(&mm->mm_users) == 1)' form
	tiny_tree
	tiny 2 x --variant no-spf
	has "$errs" 'variant no-spf does not fit this tree: no Kconfig file has SPECULATIVE_PAGE_FAULT$'
	tiny 2 x --variant no-spf-try
	has "$errs" "variant no-spf-try does not fit this tree: no edit of 'the test for threads' does; the last: arch/arm64/mm/fault.c: No such file"
	printf 'config SPECULATIVE_PAGE_FAULT\n\tbool "x"\n\tdefault y\n\tdepends on MMU && !NUMA\n' >"$tmp/tree/mm/Kconfig"
	echo SPECULATIVE_PAGE_FAULT= >"$tmp/tree/lost"
	tiny 0 x
	has "$errs" 'note: x: this tree has SPECULATIVE_PAGE_FAULT, and the config has not: depends on MMU && !NUMA \(MMU=y, NUMA=y\); --fragment'
	: >"$tmp/own"
	tiny 0 own --config "$tmp/own"
	has "$errs" 'own: this tree has SPECULATIVE_PAGE_FAULT, and the config has not: depends on MMU && !NUMA \(MMU=n, NUMA=n\)'
	rm "$tmp/tree/lost"
	printf '# CONFIG_NUMA is not set\nCONFIG_MINE=y\n' >"$tmp/more"
	tiny 0 more --fragment "$tmp/more"
	[[ $errs != *'this tree has'* ]] || fail "it is there: $errs"
	grep -qx CONFIG_MINE=y "$kernels/more/config" && grep -qx '# CONFIG_NUMA is not set' "$kernels/more/config" ||
		fail "not the fragment"
	tiny 0 both --fragment "$tmp/more" --config "$tmp/own"
	grep -qx CONFIG_MINE=y "$kernels/both/config" && ! grep -q CONFIG_EXPERT "$kernels/both/config" || fail "not both"
	tiny 0 off --variant no-spf
	[[ $errs != *'this tree has'* ]] && grep -qx '# CONFIG_SPECULATIVE_PAGE_FAULT is not set' "$kernels/off/config" ||
		fail "not off: $errs"
	echo MINE= >"$tmp/tree/lost"
	tiny 1 x --fragment "$tmp/more"
	has "$errs" 'does not keep 1 of the symbols that are wanted: MINE=y \(is n\)'
	tiny 2 x --fragment nowhere
	has "$errs" 'nowhere: cannot be read'
	rm "$tmp/tree/lost"
	# The test for threads where each of the series has it; another architecture's does not count.
	mkdir -p "$tmp/tree/include/linux" "$tmp/tree/arch/arm64/mm" "$tmp/tree/arch/x86/mm"
	printf 'void do_user_addr_fault(void)\n{\n\t%s\n}\n' "${line/FLAGS/flags}" >"$tmp/tree/arch/x86/mm/fault.c"
	tiny 2 x --variant no-spf-try
	printf 'static int do_page_fault(void)\n{\n\t%s\n}\n' "${line/FLAGS/mm_flags}" >"$tmp/tree/arch/arm64/mm/fault.c"
	tiny 0 try --variant no-spf-try
	form=$(ls -d "$tmp"/cache/faultbench/build/tree-*/src)
	grep -q 'if (true)' "$form/arch/arm64/mm/fault.c" && ! grep -q 'if (true)' "$form/arch/x86/mm/fault.c" || fail "not that edit"
	printf 'extern int __handle_speculative_fault(int a,\n\tint b);\nstatic inline int handle_speculative_fault(int a,\n\tint b)\n{\n\t%s\n}\n' \
		"${line/FLAGS/flags}" >"$tmp/tree/include/linux/mm.h"
	rm "$tmp/tree/arch/arm64/mm/fault.c"
	tiny 0 try --variant no-spf-try
	grep -q 'if (true)' "$form/include/linux/mm.h" || fail "not in mm.h"
	expect 0 "$fb" kernel list --json
	has "$(printf '%s' "$out" | sed -n '/"label": "try"/,/debug/p')" '"spf": "no"'
	# A file of one's own.
	printf '[variant]\nsummary = s\n[e]\nfile = mm/memory.c\nfunction = copy_present_ptes\nfind = }\nreplace = } // own\n' >"$tmp/mine.ini"
	tiny 0 mine --variant "$tmp/mine.ini"
	has "$(cat "$kernels/mine/kernel.json")" '"source": "build:.*/tree\+mine"'
	grep -q '// own' "$kernels/mine/image" || fail "not the edit"
	tiny 2 x --variant "$tmp/none.ini"
	has "$errs" 'none.ini: cannot be'
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
	bad 2 "there is no variant 'no-such'; .faultbench list --variants. shows them" --variant no-such
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
	for tool in git env make sh; do
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

# An architecture that has no row in common/arch.c is refused by its name, whoever names it.
test_foreign_arch() {
	export XDG_CACHE_HOME=$tmp/cache
	refused() { # refused PATTERN WORDS...
		local pattern=$1
		shift
		expect 2 "$@"
		one_line "$errs"
		has "$errs" "$pattern"
	}
	local none="is no architecture of [a-z]* here: arm64 or (x86_64|amd64)" name=riscv64 accel
	for accel in tcg exact; do
		printf '[machine]\nkind=qemu\naccel=%s\narch=%s\n' $accel $name >"$tmp/m.ini"
		refused "m.ini:4: arch = $name: must be arm64 or x86_64" "$fb" run --machine "$tmp/m.ini" --kernel a=b
		refused "m.ini:4: arch = $name: must be" "$fb" series --machine "$tmp/m.ini" --tree . --range A..B
	done
	expect 255 "$fb" bisect-step --machine "$tmp/m.ini" --base v1
	has "$errs" "m.ini:4: arch = $name: must be"
	refused "--arch: '$name' $none" "$fb" kernel fetch debian:linux-image-generic --arch $name
	refused "--arch: '$name' $none" "$fb" kernel build --tree . --arch $name --label x
	refused "debian:linux-image-$name: '$name' $none" "$fb" kernel fetch debian:linux-image-$name
	refused "debian:linux-image-6.1-686-pae: 'i386' $none" "$fb" kernel fetch debian:linux-image-6.1-686-pae
	# An ELF file of machine 243, and an Image.
	{ printf '\177ELF\2\1\1' && head -c 9 /dev/zero && printf '\2\0\363\0' && head -c 1004 /dev/zero; } \
		>"$tmp/vmlinux"
	refused "/vmlinux: '$name' $none" "$fb" kernel fetch "$tmp/vmlinux"
	{ head -c 48 /dev/zero && printf 'RISCV\0\0\0RSC\5' && head -c 1000 /dev/zero; } >"$tmp/Image"
	refused "/Image: '$name' $none" "$fb" kernel fetch "$tmp/Image"
	refused "/Image: '$name' $none" "$fb" kernel fetch "$tmp/Image" --arch arm64
	# One that a later faultbench has put into the cache.
	mkdir -p "$tmp/cache/faultbench/kernels/later"
	printf '{"label":"later","release":"6.1","arch":"%s","source":"x","sha256":"0"}' $name \
		>"$tmp/cache/faultbench/kernels/later/kernel.json"
	touch "$tmp/cache/faultbench/kernels/later/image"
	refused "kernel.json: '$name' $none" "$fb" run --machine x86-vm --kernel a=later --out "$tmp/j.jsonl"
	refused "sysroot: '$name' $none" runners/sysroot.sh $name "$tmp/sysroot"
	# What counts in QEMU knows two kinds of instructions; one of the plugins is for the QEMU that is here.
	command -v qemu-system-i386 >/dev/null || return 0
	local plugin
	for plugin in "$build"/faultbench-exact-*.so; do
		timeout 20 qemu-system-i386 -nodefaults -display none -accel tcg -d plugin \
			-plugin "$plugin,counts=1,entries=0" </dev/null
	done >"$tmp/plugins" 2>&1
	has "$(cat "$tmp/plugins")" 'faultbench-exact: does not know the instructions of i386'
}

# The fragments on Debian's sources, old and new, without compiling.
test_long_configs() {
	local got
	tests/tools/long-configs.sh
	got=$?
	[ $got != 77 ] || exit 77
	[ $got = 0 ] || fail "status $got"
}
