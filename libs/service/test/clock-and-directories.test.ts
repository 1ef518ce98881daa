import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, defaultDataDirectory, every, systemClock } from '../src/index.ts';

test('a sleep ends at once, with the reason, when its signal aborts', async () => {
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  abort.abort(new Error('enough'));
  await assert.rejects(sleeping, /enough/);
  await assert.rejects(systemClock.sleep(60_000, abort.signal), /enough/);
});

test('a loop goes on after a failed run, with a jittered pause, until it is aborted', async () => {
  const abort = new AbortController();
  const pauses: number[] = [];
  const errors: unknown[] = [];
  const clock: Clock = { now: () => 0, monotonic: () => 0, sleep: async (ms) => void pauses.push(ms) };
  let runs = 0;
  await every(
    async () => {
      runs += 1;
      if (runs === 1) throw new Error('first');
      if (runs === 3) abort.abort();
    },
    {
      intervalMs: 1000,
      clock,
      signal: abort.signal,
      onError: (error) => errors.push(error),
      random: () => [0, 0.5, 1][runs - 1] ?? 0,
    },
  );
  assert.equal(runs, 3);
  assert.equal(errors.length, 1);
  assert.deepEqual(pauses, [800, 1000, 1200]);
});

const places: [string, NodeJS.Platform, Record<string, string>, string][] = [
  ['Linux without XDG', 'linux', {}, '/home/ana/.local/share/kith'],
  ['Linux with XDG', 'linux', { XDG_DATA_HOME: '/data' }, '/data/kith'],
  [
    'a relative XDG path is ignored, as its specification says',
    'linux',
    { XDG_DATA_HOME: 'data' },
    '/home/ana/.local/share/kith',
  ],
  ['macOS', 'darwin', {}, '/home/ana/Library/Application Support/Kith'],
];
for (const [what, platform, env, expected] of places) {
  test(`data directory: ${what}`, () =>
    assert.equal(defaultDataDirectory({ platform, env, home: '/home/ana' }), expected));
}

test('a pause that is already over, or longer than a timer holds, is neither a warning nor a busy loop', async (t) => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => warnings.push(name);
  process.on('warning', onWarning);
  t.after(() => process.off('warning', onWarning));
  await systemClock.sleep(-5);
  const ended = new AbortController();
  const long = systemClock.sleep(2 ** 40, ended.signal).then(
    () => 'over',
    () => 'cut off',
  );
  for (let turn = 0; turn < 20; turn += 1) await systemClock.sleep(1);
  ended.abort();
  assert.equal(await long, 'cut off');
  assert.deepEqual(warnings, []);
});
