import { encodeText } from '@kexec-kit/structures';
import { describe, expect, test } from 'vitest';
import {
  type Give,
  infoTag,
  infoTags,
  infoTagWords,
  isXen,
  type ProfileName,
  profiles,
  recogniseProfile,
} from '../src/index.js';

const given = (profile: ProfileName, when: Give) =>
  infoTags.filter(({ give }) => give[profile] === when).map(({ type }) => type);

describe('information tags', () => {
  test.each<[ProfileName, number[], number[]]>([
    ['default', [3, 11, 12, 21], []],
    ['tboot', [3, 11, 12, 21], []],
    ['xen', [3, 21], [11, 12]],
  ])('for %s: always, if known, if asked for, never', (profile, known, never) => {
    expect(given(profile, 'always')).toEqual([1, 2, 4, 6]);
    expect(given(profile, 'known')).toEqual(known);
    expect(given(profile, 'asked')).toEqual([8, 9]);
    expect(given(profile, 'never')).toEqual(
      [5, 7, 10, 13, 14, 15, 16, 17, 18, 19, 20, ...never].sort((a, b) => a - b),
    );
  });

  test('that somebody does not get have a reason; each has a name and a clause of its own', () => {
    for (const { give, why } of infoTags)
      if (Object.values(give).includes('never')) expect(why).toMatch(/^\w/);
    for (const { why } of infoTags) expect(why).not.toBe('');
    expect(new Set(infoTags.map(({ name }) => name)).size).toBe(21);
    expect(infoTags.map(({ name }) => name)).not.toContain('');
    // 3.6.1 and 3.6.2 are the block and its tags.
    const clauses = infoTags.map(({ spec }) => /^Multiboot2 2\.0, 3\.6\.(\d+)$/.exec(spec)?.[1]);
    expect(clauses.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, i) => i + 3));
  });

  test('are found by their type, and named by it and their name', () => {
    expect(infoTag(12)).toBe(infoTags[11]);
    expect([infoTag(0), infoTag(22)]).toEqual([undefined, undefined]);
    expect(infoTagWords(6)).toBe('6 (memory map)');
    expect(infoTagWords(4711)).toBe('4711');
  });
});

describe('an image', () => {
  const image = (text: string, before = 5) =>
    Uint8Array.from([...new Uint8Array(before).fill(0x90), ...encodeText(text), 0]);

  test.each<[ProfileName, string]>([
    ['xen', 'Xen version %d.%d'],
    ['xen', 'XeXen version %d.%d%s'],
    ['tboot', 'TBOOT: '],
    ['tboot', 'TTBOOT: begins'],
    ['default', 'Xen version 4.17'],
    ['default', 'TBOOT'],
    ['default', ''],
  ])('is known as %s by "%s" in it', (name, text) => {
    expect(recogniseProfile(image(text))).toBe(name);
    expect(recogniseProfile(image(text, 0))).toBe(name);
    expect(isXen(image(text))).toBe(name === 'xen');
  });

  test('that ends in the middle of a marker is none of those', () => {
    expect(recogniseProfile(encodeText('Xen version %d.%'))).toBe('default');
    expect(recogniseProfile(new Uint8Array())).toBe('default');
  });

  test('is of a kind that is summed up for people', () => {
    expect(profiles.map(({ name }) => name)).toEqual(['default', 'xen', 'tboot']);
    for (const { summary } of profiles) expect(summary).toMatch(/^\w/);
  });
});
