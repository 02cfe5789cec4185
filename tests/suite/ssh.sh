# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Hosts over ssh; sourced by tests/run-tests.sh.

measures ssh ssh_quiet ssh_alone ssh_cuts ssh_refused ssh_stopped ssh_words long_ssh_cuts

# host [NAME=VALUE]: a real sshd on the loopback address, with keys of its own, and the machine $tmp/lab.ini, whose user
# there is another one, who exists for that sshd alone: its /etc/passwd is another file, and so is its /run, where this
# machine's measurements are not seen. What it says is in $tmp/sshd.log;
# NAME is in the environment of what it starts.
host() {
	local sshd port home=$tmp/home
	uid=$(shuf -i 64000-64999 -n 1)
	is_root || exit 77
	sshd=$(command -v sshd || ls /usr/sbin/sshd 2>/dev/null) || { echo "no sshd: openssh-server is not installed"; exit 77; }
	command -v ssh >/dev/null && unshare -m true 2>/dev/null || exit 77
	mkdir -p "$tmp/ssh" "$home/.ssh" "$tmp/there" "$tmp/of-user"
	chmod 755 "$tmp" "$tmp/ssh"
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/ssh/host" && ssh-keygen -q -t ed25519 -N '' -f "$tmp/ssh/user" || exit 1
	cp "$tmp/ssh/user.pub" "$home/.ssh/authorized_keys"
	{ cat /etc/passwd && echo "bench:*:$uid:$uid::$home:/bin/sh"; } >"$tmp/ssh/passwd"
	chown -R $uid:$uid "$home" "$tmp/there" "$tmp/of-user"
	chmod 700 "$tmp/of-user"
	for port in $(shuf -i 20000-60000 -n 20); do
		cat >"$tmp/ssh/sshd_config" <<-CONFIG
		ListenAddress 127.0.0.1:$port
		HostKey $tmp/ssh/host
		UsePAM no
		StrictModes no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		PidFile $tmp/ssh/pid
		SetEnv FAULTBENCH_TEST=$tmp XDG_RUNTIME_DIR=$tmp/of-user ${1-}
		CONFIG
		unshare -m --propagation private --fork --kill-child sh -c '
			mount --bind "$1/ssh/passwd" /etc/passwd && mount -t tmpfs -o mode=755 run /run &&
			mkdir /run/sshd && exec "$2" -D -e -f "$1/ssh/sshd_config"' sh "$tmp" "$sshd" 2>"$tmp/sshd.log" &
		sshd_pid=$!
		wait_for $sshd_pid grep -qE 'listening on|Cannot bind' "$tmp/sshd.log"
		! grep -q 'listening on' "$tmp/sshd.log" || break
		wait $sshd_pid
	done
	echo "[127.0.0.1]:$port $(cut -d' ' -f1-2 "$tmp/ssh/host.pub")" >"$tmp/ssh/known_hosts"
	cat >"$tmp/ssh_config" <<-CONFIG
	Host lab
	HostName 127.0.0.1
	Port $port
	User bench
	IdentityFile $tmp/ssh/user
	IdentitiesOnly yes
	UserKnownHostsFile $tmp/ssh/known_hosts
	GlobalKnownHostsFile /dev/null
	StrictHostKeyChecking yes
	CONFIG
	machine_lab
}

machine_lab() { # machine_lab [KEY=VALUE...]
	printf '%s\n' '[machine]' 'kind = ssh' 'host = lab' 'ssh-config = ssh_config' "folder = $tmp/there" "${@:-patience = 60}" >"$tmp/lab.ini"
}

# The host is as it was: no process of that user's, no folder.
host_is_clean() {
	[ -z "$(pgrep -u $uid)" ] && [ -z "$(ls -A "$tmp/there")" ]
}

ssh_plan() { # ssh_plan RUNS
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = $1
	iterations = 3
	[fork]
	bench = fork
	size = 4M, 8M
	[fault]
	bench = fault
	size = 4M
	EOF
}

# Another user's host: all runs are there, of that user and not of this one, and nothing is left on it.
test_ssh() {
	host
	ssh_plan 2
	expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini" --out "$tmp/j.jsonl"
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | grep -c '"status":"ok"')" = 6 ] || fail "not 6 ok: $errs"
	wait_for $sshd_pid host_is_clean
}

# A connection that the user's ssh shares is one to the boot before last: that one hangs, and a host that is switched is
# reached by another.
test_ssh_shared() {
	local master
	host
	printf '%s\n' 'ControlMaster auto' "ControlPath $tmp/shared" >>"$tmp/ssh_config"
	ssh -F "$tmp/ssh_config" -N lab &
	master=$!
	wait_for $master test -S "$tmp/shared"
	kill -STOP $master
	machine_lab 'switch = command' 'command = true'
	expect 0 "$fb" doctor --machine "$tmp/lab.ini"
	has "$out" 'nothing is missing'
	kill -KILL $master
}

