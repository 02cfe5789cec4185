#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# metal.sh KEY FOLDER [LOADER]: a disk that plays a machine of metal, in FOLDER: Debian 12 with a GRUB or a systemd-boot
# of its own, systemd, sshd, its kernel 6.1, a watchdog, and a user "bench" who may use sudo for faultbench-root and nothing else. root
# and bench are let in by KEY.pub. Made of Debian's packages, without mounting anything and without a loop device;
# needs root, for the owners of files. tests/suite/metal.sh starts it.
#
# /var/fault in it is what goes wrong at boots of entries of ours, or at the shutdown before one, a line each (tests).
set -euo pipefail

key=$1 to=$2 loader=${3:-grub}
tree=$(dirname "$0")/../..
PATH=$PATH:/usr/sbin:/sbin
need=$(for tool in mmdebstrap:mmdebstrap mcopy:mtools mkfs.vfat:dosfstools mkfs.ext4:e2fsprogs sfdisk:fdisk; do
	command -v "${tool%:*}" >/dev/null || echo "${tool#*:}"
done)
[ -e /usr/share/OVMF/OVMF_CODE_4M.fd ] || need="$need ovmf"
if [ "$(id -u)" != 0 ]; then
	echo "needs root"
	exit 77
fi
# shellcheck disable=SC2086
[ -z "$need" ] || { apt-get -qq update && apt-get -qq install --no-install-recommends $need; } ||
	{ echo "apt-get install $need"; exit 77; }

mkdir -p "$to"
root=$to/root uuid=5b5f4c1e-54a5-4f5e-8a5c-0b7c0a5e2a11
printf '%s\n' 'deb http://deb.debian.org/debian bookworm main' \
	'deb http://deb.debian.org/debian-security bookworm-security main' >"$to/sources"
mmdebstrap --quiet --variant=minbase --format=directory --dpkgopt='path-exclude=/usr/share/doc/*' \
	--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
	--include=systemd-sysv,udev,dbus,openssh-server,sudo,kmod,initramfs-tools,zstd,kexec-tools,grub2-common \
	--include="$([ "$loader" = grub ] || echo systemd-boot,)grub-efi-amd64-bin,iproute2,procps,linux-image-amd64" bookworm "$root" "$to/sources"

