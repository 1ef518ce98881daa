import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePairingCode } from '@kith/identity';
import { hasBinary, skipUnless, tellAttack, tempDirectory, waitFor } from '@kith/testing';
import { createMovedClock } from '../src/attack/moved-clock.ts';
import { unsoundLines } from '../src/attack/vital-signs.ts';
import { startKithNode } from '../src/nodes/kith-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip = skipUnless(process.platform === 'linux' && hasBinary('cc'), 'needs Linux and a C compiler (cc)');
const DAY_MS = 86_400_000;
/** Where the clock stands, one after the other, in days from now. */
const JUMPS = [365 * 5, -365 * 10, 365 * 60, 1 / 24, -1 / 24, 0];

test('a clock that jumps by years costs no document, no peer and no trust', { skip }, async (t) => {
  const clock = createMovedClock(tempDirectory(t));
  const [anaAt, benAt] = [freeAddress(), freeAddress()];
  const data = tempDirectory(t);
  const code = makePairingCode();
  const start = async (name: string, host: string, other: string, folder: string, more = {}) => {
    const usual = { KITH_BIND: host, KITH_SEEDS: other, KITH_SWEEP: 'off', KITH_OPERATIONS_PORT: 'off' };
    const env = { ...usual, KITH_PAIRING_CODE: code, KITH_LOG_LEVEL: 'warn', ...more };
    const node = await startKithNode({ data: folder, name, env, door: { host, port: 5805 } });
    t.after(() => node.kill());
    return node;
  };
  const ben = await start('ben', benAt, anaAt, tempDirectory(t));
  let ana = await start('ana', anaAt, benAt, data, clock.env);
  const [anaId, benId] = [(await ana.node()).id, (await ben.node()).id];
  const isWell = async (words: string, count: number) => {
    const [mine, theirs] = [await ana.peers(), await ben.peers()];
    const sees = (all: typeof mine, id: string) =>
      all.some((one) => one.id === id && one.trust === 'trusted' && one.state === 'alive');
    const found = await ben.search(words);
    return sees(mine, benId) && sees(theirs, anaId) && found.results.length === count;
  };
  const what = (days: number) => ({ what: `both nodes to be well, the clock ${days} days away`, timeoutMs: 90_000 });
  for (const [i, days] of JUMPS.entries()) {
    clock.move(days);
    const hash = await ana.post(`note ${i}`, `swallows of jump ${i}`);
    const { modifiedAt } = (await ana.ask(`/api/documents/${hash}`)).json() as { modifiedAt: number };
    assert.ok(Math.abs(modifiedAt - Date.now() - days * DAY_MS) < DAY_MS / 100, 'the clock of the node is moved');
    await waitFor(() => isWell('swallows', i + 1), what(days));
    // And at a start, which finds times of the future and of long ago.
    if (i % 2 === 1) {
      await ana.kill();
      ana = await start('ana', anaAt, benAt, data, clock.env);
      await waitFor(() => isWell('swallows', i + 1), what(days));
    }
    assert.deepEqual(unsoundLines(ana.output()), []);
  }
  const moments = (await ana.events()).map(({ cursor }) => cursor);
  assert.equal(new Set(moments).size, moments.length);
  tellAttack(t, JUMPS.length, 'documents found, peers alive and trusted after each jump and each start');
});
