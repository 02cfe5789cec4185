# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Numbers that look right and are not: what is missing, of another unit, or of neither sign; sourced by
# tests/run-tests.sh.

# What one op consists of differs within a family: no row is said to be of what another's is.
test_figures_per() {
	sed -E 's/"threads":4(.*)"per":"fault"/"threads":4\1"per":"folio"/' tests/golden/counters.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	has "$out" ' before +/unit +stdev '
}

# A counter is refused on the kernels that refused it, not on all that refused any.
test_figures_refused() {
	sed -E '/"kernel":"before"/s/"cycles:k":\{[^}]*\}/"cycles:k":{"refused":"no PMU"}/
		/"kernel":"after"/s/"instructions:k":\{[^}]*\}/"instructions:k":{"refused":"no PMU"}/' \
		tests/golden/counters.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	has "$out" '^refused: cycles:k, on before: no PMU$'
	has "$out" '^refused: instructions:k, on after: no PMU$'
}

# Where nothing was measured no failure is reproduced, by 0 % or otherwise.
test_figures_not_measured() {
	sed -E '/"kernel":"baseline".*"order":9}/d
		/"run":[0-2],.*"order":9}/s/"status":"ok"/"status":"failed","reason":"crash"/' \
		tests/golden/fork.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" compare --format lkp "$tmp/j.jsonl"
	has "$out" '^ +:0 +- +3:8 +fork.order-9.failed$'
}

# Seconds have digits where only one of two kernels is as fast as that.
test_figures_short() {
	sed -E '/"order":0/s/"samples":\[[0-9, ]*\]/"samples":[400,404]/
		/"kernel":"v6.8-rc1".*"order":0/s/"status":"ok"/"status":"void","reason":"made up"/' \
		tests/golden/sizes.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" compare --format sizes "$tmp/j.jsonl"
	has "$out" '^ +4KiB \| +void \| +0.000000402 \| +-$'
}

# A run without a value is in no mean, and what is better neither way is not called so.
test_figures_neither() {
	sed -E '/"kernel":"before","boot":1,"run":0/s/"cycles:k":\{[^}]*\},//' tests/golden/counters.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" compare --format fastpath --metric cycles:k "$tmp/j.jsonl"
	has "$out" '^\| 1 thread +\| +352[0-9]{4} \| +\(I\) 7\.[67][0-9]% \| improvement +\|$'
	expect 0 "$fb" compare --format fastpath --metric kmem:mm_page_alloc "$tmp/j.jsonl"
	has "$out" '^\| 1 thread +\| +1026.00 \| +-93.47% \| differs +\|$'
	has "$(echo $out)" 'in % of it, neither sign is better by itself'
	expect 0 "$fb" compare --format mmtests --metric kmem:mm_page_alloc "$tmp/j.jsonl"
	has "$out" ' 67.00 [(*] -93.47%[)*]$'
	has "$(echo $out)" "relative to before's; neither sign is better by itself"
}

# One slow run of four is in the mean of a rate as in that of its time, in every format.
test_figures_rates() {
	sed -E '/"kernel":"vma-lock-inline".*"run":0,/s/"(samples|workers_ns)":\[([0-9]+)\]/"\1":[\20]/g' \
		tests/golden/pft.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" compare --metric rate "$tmp/j.jsonl"
	has "$out" '^\| vma-lock-inline +\| +-69.0% \|'
	expect 0 "$fb" compare --format base-delta "$tmp/j.jsonl"
	has "$out" '^1 thread, faults/s .* -68.98%$'
	expect 0 "$fb" compare --format ab "$tmp/j.jsonl"
	has "$out" '^ +-89.8% +[^ ]+ +-69.0% '
	expect 0 "$fb" compare --format lkp "$tmp/j.jsonl"
	has "$out" ' -69.0% +145[0-9]{3} .* fault/write.threads-1.faults/s$'
	expect 0 "$fb" compare --format fastpath --metric rate "$tmp/j.jsonl"
	has "$out" '^\| 1 thread .* -68.98% '
}

# GB a second are no pages a second, and no "pages/sughput".
test_figures_throughput() {
	sed -E '/"type":"(run|machine)"/{p;s/"kernel":"[^"]*"/"kernel":"new"/;s/"boot_id":"/&new/}' \
		tests/golden/throughput.jsonl >"$tmp/j.jsonl"
	for f in base-delta lkp mmtests fastpath; do
		expect 0 "$fb" compare --format $f --metric throughput "$tmp/j.jsonl"
		has "$(echo $out)" 'GB \(10\^9 bytes\) a second that the kernel clears or copies'
		! printf '%s' "$out" | grep -q 'pages/s' || fail "$f: pages"
	done
	expect 0 "$fb" plot --metric throughput --out "$tmp/x.gp" "$tmp/j.jsonl"
	has "$(cat "$tmp/x.gp")" 'set ylabel "throughput, GB/s"'
}

