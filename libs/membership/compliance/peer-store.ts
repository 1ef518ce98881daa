import { type TestContext, test } from 'node:test';
import type { PeerStore } from '../src/index.ts';
import { closingCases } from './closing-cases.ts';
import { deviceCases } from './device-cases.ts';
import { eventCases } from './event-cases.ts';
import { followCases } from './follow-cases.ts';
import { peerCases } from './peer-cases.ts';
import { statusCases } from './status-cases.ts';

export interface OpenedPeerStore {
  /** An empty store. */
  readonly store: PeerStore;
  /** Opens another connection to the same state; absent where a state has one connection only. */
  readonly second?: () => Promise<PeerStore>;
  /** Opens what `store` left behind, after the suite closed it; absent where nothing outlives a store. */
  readonly reopen?: () => Promise<PeerStore>;
}

/** What a case gets: an opened store whose connections are all closed after the case. */
export interface PeerStoreCase {
  readonly name: string;
  /** Cases that need another connection or a second opening are left out where the adapter says it is `without`. */
  readonly needs?: 'second' | 'reopen';
  run(opened: OpenedPeerStore & Required<Pick<OpenedPeerStore, 'second' | 'reopen'>>, t: TestContext): Promise<void>;
}

/**
 * The behaviour that every PeerStore has: run it in the adapter's own test file. `open` gives a fresh, empty state for
 * each case and cleans up with `t.after`; the suite closes the stores. Nothing here sleeps.
 */
export function peerStoreCompliance(
  name: string,
  open: (t: TestContext) => Promise<OpenedPeerStore>,
  options: { skip?: string | false; without?: readonly ('second' | 'reopen')[] } = {},
): void {
  const cases = [peerCases, deviceCases, statusCases, eventCases, followCases, closingCases].flat();
  for (const one of cases) {
    if (one.needs && options.without?.includes(one.needs)) continue;
    test(`${name}: ${one.name}`, { skip: options.skip ?? false }, async (t) => {
      const opened = await open(t);
      const stores = [opened.store];
      const tracked = (opening: (() => Promise<PeerStore>) | undefined) => async () => {
        if (!opening) throw new Error(`${name} offers no ${one.needs}`);
        const store = await opening();
        stores.push(store);
        return store;
      };
      try {
        await one.run({ store: opened.store, second: tracked(opened.second), reopen: tracked(opened.reopen) }, t);
      } finally {
        for (const store of stores) await store.close();
      }
    });
  }
}
