/** What the guest's init prints around each command, on a line of its own. */
export const STARTED = '@kexec-kit-started';
export const RESULT = '@kexec-kit-result';
export const FINISHED = '@kexec-kit-finished';

/** The kernel parameter that chooses the stage; without it the first is run. */
export const STAGE = 'kexec_kit.stage';

/** So much of what a command prints comes back, in bytes. */
const OUTPUT_LIMIT = 1 << 18;

/** The PCI device ivshmem, in whose second region the file system is that guests share: vendor and device. */
const SHARED_DEVICE = '0x1af4 0x1110';

/**
 * Runs the commands of one stage, one after the other whatever becomes of them, and prints one line of JSON about each. A
 * command that starts another kernel has no result: its stage ends there, and the next one begins in the new kernel.
 */
export const guestInit = `#!/bin/busybox sh
export PATH=/opt/kexec-kit/node_modules/.bin:/usr/bin:/bin HOME=/root
/bin/busybox --install -s /bin
# What npm installs as programs asks for it by this name.
mkdir -p /usr/bin && ln -sf /bin/busybox /usr/bin/env
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
mount -t securityfs securityfs /sys/kernel/security 2>/dev/null
mount -t tmpfs tmpfs /run
# Where this archive is a seed only, the rest lies in a device's memory.
if [ -x /bin/show ]; then
  for device in /sys/bus/pci/devices/*; do
    [ "$(cat "$device/vendor" "$device/device" | tr '\\n' ' ')" = '${SHARED_DEVICE} ' ] || continue
    echo 1 > "$device/enable"
    # Two archives, one behind the other.
    cd / && show "$device/resource2" 2>/dev/null | (cpio -idu; cpio -idu) 2>/dev/null
  done
fi
stage=$(sed -n 's/.*${STAGE}=\\([0-9][0-9]*\\).*/\\1/p' /proc/cmdline)
stage=\${stage:-0}
# Setting the terminal waits until what was printed is on the line: a kernel that is started does not.
drain() { stty -F /dev/console -echo; }
uptime() { cut -d ' ' -f 1 /proc/uptime; }
encoded() { head -c ${OUTPUT_LIMIT} "$1" | base64 -w 0; }
index=0
while [ -e "/guest/stage-$stage/$index" ]; do
  printf '\\n${STARTED} {"stage":%d,"index":%d}\\n' "$stage" "$index"
  drain
  begin=$(uptime)
  sh "/guest/stage-$stage/$index" > /run/stdout 2> /run/stderr < /dev/null
  status=$?
  printf '\\n${RESULT} {"stage":%d,"index":%d,"status":%d,"begin":%s,"end":%s,"stdout":"%s","stderr":"%s"}\\n' \\
    "$stage" "$index" "$status" "$begin" "$(uptime)" "$(encoded /run/stdout)" "$(encoded /run/stderr)"
  index=$((index + 1))
done
printf '\\n${FINISHED}\\n'
drain
reboot -f
`;

/**
 * Writes the guest's whole file system into a file, as an initramfs with which the next kernel goes on: the next stage has
 * Node and the packages again, and whatever this one has left behind. What all guests share is left out where a device has it.
 */
export const repack = `#!/bin/busybox sh
[ -x /bin/show ] && shared='./opt/* ./usr/* ./lib/* ./lib64/*'
set -f
cd / && find . -xdev $(for path in ./proc/* ./sys/* ./dev/* ./run/* $shared; do echo "! -path $path"; done) \\
  ! -path "./$(basename "$1")" | cpio -o -H newc > "$1" 2>/dev/null
`;
