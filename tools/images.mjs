// @ts-check
/**
 * Real kernels for tests and the demo: fetched from Debian's packages into `.cache/images/`, never committed.
 * Versions move; what was taken is recorded in `.cache/images/index.json` with package, version and SHA-256.
 *
 *     node tools/images.mjs                          # the table, and what is here
 *     node tools/images.mjs linux-6.12-cloud         # prints the path; fetches if it is not here
 *     node tools/images.mjs --refresh linux-6.1      # asks apt for a newer one
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { userInfo } from 'node:os';
import { apt } from './debian.mjs';
import { root } from './workspace.mjs';

/**
 * One row per image: the Debian package by a pattern of its name (the newest candidate is taken) and the file in it (a pattern of tar's).
 * `architecture` when it is not the machine's own. With `needs` it is a tar archive of the whole package and of those, without documentation.
 * `of` names an image of the same package, with which it goes only in the same version.
 *
 * @type {Readonly<Record<string, { package: RegExp; prefix: string; file?: string; what: string; architecture?: 'i386'; needs?: readonly string[]; of?: string }>>}
 */
export const images = {
  'linux-6.12-cloud': {
    package: /^linux-image-6\.12\.\d[^-]*-cloud-amd64$/,
    prefix: 'linux-image-6.12.',
    file: './boot/vmlinuz-*',
    what: 'Linux 6.12 bzImage for virtual machines, signed',
  },
  'linux-6.1': {
    package: /^linux-image-6\.1\.\d+-\d+-amd64$/,
    prefix: 'linux-image-6.1.',
    file: './boot/vmlinuz-*',
    what: "Linux 6.1 bzImage, Debian 12's own, signed",
  },
  'linux-6.12-cloud-efivarfs': {
    package: /^linux-image-6\.12\.\d[^-]*-cloud-amd64$/,
    prefix: 'linux-image-6.12.',
    file: './lib/modules/*/efivarfs.ko.xz',
    what: 'the module of that kernel that shows EFI variables, in xz',
    of: 'linux-6.12-cloud',
  },
  'linux-6.1-efivarfs': {
    package: /^linux-image-6\.1\.\d+-\d+-amd64$/,
    prefix: 'linux-image-6.1.',
    file: './lib/modules/*/efivarfs.ko',
    what: 'the module of that kernel that shows EFI variables',
    of: 'linux-6.1',
  },
  'linux-6.1-686-pae': {
    package: /^linux-image-6\.1\.\d+-\d+-686-pae$/,
    prefix: 'linux-image-6.1.',
    file: './boot/vmlinuz-*',
    what: "Linux 6.1 bzImage for i386, Debian 12's own, signed",
    architecture: 'i386',
  },
  'busybox-i386': {
    package: /^busybox-static$/,
    prefix: 'busybox-static',
    file: './bin/busybox',
    what: 'the userland under an i386 kernel',
    architecture: 'i386',
  },
  'node-i386': {
    package: /^nodejs$/,
    prefix: 'nodejs',
    what: "Debian's Node for i386 with its libraries, as a tar archive",
    architecture: 'i386',
    needs: [
      ...[
        'libnode108',
        'libc6',
        'libstdc++6',
        'libgcc-s1',
        'libicu72',
        'libssl3',
        'libbrotli1',
        'libc-ares2',
      ],
      ...['libnghttp2-14', 'libuv1', 'zlib1g', 'node-acorn', 'node-cjs-module-lexer', 'node-undici'],
    ],
  },
  'memtest86+x64': {
    package: /^memtest86\+$/,
    prefix: 'memtest86+',
    file: './boot/memtest86+x64.bin',
    what: 'memtest86+ 6: speaks the boot protocol of Linux, 64-bit, not above 4 GiB',
  },
  'memtest86+ia32': {
    package: /^memtest86\+$/,
    prefix: 'memtest86+',
    file: './boot/memtest86+ia32.bin',
    what: 'memtest86+ 6: speaks the boot protocol of Linux, 32-bit',
  },
  'grub-i386-xen_pvh': {
    package: /^grub-xen-host$/,
    prefix: 'grub-xen-host',
    file: './usr/lib/grub-xen/grub-i386-xen_pvh.bin',
    what: 'GRUB 2 for PVH guests of Xen: an ELF32 that has a PVH entry and no other',
  },
  'ovmf-code': {
    package: /^ovmf$/,
    prefix: 'ovmf',
    file: './usr/share/OVMF/OVMF_CODE_4M.fd',
    what: 'UEFI for a machine of QEMU',
  },
  'ovmf-vars': {
    package: /^ovmf$/,
    prefix: 'ovmf',
    file: './usr/share/OVMF/OVMF_VARS_4M.fd',
    what: 'its variables, as they come from the factory: to be copied',
    of: 'ovmf-code',
  },
  'systemd-boot': {
    package: /^systemd-boot-efi$/,
    prefix: 'systemd-boot-efi',
    file: './usr/lib/systemd/boot/efi/systemd-bootx64.efi',
    what: 'a PE file that is no kernel',
  },
  'systemd-stub': {
    package: /^systemd-boot-efi$/,
    prefix: 'systemd-boot-efi',
    file: './usr/lib/systemd/boot/efi/linuxx64.efi.stub',
    what: 'the EFI program that a unified kernel image is made around',
  },
  'xen-4.17': {
    package: /^xen-hypervisor-4\.17-amd64$/,
    prefix: 'xen-hypervisor-',
    file: './boot/xen-*.gz',
    what: 'Xen 4.17, an ELF32 with both Multiboot headers, in gzip',
  },
  tboot: {
    package: /^tboot$/,
    prefix: 'tboot',
    file: './boot/tboot.gz',
    what: 'tboot, which measures a start with TXT: both Multiboot protocols, in gzip',
  },
  'multiboot-example': {
    package: /^multiboot$/,
    prefix: 'multiboot',
    file: './usr/lib/multiboot/examples/kernel',
    what: "the Multiboot specification's example kernel: shows what it is told",
  },
};

