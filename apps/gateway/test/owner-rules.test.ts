import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OwnerRequest, ownerRules } from '../src/door/owner-rules.ts';

const ask = (headers: OwnerRequest['headers'], more: Partial<OwnerRequest> = {}) =>
  ownerRules({
    method: 'GET',
    target: '/api/documents',
    headers,
    localAddress: '::ffff:192.168.1.5',
    upgrade: false,
    hosts: ['node.home'],
    hasOwnPage: true,
    hasPass: false,
    ...more,
  });

for (const host of [
  'localhost',
  'LOCALHOST:5805',
  '127.0.0.1:5805',
  '127.9.9.9',
  '[::1]:5805',
  '192.168.1.5:5805',
  'node.home',
  'Node.Home:80',
]) {
  test(`Host ${host} is this node`, () => assert.equal(ask({ host }).label, undefined));
}

const foreign = [
  undefined,
  '',
  'evil.example',
  'evil.example:5805',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '192.168.1.6',
  '0.0.0.0',
  '[fe80::1]',
  'localhost:5805:1',
  'localhost:port',
  'user@localhost',
  'localhost/',
  'local host',
  '2130706433',
];
for (const host of foreign) {
  test(`Host ${host} is refused`, () => assert.throws(() => ask({ host }), { code: 'wrong_host' }));
}

test('the label of a peer is told', () => assert.equal(ask({ host: 'Bob-ab12.localhost:5805' }).label, 'bob-ab12'));

const host = 'localhost:5805';
const post = { method: 'POST' };
const sameOrigin: [name: string, headers: OwnerRequest['headers']][] = [
  ['a program', {}],
  ['same origin', { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }],
  ['same origin, browser without Sec-Fetch-Site', { origin: `http://${host}` }],
  ['typed into the address bar', { 'sec-fetch-site': 'none' }],
];
for (const [name, headers] of sameOrigin) {
  test(`POST from ${name} is let through`, () => assert.doesNotThrow(() => ask({ host, ...headers }, post)));
}

const crossOrigin: [name: string, headers: OwnerRequest['headers']][] = [
  ['another site', { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['another site, old browser', { origin: 'http://evil.example' }],
  ['a sandboxed page', { origin: 'null' }],
  ['a peer’s page', { origin: 'http://bob.localhost:5805', 'sec-fetch-site': 'same-site' }],
  ['another port', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }],
  ['a site that hides its origin', { 'sec-fetch-site': 'cross-site' }],
  ['a lying origin', { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' }],
];
for (const [name, headers] of crossOrigin) {
  test(`whatever ${name} makes a browser ask is refused, changing or reading`, () => {
    assert.throws(() => ask({ host, ...headers }), { code: 'wrong_origin' });
    assert.throws(() => ask({ host, ...headers }, { method: 'HEAD' }), { code: 'wrong_origin' });
    assert.throws(() => ask({ host, ...headers }, post), { code: 'wrong_origin' });
    assert.throws(() => ask({ host, ...headers }, { upgrade: true }), { code: 'wrong_origin' });
  });
}

const opened = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
const page = { target: '/' };
const elsewhere: [name: string, headers: OwnerRequest['headers'], more: Partial<OwnerRequest>][] = [
  ['another address', {}, { target: '/api/search?q=heron' }],
  ['an object', { 'sec-fetch-dest': 'object' }, page],
  ['a frame', { 'sec-fetch-dest': 'iframe' }, page],
  ['a picture', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }, page],
  ['a form', {}, { ...page, method: 'POST' }],
  ['a WebSocket', {}, { ...page, upgrade: true }],
];
test('a page of another site may open this node’s page, as a page of its own', () => {
  for (const at of [host, 'bob.localhost:5805']) assert.doesNotThrow(() => ask({ host: at, ...opened }, page));
  for (const [name, headers, more] of elsewhere) {
    assert.throws(() => ask({ host, ...opened, ...headers }, more), { code: 'wrong_origin' }, name);
  }
});

test('where a browser sends no Fetch Metadata, the page itself says that it asks', () => {
  const browser = { host: '192.168.1.5:5805', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
  assert.throws(() => ask(browser), { code: 'wrong_origin' }, 'an object, a picture or a frame of any site');
  assert.doesNotThrow(() => ask({ ...browser, 'kith-page': '1' }));
  assert.doesNotThrow(() => ask(browser, { hasPass: true }), 'a download');
  assert.doesNotThrow(() => ask(browser, { target: '/' }), 'the page without anything in it');
  assert.doesNotThrow(() => ask(browser, { hasOwnPage: false }), 'another web app has rules of its own');
  assert.doesNotThrow(() => ask({ host: '192.168.1.5:5805', 'user-agent': 'curl/8' }), 'a program');
});
