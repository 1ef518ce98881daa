import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplePeer } from '../compliance/samples.ts';
import { forget, left, trust } from '../src/index.ts';

const pending = samplePeer(1);

test('trust is told with what was before, and a repeated decision changes nothing', () => {
  const { peer, events } = trust(pending, 'trusted', 'owner', 1);
  assert.deepEqual([peer?.trust, peer?.trustedBy], ['trusted', 'owner']);
  assert.deepEqual(
    events.map(({ type, data }) => [type, data]),
    [['peer-trusted', { before: 'pending', by: 'owner' }]],
  );
  assert.deepEqual(trust(peer, 'trusted', 'owner', 2), { peer, events: [] });
  const blocked = trust(peer, 'blocked', 'owner', 3);
  assert.equal(blocked.events[0]?.type, 'peer-blocked');
  assert.equal(blocked.peer?.trustedBy, undefined);
  assert.equal(trust(blocked.peer, 'pending', 'owner', 4).events[0]?.type, 'peer-pending');
});

test('a pairing code trusts a stranger, and never lifts a block or replaces the owner’s word', () => {
  assert.equal(trust(pending, 'trusted', 'code', 1).peer?.trustedBy, 'code');
  const blocked = samplePeer(1, { trust: 'blocked' });
  assert.deepEqual(trust(blocked, 'trusted', 'code', 1), { peer: blocked, events: [] });
  const byOwner = samplePeer(1, { trust: 'trusted', trustedBy: 'owner' });
  assert.equal(trust(byOwner, 'trusted', 'code', 1).peer, byOwner);
  const byCode = samplePeer(1, { trust: 'trusted', trustedBy: 'code' });
  const confirmed = trust(byCode, 'trusted', 'owner', 1);
  assert.deepEqual([confirmed.peer?.trustedBy, confirmed.events], ['owner', []]);
});

test('decisions about a peer that is not there are refused with what to do', () => {
  for (const decide of [() => trust(undefined, 'trusted', 'owner', 1), () => forget(undefined, 1)]) {
    assert.throws(decide, { code: 'peer_not_found', message: /list of peers/ });
  }
});

test('leaving and forgetting', () => {
  const gone = left(pending, 5);
  assert.deepEqual([gone.peer?.state, gone.peer?.stateChangedAt, gone.events[0]?.type], ['left', 5, 'peer-left']);
  assert.deepEqual(left(gone.peer, 6), { peer: gone.peer, events: [] });
  assert.deepEqual(left(undefined, 6), { peer: undefined, events: [] });
  assert.deepEqual(
    [forget(pending, 1).peer, forget(pending, 1).events[0]?.type, forget(pending, 1).events[0]?.peer],
    [undefined, 'peer-forgotten', pending.id],
  );
});

test('what the owner took back, the pairing code does not give again, after a restart neither', () => {
  const known = samplePeer(1, { trust: 'trusted', trustedBy: 'code' });
  const back = trust(known, 'pending', 'owner', 0).peer;
  assert.deepEqual([back?.trust, back?.trustedBy], ['pending', 'owner']);
  assert.equal(trust(back, 'trusted', 'code', 0).peer, back);
  assert.equal(trust(back, 'trusted', 'owner', 0).peer?.trust, 'trusted');
});
