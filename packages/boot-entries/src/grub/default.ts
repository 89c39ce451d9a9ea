import type { Item } from './scope.js';

/**
 * The item that starts when nobody chooses: `default` is a number, an ID or a title, with `>` between a submenu and what is
 * in it (section 16.1.7 of GRUB's manual). What fits nothing stands for the first.
 */
export function defaultItem(items: readonly Item[], wanted: string): Item | undefined {
  let among = items;
  // `>>` is a `>` that belongs to a title.
  for (const step of wanted.split(/(?<!>)>(?!>)/)) {
    const item = itemCalled(among, step.replaceAll('>>', '>')) ?? among[0];
    if (item?.items === undefined) return item;
    among = item.items;
  }
  // A submenu only: GRUB shows it, and waits.
  return undefined;
}

function itemCalled(items: readonly Item[], name: string): Item | undefined {
  if (/^[0-9]{1,4}$/.test(name)) return items[Number(name)];
  return items.find(({ id, title }) => id === name || title === name);
}
