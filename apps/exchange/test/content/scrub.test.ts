import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMemoryFileCatalogue, type SharedFile } from '@kith/documents';
import { silentLog } from '@kith/service';
import { createFakeClock, tempDirectory, waitFor } from '@kith/testing';
import { createScrub, SCRUB_AFTER_MS } from '../../src/content/scrub.ts';

const fileOf = (path: string): SharedFile => ({
  ...{ source: 'upload', path, size: 8_388_608, modifiedMs: 0, addedAt: 0, state: 'named' },
  hash: createHash('sha256').update(path).digest('hex'),
});
type Options = { pace: (bytes: number) => Promise<void>; signal: AbortSignal };

test('the scrub goes round all files at its pace, then rests; a file of which a part was given unchecked comes at once', async (t) => {
  const clock = createFakeClock();
  const files = createMemoryFileCatalogue();
  await files.putFiles(['a', 'b', 'c'].map(fileOf));
  const dataDirectory = tempDirectory(t);
  const checked: string[] = [];
  const documentFiles = {
    async check({ path, size }: SharedFile, { pace, signal }: Options) {
      await pace(size);
      if (!signal.aborted) checked.push(path);
    },
  };
  const scrub = createScrub({
    ...{ id: 'x', registry: undefined, files, documentFiles, isIdle: () => true, dataDirectory, clock },
    log: silentLog,
  });
  scrub.start();
  t.after(() => scrub.stop());
  const asleep = () => waitFor(() => clock.sleeping > 0, { what: 'the scrub to sleep' });
  await asleep();
  await clock.advance(SCRUB_AFTER_MS);
  for (const expected of ['a', 'ab', 'abc']) {
    await asleep();
    // 8 MiB at 4 MiB a second.
    await clock.advance(1_999);
    assert.equal(checked.length, expected.length - 1);
    await clock.advance(1);
    await waitFor(() => checked.join('') === expected, { what: expected });
  }
  await waitFor(() => existsSync(join(dataDirectory, 'scrub.json')), { what: 'the end of the round to be noted' });
  await asleep();
  scrub.checkSoon(fileOf('b'));
  await asleep();
  await waitFor(
    async () => {
      await clock.advance(1_000);
      return checked.join('') === 'abcb';
    },
    { what: 'the file that was given unchecked' },
  );
  await clock.advance(86_400_000);
  assert.equal(checked.length, 4, 'a week has not passed');
  await waitFor(
    async () => {
      await clock.advance(3_600_000);
      return checked[4] === 'a';
    },
    { what: 'the next round' },
  );
});