# each_once RUNS [JOURNAL]: of each point and number one run, all of them ok.
each_once() {
	local runs
	runs=$(sed -n 's/^{"type":"run".*"run":\([0-9]*\),"point":{\([^}]*\)},"status":"ok".*/\1 \2/p' "${2-$tmp/j.jsonl}" | sort)
	[ "$(grep -c '"type":"run"' "${2-$tmp/j.jsonl}")" = $1 ] || fail "not $1 runs"
	[ "$(printf '%s\n' "$runs" | uniq | wc -l)" = $1 ] || fail "not $1 different ones"
}

session() { pgrep -u $uid -f '^sshd: bench'; } # of sshd's processes the one that is that user's
has_session() { [ -n "$(session)" ]; }

# cut_often CUTS RUNS: a plan of so many runs that last, whose connection is cut again and again, at any moment.
cut_often() {
	local i pid
	host
	printf '[plan]\nruns = %d\niterations = 2\n[x]\nbench = contend\nsize = 4M\ntime = 100\nplace = none\n' $2 >"$tmp/p.ini"
	"$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini" --out "$tmp/j.jsonl" >"$tmp/log" 2>&1 &
	pid=$!
	wait_for $pid has_run "$tmp/j.jsonl"
	for i in $(seq $1); do
		wait_for $pid has_session
		sleep 0.$(shuf -i 0-9 -n 1)$(shuf -i 0-9 -n 1)
		kill -KILL $(session) || fail "cut $i: there was nothing to cut; $(tail -3 "$tmp/log")"
		wait_for $pid lost $i
	done
	wait $pid || fail "status $?: $(tail -5 "$tmp/log")"
	each_once $2
	[ "$(grep -c '"type":"end"' "$tmp/j.jsonl")" = 1 ] || fail "no end, or several"
	wait_for $sshd_pid host_is_clean
}
lost() { # lost TIMES: so often the connection was
	[ "$(grep -c 'note: lab: the connection was lost' "$tmp/log")" -ge $1 ]
}

# The worker does not wait for a connection: with none to be had it goes on, and what it did comes later.
test_ssh_alone() {
	local pid run i=0 seen=
	host
	printf '[plan]\nruns = 20\niterations = 2\n[x]\nbench = contend\nsize = 4M\ntime = 50\nplace = none\n' >"$tmp/p.ini"
	"$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini" --out "$tmp/j.jsonl" >"$tmp/log" 2>&1 &
	pid=$!
	wait_for $pid has_run "$tmp/j.jsonl"
	kill -STOP $(cat "$tmp/ssh/pid")
	kill -KILL $(session)
	wait_for $pid lost 1
	cp "$tmp/j.jsonl" "$tmp/before.jsonl"
	while [ $i -lt 5 ]; do
		run=$(pgrep -u $uid -f '^faultbench-run' | tail -1)
		[ -n "$run" ] && [ "$run" != "$seen" ] && seen=$run && i=$((i + 1))
		kill -0 $pid || fail "it has ended"
	done
	cmp "$tmp/j.jsonl" "$tmp/before.jsonl" || fail "something came without a connection"
	kill -CONT $(cat "$tmp/ssh/pid")
	wait $pid || fail "status $?: $(tail -5 "$tmp/log")"
	each_once 20
	wait_for $sshd_pid host_is_clean
}

# How often each process of ours on the host was given a CPU, and the run that is under way.
turns_of_ours() {
	local pid
	for pid in $(pgrep -u $uid -f '^sshd: bench|^(./)?faultbench-worker') $(pgrep -f '^sshd: bench \[priv\]'); do
		echo "$pid $(cut -d' ' -f3 "/proc/$pid/schedstat")"
	done
	pgrep -u $uid -f '^faultbench-run' | head -1
}

is_measuring() { [ -n "$(pgrep -u $uid -f '^faultbench-run')" ]; }

# While an operation is timed nothing of ours runs there: not who keeps the worker, nor who passes on, nor sshd. For half
# of a second of one run at least, by the scheduler's own counts; who looks at something now and then has been there.
test_ssh_quiet() {
	local pid before after=x
	host
	printf '[plan]\nruns = 3\niterations = 2\n[x]\nbench = contend\nsize = 4M\ntime = 1500\nplace = none\n' >"$tmp/p.ini"
	"$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini" --out "$tmp/j.jsonl" >"$tmp/log" 2>&1 &
	pid=$!
	until [ "$before" = "$after" ]; do
		wait_for $pid is_measuring
		before=$(turns_of_ours)
		sleep 0.5
		after=$(turns_of_ours)
		[ "$(printf '%s\n' "$before" | wc -l)" -ge 5 ] || after=x
	done
	wait $pid || fail "status $?: $(tail -5 "$tmp/log")"
}

