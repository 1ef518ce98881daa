import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentAgreement, documentIndexCompliance, fileCatalogueCompliance } from '@kith/documents/compliance';
import { openSqliteDocuments } from '../src/index.ts';

async function open() {
  const directory = await mkdtemp(join(tmpdir(), 'kith-documents-'));
  const opened = [await openSqliteDocuments({ directory })];
  const reopen = async () => {
    await opened.at(-1)?.close();
    const again = await openSqliteDocuments({ directory });
    opened.push(again);
    return again;
  };
  const dispose = async () => {
    for (const each of opened) await each.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { opened: opened[0], reopen, dispose };
}

const openIndex = async () => {
  const { opened, reopen, dispose } = await open();
  if (!opened) throw new Error('nothing was opened');
  return { index: opened.index, reopen: async () => (await reopen()).index, dispose };
};
documentIndexCompliance('sqlite', openIndex);
documentAgreement('sqlite', openIndex, { runs: 150 });
fileCatalogueCompliance('sqlite', async () => {
  const { opened, reopen, dispose } = await open();
  if (!opened) throw new Error('nothing was opened');
  return { files: opened.files, reopen: async () => (await reopen()).files, dispose };
});
