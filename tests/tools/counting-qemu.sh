#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stands for qemu-system-aarch64 in tests of what is made of counted boots. It starts nothing, and plays a guest that
# carries out a plan of one point, and the plugin; a line of $PLAYED, the checksum of its kernel, for each boot.

case ${1-} in
-help | --version) printf 'QEMU emulator version 8.0.0 (played)\n-plugin x\n' && exit ;;
esac
channel= counts= image= initrd=
while [ $# -gt 0 ]; do
	case $1 in
	-kernel) image=$2 ;;
	-initrd) initrd=$2 ;;
	-plugin) counts=$(sed 's/.*counts=\([0-9]*\),.*/\1/' <<<"$2") ;;
	file,id=channel,*) channel=${1##*/} ;;
	esac
	shift
done
release=$(sed -n 's/.*"release": "\(.*\)".*/\1/p' "${image%/image}/kernel.json")
request=$(grep -a -o '{"plan":.*' "$initrd" | head -1)
boot=$(printf '%s' "$request" | sed 's/.*"boot":\([0-9]*\).*/\1/')
point=$(printf '%s' "$request" | sed -n 's/.*"points":\[{"point":\({[^}]*}\).*/\1/p')
tell() { printf '%s\n' "$1" >>"/proc/self/fd/$channel"; }
sum=$(sha256sum <"$image")
echo "${sum%% *}" >>"${PLAYED:-/dev/null}"
tell '{"type":"machine","boot":'$boot',"facts":{"kernel.release":"'"$release"'"},"config":null}'
tell '{"type":"symbols","text":"ffff800080010000 vectors\nffff800080011000 other\n"}'
tell '{"type":"progress","point":0,"run":0}'
printf '{"run":0,"entries":24,"iterations":[[%d,1,0,0]],"blocks":[]}\n' 0x${sum:0:6} >>"/proc/self/fd/$counts"
tell '{"type":"run","boot":'$boot',"run":0,"point":'"$point"',"status":"ok","unit":"ns","warmup":2,"samples":[5],"per":"op","per_count":1,"conditions":{},"started":1,"wall_s":1}'
tell '{"type":"end","boot":'$boot'}'
sleep 60
