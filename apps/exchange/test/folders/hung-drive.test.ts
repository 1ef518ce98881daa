import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLog, systemClock } from '@kith/service';
import { skipUnless, tempDirectory, waitFor } from '@kith/testing';
import type { Share } from '@kith/wire';
import { Drives } from '../../src/drives/drives.ts';
import { startExchange } from '../running-exchange.ts';
import { canHang, hangingDrive } from './hung-drive.ts';

const skip = skipUnless(canHang(), 'needs root and /dev/fuse, to mount a drive that hangs');

/** Threads of this process that wait in the file system and cannot be interrupted for long. */
const hangingThreads = () =>
  readdirSync('/proc/self/task').filter((id) => /^fuse|request_wait/.test(readWchan(id))).length;
function readWchan(id: string): string {
  try {
    return readFileSync(`/proc/self/task/${id}/wchan`, 'utf8');
  } catch {
    return '';
  }
}

test(
  'a drive that hangs is told, and nothing else waits for it: other folders, uploads, the stop',
  { skip },
  async (t) => {
    const drive = hangingDrive(t);
    const [hung, fine] = [drive.folder, tempDirectory(t)];
    for (const path of [hung, fine]) writeFileSync(join(path, 'a.txt'), `words of ${path}`);
    const node = await startExchange(t);
    const ids = [await node.share(hung), await node.share(fine)].map(({ id }) => id);
    for (const id of ids) await node.settled(id);
    const contentOf = (path: string) => {
      const hash = createHash('sha256').update(`words of ${path}`).digest('hex');
      return node.ask(`/api/documents/${hash}/content`);
    };
    drive.hang();
    // More than the thread pool of the node has threads.
    const waiting = Array.from({ length: 12 }, () => contentOf(hung));
    for (let i = 0; i < 30; i++) assert.equal((await contentOf(fine)).status, 200);
    await node.post('A text', 'is taken');
    assert.equal(hangingThreads(), 0, 'no thread of the node itself waits');
    const statuses = (await Promise.all(waiting)).map(({ status }) => status);
    assert.ok(
      statuses.every((status) => status === 410 || status === 503),
      statuses.join(' '),
    );
    const told = await waitFor(
      async () =>
        (await node.json<{ shares: Share[] }>('/api/shares')).shares.find(({ state }) => state === 'unreadable'),
      { what: 'the share to be called unreadable', timeoutMs: 60_000 },
    );
    assert.deepEqual([told.path, /drive does not answer/.test(told.problem ?? '')], [hung, true]);
    assert.equal((await node.files.filesOf(told.id, { limit: 5 })).length, 1, 'what was shared stays listed');
    await node.stop();
  },
);

test('a drive that answers again is gone on with', { skip }, async (t) => {
  const drive = hangingDrive(t);
  const { folder } = drive;
  const drives = new Drives({ clock: systemClock, log: silentLog, silenceMs: 3_000 });
  t.after(() => drives.stop());
  const look = () => drives.call('share', 'findRoot', { path: folder });
  await look();
  drive.hang();
  await assert.rejects(drives.call('share', 'listFolder', { root: folder, path: '' }), { code: 'ETIMEDOUT' });
  await assert.rejects(look(), { code: 'ETIMEDOUT' });
  await drives.call('other', 'findRoot', { path: tempDirectory(t) });
  drive.end();
  assert.equal((await waitFor(look, { what: 'the folder to be read' })).isFolder, true);
});

test(
  'a new drive that hangs at the start keeps nobody waiting, and cannot be shared meanwhile',
  { skip },
  async (t) => {
    const drive = hangingDrive(t);
    const { folder } = drive;
    drive.hang();
    const node = await startExchange(t, { env: { KITH_SHARE: folder } });
    assert.equal((await node.ask('/api/status')).status, 200);
    await assert.rejects(node.share(folder), /drive does not answer|drive/);
  },
);
