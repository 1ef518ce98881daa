import { parentPort } from 'node:worker_threads';
import type { ReadAnswer, ReadRequest } from './file-reading.ts';
import { readFile } from './read-file.ts';

export type ReaderMessage = { readonly id: number; readonly request: ReadRequest };
/** Without `answer`: a sign of life, from within a large file or (id 0) when the thread begins to work. */
export type ReaderReply = { readonly id: number; readonly answer?: ReadAnswer };

const port = parentPort;
if (port === null) throw new Error('reader-thread.ts is started as a worker thread');
const reply = (message: ReaderReply) => port.postMessage(message);

port.on('message', async ({ id, request }: ReaderMessage) => {
  const answer = await readFile(request, () => reply({ id }));
  reply({ id, answer });
});
reply({ id: 0 });
