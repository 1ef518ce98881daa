import { parentPort } from 'node:worker_threads';
import { readFile } from '../src/reading/read-file.ts';
import type { ReaderMessage } from '../src/reading/reader-thread.ts';

// A reading thread in which one file ends the thread and another keeps it busy for ever.
parentPort?.on('message', async ({ id, request }: ReaderMessage) => {
  if (request.name === 'breaks') process.exit(1);
  if (request.name === 'never ends') for (;;);
  parentPort?.postMessage({ id, answer: await readFile(request, () => {}) });
});
parentPort?.postMessage({ id: 0 });
