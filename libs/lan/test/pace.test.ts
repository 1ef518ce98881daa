import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, type FakeClock } from '@kith/testing';
import { createPace, type Pace } from '../src/neighbours/pace.ts';

/** Takes as much as it gets; `taken()` counts. */
function greedy(pace: Pace, signal: AbortSignal) {
  let taken = 0;
  const loop = async () => {
    while (!signal.aborted) taken += await pace.take(1000, signal);
  };
  loop().catch(() => {});
  return () => taken;
}

async function started(t: { after(fn: () => void): void }, clock: FakeClock = createFakeClock()) {
  const abort = new AbortController();
  t.after(() => abort.abort());
  const pace = createPace({ clock });
  return { clock, pace, abort, taken: greedy(pace, abort.signal) };
}

test('a /24 goes out in a sixth of a second, a large range at 100 a second in the long run', async (t) => {
  const { clock, taken } = await started(t);
  await clock.advance(130);
  assert.ok(taken() >= 253 && taken() <= 280, `${taken()}`);
  await clock.advance(10_000);
  assert.ok(taken() > 1350 && taken() < 1440, `${taken()}`);
});

test('in any 3 seconds fewer addresses are asked than the kernel’s table has slots', async (t) => {
  const { clock, taken } = await started(t);
  let most = 0;
  const history: number[] = [];
  for (let step = 0; step < 200; step += 1) {
    await clock.advance(100);
    history.push(taken());
    most = Math.max(most, taken() - (history.at(-31) ?? 0));
  }
  assert.ok(most < 800, `${most}`);
});

test('two sweeps share one pace', async (t) => {
  const { clock, pace, abort, taken } = await started(t);
  const other = greedy(pace, abort.signal);
  await clock.advance(10_000);
  assert.ok(taken() + other() < 1440, `${taken()} + ${other()}`);
  assert.ok(taken() > 400 && other() > 400, `${taken()} + ${other()}`);
});

test('a full table means a rest of 3 s and half the speed for a minute', async (t) => {
  const { clock, pace, taken } = await started(t);
  await clock.advance(2000);
  pace.slowDown();
  await clock.advance(20);
  const before = taken();
  await clock.advance(2900);
  assert.equal(taken(), before);
  await clock.advance(10_000);
  const slow = taken() - before;
  assert.ok(slow > 300 && slow < 780, `${slow}`);
  const after = taken();
  await clock.advance(20_000);
  const steady = (taken() - after) / 20;
  assert.ok(steady > 40 && steady < 60, `${steady} a second`);
});

test('waiting ends with the signal', async () => {
  const clock = createFakeClock();
  const abort = new AbortController();
  const pace = createPace({ clock, burst: 1, perSecond: 0.001 });
  const taken = greedy(pace, abort.signal);
  await clock.advance(100);
  assert.equal(taken(), 1);
  abort.abort();
  await clock.advance(1);
  assert.equal(clock.sleeping, 0);
});
