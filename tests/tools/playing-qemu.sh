#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands for qemu-system-x86_64 in tests of what is made of boots. It starts nothing, and plays a guest that does as
# asked, of a plan of one point; a line of $PLAYED for each boot that it plays. With $PLAY_UNTIL it goes on
# after a run only once that file is there; with $PLAY_BADLY runs fail.

case ${1-} in
-help | --version) echo "QEMU emulator version 0.0 (played)" && exit ;;
esac
fd= image=
while [ $# -gt 0 ]; do
	case $1 in
	-kernel) image=$2 ;;
	socket,id=channel,fd=*) fd=${1##*fd=} ;;
	esac
	shift
done
release=$(sed -n 's/.*"release": "\(.*\)".*/\1/p' "${image%/image}/kernel.json")
tell() { printf '%s\n' "$1" >&$fd && read -r _ <&$fd; }
read -r request <&$fd
boot=$(printf '%s' "$request" | sed 's/.*"boot": *\([0-9]*\).*/\1/')
point=$(printf '%s' "$request" | sed -n 's/.*"points":\[{"point":\({[^}]*}\).*/\1/p')
todo=$(printf '%s' "$request" | sed -n 's/.*"todo":\[\([0-9,]*\)\].*/\1/p')
echo "$boot" >>"${PLAYED:-/dev/null}"
tell '{"type":"machine","boot":'$boot',"facts":{"kernel.release":"'"$release"'","kernel.boot_id":"'$$-$RANDOM$RANDOM'"},"config":null}'
status='"ok"'
[ -z "${PLAY_BADLY-}" ] || status='"failed","reason":"as asked"'
for run in ${todo//,/ }; do
	printf '{"type":"progress","point":0,"run":%s}\n' $run >&$fd
	tell '{"type":"run","boot":'$boot',"run":'$run',"point":'$point',"status":'"$status"',"unit":"ns","warmup":1,"samples":['$((boot + 5))',6],"per":"op","per_count":1,"started":1,"wall_s":1}'
	until [ -e "${PLAY_UNTIL-/}" ]; do sleep 0.1; done
done
tell '{"type":"end","boot":'$boot'}'
sleep 60
