# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Without root; sourced by tests/run-tests.sh.

measures unprivileged

# The tests that run the programs, as nobody, from a copy that nobody can read.
test_unprivileged() {
	is_root || exit 77
	local stage=$tmp/stage
	mkdir -p "$stage/build/tests" "$stage/tmp" && chmod 777 "$stage/tmp"
	cp "$fb" "$worker" "$stage/build/" && cp "$liars" "$build"/tests/test_* "$stage/build/tests/" 2>/dev/null
	cp -r tests configs "$stage/"
	(debian_kernel x86_64 linux-image-6.12-cloud-amd64 x86_64-new) && cp -r "$common/cache" "$stage/" &&
		chmod -R a+rwX "$stage/cache"
	chmod -R a+rX "$tmp" "$stage"
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		env HOME=/nonexistent TMPDIR="$stage/tmp" FAULTBENCH_BUILD="$stage/build" KERNEL_CACHE="$stage/cache" \
		"$stage/tests/run-tests.sh" names small_run catalogue lies lies_in_crews needs bad_input \
		hostile_names vm_bad_input kill9 worker_killed signals cut_journal full_disk locked_journal \
		doctor crosscheck_faults crosscheck_forks
}

test_doctor() {
	local status
	"$fb" doctor >"$tmp/out" 2>"$tmp/err" && status=0 || status=$?
	[ $status -le 1 ] || fail "status $status: $(cat "$tmp/err")"
	grep -qE '^(SPOILS|DISTURBS|REMARK)|[Nn]othing' "$tmp/out" || fail "$(cat "$tmp/out")"
	"$fb" doctor --json >"$tmp/json"
	[ $? = $status ] || fail "--json: another status"
	is_root || grep -q 'root' "$tmp/out" || fail "not root, and it does not say so"
}
