import type { SharedFile } from '@kith/documents';
import type { Found } from '../tree/walk.ts';
import { DAMAGED_FILE } from '../uploads/damage.ts';

/** What a walk says against the catalogue. */
export type Difference =
  | { readonly kind: 'changed'; readonly found: Found }
  | { readonly kind: 'gone'; readonly path: string };

/**
 * Compares a walk with what the catalogue has, both in order of path, a piece of each at a time. Files of a folder that
 * cannot be read just now are neither gone nor changed. What failed before counts as changed: it is tried again.
 */
export async function* compareWalk(
  found: AsyncIterable<Found>,
  known: AsyncIterator<SharedFile>,
): AsyncGenerator<Difference> {
  let old = await known.next();
  let unreadable: string | undefined;
  const gone = (path: string): Difference[] =>
    unreadable !== undefined && path.startsWith(unreadable) ? [] : [{ kind: 'gone', path }];
  for await (const one of found) {
    while (!old.done && old.value.path < one.path) {
      yield* gone(old.value.path);
      old = await known.next();
    }
    if (one.kind === 'problem' && one.path.endsWith('/')) unreadable = one.path;
    const same = !old.done && old.value.path === one.path ? old.value : undefined;
    if (same) old = await known.next();
    if (same === undefined || !isSame(same, one)) yield { kind: 'changed', found: one };
  }
  for (; !old.done; old = await known.next()) yield* gone(old.value.path);
}

/** Whether a file is as it was when it was indexed; one whose bytes changed by themselves is left until it is saved anew. */
export function isSame(known: SharedFile, found: Found): boolean {
  if (found.kind === 'problem') return known.state === 'failed' && known.problem === found.message;
  const isTried = known.state === 'failed' && known.problem !== DAMAGED_FILE;
  return !isTried && known.size === found.size && known.modifiedMs === found.modifiedMs;
}
