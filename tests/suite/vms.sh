# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Kernels in VMs; sourced by tests/run-tests.sh.

slow vm_x86 vm_arm64

# Debian's arm64 kernel packed in every way, by itself and as an EFI zboot image: unpacked it is that
# kernel, cut off or damaged it is refused.
test_kernel_images() {
	debian_new arm64
	local image=$XDG_CACHE_HOME/faultbench/kernels/arm64-new/image name type pack file
	export XDG_CACHE_HOME=$tmp/cache
	while read -r name type pack; do
		$pack <"$image" >"$tmp/Image.$name" || fail "$pack"
		zboot "$tmp/Image.$name" $type >"$tmp/vmlinuz.$name"
		for file in Image.$name vmlinuz.$name; do
			expect 0 "$fb" kernel fetch "$tmp/$file" --label "$file"
			cmp "$image" "$tmp/cache/faultbench/kernels/$file/image" || fail "$file"
			head -c 1M "$tmp/$file" >"$tmp/cut"
			expect 2 "$fb" kernel fetch "$tmp/cut" --label cut
			one_line "$errs"
			has "$errs" '/cut: .*cut off.*; copy or build it again'
		done
		[ $name = lzma ] && continue # has no checksum
		{ head -c 5M && head -c 99 >/dev/null && head -c 99 /dev/zero && cat; } \
			<"$tmp/Image.$name" >"$tmp/damaged"
		expect 2 "$fb" kernel fetch "$tmp/damaged" --label damaged
		one_line "$errs"
		has "$errs" '/damaged: the [a-z]* data in it is damaged; copy or build it again'
	done <<-EOF
	gz gzip gzip -1
	xz xzkern xz -0 --check=crc32
	lzma lzma xz -0 --format=lzma
	zst zstd22 zstd -1
	EOF
}

# Modules packed as in Debian 13 are the ones of Debian 12, where they are not.
test_kernel_modules() {
	debian_old arm64 || exit 77
	local old=$XDG_CACHE_HOME/faultbench/kernels/arm64-old to=$tmp/package/lib/modules/6.1
	mkdir -p "$tmp/package/boot" "$to"
	cp "$old/image" "$tmp/package/boot/vmlinuz-6.1"
	cp -r "$old/modules/kernel" "$to/"
	(cd "$to" && find kernel -name '*.ko' >modules.order && [ -s modules.order ] &&
		xz --check=crc32 --lzma2=dict=1MiB $(cat modules.order)) || fail "xz"
	export XDG_CACHE_HOME=$tmp/cache
	expect 0 "$fb" kernel fetch "$tmp/package" --label xz
	diff -r "$old/modules" "$tmp/cache/faultbench/kernels/xz/modules" || fail "other modules"
}

# two_kernels ARCH BOOTS: two Debian kernels of one architecture: every run verified in the guest, and what the older
# kernel has not is skipped with the reason.
two_kernels() {
	debian_pair $1
	vm_plan
	vm m $1
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel old=$1-old --kernel new=$1-new --boots $2 \
		--out "$tmp/j.jsonl"
	no_processes
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | grep -c '"status":"ok"')" = $((13 * $2)) ] || fail "not $((13 * $2)) ok: $errs"
	[ "$(grep -c '"status":"skipped","reason":"this kernel has no 64 KiB folios' "$tmp/j.jsonl")" = $2 ] ||
		fail "6.1 did not skip order 4"
	[ "$(grep -c '"seen":"4096 pages in order-4 PTE-mapped"' "$tmp/j.jsonl")" = $2 ] ||
		fail "order 4 was not seen in the guest's page flags"
	[ "$(grep -c '"source":"emulated"' "$tmp/j.jsonl")" = $((13 * $2)) ] || fail "not marked emulated"
	has "$out" 'emulated: no measure of hardware, no verdict'
	has "$out" '^\| old  '
	# What each boot consisted of.
	local n='"unpack_s":[^-]*"init_s":[^-]*"settled_s":[^-]*"vm_s":[^-]*"clock":"time",[^-]*"start_s":[^-]*}'
	[ "$(grep -c "\"startup\":{$n" "$tmp/j.jsonl")" = "$(grep -c '"type":"machine"' "$tmp/j.jsonl")" ] ||
		fail "a boot does not say what it consisted of"
	expect 0 "$fb" show "$tmp/j.jsonl"
	has "$out" '^  startup: [0-9.]+ s: QEMU [0-9.]+ s, kernel [0-9.]+ s, ours [0-9.]+ s'
}