# A fault of 48 threads takes as long in `show` as in tables, summed over them; no time is not 1970.
test_figures_show() {
	sed -E 's/"started":[0-9.]+,//; s/"wall_s":1.0/&,"counters":{"page-faults":{"value":5,"enabled":9,"running":9,"mode":"user"}}/' \
		tests/golden/pft.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" show --kernel mm-unstable --run 0 "$tmp/j.jsonl"
	has "$out" 'mean a fault 9.36 us$'
	has "$out" '^  started \?, took '
	has "$out" '^    page-faults +5 .*  user space alone$'
}

# A report names every plan that is behind its numbers, not the first of a journal alone.
test_figures_plans() {
	cat tests/golden/fork.jsonl tests/golden/throughput.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" report --out "$tmp/report" "$tmp/j.jsonl"
	has "$(cat "$tmp/report/report.txt")" '^  plan fork: 2 points x 8 runs'
	has "$(cat "$tmp/report/report.txt")" '^  plan throughput: '
}

# A patch that moved a count is named, though the row above it has no number there.
test_figures_series_void() {
	sed -E '/"kernel":"1\/4".*"order":0/s/"status":"ok"/"status":"void","reason":"made up"/' \
		tests/golden/series.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" compare --functions=1 "$tmp/j.jsonl"
	has "$out" '^\| 3/4 +\| +7.13%\* '
	has "$(echo $out)" 'fork order-0 \(pte-map\): kernel-insns \+7.13%.* \(since baseline, the last with numbers\)'
	has "$out" '^3/4, fork order-0 '
}

# Two hosts that measured a plan each, whichever began first: all boots have their pair, read side by side or
# collected.
test_figures_hosts() {
	local h
	simulated both hosts=2 boots=8 runs=2 iterations=3 effect=0.03 boot=0.004
	for h in 0 1; do
		awk -v h=$h '!/"boot":/ { sub(/"boots":8/, "\"boots\":4"); print; next }
			match($0, /"boot":[0-9]+/) {
				boot = substr($0, RSTART + 7, RLENGTH - 7)
				if (boot % 2 != h)
					next
				# Ids, whose order is no other; and a lead of 3 s, of this host or that.
				sub(/"kernel.boot_id":"/, "&" (boot * 7 + (/"kernel":"after"/ ? 3 : 0)) % 5)
				sub(/"boot":[0-9]+/, "\"boot\":" int(boot / 2))
				if ((int(boot / 2) + h + (/"kernel":"after"/ ? 1 : 0)) % 2 && match($0, /"started":[0-9.]+/))
					sub(/"started":[0-9.]+/, sprintf("\"started\":%.1f", substr($0, RSTART + 10, RLENGTH - 10) + 3))
				print
			}' "$tmp/both" >"$tmp/h$h.jsonl"
	done
	"$fb" check "$tmp/both" >"$tmp/one" || true
	has "$(cat "$tmp/one")" 'inconclusive$'
	"$fb" check "$tmp/h0.jsonl" "$tmp/h1.jsonl" >"$tmp/two" || true
	diff "$tmp/one" "$tmp/two" || fail 'read side by side they are others'
	expect 0 "$fb" collect "$tmp/h1.jsonl" "$tmp/h0.jsonl" --out "$tmp/all.jsonl"
	"$fb" check "$tmp/all.jsonl" >"$tmp/three" || true
	diff "$tmp/one" "$tmp/three" || fail 'collected they are others'
}

# What a legend calls means of boots are those of runs where a kernel has one boot.
test_figures_units() {
	simulated four boots=4 runs=3 iterations=3 kernel=0
	simulated one boots=1 runs=3 iterations=3 kernel=1
	expect 0 "$fb" report --out "$tmp/report" "$tmp/four" "$tmp/one"
	has "$(echo $(sed -n '/^Absolute/,$p' "$tmp/report/report.txt"))" \
		'stdev: sample standard deviation \(n-1\) of the boot \(or, of one boot, run\) means'
}

# Why a journal is not collected, and what takes it.
test_figures_two_plans() {
	simulated j.jsonl boots=2 runs=2 iterations=3
	sed '1s/"seed":1/"seed":2/' "$tmp/j.jsonl" >"$tmp/other.jsonl"
	cat "$tmp/j.jsonl" "$tmp/other.jsonl" >"$tmp/both.jsonl"
	expect 2 "$fb" collect "$tmp/both.jsonl" --out "$tmp/all.jsonl"
	has "$errs" 'both.jsonl:10: a second plan, and what is collected is one; compare, check and report take'
	sed 's/^{/&"counted":true,/' "$tmp/other.jsonl" >>"$tmp/j.jsonl"
	expect 2 "$fb" collect "$tmp/j.jsonl" --out "$tmp/all.jsonl"
	has "$errs" 'j.jsonl:10: counts beside times \(--exact-too\)'
}

# Of counts with and without a model, whose guests do other things, a difference may be that; it is said.
test_figures_options() {
	sed -E '/"kernel":"baseline"/s/,"modelled":\{[^}]*\}//' tests/golden/modelled.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	has "$(echo $out)" "Warning: runs of '[^']+' were counted with --cache-model, and runs of 'baseline' without"
	expect 0 "$fb" compare tests/golden/modelled.jsonl
	! printf '%s' "$out" | grep -q 'counted with' || fail 'all have it'
}

# Kernels on other machines have other clocks, and a plot's title names all of them.
test_figures_machines() {
	sed -E '/"type":"machine","kernel":"vma-lock"/{s/"clock.cost_ns":[0-9.]+/"clock.cost_ns":300/
			s/"clock.resolution_ns":[0-9]+/"clock.resolution_ns":5000/;s/"cpu.model":"[^"]*"/"cpu.model":"Another"/}
		/"type":"machine","kernel":"mmap-lock"/s/"clock.resolution_ns":[0-9]+,//' \
		tests/golden/contend.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	has "$(echo $out)" 'one clock read \(24.5 ns \(mmap-lock\), 300 ns \(vma-lock\)\)'
	has "$(echo $out)" "below the clock's resolution \\(5000 ns\\) are not compared"
	expect 0 "$fb" plot --out "$tmp/x.gp" "$tmp/j.jsonl"
	has "$(tr -d '"\n\\.' <"$tmp/x.gp")" 'Intel Xeon *n* *VM, Another'
}

