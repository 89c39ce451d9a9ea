import { readFileSync } from 'node:fs';
import type { LoaderManifest } from '@kexec-kit/loader-api';
import { checks, type Sample, standardMachines } from '@kexec-kit/loader-testkit';
import { test } from 'vitest';
import { loader } from '../src/index.js';
import { bzImage, peFile, ukiImage } from './images.js';

const manifest = JSON.parse(
  readFileSync(new URL('../loader.json', import.meta.url), 'utf8'),
) as LoaderManifest;

/** What pads the last section may be missing. */
const PADDING = 0x200;

const initrd = [{ source: 'initrd.0', name: 'initrd.img', size: 0x12345, arguments: '' }];
/** In which Linux of today has room; only the 64-bit entry reaches above 4 GiB. */
const fits = Object.keys(standardMachines);
const whole = ukiImage();
const profiles = ukiImage({
  more: [
    ['.profile', 'ID=regular\nTITLE="Regular boot"\n'],
    ['.profile', 'ID=factory-reset\nTITLE="Factory reset"\n'],
    ['.cmdline', 'systemd.unit=factory-reset.target'],
    ['.initrd', 'another initrd'],
  ],
});

const accepts: Sample[] = [
  { name: 'a UKI', bytes: whole, declaredEnd: whole.length - PADDING, fits, options: { initrd } },
  {
    name: 'a UKI of two profiles',
    bytes: profiles,
    declaredEnd: profiles.length - PADDING,
    fits,
    options: { profile: 'factory-reset' },
  },
  {
    name: 'a UKI that is a kernel and nothing else',
    bytes: peFile({ sections: [['.linux', bzImage()]] }),
    declaredEnd: peFile({ sections: [['.linux', bzImage()]] }).length - PADDING,
    fits,
  },
];
const rejects = [
  { name: 'a kernel with an EFI stub', bytes: bzImage() },
  { name: 'an EFI program', bytes: peFile({ sections: [['.text', 'code']] }) },
  { name: 'an addon', bytes: peFile({ sections: [['.cmdline', 'quiet']] }) },
  { name: 'a UKI for another processor', bytes: ukiImage({ machine: 0xaa64 }) },
  { name: 'a UKI whose kernel is none', bytes: peFile({ sections: [['.linux', new Uint8Array(0x1000)]] }) },
];

for (const { name, run } of checks({ loader, manifest, accepts, rejects })) test(name, run);
