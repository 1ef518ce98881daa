import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  createMemoryDocumentIndex,
  createMemoryFileCatalogue,
  type FileCatalogue,
  IndexAwayError,
} from '@kith/documents';
import { tempDirectory, waitFor } from '@kith/testing';
import { startExchange } from '../running-exchange.ts';

test('what happens in a shared folder while the index is away is found as soon as it is back', async (t) => {
  const folder = tempDirectory(t);
  writeFileSync(join(folder, 'old.txt'), 'An old rope.');
  const real = createMemoryFileCatalogue();
  let isAway = false;
  let refused = 0;
  const files = new Proxy(real, {
    get: (_, name: keyof FileCatalogue) => {
      if (!isAway) return real[name];
      return async () => {
        refused += 1;
        throw new IndexAwayError('It is away.');
      };
    },
  });
  const node = await startExchange(t, { documents: { index: createMemoryDocumentIndex(), files } });
  const { id } = await node.share(folder);
  await node.settled(id);
  isAway = true;
  writeFileSync(join(folder, 'ladder.txt'), 'The ladder leans at the north wall.');
  mkdirSync(join(folder, 'shed'));
  writeFileSync(join(folder, 'shed/saw.txt'), 'The saw hangs in the shed.');
  rmSync(join(folder, 'old.txt'));
  const before = refused;
  await waitFor(() => refused > before + 1, { what: 'the folder to be looked at, twice' });
  const [share] = (await node.json<{ shares: { state: string }[] }>('/api/shares').catch(() => ({ shares: [] })))
    .shares;
  assert.notEqual(share?.state, 'unreadable');
  isAway = false;
  const names = async () => (await real.filesOf(id, { limit: 10 })).map(({ path }) => path);
  await waitFor(async () => `${await names()}` === 'ladder.txt,shed/saw.txt', {
    what: 'both files, and not the old one',
  });
});
