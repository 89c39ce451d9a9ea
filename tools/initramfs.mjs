// @ts-check
/**
 * Builds initramfs images: busybox, an init script, and what a test wants to find. The same input gives the same bytes.
 *
 *     node tools/initramfs.mjs OUT.gz [PATH=FILE…]     # the witness init, and files to put under /payload
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

/**
 * @typedef {object} Entry
 * @property {string} path Without a leading slash.
 * @property {Uint8Array | string} [content] Absent: a directory.
 * @property {number} [mode] File type and permissions as in stat(2); by default 0100644, for a directory 040755. A symbolic link has its target as `content`.
 * @property {readonly [number, number]} [device] Major and minor of a device node.
 */

const types = { directory: 0o040755, file: 0o100644 };

/**
 * An archive in the format that the kernel unpacks: "newc" (Documentation/driver-api/early-userspace/buffer-format.rst).
 * Directories come before what is in them, in the order of `entries`.
 *
 * @param {readonly Entry[]} entries
 * @returns {Uint8Array}
 */
export function cpio(entries) {
  const members = entries.map((entry, index) => member(entry, index + 1));
  return Buffer.concat([...members, member({ path: 'TRAILER!!!', content: '', mode: 0 }, 0)]);
}

/**
 * @param {Entry} entry
 * @param {number} inode
 */
function member({ path, content, mode, device = [0, 0] }, inode) {
  const data = Buffer.from(content ?? '');
  const name = Buffer.from(`${path}\0`);
  const fields = [
    inode,
    mode ?? (content === undefined ? types.directory : types.file),
    0, // uid
    0, // gid
    1, // nlink
    0, // mtime
    data.length, // filesize
    0, // maj of the file's own device
    0, // min
    ...device, // rmaj, rmin
    name.length, // namesize, with its NUL
    0, // chksum: only "070702" has one
  ];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(data)]);
}

/**
 * Name and data each end at a multiple of four.
 *
 * @param {Buffer} bytes
 */
function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** What the witness init prints after its line of JSON. */
export const MARKER = 'KEXEC-KIT-WITNESS-DONE';

/**
 * Prints on the console one line of JSON, `{"cmdline": …, "memmap": [[start, end, type]…], "sha256": {path: hex}}` with
 * ends inclusive as /sys/firmware/memmap has them and the digest of each file under /payload, then {@link MARKER}, and
 * ends the machine. The text of the command line is escaped for JSON; a control character cannot stand in one.
 */
export const witnessInit = `#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
list() { sep=''; while read -r line; do printf '%s%s' "$sep" "$line"; sep=','; done; }
regions() {
  for entry in $(ls /sys/firmware/memmap | sort -n); do
    cd "/sys/firmware/memmap/$entry" && printf '["%s","%s","%s"]\\n' "$(cat start)" "$(cat end)" "$(cat type)"
  done
}
digests() {
  find /payload -type f 2>/dev/null | sort | while read -r path; do
    printf '"%s":"%s"\\n' "$path" "$(sha256sum "$path" | cut -d ' ' -f 1)"
  done
}
cmdline=$(sed -e 's/[\\\\"]/\\\\&/g' /proc/cmdline)
echo 0 > /proc/sys/kernel/printk
printf '{"cmdline":"%s","memmap":[%s],"sha256":{%s}}\\n' "$cmdline" "$(regions | list)" "$(digests | list)"
echo ${MARKER}
# Setting the terminal waits until what was printed is on the line; a reboot does not.
stty -F /dev/console -echo
reboot -f
`;

/**
 * A gzip-compressed initramfs with busybox, `/init`, and files.
 *
 * @param {object} options
 * @param {string} [options.init] A script for `#!/bin/busybox sh`; by default {@link witnessInit}.
 * @param {Readonly<Record<string, Uint8Array | string>>} [options.files] By path without a leading slash; their folders are made.
 * @param {string} [options.busybox] A statically linked one.
 * @returns {Uint8Array}
 */
export function initramfs({ init = witnessInit, files = {}, busybox = '/bin/busybox' } = {}) {
  const folders = ['bin', 'dev', 'proc', 'sys', ...Object.keys(files).flatMap(parents)];
  const archive = cpio([
    ...[...new Set(folders)].map((path) => ({ path })),
    // The kernel opens it for init before devtmpfs is there.
    { path: 'dev/console', content: '', mode: 0o020600, device: [5, 1] },
    { path: 'bin/busybox', content: readFileSync(busybox), mode: 0o100755 },
    { path: 'init', content: init, mode: 0o100755 },
    ...Object.entries(files).map(([path, content]) => ({ path, content })),
  ]);
  return compress(archive);
}

/**
 * Only files under their folders: for a second and third initrd that adds to the first.
 *
 * @param {Readonly<Record<string, Uint8Array | string>>} files
 * @returns {Uint8Array}
 */
export function payload(files) {
  const folders = new Set(Object.keys(files).flatMap(parents));
  return cpio([
    ...[...folders].map((path) => ({ path })),
    ...Object.entries(files).map(([path, content]) => ({ path, content })),
  ]);
}

/**
 * The folders that a path is in, outermost first.
 *
 * @param {string} path
 * @returns {string[]}
 */
export function parents(path) {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/**
 * zlib writes neither a name nor a time into the header; the byte that names the operating system is the only rest.
 *
 * @param {Uint8Array} bytes
 */
function compress(bytes) {
  const packed = gzipSync(bytes, { level: 6 });
  packed[9] = 0xff;
  return packed;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [out, ...pairs] = process.argv.slice(2);
  if (out === undefined) throw new Error('usage: node tools/initramfs.mjs OUT.gz [PATH=FILE…]');
  const files = pairs.map((pair) => {
    const [path, file] = pair.split('=', 2);
    if (path === undefined || file === undefined) throw new Error(`${pair}: PATH=FILE is wanted`);
    return [`payload/${path}`, readFileSync(file)];
  });
  writeFileSync(out, initramfs({ files: Object.fromEntries(files) }));
}
