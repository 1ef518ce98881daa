import assert from 'node:assert/strict';
import type { Candidate, MembershipEvent } from '../src/index.ts';
import { type Collector, createCollector } from './collector.ts';
import type { PeerStoreCase } from './peer-store.ts';
import { countUp, sampleEvent, sampleId } from './samples.ts';

const numbers = (events: readonly MembershipEvent[]) => events.map((event) => event.data?.number);
const asked: Candidate = { address: '10.0.0.7', pingbackPort: 5800, source: 'asked' };

async function waitForLast(seen: Collector<MembershipEvent>, number: number): Promise<void> {
  while (seen.items.at(-1)?.data?.number !== number) await seen.until(seen.items.length + 1);
}

export const followCases: PeerStoreCase[] = [
  {
    name: 'a follower gets what comes from now on, in order, until it stops',
    async run({ store }) {
      await store.addEvents([sampleEvent(1)]);
      const early = createCollector<MembershipEvent>();
      const stopEarly = await store.followEvents(early.listener);
      await store.addEvents([sampleEvent(2), sampleEvent(3)]);
      await early.until(2);
      const late = createCollector<MembershipEvent>();
      await store.followEvents(late.listener);
      await store.addEvents([sampleEvent(4)]);
      await late.until(1);
      await early.until(3);
      stopEarly();
      stopEarly();
      await store.addEvents([sampleEvent(5)]);
      await late.until(2);
      assert.deepEqual(numbers(early.items), [2, 3, 4]);
      assert.deepEqual(numbers(late.items), [4, 5]);
      assert.deepEqual(await store.readEvents({ after: early.items[0]?.cursor, limit: 2 }), early.items.slice(1));
    },
  },
  {
    name: 'followers see the changes of many writers exactly once and in the order of the log',
    async run({ store }) {
      const seen = createCollector<MembershipEvent>();
      await store.followEvents(seen.listener);
      const ids = [sampleId(1), sampleId(2), sampleId(3)];
      await Promise.all(ids.flatMap((id) => Array.from({ length: 20 }, () => store.changePeer(id, countUp(id)))));
      await seen.until(60);
      assert.deepEqual(seen.items, await store.readEvents({ limit: 100 }));
    },
  },
  {
    name: 'a follower sees what another connection writes, in the one order of the log',
    needs: 'second',
    async run({ store, second }) {
      const other = await second();
      const here = createCollector<MembershipEvent>();
      const there = createCollector<MembershipEvent>();
      await store.followEvents(here.listener);
      await other.followEvents(there.listener);
      const id = sampleId(1);
      const writes = [store, other].flatMap((one) => Array.from({ length: 20 }, () => one.changePeer(id, countUp(id))));
      await Promise.all([...writes, store.addEvents([sampleEvent(100)]), other.addEvents([sampleEvent(101)])]);
      await Promise.all([here.until(42), there.until(42)]);
      assert.deepEqual(here.items, await store.readEvents({ limit: 100 }));
      assert.deepEqual(there.items, here.items);
    },
  },
  {
    name: 'followers that join and leave while others write get an unbroken piece of the log',
    async run({ store }) {
      const id = sampleId(1);
      const writing = Promise.all(Array.from({ length: 60 }, () => store.changePeer(id, countUp(id))));
      const joined = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const seen = createCollector<MembershipEvent>();
          const stop = await store.followEvents(seen.listener);
          await store.addEvents([sampleEvent(0)]);
          await seen.until(1);
          return { seen, stop };
        }),
      );
      joined[0]?.stop();
      await writing;
      await store.addEvents([sampleEvent(1000)]);
      const log = await store.readEvents({ limit: 1000 });
      for (const [index, { seen }] of joined.entries()) {
        if (index > 0) await waitForLast(seen, 1000);
        const first = log.findIndex((event) => event.cursor === seen.items[0]?.cursor);
        assert.deepEqual(seen.items, log.slice(first, first + seen.items.length));
      }
    },
  },
  {
    name: 'a follower that writes, and one that throws, do not disturb the order',
    async run({ store }) {
      const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
      await store.followEvents((event) => {
        if (event.data?.number === 1) void store.addEvents([sampleEvent(2)]);
        throw new Error('a listener’s own fault');
      });
      const seen = createCollector<MembershipEvent>();
      await store.followEvents(seen.listener);
      await store.addEvents([sampleEvent(1)]);
      await seen.until(2);
      assert.deepEqual(numbers(seen.items), [1, 2]);
      assert.match((await warned).message, /a listener’s own fault/);
    },
  },
  {
    name: 'candidates reach those who follow, and are not kept',
    async run({ store }) {
      await store.noteCandidate(asked);
      const first = createCollector<Candidate>();
      const second = createCollector<Candidate>();
      const stop = await store.followCandidates(first.listener);
      await store.followCandidates(second.listener);
      const look: Candidate = { address: 'fe80::1%eth0', pingbackPort: 5801, source: 'look' };
      await store.noteCandidate(look);
      await first.until(1);
      stop();
      await store.noteCandidate(asked);
      await second.until(2);
      assert.deepEqual(first.items, [look]);
      assert.deepEqual(second.items, [look, asked]);
    },
  },
  {
    name: 'candidates reach other connections',
    needs: 'second',
    async run({ store, second }) {
      const other = await second();
      const seen = createCollector<Candidate>();
      await other.followCandidates(seen.listener);
      await store.noteCandidate(asked);
      assert.deepEqual(await seen.until(1), [asked]);
    },
  },
];
