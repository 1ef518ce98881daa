import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExchangeStatus } from '@kith/wire';
import { errorFrom } from '../src/http/request-error.ts';
import { retryDelay } from '../src/http/retry-delay.ts';
import { isSpoken, keysOfDocumentEvent, keysOfNetworkEvent } from '../src/live/event-effects.ts';
import { formatRoute, home, parseRoute } from '../src/live/route.ts';
import { loudWarnings } from '../src/node/loud-warnings.ts';
import { listStep } from '../src/results/list-step.ts';

test('an address is read back as it was written', () => {
  const open = 'ab'.repeat(32);
  const routes = [
    home,
    { view: 'search', q: 'grey heron & "a # b" 鷺', scope: 'here', open },
    { view: 'node', q: '', scope: 'all', open: '' },
  ] as const;
  for (const route of routes) assert.deepEqual(parseRoute(formatRoute(route)), route);
});

test('an address that makes no sense is the start', () => {
  for (const hash of ['', '#', '#/', '#/nowhere', '#javascript:alert(1)']) assert.deepEqual(parseRoute(hash), home);
  assert.equal(parseRoute('#/search?open=../../etc').open, '');
  assert.equal(parseRoute(`#/search?q=${'x'.repeat(600)}`).q.length, 512);
});

test('keys move through the list and back to the box', () => {
  assert.equal(listStep('ArrowDown', -1, 3), 0);
  assert.equal(listStep('ArrowDown', 2, 3), 2);
  assert.equal(listStep('ArrowUp', 0, 3), -1);
  assert.equal(listStep('End', 0, 3), 2);
  assert.equal(listStep('Home', -1, 3), undefined);
  assert.equal(listStep('ArrowDown', -1, 0), undefined);
  assert.equal(listStep('a', 1, 3), undefined);
});

test('events refresh what they change', () => {
  assert.deepEqual(keysOfNetworkEvent('peer-dead'), ['peers', 'devices', 'comparison']);
  assert.deepEqual(keysOfNetworkEvent('sweep'), ['node', 'devices']);
  assert.deepEqual(keysOfDocumentEvent('shares'), ['shares', 'status']);
  assert.equal(isSpoken('peer-clone'), true);
  assert.equal(isSpoken('sweep'), false);
});

test('a stream is opened again after pauses that grow to an end', () => {
  assert.equal(retryDelay(0, 1), 500);
  assert.equal(retryDelay(3, 0), 2000);
  assert.equal(retryDelay(1000, 1), 15_000);
});

test('an error without a body of its own still says something', () => {
  assert.deepEqual(errorFrom(502, '<html>'), errorFrom(502, ''));
  assert.match(errorFrom(502, '').message, /502/);
  assert.equal(errorFrom(409, '{"error":"port_in_use","message":"Stop it."}').code, 'port_in_use');
});

test('what is wrong with the index stands over every view, each sentence once', () => {
  const full = { code: 'disk_full' as const, message: 'The disk of Elasticsearch is too full: make room.' };
  const index = { engine: 'elasticsearch' as const, findings: [full, full] };
  const status: ExchangeStatus = { role: 'owner', name: 'ana', queued: 0, index };
  assert.deepEqual(loudWarnings({ node: undefined, status, failures: ['Redis is away.'] }), [
    full.message,
    'Redis is away.',
  ]);
  assert.deepEqual(loudWarnings({ node: undefined, status: undefined, failures: [] }), []);
});