# What is not needed here is not waited for: an emulated machine is slow.
kernel=$(basename "$(echo "$root"/boot/vmlinuz-*)")
kernel=${kernel#vmlinuz-}
(cd "$root/lib/modules/$kernel/kernel" && rm -rf sound arch/x86/kvm net/{wireless,mac80211,bluetooth} \
	drivers/{gpu,media,net/{ethernet,wireless,usb},infiniband,iio,usb,hwmon,staging,scsi,mtd,comedi,input,isdn,platform} \
	fs/{xfs,btrfs,ocfs2,gfs2,nfs,nfsd,smb,ceph,f2fs,jfs,ntfs3,reiserfs,nilfs2,afs,orangefs,bcachefs})
printf '%s\n' virtio_pci virtio_blk virtio_net ext4 i6300esb >>"$root/etc/initramfs-tools/modules"
printf '%s\n' 'MODULES=list' 'COMPRESS=gzip' 'COMPRESSLEVEL=1' 'RESUME=none' 'FSTYPE=ext4' >"$root/etc/initramfs-tools/conf.d/metal"
rm -f "$root"/usr/share/initramfs-tools/{hooks/{dmsetup,fsck,keymap,resume,thermal,udev},scripts/init-{top,bottom}/udev}
printf '%s\n' '#!/bin/sh' '[ "$1" = prereqs ] || { . /usr/share/initramfs-tools/hook-functions && copy_exec /sbin/blkid; }' \
	>"$root/usr/share/initramfs-tools/hooks/blkid"
chmod 755 "$root/usr/share/initramfs-tools/hooks/blkid"
mkdir -p "$root/etc/systemd/system-generators"
for name in "$root"/lib/systemd/system-generators/*; do
	[ "${name##*/}" = systemd-fstab-generator ] || ln -s /dev/null "$root/etc/systemd/system-generators/${name##*/}"
done
chroot "$root" sh -ec "depmod $kernel; update-initramfs -u -k $kernel; apt-get clean; rm -rf /var/lib/apt/lists/*
	useradd -m -s /bin/sh -p '*' bench
	usermod -s /bin/sh -p '*' root
	systemctl enable ssh
	rm -f /lib/systemd/system/multi-user.target.wants/systemd-logind.service
	systemctl set-default multi-user.target
	systemctl mask getty@tty1 serial-getty@ttyS0 apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
		e2scrub_all.timer e2scrub_reap fstrim.timer systemd-timesyncd kexec-load kexec systemd-pstore \
		systemd-udev-trigger systemd-modules-load systemd-sysctl systemd-tmpfiles-setup \
		systemd-tmpfiles-setup-dev systemd-user-sessions dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
		sys-fs-fuse-connections.mount sys-kernel-config.mount kmod-static-nodes modprobe@.service \
		dbus.service dbus.socket systemd-udevd systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-binfmt \
		proc-sys-fs-binfmt_misc.automount systemd-machine-id-commit systemd-journal-flush systemd-update-utmp systemd-update-utmp-runlevel systemd-sysusers systemd-random-seed"
printf 'blacklist %s\n' iTCO_wdt i2c_i801 efi_pstore lpc_ich qemu_fw_cfg aesni_intel ghash_clmulni_intel \
	sha512_ssse3 sha256_ssse3 sha1_ssse3 crct10dif_pclmul crc32_pclmul >"$root/etc/modprobe.d/metal.conf"
# Nothing here is asked for by kexec-tools' own scripts.
printf 'LOAD_KEXEC=false\n' >"$root/etc/default/kexec"
for home in root home/bench; do
	mkdir -p "$root/$home/.ssh"
	cp "$key.pub" "$root/$home/.ssh/authorized_keys"
done
chroot "$root" chown -R bench:bench /home/bench/.ssh
rm -f "$root"/etc/ssh/ssh_host_*
ssh-keygen -q -t ed25519 -N '' -f "$root/etc/ssh/ssh_host_ed25519_key"
cp "$root/etc/ssh/ssh_host_ed25519_key.pub" "$to/host.pub"
printf '%s\n' 'UseDNS no' 'UsePAM no' 'PermitRootLogin yes' 'PrintMotd no' >"$root/etc/ssh/sshd_config.d/metal.conf"
install -m 755 "$tree/runners/switch/faultbench-root" "$root/usr/local/sbin/faultbench-root"
echo 'bench ALL=(root) NOPASSWD: /usr/local/sbin/faultbench-root' >"$root/etc/sudoers.d/faultbench"
chmod 440 "$root/etc/sudoers.d/faultbench"
echo metal >"$root/etc/hostname"
echo '127.0.0.1 localhost metal' >"$root/etc/hosts"
printf 'UUID=%s / ext4 rw,relatime 0 0\n' "$uuid" >"$root/etc/fstab"
printf '%s\n' 'link set lo up' 'address add 10.0.2.15/24 dev eth0' 'link set eth0 up' 'route add default via 10.0.2.2' >"$root/etc/net"
cat >"$root/etc/systemd/system/net.service" <<'UNIT'
[Unit]
DefaultDependencies=no
ConditionPathExists=!/run/silent
After=fault.service
Before=ssh.service network.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=ip -batch /etc/net

[Install]
WantedBy=multi-user.target
UNIT
printf '%s\n' 'GRUB_DEFAULT=0' 'GRUB_TIMEOUT=0' 'GRUB_DISTRIBUTOR=Debian' 'GRUB_TERMINAL=serial' 'GRUB_DISABLE_OS_PROBER=true' \
	'GRUB_CMDLINE_LINUX_DEFAULT=quiet' 'GRUB_CMDLINE_LINUX="console=ttyS0 net.ifnames=0 mitigations=off init_on_alloc=0 ipv6.disable=1 audit=0 lsm= @"' >"$root/etc/default/grub"
sed -i "s/@/nokaslr no_timer_check tsc=reliable cryptomgr.notests initcall_blacklist=$(printf %s bpf_tcp_ca_kfunc_init,crypto_kdf108_init, \
	bpf_dummy_struct_ops_init, init_kprobe_trace, jent_mod_init, load_system_certificate_list)/" "$root/etc/default/grub"
mkdir -p "$root/etc/systemd/system/ssh.service.d"
printf '[Service]\nExecStartPre=\n' >"$root/etc/systemd/system/ssh.service.d/metal.conf"
cat >"$root/usr/local/sbin/fault" <<'FAULT'
#!/bin/sh
# fault start|stop: what the first line of /var/fault says goes wrong, once; a line for each boot of an entry of ours.
[ -s /var/fault ] || exit 0
read -r what </var/fault
case $1:$what in
stop:forget) grub-editenv /boot/grub/grubenv unset next_entry || bootctl set-oneshot ''; kexec -u ;;
start:forget | stop:*) exit 0 ;;
*) grep -q faultbench.entry= /proc/cmdline || exit 0 ;;
esac
sed -i 1d /var/fault
sync
echo "fault: $what" >/dev/console
case $what in
panic) echo c >/proc/sysrq-trigger ;;
hang) kill -SEGV 1; sleep infinity ;;
silent) touch /run/silent ;;
cut) sleep infinity ;;
worker) (until pkill -KILL faultbench-work; do sleep 1; done) >/dev/null 2>&1 & ;;
esac
exit 0
FAULT
chmod 755 "$root/usr/local/sbin/fault"
cat >"$root/etc/systemd/system/fault.service" <<'UNIT'
[Unit]
DefaultDependencies=no
After=systemd-remount-fs.service
Before=sysinit.target
Conflicts=shutdown.target
Before=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
KillMode=none
TimeoutStartSec=infinity
ExecStart=/usr/local/sbin/fault start
ExecStop=/usr/local/sbin/fault stop

