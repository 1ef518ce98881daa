/** Child of documents-faults.test.ts: puts documents one after another and says each one's hash when it is resolved. */
import { sampleDocument } from '@kith/documents/compliance';
import { openSqliteDocuments } from '../src/index.ts';

const { index, files } = await openSqliteDocuments({ directory: process.argv[2] ?? '' });
for (let i = 0; i < 100_000; i++) {
  const some = [0, 1, 2].map((k) => sampleDocument({ title: `D${i}-${k}`, text: `word ${'filler '.repeat(i % 300)}` }));
  const path = `p${i}`;
  const hash = some[0]?.hash ?? '';
  await Promise.all([
    index.put(some),
    files.putFiles([{ source: 's', path, size: 1, modifiedMs: 1, addedAt: 1, state: 'indexed', hash }]),
  ]);
  process.stdout.write(`${path} ${some.map((one) => one.hash).join(' ')}\n`);
}
