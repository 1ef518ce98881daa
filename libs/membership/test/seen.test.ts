import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ADDRESSES, notThere } from '../src/index.ts';
import { createStory, start } from './instance-story.ts';

const a = '10.0.0.1';
const b = '10.0.0.2';
const X = { instance: 'x', incarnation: 5 };

test('a first sighting is a found peer, pending, with the address that answered', () => {
  const story = createStory();
  const { events } = story.look({ at: 0, address: a, ...X });
  assert.deepEqual(events, [
    { type: 'peer-found', message: 'ana (aaaaaaab) was found at 10.0.0.1.', peer: story.peer().id, address: a },
  ]);
  const { state, trust, addresses, missed } = story.peer();
  assert.deepEqual([state, trust, missed], ['alive', 'pending', 0]);
  assert.deepEqual(addresses, [{ address: a, pingbackPort: 5800, lastSuccessAt: start, roundTripMs: 1 }]);
});

test('a peer that is leaving when it is first seen is not taken up', () => {
  const story = createStory();
  const change = story.look({ at: 0, address: a, ...X, state: 'leaving' });
  assert.deepEqual(change, { peer: undefined, events: [] });
});

test('a repeated sighting renews times and tells nothing', () => {
  const story = createStory();
  story.look({ at: 0, address: a, ...X });
  story.told();
  story.look({ at: 2, address: a, ...X, roundTripMs: 7.5 });
  assert.deepEqual(story.told(), []);
  assert.equal(story.peer().lastSeenAt, start + 2000);
  assert.equal(story.peer().firstSeenAt, start);
  assert.equal(story.peer().addresses[0]?.roundTripMs, 7.5);
});

test('a peer with two network cards answers at one more address: that is no move, and told once', () => {
  const story = createStory();
  story.look({ at: 0, address: a, ...X });
  story.told();
  const { events } = story.look({ at: 1, address: b, ...X });
  assert.deepEqual([events[0]?.type, events[0]?.data], ['peer-moved', { from: a, also: true }]);
  story.told();
  for (let at = 2; at < 20; at += 1) story.look({ at, address: at % 2 === 0 ? a : b, ...X });
  assert.deepEqual(story.told(), []);
  assert.deepEqual(
    story.peer().addresses.map((one) => one.address),
    [b, a],
  );
});

test('a peer that comes back with another address is the same peer, alive and moved', () => {
  const story = createStory();
  story.look({ at: 0, address: a, ...X });
  story.die(3);
  assert.deepEqual(story.told(), ['peer-found', 'peer-suspect', 'peer-dead']);
  const { events } = story.look({ at: 100, address: b, ...X });
  assert.deepEqual(story.told(), ['peer-moved', 'peer-alive']);
  assert.deepEqual(events[0]?.data, { from: a, also: false });
  assert.equal(story.peer().addresses[0]?.address, b);
});

test('a move back to an address known before is told too', () => {
  const story = createStory();
  story.look({ at: 0, address: a, ...X });
  story.look({ at: 1, address: b, ...X });
  story.miss(4);
  story.told();
  story.look({ at: 5, address: a, ...X });
  assert.deepEqual(story.told(), ['peer-moved']);
});

test('the address list holds the newest and no more than its limit', () => {
  const story = createStory();
  for (let n = 0; n < 20; n += 1) story.look({ at: n, address: `10.0.1.${n}`, ...X });
  const { addresses } = story.peer();
  assert.equal(addresses.length, MAX_ADDRESSES);
  assert.deepEqual([addresses[0]?.address, addresses.at(-1)?.address], ['10.0.1.19', '10.0.1.12']);
});

test('a wall clock that is set back does not put the fresh address behind', () => {
  const story = createStory();
  story.look({ at: 3600, address: a, ...X });
  story.look({ at: 0, address: b, ...X });
  assert.equal(story.peer().addresses[0]?.address, b);
  assert.equal(story.peer().state, 'alive');
});

test('an address at which somebody else was verified is taken from the peer', () => {
  const story = createStory();
  story.look({ at: 0, address: a, ...X });
  const peer = story.peer();
  assert.equal(notThere(peer, { address: a, pingbackPort: 5801 }).peer, peer);
  assert.deepEqual(notThere(peer, { address: a, pingbackPort: 5800 }).peer?.addresses, []);
});

test('a new name is told, with what was before', () => {
  const story = createStory();
  story.look({ at: 0, address: a, ...X });
  const { events } = story.look({ at: 1, address: a, ...X, name: 'anna' });
  assert.deepEqual(
    events.map(({ type, message, data }) => ({ type, message, data })),
    [
      {
        type: 'peer-renamed',
        message: 'anna (aaaaaaab) has a new name; before it was “ana”.',
        data: { from: 'ana', to: 'anna' },
      },
    ],
  );
});

test('a peer that says it leaves has left; an answer that was under way does not bring it back; a start does', () => {
  const story = createStory();
  story.look({ at: 0, address: a, ...X });
  story.look({ at: 10, address: a, ...X, state: 'leaving' });
  assert.deepEqual(story.told(), ['peer-found', 'peer-left']);
  story.look({ at: 10.2, address: a, ...X, roundTripMs: 400 });
  assert.equal(story.peer().state, 'left');
  story.look({ at: 10.3, address: a, ...X, state: 'leaving' });
  assert.deepEqual(story.told(), []);
  story.look({ at: 15, address: a, instance: 'y', incarnation: 6 });
  assert.deepEqual(story.told(), ['peer-restarted', 'peer-alive']);
});

test('a peer that was suspect or left without meaning it is told as here again', () => {
  const story = createStory();
  story.look({ at: 0, address: a, ...X });
  story.miss(3, 'refused');
  story.look({ at: 4, address: a, ...X });
  assert.deepEqual(story.told(), ['peer-found', 'peer-suspect', 'peer-alive']);
  assert.equal(story.peer().missed, 0);
});
