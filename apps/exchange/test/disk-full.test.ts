import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isRoot, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { startExchange } from './running-exchange.ts';

const skip = skipUnless(isRoot() && process.platform === 'linux', 'needs root on Linux, to mount a small disk');
const formOf = (megabytes: number) => {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(megabytes * 1_000_000)]), 'big.bin');
  return form;
};

/** An upload whose length nobody knows beforehand. */
async function* streamed(megabytes: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="big.bin"\r\n\r\n');
  for (let i = 0; i < megabytes; i++) yield new Uint8Array(1_000_000);
  yield Buffer.from('\r\n--x--\r\n');
}

test(
  'a full disk is said before or during an upload, leaves nothing behind, and the node goes on',
  { skip },
  async (t) => {
    let data: string | undefined;
    // Hooks run in the order in which they are given: first unmounted, then removed.
    t.after(() => {
      if (data !== undefined) execFileSync('umount', ['-l', data]);
    });
    const disk = join(tempDirectory(t), 'data');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', disk]);
    data = disk;
    const node = await startExchange(t, { data: disk });
    const tooBig = await node.ask('/api/documents', { method: 'POST', body: formOf(30) });
    assert.deepEqual([tooBig.status, ((await tooBig.json()) as { error: string }).error], [507, 'disk_full']);
    const during = await node.ask('/api/documents', {
      method: 'POST',
      body: streamed(100) as never,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      duplex: 'half',
    } as RequestInit);
    const answer = (await during.json()) as { error: string; message: string };
    assert.deepEqual([during.status, answer.error], [507, 'disk_full']);
    assert.match(answer.message, /free some space/);
    await waitFor(() => readdirSync(join(disk, 'blobs/incoming')).length === 0, {
      what: 'the half file to be removed',
    });
    const small = await node.ask('/api/documents', { method: 'POST', body: formOf(1) });
    assert.equal(small.status, 201);
  },
);