test_vm_x86() { two_kernels x86_64 1; }

test_vm_arm64() { two_kernels arm64 1; }

# catalogue_in_vm ARCH KERNEL...: every variant in a guest, whose kernels have the labels.
catalogue_in_vm() {
	local arch=$1 kernel kernels=()
	shift
	for kernel; do
		kernels+=(--kernel $kernel=$kernel)
	done
	vm m $arch time-limit=900
	"$fb" run "$plans/catalogue.ini" --set iterations=1 --machine "$tmp/m.ini" "${kernels[@]}" \
		--out "$tmp/$arch.jsonl" >"$tmp/out" 2>&1
	no_processes
	catalogue_ok "$tmp/$arch.jsonl"
	expect_vm 0 run "$plans/catalogue.ini" --set iterations=1 --machine "$tmp/m.ini" "${kernels[@]}" \
		--out "$tmp/$arch.jsonl"
	[ "$(grep '"variant":"swapped"' "$tmp/$arch.jsonl" | grep -c '"status":"ok"')" -ge $# ] ||
		fail "no swap in a guest"
	# A need that is there is found: since 5.19.
	[ -n "$(grep '"variant":"unshare"' "$tmp/$arch.jsonl" | grep '"status":"ok"')" ] || [[ $* = *-5.10 ]] ||
		fail "nothing is unshared"
}

test_long_catalogue() {
	debian_pair arm64
	debian_pair x86_64
	catalogue_in_vm arm64 arm64-old arm64-new
	catalogue_in_vm x86_64 x86_64-old x86_64-new
}

# release RELEASE ARCH PACKAGE LABEL: a kernel of another release of Debian, from the archive that apt has.
release() {
	local archive
	archive=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' |
		awk '$2 == "Debian" { print $1; exit }')
	[ -n "$archive" ] || exit 77
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $1 main" >"$tmp/$1.list"
	printf 'Dir::Etc::%s "%s";\n' sourcelist "$tmp/$1.list" sourceparts /dev/null >"$tmp/$1.conf"
	APT_CONFIG=$tmp/$1.conf debian_kernel $2 $3 $4 || exit 77
}

# debian_sid ARCH: the newest that there is, ARCH-sid.
debian_sid() { release sid $1 linux-image-cloud-${1/x86_64/amd64} $1-sid; }

# Folios of an order that are swapped out come back whole where the kernel does that, and counts it (6.13); once
# zswap was on, it does not, and why is said beside the number.
test_long_swapin_order() {
	debian_sid x86_64
	vm m x86_64 time-limit=300
	printf '[plan]\nruns=1\niterations=1\n[a]\nbench=fault-page\nsize=8M\norder=4,9\n' >"$tmp/p.ini"
	printf '[z]\nbench=fault-page\nvariant=zswapped\nsize=4M\norder=4\n[b]\nbench=fault-page\nsize=4M\norder=4\n' >>"$tmp/p.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-sid --boots 1 --out "$tmp/j.jsonl"
	swapped() { grep '"type":"run".*"variant":"swapped","size":'"$1"',.*"order":'"$2"'[,}]' "$tmp/j.jsonl"; }
	has "$(swapped 8388608 4)" '"faults":\{"wanted":"128 to 2048","seen":"128"\}.*"thp:swpin":\{"wanted":"at least 128","seen":"128"\}'
	has "$(swapped 8388608 4)" '"given":\{"order-4 PTE":8192\}'
	has "$(swapped 8388608 9)" 'came back whole: 0 of 4 folios of 2048 KiB; only those of less than a PMD.s order do'
	has "$(swapped 4194304 4)" 'came back whole: 0 of 64 folios of 64 KiB; zswap has been on since the machine was started'
	has "$(cat "$tmp/j.jsonl")" '"zswap.since_start":"off"'
}

