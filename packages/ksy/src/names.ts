/** `setup_header` → `SetupHeader`, as Kaitai names classes. */
export function pascalCase(name: string): string {
  return name.split('_').map(capitalize).join('');
}

/** `init_size` → `initSize`, as Kaitai names properties. */
export function camelCase(name: string): string {
  const [first = '', ...rest] = name.split('_');
  return first + rest.map(capitalize).join('');
}

function capitalize(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
