import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type DocumentIndex, type FileCatalogue, IndexAwayError } from '@kith/documents';
import type { CallArguments, CallName, CallResult, WorkerStart } from './calls.ts';
import type { Recovery } from './database.ts';
import { createDocumentsWorker, type DocumentsLog } from './worker-client.ts';

/** Of the thread, in MiB: the longest text three times over, in its widest form. A heap with a limit also grows less before it is swept. */
const MEMORY_MB = 96;
/** Of this the part for what is short-lived: a piece of a text and its tokens. */
const YOUNG_MB = 3;

export interface SqliteDocuments {
  readonly index: DocumentIndex;
  readonly files: FileCatalogue;
  /** Set where the file was damaged: where it was moved, and how much of it was taken over. */
  readonly recovery: Recovery | undefined;
  /** Closes both. */
  close(): Promise<void>;
}

/**
 * Documents and files in `<directory>/documents.sqlite`, in a thread of its own, so that neither a search nor indexing
 * holds up the caller. A damaged file is moved aside and said in `log` and `recovery`; a file that cannot be used at all
 * rejects with DocumentsFileError, whose message says what to do.
 */
export async function openSqliteDocuments(options: {
  directory: string;
  log?: DocumentsLog | undefined;
}): Promise<SqliteDocuments> {
  const file = join(options.directory, 'documents.sqlite');
  const start = (damage?: string) => {
    const workerData: WorkerStart = damage === undefined ? { file } : { file, damage };
    const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: YOUNG_MB };
    const program = new URL('./worker.ts', import.meta.url);
    return new Worker(program, { workerData, name: 'kith-documents', resourceLimits });
  };
  const worker = createDocumentsWorker({ start, log: options.log });
  const recovery = await worker.opened;
  return { ...portsOf(worker), recovery };
}

/** Both ports over one worker. The worker ends when both are closed. */
export function portsOf(worker: ReturnType<typeof createDocumentsWorker>): Omit<SqliteDocuments, 'recovery'> {
  const open = new Set(['index', 'files']);
  const half = (name: 'index' | 'files') => ({
    call: <N extends CallName>(call: N, ...parameters: CallArguments<N>): Promise<CallResult<N>> =>
      open.has(name)
        ? worker.call(call, ...parameters)
        : Promise.reject(new IndexAwayError('The document index is closed.')),
    close: async () => {
      open.delete(name);
      if (open.size === 0) await worker.close();
    },
  });
  const index = half('index');
  const files = half('files');
  return {
    index: {
      put: (documents) => index.call('put', documents),
      remove: (hashes) => index.call('remove', hashes),
      get: (hash) => index.call('get', hash),
      list: (options) => index.call('list', options),
      statistics: () => index.call('statistics'),
      search: (search) => index.call('search', search),
      health: () =>
        index.call('statistics').then(
          () => ({ engine: 'sqlite' as const, findings: [] }),
          (error: Error) => ({
            engine: 'sqlite' as const,
            findings: [{ code: 'index_away' as const, message: error.message.slice(0, 1000) }],
          }),
        ),
      close: index.close,
    },
    files: {
      putFiles: (some) => files.call('putFiles', some),
      removeFiles: (keys) => files.call('removeFiles', keys),
      getFile: (source, path) => files.call('getFile', source, path),
      filesOf: (source, options) => files.call('filesOf', source, options),
      filesWith: (hash) => files.call('filesWith', hash),
      countBySource: () => files.call('countBySource'),
      failures: (limit) => files.call('failures', limit),
      putFolder: (folder) => files.call('putFolder', folder),
      removeFolder: (id) => files.call('removeFolder', id),
      listFolders: () => files.call('listFolders'),
      close: files.close,
    },
    close: async () => {
      await Promise.all([index.close(), files.close()]);
    },
  };
}
