import { type Fact, type Facts } from '@kexec-kit/loader-api';
import { inspect as inspectKernel } from '@kexec-kit/loader-bzimage';
import type { Slice } from '@kexec-kit/uki';
import type { Profile, UkiImage } from './image.js';

const SPEC = 'UKI specification, "UKI Components"';

export function inspect({ profiles }: UkiImage): Facts {
  const [first] = profiles;
  return [
    { title: 'Unified kernel image', fields: names(first) },
    ...profiles.map((profile) => ({
      title: profiles.length === 1 ? 'Sections' : `Sections of ${called(profile)}`,
      fields: sections(profile),
    })),
    ...kernelFacts(first),
  ];
}

function called({ number, id, title }: Profile): string {
  const name = [id, title].filter((word) => word !== '').join(', ');
  return `profile ${String(number)}${name === '' ? '' : ` (${name})`}`;
}

function names({ os, release }: Profile): Fact[] {
  const said = [
    ['system', os.name, '.osrel'],
    ['version', os.version, '.osrel'],
    ['kernel release', release, '.uname'],
  ] as const;
  return said.flatMap(([name, value, section]) =>
    value === '' ? [] : [{ name, value, spec: `${SPEC}, ${section}` }],
  );
}

function sections({ components, commandLine }: Profile): Fact[] {
  return [...components].map(([name, { offset, size }]) => ({
    name,
    value: name === '.cmdline' ? (commandLine ?? '') : `${String(size)} bytes`,
    ...slice({ offset, size }),
    spec: SPEC,
  }));
}

/** Of the kernel that starts when nobody chooses; offsets are of the image. */
function kernelFacts({ kernel, linux }: Profile): Facts {
  const facts = inspectKernel(kernel);
  return facts.map(({ title, fields }) => ({
    title,
    fields: fields.map((fact) =>
      fact.offset === undefined ? fact : { ...fact, offset: fact.offset + linux.offset },
    ),
  }));
}

function slice({ offset, size }: Slice): Slice {
  return { offset, size };
}