/**
 * @typedef {object} Image
 * @property {string} name
 * @property {string} path
 * @property {string} package
 * @property {string} version The package's version.
 * @property {string} sha256 Of the file, lower-case hexadecimal.
 * @property {number} size In bytes.
 */

const cache = join(root, '.cache/images');
const index = join(cache, 'index.json');

/**
 * The image of that name: from the cache when its digest is right, else from Debian.
 *
 * @param {string} name A key of {@link images}.
 * @param {{ refresh?: boolean }} [options] `refresh`: ask apt even when the cache has one.
 * @returns {Promise<Image>}
 */
export function image(name, { refresh = false } = {}) {
  return Promise.resolve().then(() => (refresh ? fetchImage(name) : (cached(name) ?? fetchImage(name))));
}

/**
 * @param {string} name
 * @returns {Image | undefined}
 */
function cached(name) {
  const entry = readIndex()[name];
  if (entry === undefined) return undefined;
  const path = join(cache, entry.file);
  if (!existsSync(path) || sha256(readFileSync(path)) !== entry.sha256) return undefined;
  if (!goesWithIts(name, entry.version)) return undefined;
  const { file: _, ...rest } = entry;
  return { name, path, ...rest };
}

/**
 * @param {string} name
 * @param {string} version
 */
function goesWithIts(name, version) {
  const of = images[name]?.of;
  return of === undefined || readIndex()[of]?.version === version;
}

/**
 * @param {string} name
 * @returns {Image}
 */
function fetchImage(name) {
  const row = images[name];
  if (row === undefined) throw new Error(`no image "${name}": there are ${Object.keys(images).join(', ')}`);
  const candidate = newest(row) ?? afterUpdate(row);
  if (candidate === undefined) throw new Error(`apt offers no package ${String(row.package)} for ${name}`);
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'fetch-'));
  try {
    const content = unpack(candidate, row, scratch);
    const bytes = readFileSync(content);
    const digest = sha256(bytes);
    const file = `${name}-${digest.slice(0, 12)}`;
    renameSync(content, join(cache, file));
    record(name, { file, ...candidate, sha256: digest, size: bytes.length });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  // The newest of one package: both are, then.
  if (row.of !== undefined && !goesWithIts(name, candidate.version)) fetchImage(row.of);
  const found = cached(name);
  if (found === undefined) throw new Error(`${name} was fetched and is not in ${cache}`);
  console.error(
    `${name}: ${found.package} ${found.version}, ${String(found.size)} bytes, sha256 ${found.sha256}`,
  );
  return found;
}

