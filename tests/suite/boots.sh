# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Journals read together; sourced by tests/run-tests.sh.

# Ten journals of one boot each, each boot number 0 there, say what one journal of all says; those of another
# boot with the same numbers in it are not lost, and a copy adds nothing.
test_one_boot_journals() {
	local kernel boot one n=0
	simulated whole.jsonl points=2 boots=5 runs=2 affected=1 effect=0.05 boot=0.004 seed=4
	for kernel in base after; do
		for boot in 4 2 0 1 3; do
			one=$tmp/$kernel-$boot.jsonl
			sed -n "1{s/\"boots\":5/\"boots\":1/;s/\"kernels\":\[[^]]*/\"kernels\":[\"$kernel\"/;p}" \
				"$tmp/whole.jsonl" >"$one"
			printf '{"type":"machine","kernel":"%s","boot":0,"facts":{"kernel.boot_id":"%s"}}\n' \
				$kernel $kernel-$boot >>"$one"
			sed -n "/\"kernel\":\"$kernel\",\"boot\":$boot,/s/\"boot\":$boot/\"boot\":0/p" "$tmp/whole.jsonl" >>"$one"
		done
	done
	set -- "$tmp"/base-[42013].jsonl "$tmp"/after-[42013].jsonl
	[ $# = 10 ] || fail "$*"
	for command in check compare power 'export --format csv' plot; do
		"$fb" $command "$tmp/whole.jsonl" >"$tmp/want" 2>&1
		"$fb" $command "$@" "$tmp/base-3.jsonl" >"$tmp/got" 2>&1
		if [ "$command" = 'export --format csv' ]; then
			sort -o "$tmp/want" "$tmp/want" && sort -o "$tmp/got" "$tmp/got"
			[ "$(wc -l <"$tmp/want")" = 41 ] || fail "$(wc -l <"$tmp/want") lines"
		fi
		grep -vE 'found a second time|Different kernels need|^$' "$tmp/got" >"$tmp/is"
		grep -v '^$' "$tmp/want" | diff - "$tmp/is" || fail "$command"
		n=$((n + 1))
	done
	[ $n = 5 ] || fail "$n"
	expect 0 "$fb" report "$@" --out "$tmp/report"
	has "$(cat "$tmp/report"/*.txt)" '5 boots'
	expect 0 "$fb" show --boots "$@"
	[ "$(printf '%s\n' "$out" | grep -c 'base-[0-4]  *.*base-[0-4].jsonl$')" = 5 ] || fail "$out"
	has "$out" '^base +4 .* base-4 .*base-4.jsonl$'
	# The same boot with another result is none of the two.
	sed 's/"samples":\[1/"samples":[2/' "$tmp/base-3.jsonl" >"$tmp/changed.jsonl"
	expect 2 "$fb" check "$@" "$tmp/changed.jsonl"
	one_line "$errs"
	has "$errs" 'changed.jsonl: run 0 of .base., fork, is another result than that in .*base-3.jsonl, of the same boot'
}
