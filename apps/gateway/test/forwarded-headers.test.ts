import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forwardedRequestHeaders, forwardedResponseHeaders } from '../src/message/forwarded-headers.ts';

const by = {
  host: 'next',
  via: '1.1 x',
  forwardedFor: 'f',
  forwardedHost: 'h',
  forwardedProto: 'http',
  dropCookies: false,
} as const;
const own = [
  'host',
  'next',
  'via',
  '1.1 x',
  'x-forwarded-for',
  'f',
  'x-forwarded-host',
  'h',
  'x-forwarded-proto',
  'http',
];
const peer = { sentHost: 'next', prefix: '/peers/bob', from: 'peer' } as const;

test('request fields keep their order, spelling and repetition', () => {
  const fields = forwardedRequestHeaders(['Accept', 'a', 'X-B', '1', 'x-b', '2', 'Accept', 'c'], by);
  assert.deepEqual(fields.slice(2, 10), ['Accept', 'a', 'X-B', '1', 'x-b', '2', 'Accept', 'c']);
});

const dropped = [
  'Host',
  'KITH-KEY',
  'kith_key',
  'X_Forwarded-For',
  'x-forwarded-anything',
  'Forwarded',
  'Via',
  'TE',
  'Expect',
  'Trailer',
  'Upgrade',
];
for (const name of dropped) {
  test(`request field ${name} is dropped`, () => assert.deepEqual(forwardedRequestHeaders([name, 'x'], by), own));
}

test('Connection takes the fields it names with it, ours never', () => {
  const raw = ['Connection', 'close, X-Mine,  kith-role', 'CONNECTION', 'x-forwarded-for', 'x-mine', '1'];
  const fields = forwardedRequestHeaders(raw, { ...by, role: 'owner', internalKey: 'k' });
  assert.deepEqual(fields, [...own, 'kith-role', 'owner', 'kith-key', 'k']);
});

const locations: [location: string, here: string][] = [
  ['/x', '/peers/bob/x'],
  ['http://next/x?y#z', '/peers/bob/x?y#z'],
  ['HTTPS://NEXT', '/peers/bob/'],
  ['x', 'x'],
  ['//elsewhere/x', '//elsewhere/x'],
  ['http://next.evil/x', 'http://next.evil/x'],
  ['http://next@evil/x', 'http://next@evil/x'],
  ['javascript:alert(1)', 'javascript:alert(1)'],
];
for (const [location, here] of locations) {
  test(`a peer's redirect to ${location} leads to ${here}`, () => {
    assert.deepEqual(forwardedResponseHeaders(['Location', location], peer).slice(0, 2), ['Location', here]);
  });
}

const GUARDED = [
  ...['cache-control', 'no-store'],
  ...['x-content-type-options', 'nosniff'],
  ...['cross-origin-resource-policy', 'same-origin'],
];

test('what a peer must not set in the owner’s browser does not come through', () => {
  const raw = [
    'Set-Cookie',
    'Clear-Site-Data',
    'Strict-Transport-Security',
    'Alt-Svc',
    'Service-Worker-Allowed',
    'Access-Control-Allow-Origin',
    'Content-Security-Policy',
  ];
  const fields = forwardedResponseHeaders(
    raw.flatMap((name) => [name, 'x']),
    peer,
  );
  assert.deepEqual(fields, [...GUARDED, 'content-security-policy', 'sandbox']);
});

test('whatever a web app or a peer answers, no other site embeds it, and a browser keeps it only where it says so', () => {
  const own = { ...peer, from: 'own', prefix: undefined } as const;
  const loose = [
    'Cross-Origin-Resource-Policy',
    'cross-origin',
    'X-Content-Type-Options',
    'x',
    'Cache-Control',
    'private',
  ];
  for (const by of [peer, own, { ...peer, prefix: undefined }]) {
    assert.deepEqual(forwardedResponseHeaders([], by).slice(0, 6), GUARDED);
    assert.deepEqual(forwardedResponseHeaders(loose, by).slice(0, 6), [
      'Cache-Control',
      'private',
      ...GUARDED.slice(2),
    ]);
  }
});

test('what shows the owner to this gateway goes no further; any other authorization does', () => {
  for (const secret of ['Bearer kith-owner-x', 'bearer  kith-page.x.y']) {
    assert.deepEqual(forwardedRequestHeaders(['Authorization', secret], by), own);
  }
  const others = ['Authorization', 'Basic eDp5', 'authorization', 'Bearer x'];
  assert.deepEqual(forwardedRequestHeaders(others, by).slice(2, 6), others);
});
