#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands for qemu-system-x86_64 in tests of what a guest may say. It starts nothing. The kernel "good" of the
# cache is played well; any other lies as $LIE says. `lying-qemu.sh --lies` lists the lies, each with a
# pattern of what is to be said of it. The plan has one point, four runs of two iterations.

not_asked='the worker sent a run of null/write that is not the one asked for now'
no_record='the worker sent what is no record'
no_line='the worker sent a line that is not a record'
too_large='the worker sent a record that is too large'
lies="early-end the worker sent a record of type 'end' after 1 of 4 runs
no-end the guest ended before it had sent everything
more-runs the worker sent a record of type 'run' after 4 of 4 runs
twice $not_asked
order $not_asked
other-point $not_asked
hostile the worker sent a run of ../../x/\\\\x1b\\[31m that is not
other-boot the worker sent a record of another boot \(1\)
other-kernel the worker sent facts of kernel 9.9.9, and 6.1.0-bad was started
no-kernel the worker sent facts of kernel none, and 6.1.0-bad was started
no-machine the worker sent a record of type 'run' after 0 of 4 runs
machine-twice the worker sent a record of type 'machine' after 0
plan the worker sent a record of type 'plan' after 0
kernel the worker sent a record of type 'kernel' after 0
command the worker sent a record of type 'command' after 0
until the worker sent a record of type 'until' after 0
boot the worker sent a record of type 'boot' after 0
garbage $no_line: no record at all
cut the guest ended before it had sent everything
no-utf8 $no_line
nul $no_line
deep $no_line
nan $no_line
huge $no_line
huge-boot $no_record
boot-text $no_record
wrong-type $no_record
long-line $too_large
many-values $too_large
many-samples the worker sent a run of 3 iterations, where 2 were asked for
few-samples the worker sent a run of 1 iterations, where 2 were asked for
negative $no_record \(samples are not
text $no_record \(samples are not
status $no_record \(unknown status
progress-far the worker sent a record of type 'progress' after 0
progress-late the worker sent a record of type 'progress' after 1
closed the guest ended before it had sent everything
status-3 QEMU ended with status 3
killed QEMU was killed by SIGSEGV
panic-no-utf8 the guest failed: Kernel panic - not syncing
escapes the guest failed: Out of memory:
mute the guest said nothing within its time limit
deaf the guest said nothing within its time limit
endless-line $too_large
endless-progress the worker sent more than it was asked for
endless-console the guest hung: no end within its time limit
endless-runs $no_line"

case ${1-} in
--lies) echo "$lies" && exit ;;
-help | --version) echo "QEMU emulator version 0.0 (a liar)" && exit ;;
esac

fd= image=
while [ $# -gt 0 ]; do
	case $1 in
	-kernel) image=$2 ;;
	socket,id=channel,fd=*) fd=${1##*fd=} ;;
	esac
	shift
done
case $image in */good/image) lie= ;; *) lie=${LIE-} ;; esac

say() { printf '%s\n' "$*" >&$fd; }
hear() { read -r _ <&$fd; }
tell() { say "$@" && hear; }
release=$(sed -n 's/.*"release": "\(.*\)".*/\1/p' "${image%/image}/kernel.json")
machine() { printf '{"type":"machine","boot":0,"facts":{%s},"config":null}' "${1-\"kernel.release\":\"$release\"}"; }
progress() { printf '{"type":"progress","point":%s,"run":%s}' $1 $2; }
run() { # run NUMBER [SED]
	printf '{"type":"run","boot":0,"run":%s,"point":%s,"status":"ok","unit":"ns","warmup":1,"samples":[5,6],' $1 "$point"
	printf '"per":"op","per_count":1,"started":1,"wall_s":1}'
}
bad() { run $1 | sed "$2"; }
finish() { tell '{"type":"end","boot":0}'; sleep 60; }

[ "$lie" = deaf ] && sleep 60
[ "$lie" = mute ] && hear && sleep 60
[ "$lie" = closed ] && exit 0
[ "$lie" = status-3 ] && exit 3
[ "$lie" = killed ] && kill -SEGV $$
case $lie in
panic-no-utf8)
	printf '\0\377\376 [ 1.0] Kernel panic - not syncing: \377\376\200 \033[31m\n---[ end Kernel panic\n'
	sleep 60
	;;