test_ssh_cuts() { cut_often 3 30; }

test_long_ssh_cuts() { cut_often 20 700; }

# not_there STATUS PATTERN [WORDS...]: in one line that begins with the machine's name, with nothing left on the host.
not_there() {
	local status=$1 pattern=$2
	shift 2
	expect $status "$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini" --out "$tmp/n.jsonl" "$@"
	one_line "$errs"
	has "$errs" "^faultbench: $pattern"
	[ -z "$(ls -A "$tmp/there")" ] || fail "left there: $(ls "$tmp/there")"
}

# What cannot be there is said in one line, and the host stays as it was.
test_ssh_refused() {
	mkdir "$tmp/bin"
	host "PATH=$tmp/bin:/usr/bin:/bin"
	ssh_plan 1
	# A key, a port and a host that are not taken.
	sed -i "s/^Host lab/Host other\nHostName 127.0.0.1\nPort 1\nHost lab/" "$tmp/ssh_config"
	machine_lab && sed -i 's/^host = .*/host = other/' "$tmp/lab.ini"
	not_there 2 'lab: other: ssh: connect to host 127.0.0.1 port 1: Connection refused$'
	machine_lab && sed -i 's/^host = .*/host = nobody@lab/' "$tmp/lab.ini"
	not_there 2 'lab: nobody@lab: .*Permission denied \(publickey'
	cp "$tmp/ssh/known_hosts" "$tmp/known" && sed "s# [^ ]*\$# $(cut -d' ' -f2 "$tmp/ssh/user.pub")#" "$tmp/known" >"$tmp/ssh/known_hosts"
	machine_lab
	not_there 2 'lab: lab: Host key verification failed\.$'
	cp "$tmp/known" "$tmp/ssh/known_hosts"
	# A folder that cannot be written, is not there, or where no program may be.
	sed -i "s#^folder = .*#folder = /proc#" "$tmp/lab.ini"
	not_there 1 'lab: no folder for the worker on lab: mkdir: .*/proc/faultbench-host-[0-9a-f]{16}.*folder = PATH'
	sed -i "s#^folder = .*#folder = $tmp/ssh/none#" "$tmp/lab.ini"
	not_there 1 'lab: no folder for the worker on lab: mkdir: .*No such file or directory; folder = PATH'
	nsenter -t $sshd_pid -m mount -t tmpfs -o noexec,mode=777 tmpfs "$tmp/there" || fail "no mount"
	machine_lab
	not_there 1 'lab: the worker cannot be started on lab: .*Permission denied; folder = PATH.*where programs may be'
	nsenter -t $sshd_pid -m umount "$tmp/there"
	nsenter -t $sshd_pid -m mount -t tmpfs -o size=1M,mode=777 tmpfs "$tmp/there" || fail "no mount"
	not_there 1 'lab: no folder for the worker on lab: tar: .*No space left on device; folder = PATH'
	nsenter -t $sshd_pid -m umount "$tmp/there"
	# A worker that is not complete.
	printf 'int f(void);\nint f(void) { return 0; }\n' >"$tmp/f.c"
	printf '%s\n' '#include <stdlib.h>' '#include <unistd.h>' 'int f(void);' \
		'int main(int n, char **words) { return f() + n + execv(getenv("REAL"), words); }' >"$tmp/m.c"
	mkdir "$tmp/lib" && cc -shared -o "$tmp/lib/libmissing.so" "$tmp/f.c" &&
		cc -o "$tmp/worker" "$tmp/m.c" -L"$tmp/lib" -lmissing || exit 1
	(
		export REAL=$worker FAULTBENCH_WORKER=$tmp/worker LD_LIBRARY_PATH=$tmp/lib
		not_there 1 'the worker needs libmissing.so, which is not below /lib'
	)
	# Another architecture; a host that is none of ours.
	printf '#!/bin/sh\necho riscv64\n' >"$tmp/bin/uname" && chmod 755 "$tmp/bin/uname"
	not_there 2 "lab: 'riscv64' is no architecture of kernels here: arm64 or x86_64$"
	rm "$tmp/bin/uname"
	printf '#!/bin/sh\necho 1000\n' >"$tmp/bin/getconf" && chmod 755 "$tmp/bin/getconf"
	not_there 2 'lab: lab: pages of 1000 bytes and [0-9]+ CPUs cannot be'
	rm "$tmp/bin/getconf"
	# Somebody measures there: who, and since when.
	sed -i 's/^runs = .*/runs = 100/' "$tmp/p.ini"
	env --default-signal "$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini" --out "$tmp/j.jsonl" >"$tmp/log" 2>&1 &
	first=$!
	wait_for $first has_run "$tmp/j.jsonl"
	expect 77 "$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini" --out "$tmp/busy.jsonl"
	one_line "$errs"
	has "$errs" "lab: another faultbench measures on this machine: pid [0-9]+ \(\`faultbench-worker --keep 60 boot 0 of [^ ]*, for [^ ]+@[^ ]+\`, since 2"
	kill -INT $first
	wait $first
	has "$(cat "$tmp/log")" 'interrupted in boot 0 of'
	wait_for $sshd_pid host_is_clean
}

