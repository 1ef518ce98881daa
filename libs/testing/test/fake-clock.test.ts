import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../src/index.ts';

test('advance wakes sleepers in order of time, each after what the one before set off', async () => {
  const clock = createFakeClock(1000);
  const seen: [string, number][] = [];
  const note = (what: string) => seen.push([what, clock.now()]);
  const loop = async () => {
    for (let turn = 1; turn <= 3; turn += 1) {
      await clock.sleep(100);
      note(`loop ${turn}`);
    }
  };
  void clock.sleep(250).then(() => note('late'));
  void loop();
  await clock.advance(260);
  assert.deepEqual(seen, [
    ['loop 1', 1100],
    ['loop 2', 1200],
    ['late', 1250],
  ]);
  assert.equal(clock.now(), 1260);
  assert.equal(clock.monotonic(), 260);
  assert.equal(clock.sleeping, 1);
});

test('a sleep ends with the reason of its signal, before or during it, and leaves no sleeper behind', async () => {
  const clock = createFakeClock();
  const abort = new AbortController();
  const sleeping = clock.sleep(1000, abort.signal);
  abort.abort(new Error('enough'));
  await assert.rejects(sleeping, /enough/);
  await assert.rejects(clock.sleep(1000, abort.signal), /enough/);
  assert.equal(clock.sleeping, 0);
});

test('a jump moves wall time only', () => {
  const clock = createFakeClock(0);
  clock.jump(3_600_000);
  assert.equal(clock.now(), 3_600_000);
  assert.equal(clock.monotonic(), 0);
});