# What is said of a counter's row is of the kernel that it is true of.
test_figures_notes() {
	sed -E '/"kernel":"before","boot":0,"run":0/s/"cycles:k":\{[^}]*\},//
		/"kernel":"after","boot":[23]/s/"cycles:k":\{[^}]*\},//
		/"kernel":"after"/s/"task-clock":\{/&"mode":"machine",/' tests/golden/counters.jsonl >"$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	has "$out" '^  task-clock .* after: whole machine$'
	has "$out" '^  cycles:k .* before: 7 of 8 runs; after: 4 of 8 runs$'
}

# What is there is not 0.00, shares are in %, and a latency says of which unit it is.
test_figures_units_of_formats() {
	expect 0 "$fb" compare --format base-delta --metric vmstat:thp_fault_fallback/unit tests/golden/counters.jsonl
	has "$out" '^1 thread, .* 0.0020 \(0.0000\) +0.0000 '
	expect 0 "$fb" compare --format fastpath --metric vmstat:thp_fault_fallback/unit tests/golden/counters.jsonl
	has "$out" '^\| 1 thread +\| +0.0020 \|'
	expect 0 "$fb" compare --format base-delta --metric no-mmap_lock tests/golden/counters.jsonl
	has "$out" '^1 thread, no-mmap_lock, % +99.78 '
	expect 0 "$fb" compare --format fastpath --metric faulters.p50 tests/golden/contend.jsonl
	has "$(echo $out)" 'faulters.median, of single ops of a run, in ns, the mean over all runs'
}

# Boots of one kernel under several settings are in one mean, which is said.
test_figures_settings() {
	sed -E '/"type":"machine"/s/"facts":\{/&"cpu.governor":"performance","load.1min":2,/
		/"type":"machine".*"boot":1/s/"performance","load.1min":2/"powersave","load.1min":3/' \
		tests/golden/boots-a.jsonl >"$tmp/j.jsonl"
	expect 3 "$fb" check "$tmp/j.jsonl" tests/golden/boots-b.jsonl
	has "$(echo $out)" "Warning: boots of '6.18.44' differ in cpu.governor \\(performance, powersave\\): its numbers are of all of them"
	expect 0 "$fb" compare tests/golden/boots-a.jsonl tests/golden/boots-b.jsonl
	! printf '%s' "$out" | grep -q 'Warning: boots of' || fail 'nothing does'
}
