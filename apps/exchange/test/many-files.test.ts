import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isRoot, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import type { ExchangeStatus, SearchPage, Share } from '@kith/wire';
import { type ExchangeProcess, startProcess } from './exchange-process.ts';
import { startExchange } from './running-exchange.ts';

const shareOf = async (node: ExchangeProcess) =>
  ((await (await node.ask('/api/shares')).json()) as { shares: Share[] }).shares[0];

test('5,000 files are indexed while every other request is answered; a restart reads none again', async (t) => {
  const folder = tempDirectory(t);
  const data = tempDirectory(t);
  const text = 'the quick brown fox jumps over the lazy dog '.repeat(20);
  for (let i = 0; i < 5_000; i++) {
    if (i % 100 === 0) mkdirSync(join(folder, `d${i / 100}`));
    writeFileSync(join(folder, `d${Math.floor(i / 100)}/f${i}.txt`), `number n${i} ${text}`);
  }
  const env = { KITH_DATA: data, KITH_SHARE: folder };
  const first = await startProcess(t, env);
  let answered = 0;
  await waitFor(
    async () => {
      await (await first.ask('/healthz')).text();
      answered += 1;
      return answered % 10 === 0 && (await shareOf(first))?.state === 'watching';
    },
    { what: 'all files', timeoutMs: 60_000 },
  );
  assert.deepEqual([(await shareOf(first))?.files, (await shareOf(first))?.failed], [5_000, 0]);
  t.diagnostic(`${answered} requests meanwhile`);
  // A node that reads and indexes on the thread that answers gets through a handful (each batch holds up a request),
  // however fast the machine is; bench/indexing.ts has the times.
  assert.ok(answered >= 30, `${answered} requests meanwhile`);
  await first.kill();
  const second = await startProcess(t, env);
  await waitFor(async () => (await shareOf(second))?.state === 'watching', { what: 'the restart', timeoutMs: 20_000 });
  const found = (await (await second.ask('/api/search?q=n4321')).json()) as SearchPage;
  assert.equal(found.results[0]?.name, 'f4321.txt');
});

test('a file that changes all the time is indexed once it rests', async (t) => {
  const folder = tempDirectory(t);
  const log = join(folder, 'log.txt');
  writeFileSync(log, 'begin ');
  const node = await startExchange(t);
  const writing = new AbortController();
  const writer = (async () => {
    while (!writing.signal.aborted) {
      await appendFile(log, 'more ');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await appendFile(log, 'theend');
  })();
  const { id } = await node.share(folder);
  await waitFor(async () => (await node.json<ExchangeStatus>('/api/status')).queued > 0, { what: 'the file to wait' });
  assert.equal((await node.json<SearchPage>('/api/search?q=begin')).results.length, 0, 'no half state is shown');
  writing.abort();
  await writer;
  await waitFor(async () => (await node.json<SearchPage>('/api/search?q=theend')).results.length === 1, {
    what: 'the whole file to be found',
  });
  assert.equal((await node.files.filesOf(id, { limit: 5 })).length, 1);
});

const skip = skipUnless(isRoot() && process.platform === 'linux', 'needs root on Linux, to take rights away');

test('where the system gives no more watches, it says so and looks through the folder instead', { skip }, async (t) => {
  const folder = tempDirectory(t);
  for (let i = 0; i < 20; i++) {
    mkdirSync(join(folder, `d${i}`));
    writeFileSync(join(folder, `d${i}/f.txt`), `file ${i}`);
  }
  const limit = 'echo 5 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"';
  const env = { KITH_DATA: tempDirectory(t), KITH_SHARE: folder };
  const node = await startProcess(t, env, { through: ['unshare', '-Ur', 'sh', '-c', limit] });
  const share = await waitFor(
    async () => {
      const now = await shareOf(node);
      return now?.state === 'watching' && now.problem !== undefined && now;
    },
    { what: 'the share to say so', timeoutMs: 10_000 },
  );
  assert.match(share.problem ?? '', /max_user_watches/);
  assert.equal(share.files, 20);
});

test('what may not be read is reported, and is read once it may', { skip }, async (t) => {
  const folder = tempDirectory(t);
  const data = tempDirectory(t);
  mkdirSync(join(folder, 'closed'));
  for (const name of ['open.txt', 'secret.txt', 'closed/in.txt']) writeFileSync(join(folder, name), `words of ${name}`);
  chmodSync(join(folder, 'secret.txt'), 0o600);
  chmodSync(join(folder, 'closed'), 0o700);
  chmodSync(folder, 0o755);
  chownSync(data, 65534, 65534);
  const node = await startProcess(t, { KITH_DATA: data, KITH_SHARE: folder }, { uid: 65534 });
  const problems = await waitFor(
    async () => {
      const status = (await (await node.ask('/api/status')).json()) as ExchangeStatus;
      return status.problems?.length === 2 && status.problems;
    },
    { what: 'both problems', timeoutMs: 10_000 },
  );
  assert.deepEqual(problems.map(({ path }) => path).toSorted(), ['closed/', 'secret.txt']);
  for (const { message } of problems) assert.match(message, /give this node’s user the right/);
  chmodSync(join(folder, 'secret.txt'), 0o644);
  chmodSync(join(folder, 'closed'), 0o755);
  await waitFor(
    async () => {
      const status = (await (await node.ask('/api/status')).json()) as ExchangeStatus;
      return status.documents === 3 && status.problems?.length === 0;
    },
    { what: 'all to be read', timeoutMs: 10_000 },
  );
});
