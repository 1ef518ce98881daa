import type { AuditKind } from '@kith/wire';
import type { Clock } from '../clock.ts';

interface Budget {
  /** Entries for one peer or address, and for all of them, in each window. */
  readonly each: number;
  readonly all: number;
}
/** Peers who use are chosen by the owner; who is refused can be anybody, under any number of names. */
const BUDGETS: Readonly<Record<AuditKind, Budget>> = {
  use: { each: 300, all: 3_000 },
  security: { each: 200, all: 400 },
  refused: { each: 30, all: 300 },
};
const WINDOW_MS = 600_000;

/** How many entries one peer or address, and all together, may cause in ten minutes. */
export class AuditBudget {
  readonly #clock: Clock;
  #since = 0;
  #spent = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(kind: AuditKind, who: string): boolean {
    const now = this.#clock.monotonic();
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now;
      this.#spent = new Map();
    }
    const { each, all } = BUDGETS[kind];
    const [mine, together] = [`${kind}\n${who}`, kind];
    const spent = (key: string) => this.#spent.get(key) ?? 0;
    if (spent(together) >= all || spent(mine) >= each) return false;
    this.#spent.set(mine, spent(mine) + 1);
    this.#spent.set(together, spent(together) + 1);
    return true;
  }
}
