const groups = new Intl.NumberFormat('en-GB');

/** `1,240 documents`, `1 document`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${groups.format(number)} ${number === 1 ? one : many}`;
}

/** `Ana, Bob and Carl`. */
export function list(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
