import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '@kith/service';
import { createFakeClock } from '@kith/testing';
import { LOOK_QUEUE } from '../src/config.ts';
import { createLookBacks } from '../src/watch/look-backs.ts';

function newLookBacks() {
  const clock = createFakeClock();
  const looked: string[] = [];
  const lookBack = createLookBacks({
    look: async ({ address }) => looked.push(`${address} ${clock.monotonic()}`),
    own: () => ({ own: new Set(['10.0.0.9']), pingbackPort: 5800 }),
    clock,
    log: silentLog,
    signal: new AbortController().signal,
  });
  const ask = (address: string, source: 'asked' | 'look' = 'asked') =>
    lookBack({ address, pingbackPort: 5800, source });
  return { clock, looked, ask };
}

test('at once, at most once a second at one address, and the last request is never lost', async () => {
  const { clock, looked, ask } = newLookBacks();
  ask('10.0.0.1');
  ask('10.0.0.1');
  ask('10.0.0.1');
  ask('10.0.0.2');
  await clock.advance(999);
  assert.deepEqual(looked, ['10.0.0.1 0', '10.0.0.2 0']);
  ask('10.0.0.1', 'look');
  assert.deepEqual(looked.slice(2), ['10.0.0.1 999']);
  await clock.advance(5000);
  assert.deepEqual(looked.slice(3), ['10.0.0.1 1000']);
  ask('10.0.0.1');
  assert.equal(looked.length, 5);
});

test('neither this node nor the internet is looked at', () => {
  const { looked, ask } = newLookBacks();
  ask('10.0.0.9');
  ask('8.8.8.8', 'look');
  assert.deepEqual(looked, []);
});

test('a flood of addresses is bounded', () => {
  const { looked, ask } = newLookBacks();
  for (let i = 0; i < 1000; i += 1) ask(`10.1.${i >> 8}.${i & 255}`);
  assert.equal(looked.length, LOOK_QUEUE);
});
