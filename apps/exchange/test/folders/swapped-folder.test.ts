import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import { startExchange } from '../running-exchange.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** `in` and what lies outside have files of the same names and sizes: only where they lie tells them apart. */
function folderAndOutside(t: TestContext) {
  const folder = tempDirectory(t);
  const outside = tempDirectory(t);
  mkdirSync(join(folder, 'in'));
  for (const [place, word] of [
    [join(folder, 'in'), 'oyster'],
    [outside, 'secret'],
  ] as const) {
    writeFileSync(join(place, 'a.txt'), `${word} words`);
    writeFileSync(join(place, 'b.txt'), `${word} words too`);
  }
  return { folder, outside };
}

async function swapping(t: TestContext, folder: string): Promise<ChildProcess> {
  const program = fork(new URL('./swapping.ts', import.meta.url), [folder]);
  t.after(() => program.kill('SIGKILL'));
  await once(program, 'message');
  return program;
}

test('a folder that becomes a link again and again is never served or indexed from outside', async (t) => {
  const { folder, outside } = folderAndOutside(t);
  const node = await startExchange(t, { env: { KITH_RESCAN_MINUTES: '0.01' } });
  const { id } = await node.share(folder);
  await node.settled(id);
  const path = `/api/documents/${sha256('oyster words')}/content`;
  assert.equal(await (await node.ask(path)).text(), 'oyster words');
  symlinkSync(outside, join(folder, 'link'));
  const swapper = await swapping(t, folder);
  let served = 0;
  for (let i = 0; i < 200; i++) {
    const answer = await node.ask(path);
    const text = await answer.text();
    if (answer.status === 200) {
      assert.equal(text, 'oyster words');
      served++;
    }
    for (const word of ['secret words', 'secret words too']) {
      if (i % 20 === 0) assert.equal(await node.index.get(sha256(word)), undefined, 'it was indexed from outside');
    }
  }
  assert.equal(swapper.exitCode, null, 'it swapped to the end');
  swapper.disconnect();
  await once(swapper, 'exit');
  await waitFor(async () => (await node.ask(path)).status === 200, {
    what: 'the folder to be served',
    timeoutMs: 20_000,
  });
  for (const word of ['secret words', 'secret words too']) assert.equal(await node.index.get(sha256(word)), undefined);
  t.diagnostic(`${served} of 200 were served`);
});
