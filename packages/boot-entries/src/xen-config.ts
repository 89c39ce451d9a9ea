/** The settings of one section, by name. */
export type Settings = ReadonlyMap<string, string>;

/** The configuration of xen.efi: xen/docs/misc/efi.pandoc. */
export interface XenConfig {
  /** By name, without `global`; in the order of the file. */
  readonly sections: ReadonlyMap<string, Settings>;
  readonly global: Settings;
  /** The first of each setting in the whole file: what counts where no section is the default. */
  readonly any: Settings;
}

/** More lines than this, no configuration has. */
const MOST_LINES = 1000;

/**
 * Reads such a configuration. Of a setting or a section that is there twice, the first counts.
 *
 * @example
 * ```ts
 * parseXenConfig('[global]\ndefault=a\n[a]\nkernel=vmlinuz ro\n').sections.get('a')?.get('kernel'); // 'vmlinuz ro'
 * ```
 */
export function parseXenConfig(text: string): XenConfig {
  const sections = new Map<string, Map<string, string>>();
  const any = new Map<string, string>();
  let current = new Map<string, string>();
  for (const line of text.split(/[\r\n]+/, MOST_LINES)) {
    const [, section] = /^\s*\[([^\]]*)\]/.exec(line) ?? [];
    if (section !== undefined) {
      current = sections.get(section) ?? new Map<string, string>();
      sections.set(section, current);
      continue;
    }
    const [, before, value = ''] = /^([^=]*)=(.*)$/.exec(line) ?? [];
    const name = before?.trim() ?? '';
    if (/^(?:$|[#;])/.test(name)) continue;
    if (!current.has(name)) current.set(name, value.trim());
    if (!any.has(name)) any.set(name, value.trim());
  }
  const global = sections.get('global') ?? new Map<string, string>();
  sections.delete('global');
  return { sections, global, any };
}
