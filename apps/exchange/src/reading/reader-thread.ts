import { parentPort } from 'node:worker_threads';
import { isProblem, type ReadAnswer, type ReadRequest } from './file-reading.ts';
import { readFile } from './read-file.ts';

export type ReaderMessage = { readonly id: number; readonly request: ReadRequest };
/** Without `answer`: a sign of life, from within a large file or (id 0) when the thread begins to work. */
export type ReaderReply = { readonly id: number; readonly answer?: ReadAnswer };

/** From this length on, in UTF-16 units, a text goes as bytes that change hands: a copy on two heaps costs more. */
const LONG_TEXT = 32_768;

const port = parentPort;
if (port === null) throw new Error('reader-thread.ts is started as a worker thread');

port.on('message', async ({ id, request }: ReaderMessage) => {
  const answer = await readFile(request, () => port.postMessage({ id } satisfies ReaderReply));
  const text = isProblem(answer) ? undefined : bytesOf(answer.text);
  if (text === undefined) return port.postMessage({ id, answer } satisfies ReaderReply);
  port.postMessage({ id, answer: { ...answer, text } } satisfies ReaderReply, [text.buffer as ArrayBuffer]);
});
port.postMessage({ id: 0 } satisfies ReaderReply);

function bytesOf(text: string | Uint8Array | undefined): Uint8Array | undefined {
  if (typeof text !== 'string') return text;
  return text.length < LONG_TEXT ? undefined : new TextEncoder().encode(text);
}
