/** A piece of a sentence: plain words, or the name of a node, which is shown apart from the text around it. */
export type Part = string | { readonly name: string };

const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';

/** A sentence as plain text, for screen readers and titles; names are isolated, so that none turns the text around. */
export function plain(parts: readonly Part[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : `${ISOLATE}${part.name}${END_ISOLATE}`)).join('');
}

/** `Ana, Bob and Carl` as parts. */
export function nameParts(names: readonly string[]): Part[] {
  return names.flatMap((name, i): Part[] => {
    if (i === 0) return [{ name }];
    return [i === names.length - 1 ? ' and ' : ', ', { name }];
  });
}
