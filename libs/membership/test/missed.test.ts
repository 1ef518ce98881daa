import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplePeer } from '../compliance/samples.ts';
import {
  missed,
  OWN_DELAY_MAX_MS,
  type Peer,
  PROBE_JITTER,
  PROBE_PAUSE_MS,
  PROBE_TIMEOUT_MS,
  probePauseMs,
  worstDetectionMs,
} from '../src/index.ts';

const alive = samplePeer(1, { lastSeenAt: 1000, stateChangedAt: 1000 });

function play(kinds: ('timeout' | 'refused')[]): string[] {
  let peer: Peer | undefined = alive;
  return kinds.map((kind, index) => {
    peer = missed(peer, 2000 + index, { kind }).peer;
    return peer?.state ?? 'none';
  });
}

test('one lost packet changes nothing, two make a peer suspect, three dead; a refusal counts twice', () => {
  assert.deepEqual(play(['timeout', 'timeout', 'timeout', 'timeout']), ['alive', 'suspect', 'dead', 'dead']);
  assert.deepEqual(play(['refused', 'refused']), ['suspect', 'dead']);
  assert.deepEqual(play(['timeout', 'refused']), ['alive', 'dead']);
  assert.deepEqual(play(['refused', 'timeout']), ['suspect', 'dead']);
});

test('each change of state is told once, with the reason and how long it was silent', () => {
  const suspect = missed(alive, 4000, { kind: 'refused' });
  assert.deepEqual(suspect.events, [
    {
      type: 'peer-suspect',
      message: 'node 1 (aaaaaaab) may be away: nothing listens there.',
      peer: alive.id,
      address: '10.0.0.1',
      data: { silentMs: 3000 },
    },
  ]);
  const dead = missed(suspect.peer, 5000, { kind: 'timeout' });
  assert.equal(dead.events[0]?.message, 'node 1 (aaaaaaab) is away: no answer.');
  assert.equal(dead.peer?.stateChangedAt, 5000);
  assert.equal(dead.peer?.lastSeenAt, 1000);
  assert.equal(missed(dead.peer, 6000, { kind: 'timeout' }).peer, dead.peer);
});

test('a miss says nothing about a peer that left, that answered meanwhile, or while this node itself was late', () => {
  const gone = samplePeer(1, { state: 'left' });
  assert.equal(missed(gone, 9000, { kind: 'refused' }).peer, gone);
  assert.equal(missed(alive, 9000, { kind: 'refused', askedAt: 999 }).peer, alive);
  assert.equal(missed(alive, 9000, { kind: 'refused', ownDelayMs: OWN_DELAY_MAX_MS + 1 }).peer, alive);
  assert.deepEqual(missed(undefined, 9000, { kind: 'timeout' }), { peer: undefined, events: [] });
  // A last sight in the future is a clock that was set back: misses must count, or the peer would never die.
  assert.equal(missed({ ...alive, lastSeenAt: 99_000 }, 9000, { kind: 'timeout', askedAt: 8000 }).peer?.missed, 1);
});

test('a cut cable is noticed within 10 s at the longest pauses: the formula, and the same played through', () => {
  assert.ok(worstDetectionMs() < 10_000, `${worstDetectionMs()} ms`);
  let peer: Peer = alive;
  let now = alive.lastSeenAt;
  for (let round = 0; peer.state !== 'dead' && round < 20; round += 1) {
    const asked = now + probePauseMs(peer, now) * (1 + PROBE_JITTER);
    now = asked + PROBE_TIMEOUT_MS;
    peer = missed(peer, now, { kind: 'timeout', askedAt: asked }).peer ?? peer;
  }
  assert.equal(Math.round(now - alive.lastSeenAt), Math.round(worstDetectionMs()));
});

test('peers are probed every 2 to 4 s while they live, and away ones ever less often', () => {
  const shortest = PROBE_PAUSE_MS * (1 - PROBE_JITTER);
  assert.ok(shortest >= 2000 && PROBE_PAUSE_MS * (1 + PROBE_JITTER) <= 4000);
  const away = samplePeer(1, { state: 'dead', stateChangedAt: 0 });
  const minutes = [1, 10, 60 * 23, 60 * 25].map((minute) => probePauseMs(away, minute * 60_000));
  assert.deepEqual(minutes, [5000, 30_000, 30_000, 300_000]);
});
