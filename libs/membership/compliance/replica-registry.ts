import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { waitFor } from '@kith/testing';
import type { Lease, ReplicaRegistry } from '../src/index.ts';

/** An empty registry, and another connection to the same state. The suite closes both. */
export interface OpenedReplicaRegistry {
  readonly registry: ReplicaRegistry;
  readonly second: ReplicaRegistry;
}

const LONG_MS = 60_000;
/** Runs out while the suite waits for it. */
const SHORT_MS = 60;
const replica = (id: string, address = `http://10.0.0.1:${id.length}`) => ({ service: 'exchange', id, address });

const cases: [name: string, run: (opened: OpenedReplicaRegistry) => Promise<void>][] = [
  [
    'replicas are listed in order of id, each service by itself, and for every connection',
    async ({ registry, second }) => {
      assert.deepEqual(await registry.list('exchange'), []);
      await registry.register({ ...replica('b'), ttlMs: LONG_MS });
      await second.register({ ...replica('a'), ttlMs: LONG_MS });
      await registry.register({ service: 'scanner', id: 'c', address: 'x', ttlMs: LONG_MS });
      for (const one of [registry, second]) {
        assert.deepEqual(await one.list('exchange'), [replica('a'), replica('b')]);
      }
    },
  ],
  [
    'a replica that registers again keeps one place, with its new address',
    async ({ registry, second }) => {
      await registry.register({ ...replica('a'), ttlMs: LONG_MS });
      await registry.register({ ...replica('a', 'http://[fe80::1]:5810'), ttlMs: LONG_MS });
      assert.deepEqual(await second.list('exchange'), [replica('a', 'http://[fe80::1]:5810')]);
    },
  ],
  [
    'a replica that says nothing runs out, one that renews stays, one that is removed goes',
    async ({ registry, second }) => {
      await registry.register({ ...replica('silent'), ttlMs: SHORT_MS });
      await registry.register({ ...replica('kept'), ttlMs: SHORT_MS });
      await registry.register({ ...replica('kept'), ttlMs: LONG_MS });
      await registry.register({ ...replica('removed'), ttlMs: LONG_MS });
      await second.remove(replica('removed'));
      await second.remove(replica('never there'));
      const isLeft = async () => (await second.list('exchange')).every((one) => one.id !== 'silent');
      await waitFor(isLeft, { what: 'the silent replica to run out' });
      assert.deepEqual(await second.list('exchange'), [replica('kept')]);
    },
  ],
  [
    'of many who want a lease at once one gets it',
    async ({ registry, second }) => {
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? registry : second).acquire({ name: 'watch', holder: `h${index}`, ttlMs: LONG_MS }),
        ),
      );
      assert.equal(all.filter((one) => one !== undefined).length, 1);
      assert.ok(await registry.acquire({ name: 'other', holder: 'h', ttlMs: LONG_MS }));
    },
  ],
  [
    'a lease that is given back, or runs out, goes to another with a higher fence',
    async ({ registry, second }) => {
      const first = await taken(registry, 'a', LONG_MS);
      assert.equal(await second.acquire({ name: 'watch', holder: 'b', ttlMs: LONG_MS }), undefined);
      await registry.release(first);
      const next = await taken(second, 'b', SHORT_MS);
      const again = await waitFor(() => registry.acquire({ name: 'watch', holder: 'c', ttlMs: LONG_MS }), {
        what: 'the lease to run out',
      });
      assert.ok(first.fence < next.fence && next.fence < again.fence);
      assert.ok(Number.isSafeInteger(first.fence));
    },
  ],
  [
    'a lease that is renewed stays; one that was lost cannot be renewed, nor give back the new holder’s',
    async ({ registry, second }) => {
      const first = await taken(registry, 'a', SHORT_MS);
      assert.equal(await registry.renew(first, LONG_MS), true);
      assert.equal(await second.acquire({ name: 'watch', holder: 'b', ttlMs: LONG_MS }), undefined);
      assert.equal(await registry.renew(first, SHORT_MS), true);
      const next = await waitFor(() => second.acquire({ name: 'watch', holder: 'b', ttlMs: LONG_MS }), {
        what: 'the lease to run out',
      });
      assert.equal(await registry.renew(first, LONG_MS), false);
      await registry.release(first);
      assert.equal(await second.renew(next, LONG_MS), true);
    },
  ],
  [
    'a holder that takes its lease anew leaves the old one behind',
    async ({ registry }) => {
      const old = await taken(registry, 'a', LONG_MS);
      const renewed = await taken(registry, 'a', LONG_MS);
      assert.ok(old.fence < renewed.fence);
      assert.equal(await registry.renew(old, LONG_MS), false);
      assert.equal(await registry.renew(renewed, LONG_MS), true);
    },
  ],
  [
    'what cannot be kept is refused',
    async ({ registry }) => {
      const bad = { code: 'bad_record' };
      await assert.rejects(registry.register({ ...replica('a b'), ttlMs: LONG_MS }), bad);
      await assert.rejects(registry.register({ ...replica('a', 'http://x\n'), ttlMs: LONG_MS }), bad);
      await assert.rejects(registry.register({ ...replica('a'), ttlMs: 0 }), bad);
      await assert.rejects(registry.acquire({ name: '', holder: 'a', ttlMs: LONG_MS }), bad);
      assert.deepEqual(await registry.list('exchange'), []);
    },
  ],
  [
    'a closed registry rejects everything with store_away, and may be closed again',
    async ({ registry, second }) => {
      const lease = await taken(registry, 'a', LONG_MS);
      await registry.close();
      await registry.close();
      const away = { code: 'store_away' };
      await assert.rejects(registry.register({ ...replica('a'), ttlMs: 1 }), away);
      await assert.rejects(registry.list('exchange'), away);
      await assert.rejects(registry.remove(replica('a')), away);
      await assert.rejects(registry.acquire({ name: 'watch', holder: 'a', ttlMs: 1 }), away);
      await assert.rejects(registry.renew(lease, 1), away);
      await assert.rejects(registry.release(lease), away);
      assert.equal(await second.renew(lease, LONG_MS), true);
    },
  ],
];

async function taken(registry: ReplicaRegistry, holder: string, ttlMs: number): Promise<Lease> {
  const lease = await registry.acquire({ name: 'watch', holder, ttlMs });
  assert.ok(lease, `${holder} gets the lease`);
  return lease;
}

/** The behaviour that every ReplicaRegistry has: run it in the adapter's own test file. */
export function replicaRegistryCompliance(
  name: string,
  open: (t: TestContext) => Promise<OpenedReplicaRegistry>,
  options: { skip?: string | false } = {},
): void {
  for (const [what, run] of cases) {
    test(`${name}: ${what}`, { skip: options.skip ?? false }, async (t) => {
      const opened = await open(t);
      try {
        await run(opened);
      } finally {
        await opened.registry.close();
        await opened.second.close();
      }
    });
  }
}
