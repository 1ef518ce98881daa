import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLONE_QUIET_MS, judgeSelf, OTHER_WATCH_MS, placesToProbe, selfCloneSeen } from '../src/index.ts';
import { createStory, type Look, start } from './instance-story.ts';

const a = '10.0.0.1';
const b = '10.0.0.2';
const c = '10.0.0.3';
type Run = Pick<Look, 'instance' | 'incarnation'>;
const X: Run = { instance: 'x', incarnation: 5 };
const older: Run = { instance: 'older', incarnation: 3 };
const equal: Run = { instance: 'equal', incarnation: 5 };
const newer: Run = { instance: 'newer', incarnation: 9 };

/** Alive at `a` as X since `start`, last seen after 10 s. */
function alive() {
  const story = createStory();
  for (const at of [0, 5, 10]) story.look({ at, address: a, ...X });
  story.told();
  return story;
}

for (const second of [older, equal, newer]) {
  const name = `incarnation ${second.incarnation} beside ${X.incarnation}`;

  test(`both instances answer in turns: a clone, told once, and the peer stays usable (${name})`, () => {
    const story = alive();
    story.look({ at: 12, address: b, ...second });
    story.look({ at: 13, address: a, ...X });
    assert.deepEqual(story.told().filter((type) => type === 'peer-clone').length, 1);
    const first = story.peer();
    assert.ok(first.clone);
    for (let at = 14; at < 60; at += 2) {
      story.look({ at, address: b, ...second });
      story.look({ at: at + 1, address: a, ...X });
    }
    assert.deepEqual(story.told(), []);
    // Neither takes the other's place, and no address of the copy is used for the peer.
    const { instance, clone, addresses, state } = story.peer();
    assert.equal(instance, first.instance);
    assert.equal(clone?.instance, instance === 'x' ? second.instance : 'x');
    assert.equal(state, 'alive');
    assert.deepEqual(
      addresses.map((one) => one.address),
      [instance === 'x' ? a : b],
    );
    assert.ok(placesToProbe(story.peer(), start + 60_000).other.some((one) => one.address === clone?.address));
  });

  test(`a start at another address while the old one falls silent is no clone (${name})`, () => {
    const story = alive();
    story.look({ at: 12, address: b, ...second });
    story.die(13);
    for (let at = 20; at < 60; at += 2) story.look({ at, address: b, ...second });
    assert.ok(!story.told().includes('peer-clone'));
    assert.equal(story.peer().instance, second.instance);
    assert.equal(story.peer().addresses[0]?.address, b);
    assert.equal(story.peer().clone, undefined);
  });

  test(`a start at the same address is a restart at once (${name})`, () => {
    const story = alive();
    story.look({ at: 12, address: a, ...second });
    assert.deepEqual(story.told(), ['peer-restarted']);
    for (let at = 13; at < 30; at += 2) story.look({ at, address: a, ...second });
    story.look({ at: 31, address: b, ...second });
    assert.deepEqual(story.told(), ['peer-moved']);
  });

  test(`one machine with the copy is gone: the other is the peer again (${name})`, () => {
    const story = alive();
    story.look({ at: 12, address: b, ...second });
    story.look({ at: 13, address: a, ...X });
    const known = story.peer().instance;
    story.told();
    story.die(16);
    const other = known === 'x' ? { address: b, ...second } : { address: a, ...X };
    story.look({ at: 20, ...other });
    assert.equal(story.peer().instance, other.instance);
    assert.equal(story.peer().state, 'alive');
    assert.equal(story.peer().clone, undefined);
  });
}

test('answers of an instance that has ended, still under way, neither roll back nor count as a clone', () => {
  const story = alive();
  story.look({ at: 12, address: a, ...newer });
  story.told();
  const before = story.peer();
  // Both were asked before the new instance was first seen.
  story.look({ at: 12.5, address: a, ...X, roundTripMs: 900 });
  story.look({ at: 12.6, address: b, ...X, roundTripMs: 900 });
  story.look({ at: 12.7, address: a, ...older, roundTripMs: 900, state: 'leaving' });
  assert.equal(story.peer(), before);
  story.look({ at: 13, address: a, ...newer });
  assert.deepEqual(story.told(), []);
  assert.equal(story.peer().incarnation, 9);
});