# Reclaim by workers that change CPUs leaves no page: none waits in another CPU's batch, none is locked by DAMON.
test_long_pageout_free() {
	debian_sid x86_64
	vm m x86_64 time-limit=600
	printf '[plan]\nruns=60\niterations=3\n[a]\nbench=zap\nvariant=pageout-free\nsize=8M\n' >"$tmp/p.ini"
	printf 'threads=2\nprocesses=2\nplace=none\n' >>"$tmp/p.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-sid --boots 1 --out "$tmp/j.jsonl"
	has "$(cat "$tmp/j.jsonl")" '"damon.threads":[1-9]'
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 60 ] || fail "not all ok: $(grep -oE '"reason":"[^"]*"' "$tmp/j.jsonl")"
}

# The same with the newest there is, of both architectures, that of real-time and that of 16K pages, and an old one; or
# those of $CATALOGUE_OF.
test_long_catalogue_releases() {
	local kernel arch
	debian_new arm64
	debian_sid arm64
	debian_sid x86_64
	release sid arm64 linux-image-rt-arm64 arm64-rt-sid
	release sid arm64 linux-image-arm64-16k arm64-16k-sid
	release bullseye arm64 linux-image-cloud-arm64 arm64-5.10
	for kernel in ${CATALOGUE_OF:-arm64-sid x86_64-sid arm64-rt-sid arm64-16k-sid arm64-5.10}; do
		arch=${kernel%%-*}
		catalogue_in_vm $arch $kernel
		case $kernel in arm64-sid | x86_64-sid | *16k-sid)
			# Smaller folios than a PMD's since 7.2, of base pages alone.
			has "$(grep '"bench":"khugepaged".*"order":4' "$tmp/$arch.jsonl")" '"status":"ok"' ;;
		esac
		mv "$tmp/$arch.jsonl" "$tmp/$kernel.jsonl"
	done
}

# A guest that panics, one that hangs, an image that is no kernel, no QEMU, and ^C in the middle of a
# boot: each is named, the others go on, nothing is left.
test_vm_trouble() {
	command -v qemu-system-x86_64 >/dev/null || exit 77
	debian_new x86_64
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=zap\nsize=4M\nvariant=munmap, dontneed\n' >"$tmp/p.ini"
	vm panics x86_64 'cmdline=rdinit=/nowhere root=/dev/nowhere'
	vm hangs x86_64 time-limit=1
	expect 1 "$fb" run "$tmp/p.ini" --machine "$tmp/panics.ini" --kernel k=x86_64-new --out "$tmp/a.jsonl"
	has "$errs" 'boot 0 of k: the guest failed: Kernel panic - not syncing: VFS: Unable to mount root'
	has "$(tail -1 "$tmp/a.jsonl")" '^\{"type":"boot","kernel":"k","boot":0,"status":"failed"'
	no_processes
	expect 1 "$fb" run "$tmp/p.ini" --machine "$tmp/hangs.ini" --kernel k=x86_64-new --out "$tmp/b.jsonl"
	has "$errs" 'boot 0 of k: the guest (said nothing|hung: no end) within its time limit'
	no_processes
	# One bad kernel beside a good one: real headers, and code that is none.
	cp "$XDG_CACHE_HOME/faultbench/kernels/x86_64-new/image" "$tmp/bad"
	yes "$(printf '\017\013\017\013\017\013\017')" | tr '\n' '\013' | head -c 8M |
		dd of="$tmp/bad" bs=1M seek=2 conv=notrunc status=none
	vm m x86_64 time-limit=60
	expect_vm 1 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel bad="$tmp/bad" --kernel good=x86_64-new \
		--out "$tmp/c.jsonl"
	has "$errs" 'boot 0 of bad: '
	[ "$(grep '"kernel":"good"' "$tmp/c.jsonl" | grep -c '"status":"ok"')" = 2 ] || fail "good suffered"
	no_processes
	expect 1 env PATH=/nonexistent "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new \
		--out "$tmp/d.jsonl"
	has "$errs" 'QEMU is not installed'
	env --default-signal "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new \
		--out "$tmp/e.jsonl" >/dev/null 2>"$tmp/log" &
	wait_for $! is_running '^qemu-system-'
	kill -INT $!
	wait $!
	[ $? = 130 ] || fail "status $? after ^C"
	no_processes
	[ -z "$(ls "$TMPDIR" /tmp | grep -E '^faultbench-(unsaved|initramfs)')" ] || fail "files are left"
}

