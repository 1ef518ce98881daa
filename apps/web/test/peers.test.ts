import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeIdSchema, type PeerView } from '@kith/wire';
import { checkNumber, checkSpoken } from '../src/comparison/check-number.ts';
import { numberChoices } from '../src/comparison/number-choices.ts';
import { compareAddresses } from '../src/devices/compare-addresses.ts';
import { deviceAnswer } from '../src/devices/device-answer.ts';
import { groupPeers, isToCompare } from '../src/peers/group-peers.ts';
import { peerState } from '../src/peers/peer-state.ts';
import { trustText } from '../src/peers/trust-text.ts';
import { searchable } from '../src/search/searchable.ts';

const now = new Date(2026, 10, 24, 15, 0).getTime();
const seen = new Date(2026, 10, 24, 14, 2).getTime();
const peer = (name: string, change: Partial<PeerView> = {}): PeerView => ({
  id: nodeIdSchema.parse(name.charAt(0).toLowerCase().repeat(52)),
  shortId: name.charAt(0).toLowerCase().repeat(8),
  name,
  label: name,
  state: 'alive',
  trust: 'trusted',
  addresses: [{ address: '192.0.2.1', lastSuccessAt: seen, roundTripMs: 0.44 }],
  gatewayPort: 5805,
  documents: 7,
  firstSeenAt: seen,
  lastSeenAt: seen,
  stateChangedAt: seen,
  url: `http://${name}.localhost:5805/`,
  warnings: [],
  ...change,
});

test('the number to compare is grouped for the eye and spelt for the ear', () => {
  assert.equal(checkNumber('417902'), '417 902');
  assert.equal(checkNumber('<b>'), '<b>');
  assert.equal(checkSpoken('417902'), '4 1 7 9 0 2');
});

test('peers are grouped by trust; who is here comes first, and the order is the same each time', () => {
  const peers = [
    peer('zoe'),
    peer('Bob', { state: 'dead' }),
    peer('ana', { state: 'left' }),
    peer('Yan'),
    peer('carl', { trust: 'pending' }),
    peer('dora', { trust: 'blocked' }),
  ];
  const names = ({ pending, trusted, blocked }: ReturnType<typeof groupPeers>) =>
    [pending, trusted, blocked].map((group) => group.map(({ name }) => name));
  const expected = [['carl'], ['Yan', 'zoe', 'ana', 'Bob'], ['dora']];
  assert.deepEqual(names(groupPeers(peers)), expected);
  assert.deepEqual(names(groupPeers(peers.toReversed())), expected);
});

test('states say since when', () => {
  const said = (change: Partial<PeerView>) => peerState(peer('a', change), now);
  assert.deepEqual(said({}), { word: 'Here', detail: 'answers in 0.4 ms' });
  assert.equal(said({ addresses: [] }).detail, 'answers');
  assert.equal(said({ state: 'dead' }).word, 'Away since 14:02');
  assert.equal(said({ state: 'left', stateChangedAt: now }).word, 'Left at 15:00');
  assert.match(said({ state: 'suspect' }).detail, /last answer 14:02/);
});

test('trust says by whose decision', () => {
  assert.match(trustText({ trust: 'trusted', trustedBy: 'code' }), /pairing code/);
  assert.match(trustText({ trust: 'trusted', trustedBy: 'owner' }), /by you/);
  assert.match(trustText({ trust: 'pending' }), /Not trusted yet/);
});

test('a search reaches this node and the trusted peers that are here', () => {
  const peers = [
    peer('a'),
    peer('b', { state: 'dead' }),
    peer('c', { trust: 'pending' }),
    peer('d', { state: 'suspect' }),
  ];
  assert.deepEqual(searchable(peers, 5), { nodes: 3, total: 19 });
});

test('devices say why they are no peer; a forged identity is loud', () => {
  assert.equal(deviceAnswer('wrong-signature').loud, true);
  assert.equal(deviceAnswer('refused').loud, false);
  assert.equal(deviceAnswer('of a later version').reason, 'of a later version');
  const addresses = ['fe80::2', '192.168.1.10', '192.168.1.9', '10.0.0.1'];
  assert.deepEqual(addresses.toSorted(compareAddresses), ['10.0.0.1', '192.168.1.9', '192.168.1.10', 'fe80::2']);
});

test('the number stands among others, and its place says nothing', () => {
  let seed = 0;
  const random = () => (seed++ * 0.37) % 1;
  const choices = numberChoices('417902', random);
  assert.equal(choices.length, 3);
  assert.ok(choices.includes('417902'));
  assert.deepEqual(choices, choices.toSorted());
  for (const choice of choices) assert.match(choice, /^\d{6}$/);
});

test('comparing is offered to those who wait, and to those who trust from one side only', () => {
  assert.equal(isToCompare({ trust: 'pending', pairing: 'pending' }), true);
  assert.equal(isToCompare({ trust: 'trusted', pairing: 'one-sided' }), true);
  assert.equal(isToCompare({ trust: 'trusted', pairing: 'waiting' }), true);
  assert.equal(isToCompare({ trust: 'trusted', pairing: 'trusted' }), false);
  assert.equal(isToCompare({ trust: 'trusted' }), false);
  assert.equal(isToCompare({ trust: 'blocked', pairing: 'blocked' }), false);
});