test('the last answer of an instance, asked before its successor was seen elsewhere, makes no clone', () => {
  // The successor's count went back (a restored backup), so that it is not believed at once.
  const story = alive();
  story.look({ at: 12, address: b, ...older });
  story.look({ at: 12.3, address: a, ...X, roundTripMs: 900 });
  story.die(15);
  story.look({ at: 20, address: b, ...older });
  assert.ok(!story.told().includes('peer-clone'));
  assert.equal(story.peer().instance, older.instance);
});

test('an instance never counts back', () => {
  const story = alive();
  story.look({ at: 12, address: a, ...X, incarnation: 1 });
  assert.equal(story.peer().incarnation, X.incarnation);
});

test('a chain of quick restarts and moves is never a clone', () => {
  const story = alive();
  const places = [a, b, a, c, b];
  places.forEach((address, n) => {
    const run = { instance: `run${n}`, incarnation: 6 + n };
    story.look({ at: 12 + n, address, ...run });
    story.look({ at: 12.5 + n, address, ...run });
    // The last words of the run before arrive late.
    if (n > 0) {
      const late = { instance: `run${n - 1}`, incarnation: 5 + n, roundTripMs: 990 };
      story.look({ at: 12.9 + n, address: places[n - 1] ?? a, ...late });
    }
  });
  assert.ok(!story.told().includes('peer-clone'));
  assert.equal(story.peer().instance, 'run4');
});

test('the address of a replaced instance is probed for a while: only that shows whether it still runs', () => {
  const story = alive();
  story.look({ at: 12, address: b, ...newer });
  const since = start + 12_000;
  const other = [{ address: a, pingbackPort: 5800 }];
  assert.deepEqual(placesToProbe(story.peer(), since + 1000).other, other);
  assert.deepEqual(placesToProbe(story.peer(), since + OTHER_WATCH_MS).other, []);
});

test('a clone that stops, and one not seen for long, are told as gone', () => {
  for (const ending of ['leaving', 'quiet'] as const) {
    const story = alive();
    story.look({ at: 12, address: b, ...older });
    story.look({ at: 13, address: a, ...X });
    story.told();
    const change =
      ending === 'leaving'
        ? story.look({ at: 20, address: b, ...older, state: 'leaving' })
        : story.look({ at: 20 + CLONE_QUIET_MS / 1000, address: a, ...X });
    assert.equal(story.peer().clone, undefined);
    assert.equal(story.peer().state, 'alive');
    assert.deepEqual(change.events.at(-1)?.data, { gone: true });
  }
});

test('two machines with one IP address and one identity: a clone, and the peer keeps an address', () => {
  const story = alive();
  story.look({ at: 12, address: a, ...newer });
  story.look({ at: 13, address: a, ...X });
  assert.ok(story.told().includes('peer-clone'));
  assert.equal(story.peer().addresses.length, 1);
});

test('a copy of the own identity is believed at the second look', () => {
  const status = { self: { instance: 'own', incarnation: 1, gatewayPort: 5805 } };
  const foreign = { instance: 'foreign', address: b };
  assert.equal(judgeSelf({}, foreign), 'own');
  assert.equal(judgeSelf(status, { instance: 'own', address: a }), 'own');
  assert.equal(judgeSelf(status, foreign), 'look-again');
  assert.equal(judgeSelf(status, foreign, { instance: 'third', address: b }), 'look-again');
  assert.equal(judgeSelf(status, foreign, foreign), 'clone');
  const told = selfCloneSeen({}, foreign, 7);
  assert.deepEqual(told.clone, { ...foreign, seenAt: 7 });
  assert.equal(told.events[0]?.type, 'self-clone');
  assert.deepEqual(selfCloneSeen({ clone: told.clone }, foreign, 8).events, []);
});