# The arm64 worker with the benchmarks that lie, as the one that $liar_fb puts into guests.
arm64_liars() {
	liar_fb=$fb
	export FAULTBENCH_WORKER=$liars
	[ "$(uname -m)" = aarch64 ] && return
	[ -x "$build/aarch64/tests/faultbench-worker-liars" ] || exit 77
	mkdir -p "$tmp/build/aarch64"
	cp "$fb" "$tmp/build/"
	cp "$build/aarch64/tests/faultbench-worker-liars" "$tmp/build/aarch64/faultbench-worker"
	ln -s "$build/sysroot-arm64" "$tmp/build/"
	liar_fb=$tmp/build/faultbench
}

# A run that takes all of a guest's memory is ended by the kernel: that run has failed and says so, the
# others of its boot and the other boot are as ever. Where nobody is left to be ended, the boot has failed.
test_long_vm_oom() {
	command -v qemu-system-aarch64 >/dev/null || exit 77
	arm64_liars
	debian_new arm64
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=lie\nvariant=eat, honest\n' >"$tmp/p.ini"
	vm m arm64
	sed -i 's/^memory=.*/memory=224M/' "$tmp/m.ini"
	expect 1 "$liar_fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=arm64-new --boots 2 \
		--out "$tmp/j.jsonl"
	no_processes
	grep '"type":"run"' "$tmp/j.jsonl" >"$tmp/runs"
	local killed='"failed","reason":"killed by the kernel.s OOM killer; kernel log: .*oom-kill.*; killed by SIGKILL'
	[ "$(grep '"variant":"honest"' "$tmp/runs" | grep -c '"status":"ok"')" = 2 ] ||
		fail "the others suffered: $errs"
	[ "$(grep '"variant":"eat"' "$tmp/runs" | grep -cE "$killed")" = 2 ] ||
		fail "not recognised: $errs"
	[ "$(grep -c '"type":"end"' "$tmp/j.jsonl")" = 2 ] || fail "a boot suffered: $errs"
	sed -i 's/^cmdline=/&mem=51M /' "$tmp/m.ini"
	expect 1 "$liar_fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=arm64-new --out "$tmp/k.jsonl"
	has "$errs" 'boot 0 of k: the guest failed: Kernel panic - not syncing: System is deadlocked on memory'
	has "$errs" '^    \[ .*Memory Limit: 51 MB'
	no_processes
}

