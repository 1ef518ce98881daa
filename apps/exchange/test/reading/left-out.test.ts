import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import type { ExchangeStatus } from '@kith/wire';
import { type ExchangeProcess, startProcess } from '../exchange-process.ts';
import { startExchange } from '../running-exchange.ts';

const GIB = 1024 ** 3;
const statusOf = async (node: ExchangeProcess) => (await (await node.ask('/api/status')).json()) as ExchangeStatus;

/** A file of holes: it takes no room and as long to read as any other of its size. */
function sparse(path: string, bytes: number): void {
  writeFileSync(path, '');
  truncateSync(path, bytes);
}

test('a file that was being read whenever the node was killed is left out at the fourth start; the others are found', async (t) => {
  const data = tempDirectory(t);
  const folder = tempDirectory(t);
  sparse(join(folder, 'a-monster.bin'), 200 * GIB);
  const env = { KITH_DATA: data, KITH_SHARE: folder };
  /** Whether this run has begun with the file, knowing how often it ended before. */
  const isMarked = (before: number) => {
    try {
      const { reading } = JSON.parse(readFileSync(join(data, 'reading.json'), 'utf8')) as {
        reading: { path: string; deaths: number }[];
      };
      return reading.some(({ path, deaths }) => path === 'a-monster.bin' && deaths === before);
    } catch {
      return false;
    }
  };
  for (let i = 1; i <= 3; i++) {
    const node = await startProcess(t, env);
    await waitFor(() => isMarked(i - 1), { what: `the file to be read for the ${i}. time`, timeoutMs: 20_000 });
    await node.kill();
  }
  for (let i = 0; i < 5; i++) writeFileSync(join(folder, `f${i}.txt`), `words of file ${i}`);
  writeFileSync(join(folder, 'film.bin'), Buffer.alloc(40_000_000, 7));
  const node = await startProcess(t, env);
  const status = await waitFor(
    async () => {
      const now = await statusOf(node);
      return now.documents === 6 && now.problems?.length === 1 && now;
    },
    { what: 'the others to be found, and the file to be reported', timeoutMs: 20_000 },
  );
  assert.equal(status.problems?.[0]?.path, 'a-monster.bin');
  assert.match(
    status.problems?.[0]?.message ?? '',
    /ended 3 times while it read this file, so it is left out: .*save it anew/,
  );
  // Saved anew it is another matter.
  sparse(join(folder, 'a-monster.bin'), 1000);
  await waitFor(async () => (await statusOf(node)).documents === 7, { what: 'the file that was saved anew' });
  assert.deepEqual((await statusOf(node)).problems, []);
});

test('a file of 4 TB of holes is told to be too large at once, and holds nothing up', async (t) => {
  const folder = tempDirectory(t);
  sparse(join(folder, 'a.img'), 4096 * GIB);
  writeFileSync(join(folder, 'b.bin'), Buffer.alloc(40_000_000, 7));
  const node = await startExchange(t);
  await node.share(folder);
  const status = await waitFor(
    async () => {
      const now = await node.json<ExchangeStatus>('/api/status');
      return now.queued === 0 && now.documents === 1 && now.problems?.length === 1 && now;
    },
    { what: 'both to be looked at', timeoutMs: 20_000 },
  );
  assert.match(status.problems?.[0]?.message ?? '', /more than 256 GiB, .* share it in parts/);
});
