# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What DAMON does meanwhile; sourced by tests/run-tests.sh.

measures damon

# damon VARIANT: what is said of DAMON's switches, which are on, after a run: whether they were changed meanwhile.
damon() {
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=zap\nvariant=%s\nsize=4M\n' $1 >"$tmp/p.ini"
	unshare -m bash -c '
		cd / && switches="sys/module/damon_stat/parameters/enabled"
		mount -t tmpfs none /sys/module && mkdir -p ${switches%/*} && echo Y >$switches || exit 1
		[ ! -d /sys/kernel/mm/damon ] || {
			last=sys/kernel/mm/damon/admin/kdamonds/0/state
			mount -t tmpfs none /sys/kernel/mm/damon && mkdir -p ${last%/*} && echo on >$last || exit 1
			switches+=" $last"
		}
		was=$(stat -c %z $switches)
		"$@" >&2 || exit 1
		cut -c1-2 $switches # such a file keeps the end of what was longer
		[ "$was" = "$(stat -c %z $switches)" ] || echo changed' sh \
		"$fb" run "$tmp/p.ini" --out "$tmp/$1.jsonl" 2>"$tmp/said" || fail "$1: $(cat "$tmp/said")"
}

# Root: they are off while reclaim is measured, and on after it; of other ops they are left alone.
test_damon() {
	is_root && unshare -m true 2>/dev/null || exit 77
	[ "$(damon munmap | grep -v on)" = Y ] || fail "munmap: $(damon munmap)"
	[ "$(damon pageout-free | grep -v on)" = "Y
changed" ] || fail "pageout-free: $(cat "$tmp/said")"
	[ ! -d /sys/kernel/mm/damon ] || [ "$(damon pageout-free | grep on)" = on ] || fail "it is not on again"
	has "$(cat "$tmp/pageout-free.jsonl")" '"damon.threads":[0-9]'
}