# What is let into a guest, by how much memory it needs, finds it there: copies, and files on a tmpfs.
# And emulated times, which differ by more, are no reason to say that memory went cold.
test_long_vm_memory() {
	command -v qemu-system-x86_64 >/dev/null || exit 77
	debian_new x86_64
	# The tmpfs holds more than half of the guest's memory, which is what it gets by default.
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 1
	[cow]
	bench = cow
	size = 104M
	[pinned]
	bench = fork
	variant = pinned
	size = 104M
	[tmpfs]
	bench = fault-vma
	variant = tmpfs-write
	size = 205M
	EOF
	vm m x86_64
	sed -i 's/^memory=.*/memory=416M/' "$tmp/m.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 3 ] || fail "not all ran: $out"
	grep -q 'went cold' "$tmp/j.jsonl" && fail "emulated times have a meaning: $out"
	no_processes
}

# Each vCPU has a CPU of its own, where there are enough.
test_vm_pinned() {
	command -v qemu-system-x86_64 >/dev/null || exit 77
	[ "$(nproc)" -ge 2 ] || exit 77
	debian_new x86_64
	printf '[plan]\nruns=30\niterations=20\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	vm m x86_64
	local task cpus= i
	# Such a guest can fail to boot: see expect_vm.
	for i in 1 2 3; do
		"$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new --out "$tmp/j.jsonl" \
			>"$tmp/log" 2>&1 &
		until grep -q '"type":"run"' "$tmp/j.jsonl" 2>/dev/null || ! kill -0 $! 2>/dev/null; do sleep 0.1; done
		kill -0 $! 2>/dev/null && break
		cat "$tmp/log"
	done
	for task in /proc/$(pgrep -P $! qemu)/task/*; do
		grep -q '^CPU [01]/' $task/comm && cpus="$cpus $(awk '/Cpus_allowed_list/ { print $2 }' $task/status)"
	done
	kill $!
	wait $!
	[ "$cpus" = " 0 1" ] || [ "$cpus" = " 1 0" ] || fail "vCPUs are on:$cpus"
	no_processes
}

# Memory bound to the node that is far from the CPU is there, page by page; no node 2 is named.
test_vm_numa() {
	command -v qemu-system-x86_64 >/dev/null || exit 77
	debian_new x86_64
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fork\nsize=4M\norder=0,9\nplace=list:0\nnode=0,1,2\n' \
		>"$tmp/p.ini"
	sed 's/^memory.*/memory = 1G\naccel = tcg\ntime-limit = 90/' configs/machines/x86-numa.ini >"$tmp/m.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new --out "$tmp/j.jsonl"
	[ "$(grep -c '"seen":"1024 of 1024 pages on node 1"' "$tmp/j.jsonl")" = 2 ] || fail "not on node 1: $errs"
	[ "$(grep -c '"seen":"1024 of 1024 pages on node 0"' "$tmp/j.jsonl")" = 2 ] || fail "not on node 0"
	[ "$(grep -c 'there is no NUMA node 2 with memory here' "$tmp/j.jsonl")" = 2 ] || fail "node 2?"
}