[Install]
WantedBy=sysinit.target
UNIT
# GRUB's own configuration is made by the machine itself, when it is first started.
cat >"$root/usr/local/sbin/first" <<'FIRST'
#!/bin/sh
mount -t devtmpfs dev /dev 2>/dev/null
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -o remount,rw /
if [ -d /boot/grub/x86_64-efi ]; then
	grub-editenv /boot/grub/grubenv create && update-grub
fi && echo metal is made
rm /usr/local/sbin/first
sync
mount -o remount,ro /
echo o >/proc/sysrq-trigger
sleep 60
FIRST
chmod 755 "$root/usr/local/sbin/first"
chroot "$root" systemctl enable fault.service net.service

# grub_esp, systemd_boot_esp: what the firmware starts, in $to/esp.
grub_esp() {
	printf 'search.fs_uuid %s root\nset prefix=($root)/boot/grub\nconfigfile $prefix/grub.cfg\n' "$uuid" >"$root/tmp/early.cfg"
	mkdir -p "$root/boot/grub/x86_64-efi"
	cp "$root"/usr/lib/grub/x86_64-efi/*.{mod,lst} "$root/boot/grub/x86_64-efi/"
	chroot "$root" grub-mkimage -O x86_64-efi -p /boot/grub -c /tmp/early.cfg -o /tmp/grub.efi part_gpt ext2 fat \
		search search_fs_uuid configfile normal linux echo test loadenv serial
	mcopy -i "$to/esp" "$root/tmp/grub.efi" ::/EFI/BOOT/BOOTX64.EFI
}

# It finds the machine's own kernel beside itself. There is no udev, by which systemd would know of the partition.
systemd_boot_esp() {
	local efi=$root/usr/lib/systemd/boot/efi/systemd-bootx64.efi
	printf 'default own.conf\ntimeout 0\n' >"$root/tmp/loader.conf"
	printf '%s\n' 'title own' 'linux /own/vmlinuz' 'initrd /own/initrd' \
		"options root=UUID=$uuid ro $(sed -n 's/^GRUB_CMDLINE_LINUX="\(.*\)"/\1/p' "$root/etc/default/grub") quiet" >"$root/tmp/own.conf"
	mmd -i "$to/esp" ::/EFI/systemd ::/loader ::/loader/entries ::/own
	mcopy -i "$to/esp" "$efi" ::/EFI/BOOT/BOOTX64.EFI
	mcopy -i "$to/esp" "$efi" ::/EFI/systemd/systemd-bootx64.efi
	mcopy -i "$to/esp" "$root/tmp/loader.conf" ::/loader/loader.conf
	mcopy -i "$to/esp" "$root/tmp/own.conf" ::/loader/entries/own.conf
	mcopy -i "$to/esp" "$root/boot/vmlinuz-$kernel" ::/own/vmlinuz
	mcopy -i "$to/esp" "$root/boot/initrd.img-$kernel" ::/own/initrd
	mkdir "$root/boot/efi"
	printf '%s\n' '[Unit]' 'DefaultDependencies=no' 'After=systemd-remount-fs.service' 'Before=sysinit.target' '' '[Service]' 'Type=oneshot' \
		'RemainAfterExit=yes' 'ExecStart=mount -t vfat /dev/vda1 /boot/efi' '' '[Install]' 'WantedBy=sysinit.target' >"$root/etc/systemd/system/esp.service"
	chroot "$root" systemctl enable esp.service
}

truncate -s 256M "$to/esp"
mkfs.vfat -F 32 "$to/esp" >/dev/null
mmd -i "$to/esp" ::/EFI ::/EFI/BOOT
"${loader//-/_}_esp"
rm "$root"/tmp/*
cp "$root/boot/vmlinuz-$kernel" "$root/boot/config-$kernel" "$root/boot/initrd.img-$kernel" "$to/"
mkfs.ext4 -q -U "$uuid" -d "$root" "$to/ext4" 1900M
truncate -s 2200M "$to/disk"
printf '%s\n' 'label: gpt' 'start=2048,size=524288,type=U' 'start=526336,size=3891200,type=L' | sfdisk -q "$to/disk"
dd if="$to/esp" of="$to/disk" bs=1M seek=1 conv=notrunc,sparse status=none
dd if="$to/ext4" of="$to/disk" bs=1M seek=257 conv=notrunc,sparse status=none
rm -rf "$root" "$to/esp" "$to/ext4"
qemu-system-x86_64 -nodefaults -no-user-config -display none -serial file:"$to/first" -no-reboot -machine q35 \
	-accel tcg,thread=multi -cpu max,la57=off -smp 2 -m 1G -drive file="$to/disk",format=raw,if=virtio \
	-kernel "$to/vmlinuz-$kernel" -initrd "$to/initrd.img-$kernel" \
	-append "root=UUID=$uuid rw console=ttyS0 init=/usr/local/sbin/first"
grep -q 'metal is made' "$to/first" || { cat "$to/first"; exit 1; }