escapes)
	printf 'Out of memory: \033]0;title\007\033[2J\n'
	exit 1
	;;
endless-console) yes | tr -d '\n' | head -c 50M && sleep 60 ;;
esac
read -r request <&$fd
point=$(printf '%s' "$request" | sed -n 's/.*"points":\[{"point":\({[^}]*}\).*/\1/p')
case $lie in
no-machine) ;;
other-kernel) tell "$(machine '"kernel.release":"9.9.9"')" ;;
no-kernel) tell "$(machine '')" ;;
*) tell "$(machine)" ;;
esac
case $lie in
early-end) tell "$(run 0)"; finish ;;
more-runs) for i in 0 1 2 3 4; do tell "$(run $i)"; done; finish ;;
twice) tell "$(run 0)"; tell "$(run 0)" ;;
no-end) for i in 0 1 2 3; do tell "$(run $i)"; done; exit 0 ;;
order) tell "$(run 1)" ;;
hostile) tell "$(bad 0 's#"bench":"[^"]*","variant":"[^"]*"#"bench":"../../x","variant":"\\u001b[31m"#')" ;;
huge-boot) tell "$(bad 0 's/"boot":0/"boot":4294967296/')" ;;
boot-text) tell "$(bad 0 's/"boot":0/"boot":"0"/')" ;;
wrong-type) tell "$(bad 0 's/\[5,6\]/{"0":5,"1":6}/')" ;;
nan) say "$(bad 0 's/\[5,6\]/[NaN,6]/')" ;;
huge) say "$(bad 0 's/\[5,6\]/[99999999999999999999,6]/')" ;;
cut) run 0 | head -c 200 >&$fd; exit 0 ;;
other-point) tell "$(bad 0 's/"size":[0-9]*/"size":8192/')" ;;
other-boot) tell "$(bad 0 's/"boot":0/"boot":1/')" ;;
no-machine) tell "$(run 0)" ;;
machine-twice) tell "$(machine)" ;;
plan) tell '{"type":"plan","schema":1,"name":"x","runs":1,"boots":1,"seed":1,"counters":[],"points":[]}' ;;
kernel) tell '{"type":"kernel","label":"good","sha256":"00"}' ;;
command) tell '{"type":"command","words":["rm"]}' ;;
until) tell '{"type":"until","units":9,"end":"narrow"}' ;;
boot) tell '{"type":"boot","boot":0,"status":"failed","reason":"of the other kernel"}' ;;
garbage) say 'no record at all' ;;
no-utf8) say "$(bad 0 's/ns/\xff\xfe/')" ;;
nul) { run 0 && printf '\0\n'; } >&$fd ;;
deep) say "$(head -c 100000 /dev/zero | tr '\0' '[')" ;;
long-line) { printf '{"type":"run","reason":"' && head -c 200M /dev/zero | tr '\0' x && printf '"}\n'; } >&$fd ;;
many-values) { printf '{"type":"machine","x":[0' && head -c 800000 /dev/zero | sed 's/./,0/g' && printf ']}\n'; } >&$fd ;;
many-samples) tell "$(bad 0 's/\[5,6\]/[5,6,7]/')" ;;
few-samples) tell "$(bad 0 's/\[5,6\]/[5]/')" ;;
negative) tell "$(bad 0 's/\[5,6\]/[5,-6]/')" ;;
text) tell "$(bad 0 's/\[5,6\]/["5",6]/')" ;;
status) tell "$(bad 0 's/"ok"/"fine"/')" ;;
progress-far) say "$(progress 77777777777 0)" ;;
progress-late) tell "$(run 0)"; say "$(progress 0 0)" ;;
endless-line) yes | tr -d '\n' >&$fd ;;
endless-progress) yes "$(progress 0 0)" >&$fd ;;
endless-runs) for i in 0 1 2 3; do run $i && echo; done | while read -r line; do echo "$line"; done >&$fd; yes '' >&$fd ;;
*) for i in $(printf '%s' "$request" | sed -n 's/.*"todo":\[\([^]]*\)\].*/\1/p' | tr , ' '); do
	say "$(progress 0 $i)"
	tell "$(run $i)"
done
finish ;;
esac
sleep 60