# However it ends here, the host is told, or finds out by itself; the same command does the rest.
test_ssh_stopped() {
	local pid i=0 how
	host
	machine_lab 'patience = 2'
	printf '[plan]\nruns = 12\niterations = 2\n[x]\nbench = contend\nsize = 4M\ntime = 50\nplace = none\n' >"$tmp/p.ini"
	for how in INT TERM KILL both; do
		env --default-signal "$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini" --out "$tmp/j.jsonl" >"$tmp/log" 2>&1 &
		pid=$!
		i=$((i + 2))
		wait_for $pid has_runs $i
		case $how in
		both) kill -KILL $(pgrep -P $pid) $pid ;;
		*) kill -$how $pid ;;
		esac
		wait $pid
		wait_for $sshd_pid host_is_clean
		[ $how != INT ] || has "$(cat "$tmp/log")" 'interrupted in boot 0'
	done
	# One that nobody has come to fill since, and one that may still be filled.
	install -d -o $uid "$tmp/there/faultbench-host-1" "$tmp/there/faultbench-host-2"
	touch -d '2 hours ago' "$tmp/there/faultbench-host-1"
	expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini" --out "$tmp/j.jsonl"
	each_once 12
	rmdir "$tmp/there/faultbench-host-2" || fail "it was not left alone"
	wait_for $sshd_pid host_is_clean
}
has_runs() { [ -e "$tmp/j.jsonl" ] && [ "$(grep -c '"type":"run"' "$tmp/j.jsonl")" -ge $1 ]; }

# Nothing that has a name here is read by a shell: not there, and not here.
test_ssh_words() {
	local bad name='a b'"'"'"`touch ran`$(touch ran);touch ran|&\\ -x'
	host
	ssh_plan 1
	for bad in '-oProxyCommand=touch ran' '$(touch ran)' 'a;touch ran' '`touch ran`' 'a b' "a'b" 'x@-oX' 'ssh://-x' '|ran' '"'; do
		printf '%s\n' '[machine]' 'kind = ssh' "host = $bad" >"$tmp/lab.ini"
		expect 2 "$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini"
		one_line "$errs"
		has "$errs" 'lab.ini:3: host = .*: must be a name that ssh takes'
	done
	printf '%s\n' '[machine]' 'kind = ssh' 'folder = -x' 'host = lab' >"$tmp/lab.ini"
	expect 2 "$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini"
	has "$errs" 'lab.ini:3: folder = -x: must be a path on the host that begins with /'
	printf '%s\n' '[machine]' 'kind = ssh' >"$tmp/lab.ini"
	expect 2 "$fb" run "$tmp/p.ini" --machine "$tmp/lab.ini"
	has "$errs" 'lab.ini: kind = ssh needs a host'
	# In folders on both sides, labels and files of such names it is as usual.
	mkdir "$tmp/here $name" && install -d -o $uid "$tmp/there/$name"
	cp "$tmp/ssh_config" "$tmp/here $name/"
	machine_lab && sed "s#^folder = .*#folder = $(printf '%s' "$tmp/there/$name" | sed 's/[\\&]/\\&/g')#" "$tmp/lab.ini" \
		>"$tmp/here $name/-$name.ini"
	grep -qF "folder = $tmp/there/$name" "$tmp/here $name/-$name.ini" || fail "not the folder that is meant"
	cd "$tmp/here $name" || exit 1
	expect 0 "$fb" run "$tmp/p.ini" --machine "./-$name.ini" --out "$tmp/j.jsonl" --label "-$name" --title "$name"
	each_once 3
	[ "$(ls "$tmp/there")" = "$name" ] && wait_for $sshd_pid is_empty "$tmp/there/$name"
	[ -z "$(find "$tmp" -name ran)" ] && [ ! -e ran ] || fail "something was run"
}
is_empty() { [ -z "$(ls -A "$1")" ]; }
