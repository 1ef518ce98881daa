import { readText } from './repository.ts';

/** A block of shell in the manual. */
export interface Recipe {
  /** The nearest heading above it. */
  readonly heading: string;
  readonly code: string;
}

/** The `sh` blocks of a section (`## …`) of docs/operations.md, in order. Throws where there is no such section. */
export function recipesOf(section: string): Recipe[] {
  const manual = readText('docs/operations.md');
  const text = manual.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  if (text === undefined) throw new Error(`docs/operations.md has no section "${section}"`);
  const found: Recipe[] = [];
  for (const part of text.split(/^### /m)) {
    const heading = part.slice(0, part.indexOf('\n'));
    for (const [, code = ''] of part.matchAll(/^```sh\n([\s\S]*?)^```/gm)) found.push({ heading, code });
  }
  return found;
}
