import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeIdSchema } from '@kith/wire';
import { type AskingFacts, createWhoIsAsking } from '../src/door/who-is-asking.ts';

const KEY = 'k'.repeat(43);
const id = nodeIdSchema.parse('a'.repeat(52));
const whoIsAsking = createWhoIsAsking(KEY);
const loopback: AskingFacts = { peer: undefined, remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', headers: {} };
const lan: AskingFacts = { ...loopback, remoteAddress: '192.168.1.7', localAddress: '192.168.1.5' };
const withHeaders = (facts: AskingFacts, headers: AskingFacts['headers']) => ({ ...facts, headers });

const cases: [name: string, facts: AskingFacts, kind: string][] = [
  ['loopback', loopback, 'local'],
  ['another loopback address', { ...loopback, remoteAddress: '127.3.4.5' }, 'local'],
  ['IPv6 loopback', { ...loopback, remoteAddress: '::1', localAddress: '::1' }, 'local'],
  [
    'IPv4 loopback in IPv6',
    { ...loopback, remoteAddress: '::ffff:127.0.0.1', localAddress: '::ffff:127.0.0.1' },
    'local',
  ],
  ['this machine at its own LAN address', { ...lan, remoteAddress: '::ffff:192.168.1.5' }, 'local'],
  [
    'this machine at its own link-local address',
    { ...lan, remoteAddress: 'fe80::1%eth0', localAddress: 'fe80::1' },
    'local',
  ],
  ['the LAN', lan, 'from-the-lan'],
  ['an address that only looks like loopback', { ...lan, remoteAddress: '127.evil' }, 'from-the-lan'],
  ['a closed connection', { ...loopback, remoteAddress: undefined, localAddress: undefined }, 'from-the-lan'],
  ['loopback through a proxy', withHeaders(loopback, { 'x-forwarded-for': '1.2.3.4' }), 'local, proxied'],
  ['loopback through another proxy', withHeaders(loopback, { forwarded: 'for=1.2.3.4' }), 'local, proxied'],
  ['loopback with Via', withHeaders(loopback, { via: '1.1 nginx' }), 'local, proxied'],
  ['LAN that says it is loopback', withHeaders(lan, { 'x-forwarded-for': '127.0.0.1' }), 'from-the-lan'],
  ['right key from anywhere', withHeaders(lan, { 'kith-key': KEY }), 'service'],
  ['wrong key', withHeaders(loopback, { 'kith-key': `${KEY}x` }), 'wrong-key'],
  ['empty key', withHeaders(loopback, { 'kith-key': '' }), 'wrong-key'],
  ['two keys', withHeaders(loopback, { 'kith-key': `${KEY}, ${KEY}` }), 'wrong-key'],
  ['a role without a key', withHeaders(lan, { 'kith-role': 'owner' }), 'from-the-lan'],
  ['a peer', { ...lan, peer: id }, 'peer'],
  ['a peer on loopback is still a peer', { ...loopback, peer: id }, 'peer'],
  [
    'a peer that shows the internal key is still a peer',
    withHeaders({ ...lan, peer: id }, { 'kith-key': KEY }),
    'peer',
  ],
];
for (const [name, facts, kind] of cases) {
  test(`who is asking: ${name}`, () => {
    const asker = whoIsAsking(facts);
    const proxied = asker.kind === 'local' && asker.isProxied ? ', proxied' : '';
    assert.equal(asker.kind === 'stranger' ? asker.why : `${asker.kind}${proxied}`, kind);
  });
}
