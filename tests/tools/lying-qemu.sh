#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands for qemu-system-x86_64 in tests of what a guest may say. It starts nothing. The kernel "good" of the
# cache is played well; any other lies as $LIE says. `lying-qemu.sh --lies` lists the lies; those
# that take their time limit come last. The plan has one point, four runs of two iterations.

lies='early-end more-runs twice order other-run other-point other-boot no-machine machine-twice plan kernel
command until boot garbage no-utf8 nul deep long-line many-values many-samples few-samples negative text
status progress-far progress-late closed status-3 killed panic-no-utf8 escapes
mute deaf endless-line endless-progress endless-console endless-runs'

case ${1-} in
--lies) echo $lies && exit ;;
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
machine() { printf '{"type":"machine","boot":%s,"facts":{"kernel.release":"x"},"config":null}' ${1:-0}; }
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
endless-console) yes | tr -d '\n' ;;
esac
read -r request <&$fd
point=$(printf '%s' "$request" | sed -n 's/.*"points":\[{"point":\({[^}]*}\).*/\1/p')
[ "$lie" = no-machine ] || tell "$(machine)"
case $lie in
early-end) tell "$(run 0)"; finish ;;
more-runs) for i in 0 1 2 3 4; do tell "$(run $i)"; done; finish ;;
twice) tell "$(run 0)"; tell "$(run 0)" ;;
order | other-run) tell "$(run 1)" ;;
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
*) for i in 0 1 2 3; do
	say "$(progress 0 $i)"
	tell "$(run $i)"
done
finish ;;
esac
sleep 60
