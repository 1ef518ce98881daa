import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '@kith/wire';
import { samplePeer } from '../compliance/samples.ts';
import { type Peer, peerLabel, peerWarnings, resolvePeer, sameNameEvents, type Trust } from '../src/index.ts';

const peer = (start: string, name: string, trust: Trust = 'pending'): Peer => ({
  ...samplePeer(1),
  id: start.padEnd(52, 'q') as NodeId,
  name,
  trust,
});
const labels = (peers: Peer[]) => peers.map((one) => peerLabel(one, peers));

test('a label is the name as it fits a URL and a host name', () => {
  const names: [string, string][] = [
    ['ana', 'ana'],
    ['Ana’s Laptop', 'ana-s-laptop'],
    ['Zoë Müller', 'zoe-muller'],
    ['ﬁle', 'file'],
    ['--x--', 'x'],
    ['日本', 'node-aaaa2222'],
    ['\u{1F9E6}', 'node-aaaa2222'],
    ['<script>alert(1)', 'script-alert-1'],
    ['xn--80ak6aa92e', 'xn-80ak6aa92e'],
    ['a'.repeat(63), 'a'.repeat(38)],
    ['notebook', 'notebook'],
  ];
  for (const [name, label] of names) {
    const one = peer('aaaa2222', name);
    assert.equal(peerLabel(one, [one]), label);
    assert.match(label, /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
  }
});

test('equal names get the id beside them, so that labels are unique', () => {
  const two = [peer('aaaa2222', 'ana'), peer('bbbb2222', 'Ana')];
  assert.deepEqual(labels(two), ['ana-aaaa2222', 'ana-bbbb2222']);
  const sameStart = [peer('aaaa2222b', 'ana'), peer('aaaa2222c', 'ana')];
  assert.deepEqual(labels(sameStart), ['ana-aaaa2222bqqqqqqq', 'ana-aaaa2222cqqqqqqq']);
});

test('a stranger who takes the name of a trusted peer never gets its label', () => {
  assert.deepEqual(labels([peer('aaaa2222', 'ana', 'trusted'), peer('bbbb2222', 'ana')]), ['ana', 'ana-bbbb2222']);
  assert.deepEqual(labels([peer('aaaa2222', 'ana', 'blocked'), peer('bbbb2222', 'ana')]), ['ana-aaaa2222', 'ana']);
  const impostor = peer('bbbb2222', 'ana-aaaa2222');
  assert.notEqual(peerLabel(impostor, [peer('aaaa2222', 'ana'), impostor]), 'ana-aaaa2222');
  const asId = peer('bbbb2222', 'aaaa2222');
  assert.notEqual(peerLabel(asId, [peer('aaaa2222', 'ana'), asId]), 'aaaa2222');
});

test('a peer is found by id, start of id, label and name', () => {
  const ana = peer('aaaa2222', 'Ana’s Laptop', 'trusted');
  const all = [ana, peer('bbbb2222', 'bob')];
  const ways = [ana.id, ana.id.toUpperCase(), 'aaaa2222', 'AAAA2222qq', 'ana-s-laptop', ' ANA’S LAPTOP '];
  for (const text of ways) assert.equal(resolvePeer(text, all), ana, text);
  for (const text of ['aaaa222', '', ' ', 'carol', 'x'.repeat(10_000)]) {
    assert.throws(() => resolvePeer(text, all), { code: 'peer_not_found', message: /list of peers/ });
  }
});

test('what fits two peers is refused with the texts that tell them apart; a trusted peer’s label is that peer', () => {
  const two = [peer('aaaa2222', 'ana'), peer('bbbb2222', 'ana')];
  assert.throws(() => resolvePeer('ana', two), {
    code: 'peer_name_ambiguous',
    message: '“ana” fits 2 peers: say ana-aaaa2222 for ana (aaaa2222), or ana-bbbb2222 for ana (bbbb2222).',
  });
  const [first, second] = [peer('aaaa2222', 'ana', 'trusted'), peer('bbbb2222', 'ana')];
  assert.equal(resolvePeer('ana', [first, second]), first);
  assert.equal(resolvePeer('ana-bbbb2222', [first, second]), second);
  // An id made to begin like a trusted peer's name does not take it over, nor does a name like another's id.
  const ground = peer('notebook', 'mallory');
  const owner = peer('cccc2222', 'notebook', 'trusted');
  assert.throws(() => resolvePeer('notebook', [ground, owner]), { code: 'peer_name_ambiguous' });
  const named = peer('dddd2222', 'aaaa2222');
  assert.throws(() => resolvePeer('aaaa2222', [first, named]), { code: 'peer_name_ambiguous' });
});

test('warnings: equal names, another key under a trusted name, a clone', () => {
  const known = peer('aaaa2222', 'Ana', 'trusted');
  const stranger = peer('bbbb2222', 'ana');
  const all = [known, stranger, peer('cccc2222', 'bob')];
  assert.match(peerWarnings(stranger, all)[0] ?? '', /you trust has this name with another key \(aaaa2222\)/);
  assert.match(peerWarnings(known, all)[0] ?? '', /same name.*aaaa2222, bbbb2222/);
  assert.deepEqual(peerWarnings(all[2] ?? known, all), []);
  const clone = { ...stranger, name: 'eve', clone: { instance: 'i', address: '10.0.0.9', seenAt: 1 } };
  assert.match(peerWarnings(clone, [clone])[0] ?? '', /runs twice, at 10\.0\.0\.1 and at 10\.0\.0\.9/);
  assert.deepEqual(
    sameNameEvents(stranger, all).map(({ type, data }) => [type, data]),
    [['peer-same-name', { other: known.id }]],
  );
  assert.deepEqual(sameNameEvents(known, [known]), []);
});