# Memory is moved between nodes, by several as well; where it was not, that is found. NUMA balancing would have workers
# fault in ops as long as these.
test_long_migrate() {
	command -v qemu-system-x86_64 >/dev/null || exit 77
	debian_new x86_64
	sed 's/^memory.*/memory = 1G\naccel = tcg\ntime-limit = 200\ncmdline = numa_balancing=disable/' configs/machines/x86-numa.ini >"$tmp/m.ini"
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=migrate\nvariant=move-pages,mbind\nsize=4M\norder=0,4,9,pmd\n[crew]\nbench=migrate\nvariant=move-pages,mbind\nsize=4M\nthreads=2\nprocesses=1,2\nplace=none\n' >"$tmp/p.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 12 ] || fail "not all ok: $errs"
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=idle-migrate\nvariant=move-pages,mbind\nsize=4M\n[y]\nbench=lazy-migrate\nsize=4M\nthreads=2\n' >"$tmp/p.ini"
	FAULTBENCH_WORKER=$liars expect_vm 1 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new --out "$tmp/i.jsonl"
	[ "$(grep -c '"reason":"0 of 1024 folios are on node 1' "$tmp/i.jsonl")" = 2 ] || fail "idle: $errs"
	has "$(cat "$tmp/i.jsonl")" '"reason":"0 of 512 folios are on node 1'
}

# Kernels that are booted to be timed: as often as a verdict takes, unless a number was given.
test_vm_boots() {
	printf '[machine]\nkind = qemu\narch = x86_64\nmemory = 1G\naccel = kvm\n' >"$tmp/kvm.ini"
	sed s/kvm/exact/ "$tmp/kvm.ini" >"$tmp/exact.ini"
	sed s/kvm/tcg/ "$tmp/kvm.ini" >"$tmp/tcg.ini"
	printf '[plan]\nruns = 1\n[x]\nbench = fork\nsize = 8M\n' >"$tmp/p.ini"
	sed '2i boots = 3' "$tmp/p.ini" >"$tmp/three.ini"
	boots() { # boots N WORDS...
		local n=$1
		shift
		expect 0 "$fb" run "$@" --kernel a=b --dry-run
		has "$out" "1 point x 1 run x $n boots?\$"
	}
	boots 4 "$tmp/p.ini" --machine "$tmp/kvm.ini"
	boots 3 "$tmp/three.ini" --machine "$tmp/kvm.ini"
	boots 2 "$tmp/p.ini" --machine "$tmp/kvm.ini" --boots 2
	boots 1 "$tmp/p.ini" --machine "$tmp/tcg.ini"
	boots 5 "$tmp/p.ini" --machine "$tmp/exact.ini"
}

# Machines and words that contradict each other are refused before anything is started.
test_vm_bad_input() {
	local m=configs/machines other=arm64
	[ "$(uname -m)" = aarch64 ] && other=x86_64
	bad() { # bad PATTERN ARGS...
		local pattern=$1
		shift
		expect 2 "$fb" run "$@" --out "$tmp/j.jsonl"
		one_line "$errs"
		has "$errs" "$pattern"
	}
	vm small x86_64 time-limit=9
	small() { # small NEED WORDS...: a point that the machine has not enough memory for
		local need=$1
		shift
		printf '[plan]\nruns = 1\n[x]\n' >"$tmp/large.ini"
		printf '%s\n' "$@" >>"$tmp/large.ini"
		bad "large.ini:4: \[x\]: [a-z/-]*: needs $need of memory, and 192M for the kernel: .*small.ini has 768M" \
			"$tmp/large.ini" --machine "$tmp/small.ini" --kernel a=b
	}
	small 1040M bench=fork size=1G
	small 609M bench=fork variant=pinned size=300M
	small 609M bench=cow size=300M
	small 609M bench=cow variant=moved-byte size=300M order=9
	small 609M bench=cow variant=unshare size=300M
	small 609M bench=fault-vma variant=private-file-write size=300M
	small 1190M bench=vma-touch maps=30000 pages=10
	small 849M bench=app-start libraries=10000
	printf '[machine]\nkind=qemu\narch=%s\naccel=kvm\n' $other >"$tmp/foreign.ini"
	bad "accel = kvm cannot run $other here" --machine "$tmp/foreign.ini" --kernel a=b
	printf '[machine]\nkind=qemu\ncolour=red\n' >"$tmp/key.ini"
	bad "key.ini:3: a machine has no key 'colour'" --machine "$tmp/key.ini" --kernel a=b
	printf '[machine]\nkind=qemu\nmemory=lots\n' >"$tmp/mem.ini"
	bad 'mem.ini:3: memory = lots: must be a size' --machine "$tmp/mem.ini" --kernel a=b
	printf '[machine]\nkind=qemu\nnodes=4\nvcpus=2\n' >"$tmp/nodes.ini"
	bad '4 NUMA nodes, but only 2 vCPUs' --machine "$tmp/nodes.ini" --kernel a=b
	bad 'starts kernels, and none is named' --machine $m/x86-vm.ini
	printf '[machine]\nkind=local\narch=arm64\n' >"$tmp/local.ini"
	bad 'local.ini:3: arch = arm64: kind = local is this machine; arch is for kind = qemu' \
		--machine "$tmp/local.ini"
	printf '[machine]\nmemory=1G\n' >"$tmp/local.ini"
	bad 'local.ini:2: memory = 1G: kind = local' --machine "$tmp/local.ini"
	bad '--kernel needs a machine' --kernel a=b
	bad '--kernel a: must be LABEL=KERNEL' --machine $m/x86-vm.ini --kernel a
	bad 'nowhere.ini: cannot be read' --machine nowhere.ini --kernel a=b
	export XDG_CACHE_HOME=$tmp/cache
	printf 'not a kernel' >"$tmp/junk"
	bad 'junk' --machine $m/x86-vm.ini --kernel a="$tmp/junk"
}

# A disk whose requests take their time is made in a guest, for each run anew, and taken away.
test_long_slow_disk() {
	debian_new x86_64
	vm m x86_64
	printf '[plan]\nruns=2\niterations=2\n[x]\nbench=fault-cold\nsize=1M\nlatency=0, 500\nplace=none\n' >"$tmp/p.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel new=x86_64-new --boots 1 --out "$tmp/j.jsonl"
	[ "$(grep -c '"latency":500.*"status":"ok".*"major-faults":{"wanted":"256","seen":"256"}' "$tmp/j.jsonl")" = 2 ] ||
		fail "not 256 major faults: $(grep '"latency":500' "$tmp/j.jsonl")"
	# Who waits is not running; of memory nobody waits.
	[ "$(grep -c '"latency":500.*"context-switches":{[^}]*"value":[1-9]' "$tmp/j.jsonl")" = 2 ] || fail "nobody waited"
	grep '"variant":"random","size":1048576,"latency":0,.*"status":"ok"' "$tmp/j.jsonl" | grep -q '"context-switches":{[^}]*"value":0}' || fail "waited for memory"
}

# Hugetlb pages of 1 GiB: one that was kept at boot is cleared by one fault; a CPU that has none is the reason.
test_long_gigantic() {
	debian_new x86_64
	vm m x86_64 'cmdline=hugepagesz=1G hugepages=1' time-limit=500
	sed -i 's/^memory.*/memory = 4G/; s/^vcpus.*/vcpus = 1/' "$tmp/m.ini"
	printf '[plan]\nruns=1\niterations=1\ntime-limit=400\n[x]\nbench=fault-vma\nvariant=hugetlb-pud\nsize=1G\nplace=none\n' >"$tmp/p.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel new=x86_64-new --boots 1 --out "$tmp/j.jsonl"
	has "$(cat "$tmp/j.jsonl")" '"status":"ok".*"faults":\{"wanted":"1","seen":"1"\}.*"after":\{"order-18 hugetlb PUD":1048576\}'
	sed 's/=fault-vma/=idle-fault-vma/' "$tmp/p.ini" >"$tmp/idle.ini"
	FAULTBENCH_WORKER=$liars expect_vm 1 run "$tmp/idle.ini" --machine "$tmp/m.ini" --kernel new=x86_64-new --boots 1 --out "$tmp/i.jsonl"
	has "$(cat "$tmp/i.jsonl")" '"reason":"after the op: promised 1 VMA, order-18 PUD-mapped; seen: 0 of'
	sed -i 's/^cpu=.*/cpu=max,la57=off,pdpe1gb=off/; s/hugepagesz=1G hugepages=1//' "$tmp/m.ini"
	expect 77 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel new=x86_64-new --boots 1 --out "$tmp/k.jsonl"
	has "$(cat "$tmp/k.jsonl")" '"status":"skipped","reason":"needs hugetlb pages of a PUD'
}
