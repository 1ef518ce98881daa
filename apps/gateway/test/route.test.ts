import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer, PeerState, Trust } from '@kith/membership';
import { resolvePeer } from '@kith/membership';
import { type NodeId, nodeIdSchema } from '@kith/wire';
import type { Asker } from '../src/door/who-is-asking.ts';
import { type RouteRequest, route } from '../src/plan/route.ts';

const idOf = (letter: string): NodeId => nodeIdSchema.parse(letter.repeat(52));
const peer = (letter: string, name: string, trust: Trust, state: PeerState = 'alive'): Peer => ({
  id: idOf(letter),
  publicKey: '',
  name,
  state,
  trust,
  addresses: [],
  gatewayPort: 5805,
  instance: '',
  incarnation: 1,
  documents: { count: 0, version: 0 },
  firstSeenAt: 0,
  lastSeenAt: 0,
  stateChangedAt: 0,
  missed: 0,
});
const all = [
  peer('b', 'Bob', 'trusted'),
  peer('c', 'Cleo', 'pending'),
  peer('d', 'Dan', 'blocked'),
  peer('e', 'Eve', 'trusted', 'dead'),
  peer('f', 'Twin', 'pending'),
  peer('g', 'Twin', 'pending'),
];
const context = {
  self: idOf('a'),
  hosts: [],
  hasOwnPage: true,
  getPeer: (id: NodeId) => all.find((one) => one.id === id),
  resolvePeer: (text: string) => resolvePeer(text, all),
};
const owner: Asker = { kind: 'owner', isKnown: true };
const service: Asker = { kind: 'service' };
const peerOf = (letter: string): Asker => ({ kind: 'peer', id: idOf(letter) });
type Headers = Record<string, string>;

function outcome(asker: Asker, target: string, headers: Headers = {}, method = 'GET'): string {
  const request: RouteRequest = {
    method,
    target,
    headers: { host: 'localhost:5805', ...headers },
    localAddress: '127.0.0.1',
    upgrade: false,
  };
  try {
    const plan = route(asker, request, context);
    if (plan.kind === 'api' || plan.kind === 'pairing') return `${plan.kind} ${plan.path}`;
    if (plan.kind === 'upstream') return `upstream as ${plan.role}`;
    if (plan.kind === 'peer') return `${plan.peer.name} ${plan.path} ${plan.prefix ?? 'own origin'}`;
    return plan.kind === 'redirect' ? `to ${plan.location}` : plan.kind;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const cross = { 'sec-fetch-site': 'cross-site' };
const page = { ...cross, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
const gateway = (letter: string) => `1.1 kith-${letter.repeat(8)}`;
const cases: [asker: Asker, target: string, expected: string, headers?: Headers, method?: string][] = [
  [owner, '/', 'upstream as owner'],
  [owner, '/_kith/node', 'api /node'],
  [owner, '/_kith/node', 'wrong_origin', cross],
  [owner, '/_kith/node', 'wrong_origin', page],
  [owner, '/', 'upstream as owner', page],
  [owner, '/?q=heron', 'wrong_origin', cross],
  [owner, '/_kithx', 'upstream as owner'],
  [owner, '//_kith/node', 'upstream as owner'],
  [owner, '/peers', 'upstream as owner'],
  [owner, '/peers/', 'upstream as owner'],
  [owner, '/peers/bob', 'to /peers/bob/'],
  [owner, '/peers/bob?a=b', 'to /peers/bob/?a=b'],
  [owner, '/peers/bob/x?y', 'Bob /x?y /peers/bob'],
  [owner, '/peers/%42ob/x', 'Bob /x /peers/%42ob'],
  [owner, '/peers/%zz/x', 'bad_target'],
  [owner, '/peers/nobody/x', 'peer_not_found'],
  [owner, '/peers/twin/x', 'peer_name_ambiguous'],
  [owner, '/peers/cleo/x', 'peer_not_trusted'],
  [owner, '/peers/dan/x', 'peer_blocked'],
  [owner, '/peers/eve/x', 'peer_away'],
  [owner, '/peers/bob/x', 'wrong_origin', cross],
  [owner, '/peers/bob/_kith/pairing/commit', 'bad_target'],
  [owner, `/peers/${idOf('a')}/x`, 'bad_target'],
  [owner, '/x', 'Bob /x own origin', { host: 'bob.localhost:5805' }],
  [owner, '/_kith/node', 'bad_target', { host: 'bob.localhost' }],
  [owner, '/peers/cleo/x', 'Bob /peers/cleo/x own origin', { host: 'bob.localhost' }],
  [owner, '/x', 'peer_not_found', { host: 'nobody.localhost' }],
  [owner, '/x', 'wrong_host', { host: 'evil.example' }],
  [owner, 'http://localhost/x', 'bad_target'],
  [owner, '*', 'bad_target', {}, 'OPTIONS'],
  [owner, '/x', 'method_not_allowed', {}, 'TRACE'],
  [service, '/peers/bob/api', 'Bob /api /peers/bob', { host: 'gateway:5805' }],
  [service, '/_kith/peers', 'api /peers', { host: 'gateway:5805' }],
  [service, '/', 'upstream as service', { host: 'gateway:5805' }],
  [service, '/peers/bob/x', 'loop_detected', { via: gateway('b') }],
  [peerOf('b'), '/', 'upstream as peer'],
  [peerOf('b'), '/_kith/pairing/commit', 'pairing /commit'],
  [peerOf('b'), '/_kith/node', 'not_the_owner'],
  [peerOf('b'), '/peers/cleo/x', 'not_the_owner'],
  [peerOf('b'), '/x', 'upstream as peer', { via: gateway('b'), host: 'evil.example' }],
  [peerOf('b'), '/x', 'loop_detected', { via: `${gateway('c')}, ${gateway('b')}` }],
  [peerOf('b'), '/x', 'loop_detected', { via: gateway('a') }],
  [peerOf('c'), '/', 'not_trusted_by_peer'],
  [peerOf('c'), '/_kith/pairing/commit', 'pairing /commit'],
  [peerOf('c'), '/_kith/pairingx', 'not_trusted_by_peer'],
  [peerOf('h'), '/', 'not_trusted_by_peer'],
  [peerOf('h'), '/_kith/pairing/code', 'pairing /code'],
  [peerOf('d'), '/', 'peer_blocked'],
  [peerOf('d'), '/_kith/pairing/commit', 'peer_blocked'],
  [{ kind: 'stranger', why: 'from-the-lan' }, '/_kith/node', 'stranger'],
  [{ kind: 'stranger', why: 'proxied' }, '/', 'stranger'],
  [{ kind: 'stranger', why: 'proxied' }, '/', 'loop_detected', { via: gateway('a') }],
  [{ kind: 'stranger', why: 'wrong-key' }, '/', 'forbidden'],
];
for (const [asker, target, expected, headers, method] of cases) {
  const who = asker.kind === 'peer' ? `peer ${asker.id[0]}` : asker.kind;
  test(`route: ${who} ${method ?? 'GET'} ${target} ${JSON.stringify(headers ?? {})} → ${expected}`, () => {
    assert.equal(outcome(asker, target, headers, method), expected);
  });
}