/**
 * @typedef {{ package: string; version: string }} Candidate
 */

/**
 * Newest by the kernel's own number, which stands in the package's name.
 *
 * @param {typeof images[string]} row
 * @returns {Candidate | undefined}
 */
function newest(row) {
  const own = ownLists(row);
  const names = run('apt-cache', ...own, 'pkgnames', row.prefix)
    .split('\n')
    .filter((name) => row.package.test(name));
  names.sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
  for (const name of names) {
    const version = /^ {2}Candidate: (?!\(none\))(.+)$/m.exec(run('apt-cache', ...own, 'policy', name))?.[1];
    if (version !== undefined) return { package: name, version };
  }
  return undefined;
}

/**
 * A machine whose package lists were never read, as containers come, offers nothing until they are.
 *
 * @param {typeof images[string]} row
 */
function afterUpdate(row) {
  if (row.architecture !== undefined) {
    apt(...ownLists(row), 'update');
    // One of several lists may fail while a mirror is being renewed: what matters is whether the package is in another.
    return newest(row);
  }
  if (userInfo().uid !== 0)
    throw new Error('apt knows no such package: run `apt-get update` as root, then try again');
  return apt('update') ? newest(row) : undefined;
}

/**
 * For another architecture apt reads and keeps lists of its own, under the cache: the machine's apt is not told of it.
 *
 * @param {typeof images[string]} row
 * @returns {string[]} Options of apt's programs.
 */
function ownLists({ architecture }) {
  if (architecture === undefined) return [];
  const folder = join(root, '.cache/apt', architecture);
  for (const name of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  return [
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    'APT::Sandbox::User=root',
    `Dir::State=${folder}`,
    `Dir::State::status=${join(folder, 'status')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
  ].flatMap((setting) => ['--option', setting]);
}

/**
 * Downloads the package and takes one file out of it: a kernel's modules are forty times its size. With others that it
 * needs, all of them in one archive.
 *
 * @param {Candidate} candidate
 * @param {typeof images[string]} row
 * @param {string} scratch
 * @returns {string} Where it is.
 */
function unpack(candidate, row, scratch) {
  // Without the sandbox apt need not hand the folder to its own user.
  const quiet = ['--quiet', '--quiet', '--option', 'APT::Sandbox::User=root', ...ownLists(row)];
  const wanted = [`${candidate.package}=${candidate.version}`, ...(row.needs ?? [])];
  execFileSync('apt-get', [...quiet, 'download', ...wanted], { cwd: scratch });
  const script = row.needs === undefined ? takeFile : takeAll;
  execFileSync('sh', ['-e', '-c', script, row.file ?? ''], { cwd: scratch });
  return join(scratch, 'content');
}

const takeFile = 'dpkg-deb --fsys-tarfile ./*.deb | tar --extract --to-stdout --wildcards "$0" > content';

/** The same packages give the same bytes. */
const takeAll = `
for package in ./*.deb; do dpkg-deb --extract "$package" all; done
rm -rf all/usr/share/doc all/usr/share/man all/usr/share/lintian all/usr/share/icu
tar --create --file content --directory all --sort name --mtime @0 --owner 0 --group 0 --numeric-owner .
`;

/**
 * @returns {Record<string, { file: string; package: string; version: string; sha256: string; size: number } | undefined>}
 */
function readIndex() {
  return existsSync(index) ? JSON.parse(readFileSync(index, 'utf8')) : {};
}

/**
 * @param {string} name
 * @param {NonNullable<ReturnType<typeof readIndex>[string]>} entry
 */
function record(name, entry) {
  const scratch = `${index}.${String(process.pid)}`;
  writeFileSync(scratch, `${JSON.stringify({ ...readIndex(), [name]: entry }, null, 2)}\n`);
  renameSync(scratch, index);
}

/** @param {Uint8Array} bytes */
function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, ...args) {
  return execFileSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const names = process.argv.slice(2).filter((argument) => argument !== '--refresh');
  const refresh = process.argv.includes('--refresh');
  if (names.length === 0) {
    for (const [name, { what }] of Object.entries(images))
      console.log(`${name}\t${what}\t${cached(name)?.path ?? 'not here'}`);
  }
  for (const name of names) console.log((await image(name, { refresh })).path);
}
