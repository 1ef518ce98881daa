import { z } from 'zod';

export const NAME_MAX = 63;

/** Cannot be seen, or changes what stands beside it: control, format, line separators, half characters, fillers. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const UNSAFE = /[/\\]/;

/** What pages and commands say of a node; as a name it would speak for them. Compared without capitals and edges. */
const STATE_WORDS = new Set([
  'this node',
  'your node',
  'you',
  'here',
  'away',
  'not answering',
  'trusted',
  'trusted by you',
  'not trusted',
  'not trusted yet',
  'pending',
  'waiting',
  'blocked',
  'alive',
  'suspect',
  'dead',
  'left',
  'unknown',
]);

/** Whether a name is one of the words that say what a node is; marks around it do not matter. */
export function isStateWord(name: string): boolean {
  const word = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return STATE_WORDS.has(word);
}

/** A name as a store holds it, which an earlier version, with fewer rules, may have written. */
export const storedNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(NAME_MAX)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\]+$/u, 'a name has no control characters and no slashes');

/**
 * A node's name is a claim, shown as text and typed in URLs and commands by people. 1 to 63 characters, each of which can
 * be seen, so that a name cannot reorder, break or imitate what stands beside it; no slash; no word that pages say of a
 * node themselves.
 */
export const nodeNameSchema = storedNameSchema
  .refine((name) => name.search(UNSEEN) < 0, 'a name has no characters that cannot be seen')
  .refine((name) => !isStateWord(name), 'a name is no word that says what a node is, such as “trusted” or “this node”');

/**
 * The nearest name that may be used: without what cannot be seen, and with “node” before a word that is none. Undefined
 * where nothing is left, or the name was never allowed.
 */
export function usableName(name: string): string | undefined {
  if (UNSAFE.test(name)) return undefined;
  const seen = name.replace(UNSEEN, '').trim().slice(0, NAME_MAX);
  const result = nodeNameSchema.safeParse(isStateWord(seen) ? `node ${seen}` : seen);
  return result.success ? result.data : undefined;
}
