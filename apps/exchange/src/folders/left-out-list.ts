import type { Share } from '@kith/wire';
import type { LeftOut } from '../tree/share-rules.ts';

/** Of one share, kept; more are counted. */
const KEPT_MAX = 200;

/** What the walks of a share have left out for a reason, so that its owner can see it. */
export class LeftOutList {
  #kept = new Map<string, string>();
  #more = 0;

  /** A walk from this folder has found all of these in it. */
  replace(from: string, found: readonly LeftOut[]): void {
    const others = [...this.#kept].filter(([path]) => !path.startsWith(from));
    const all = [...others, ...found.map(({ path, reason = '' }): [string, string] => [shown(path), reason])];
    this.#more = Math.max(0, all.length - KEPT_MAX) + (from === '' ? 0 : this.#more);
    this.#kept = new Map(all.slice(0, KEPT_MAX));
  }

  /** Found between two walks. */
  add({ path, reason = '' }: LeftOut): void {
    if (this.#kept.size < KEPT_MAX) this.#kept.set(shown(path), reason);
  }

  view(): Share['leftOut'] {
    const some = [...this.#kept].map(([path, reason]) => ({ path, reason }));
    return some.length === 0 ? undefined : { count: some.length + this.#more, some };
  }
}

/** Longer ones cannot be told to other replicas. */
const shown = (path: string) => path.slice(0, 1000);
