import assert from 'node:assert/strict';
import {
  isLaterCursor,
  MAX_EVENTS,
  MAX_PASSING_EVENTS,
  type MembershipEvent,
  type NewEvent,
  trust,
} from '../src/index.ts';
import type { PeerStoreCase } from './peer-store.ts';
import { sampleEvent, sampleId, samplePeer } from './samples.ts';

const numbers = (events: readonly MembershipEvent[]) => events.map((event) => event.data?.number);
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index);

export const eventCases: PeerStoreCase[] = [
  {
    name: 'events are kept whole and get a cursor and a time',
    async run({ store }) {
      const given: NewEvent[] = [
        { type: 'device-found', message: '', address: 'fe80::1%eth0' },
        {
          type: 'peer-moved',
          message: 'Zoë (aaaaaaab) answers at 10.0.0.2 now, before at 10.0.0.1.',
          peer: sampleId(1),
          address: '10.0.0.2',
          data: { from: '10.0.0.1', number: 0.5, yes: true, no: false, digits: '007', empty: '' },
        },
      ];
      await store.addEvents(given);
      await store.addEvents([]);
      const kept = await store.latestEvents(10);
      assert.deepEqual(
        kept.map(({ cursor, at, ...event }) => event),
        given,
      );
      for (const event of kept) assert.ok(event.cursor !== '' && event.at > 0);
    },
  },
  {
    name: 'a reader pages through the log by cursor and misses and repeats nothing',
    async run({ store }) {
      for (const number of upTo(25)) await store.addEvents([sampleEvent(number)]);
      const read: MembershipEvent[] = [];
      for (;;) {
        const page = await store.readEvents({ after: read.at(-1)?.cursor, limit: 7 });
        assert.ok(page.length <= 7);
        if (page.length === 0) break;
        read.push(...page);
      }
      assert.deepEqual(numbers(read), upTo(25));
      assert.equal(new Set(read.map((event) => event.cursor)).size, 25);
      for (const [index, { cursor }] of read.entries()) {
        const before = read[index - 1]?.cursor;
        if (before !== undefined)
          assert.deepEqual([true, false], [isLaterCursor(cursor, before), isLaterCursor(before, cursor)]);
      }
      await store.addEvents([sampleEvent(26)]);
      assert.deepEqual(numbers(await store.readEvents({ after: read.at(-1)?.cursor, limit: 7 })), [26]);
      assert.deepEqual(await store.readEvents({ limit: 0 }), []);
    },
  },
  {
    name: 'the latest events come oldest first',
    async run({ store }) {
      await store.addEvents(upTo(12).map(sampleEvent));
      assert.deepEqual(numbers(await store.latestEvents(3)), [10, 11, 12]);
      assert.deepEqual(numbers(await store.latestEvents(100)), upTo(12));
      assert.deepEqual(await store.latestEvents(0), []);
    },
  },
  {
    name: 'a cursor that this store never gave reads from the oldest',
    async run({ store }) {
      await store.addEvents(upTo(3).map(sampleEvent));
      const foreign = ['', 'x', '-1', '0', '1e3', '99999999999999', '9999999999999-0', '1-1-1', ' ', '(1-0', '$', '+'];
      for (const after of foreign) {
        assert.deepEqual(numbers(await store.readEvents({ after, limit: 10 })), [1, 2, 3], JSON.stringify(after));
      }
    },
  },
  {
    name: 'the log is capped, and a reader whose place was dropped goes on from the oldest kept',
    async run({ store }) {
      await store.addEvents([sampleEvent(1)]);
      const [first] = await store.latestEvents(1);
      const total = MAX_EVENTS + 1001;
      for (let from = 2; from <= total; from += 1000) {
        await store.addEvents(upTo(Math.min(1000, total - from + 1), from).map(sampleEvent));
      }
      const kept = numbers(await store.readEvents({ limit: total }));
      // A store may drop in blocks of a hundred or so.
      assert.ok(kept.length >= MAX_EVENTS && kept.length <= MAX_EVENTS + 200, `${kept.length} kept`);
      assert.deepEqual(kept, upTo(kept.length, total - kept.length + 1));
      assert.deepEqual(numbers(await store.readEvents({ after: first?.cursor, limit: 2 })), kept.slice(0, 2));
    },
  },
  {
    name: 'what strangers cause never pushes out the owner’s history, whatever there is of it',
    async run({ store }) {
      const [owner, friend, eve] = [sampleId(1), sampleId(2), sampleId(3)];
      await store.addEvents([{ type: 'documents-changed', message: 'the owner’s' }]);
      await store.changePeer(friend, () => ({ peer: samplePeer(2, { id: friend }), events: [] }));
      await store.changePeer(friend, (peer) => trust(peer, 'trusted', 'owner', 0));
      await store.changePeer(eve, () => ({ peer: samplePeer(3, { id: eve }), events: [] }));
      await store.changePeer(eve, (peer) => trust(peer, 'blocked', 'owner', 0));
      const renamed = (id: typeof owner, number: number): NewEvent => ({
        ...sampleEvent(number),
        type: 'peer-renamed',
        peer: id,
      });
      const rename = (id: typeof owner, numbers: readonly number[]) =>
        store.changePeer(id, (peer) => ({ peer, events: numbers.map((number) => renamed(id, number)) }));
      await rename(friend, [1]);
      const noise = MAX_PASSING_EVENTS + 300;
      for (let from = 1; from <= noise; from += 1000) await rename(eve, upTo(Math.min(1000, noise - from + 1), from));
      const devices = upTo(1000).map((number): NewEvent => ({ ...sampleEvent(number), type: 'device-found' }));
      for (let round = 0; round < 10; round += 1) await store.addEvents(devices);
      await rename(friend, [2]);
      const kept = await store.readEvents({ limit: MAX_EVENTS });
      const isNoise = ({ type, peer }: MembershipEvent) =>
        type === 'device-found' || (type === 'peer-renamed' && peer === eve);
      assert.deepEqual(
        kept.filter((event) => !isNoise(event)).map(({ type }) => type),
        ['documents-changed', 'peer-trusted', 'peer-blocked', 'peer-renamed', 'peer-renamed'],
      );
      const left = kept.filter(isNoise);
      assert.ok(left.length >= MAX_PASSING_EVENTS && left.length <= MAX_PASSING_EVENTS + 200, `${left.length} kept`);
      assert.deepEqual(kept, await store.latestEvents(MAX_EVENTS));
      // A reader goes on after any place, one that was dropped too.
      const middle = kept[4]?.cursor;
      assert.deepEqual(await store.readEvents({ after: middle, limit: 3 }), kept.slice(5, 8));
    },
  },
];
