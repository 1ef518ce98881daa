import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMemoryDocumentIndex, createMemoryFileCatalogue } from '@kith/documents';
import { silentLog } from '@kith/service';
import { createFakeClock, tempDirectory, waitFor } from '@kith/testing';
import { createFileQueue } from '../../src/index/file-queue.ts';
import { createIndexing } from '../../src/index/indexing.ts';
import { createLedger } from '../../src/index/ledger.ts';
import { createReadingMarks } from '../../src/index/reading-marks.ts';
import type { ReadAnswer } from '../../src/reading/file-reading.ts';
import type { ShareTree } from '../../src/tree/share-tree.ts';

const MB = 1_000_000;

test('of large files the smallest goes first, and one that takes very long has others read beside it', async (t) => {
  const root = tempDirectory(t);
  const clock = createFakeClock();
  const files = createMemoryFileCatalogue();
  const queue = createFileQueue({ clock });
  const asked: string[] = [];
  const held = new Map<string, (answer: ReadAnswer) => void>();
  const reader = {
    read: ({ name }: { name: string }) =>
      new Promise<ReadAnswer>((resolve) => {
        asked.push(name);
        held.set(name, resolve);
      }),
    close: async () => {},
  };
  const ledger = createLedger({
    ...{ index: createMemoryDocumentIndex(), files, oneWriter: (task) => task(), onChange: () => {} },
    beforeUploadsGo: async () => {},
    onUploadsGone: async () => {},
  });
  const marks = createReadingMarks({ dataDirectory: tempDirectory(t) });
  const tree = { root, isShared: () => true } as unknown as ShareTree;
  const indexing = createIndexing({ queue, reader, ledger, marks, clock, log: silentLog, treeOf: () => tree });
  const offer = (path: string, size: number) => {
    writeFileSync(join(root, path), '');
    return queue.offer({ source: 's', path, kind: 'read', size, modifiedMs: 0, dueMs: 0, tries: 0 });
  };
  const answer = (name: string) =>
    held.get(name)?.({ hash: name.padEnd(64, '0'), size: 1, modifiedMs: 0, mediaType: 'application/octet-stream' });
  const until = (wanted: string[]) =>
    waitFor(() => asked.length >= wanted.length, { what: `${wanted}` }).then(() => assert.deepEqual(asked, wanted));

  await offer('c-300', 300 * MB);
  await offer('a-9000', 9_000 * MB);
  await offer('b-40', 40 * MB);
  indexing.start();
  t.after(() => indexing.stop());
  await until(['b-40']);
  answer('b-40');
  await until(['b-40', 'c-300']);
  await offer('d-50', 50 * MB);
  answer('c-300');
  await until(['b-40', 'c-300', 'd-50']);
  answer('d-50');
  await until(['b-40', 'c-300', 'd-50', 'a-9000']);
  await offer('e-100', 100 * MB);
  await clock.advance(20_000);
  await until(['b-40', 'c-300', 'd-50', 'a-9000', 'e-100']);
  answer('e-100');
  await waitFor(async () => (await files.filesOf('s', { limit: 9 })).length === 4, { what: 'all but the largest' });
  answer('a-9000');
});
