import { parentPort, workerData } from 'node:worker_threads';
import type { CallMessage, CloseMessage, WorkerMessage, WorkerStart } from './calls.ts';
import { openDocumentsDatabase } from './database.ts';
import { documentsError, isDamage, reasonOf } from './errors.ts';
import { createSweep, isHeavy } from './memory.ts';
import { Purge } from './purge.ts';
import { createDocumentReader } from './reader.ts';
import { createDocumentsSearch } from './search/search.ts';
import { createWriteQueue } from './write-queue.ts';
import { createDocumentWriter } from './writer.ts';

/** The thread that owns documents.sqlite. Reads go before writes; writes go in turns of some milliseconds. */
const port = parentPort;
if (port) serve(port, workerData as WorkerStart);

function serve(to: NonNullable<typeof parentPort>, { file, damage }: WorkerStart): void {
  const send = (message: WorkerMessage) => to.postMessage(message);
  let opened: ReturnType<typeof openDocumentsDatabase>;
  try {
    opened = openDocumentsDatabase(file, damage);
  } catch (error) {
    send({ kind: 'unusable', code: String((error as { code?: unknown }).code), message: reasonOf(error) });
    to.close();
    return;
  }
  const { database, recovery } = opened;
  const writes = createWriteQueue(database);
  const read = { ...createDocumentReader(database), search: createDocumentsSearch(database) };
  const sweep = createSweep();
  const write = createDocumentWriter(database, sweep);
  const purge = new Purge(database);
  let later: NodeJS.Timeout | undefined;
  let closing = false;
  let scheduled = false;

  to.on('message', (message: CallMessage | CloseMessage) => {
    if (message.name === 'close') closing = true;
    else take(message);
    schedule();
  });
  send(recovery ? { kind: 'ready', recovery } : { kind: 'ready' });
  schedulePurge();

  /** Reads are answered as they come; messages that came during a turn of writing come before the next turn. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (!writes.isEmpty()) writes.turn();
      else if (!closing) purgeIfDue();
      if (!writes.isEmpty()) schedule();
      else if (closing) {
        clearTimeout(later);
        database.close();
        to.close();
      } else schedulePurge();
    });
  }

  function schedulePurge(): void {
    const inMs = purge.dueIn();
    if (inMs === 0) schedule();
    else if (inMs !== undefined) {
      clearTimeout(later);
      later = setTimeout(schedule, inMs);
    }
  }

  function purgeIfDue(): void {
    if (purge.dueIn() !== 0) return;
    try {
      purge.turn();
    } catch (error) {
      // Anything else is tried again; the words stay until then.
      if (isDamage(error)) fail(0, error);
    }
  }

  function take(call: CallMessage): void {
    const steps = stepsOf(call);
    const done = () => {
      if (call.name === 'remove' || call.name === 'put') purge.note();
      send({ kind: 'result', id: call.id, value: undefined });
      tidyUp(call);
    };
    const failed = (error: unknown) => {
      fail(call.id, error);
      tidyUp(call);
    };
    try {
      if (steps) writes.add({ steps, done, failed });
      else send({ kind: 'result', id: call.id, value: answer(call) });
    } catch (error) {
      fail(call.id, error);
    }
  }

  function fail(id: number, error: unknown): void {
    if (isDamage(error)) {
      send({ kind: 'damaged', reason: reasonOf(error) });
      database.close();
      process.exit();
    }
    const known = documentsError(error) as { code?: unknown };
    const code = typeof known.code === 'string' ? known.code : undefined;
    send({ kind: 'error', id, code, message: reasonOf(known) });
  }

  /** Long texts came as copies of this thread's own: the garbage collector would leave many of them. */
  function tidyUp(call: CallMessage): void {
    if (call.name !== 'put') return;
    const [documents] = of<'put'>(call);
    const wasHeavy = documents.some(isHeavy);
    for (const { text } of documents) if (typeof text !== 'string') (text.buffer as ArrayBuffer).transfer(0);
    if (wasHeavy) sweep();
  }

  function stepsOf(call: CallMessage): (() => void)[] | undefined {
    switch (call.name) {
      case 'put':
        return of<'put'>(call)[0].map((document) => () => write.putDocument(document));
      case 'remove':
        return of<'remove'>(call)[0].map((hash) => () => write.removeDocument(hash));
      case 'putFiles':
        return of<'putFiles'>(call)[0].map((one) => () => write.putFile(one));
      case 'removeFiles':
        return of<'removeFiles'>(call)[0].map((key) => () => write.removeFile(key));
      case 'putFolder':
        return [() => write.putFolder(...of<'putFolder'>(call))];
      case 'removeFolder':
        return [() => write.removeFolder(...of<'removeFolder'>(call))];
      default:
        return undefined;
    }
  }

  function answer(call: CallMessage): unknown {
    switch (call.name) {
      case 'get':
        return read.get(...of<'get'>(call));
      case 'list':
        return read.list(...of<'list'>(call));
      case 'search':
        return read.search(...of<'search'>(call));
      case 'getFile':
        return read.getFile(...of<'getFile'>(call));
      case 'filesOf':
        return read.filesOf(...of<'filesOf'>(call));
      case 'filesWith':
        return read.filesWith(...of<'filesWith'>(call));
      case 'failures':
        return read.failures(...of<'failures'>(call));
      case 'statistics':
        return read.statistics();
      case 'countBySource':
        return read.countBySource();
      case 'listFolders':
        return read.listFolders();
      default:
        throw new TypeError(`the index has no call ${call.name}`);
    }
  }
}

/** The parameters of a call whose name was just looked at. */
function of<N extends CallMessage['name']>(call: CallMessage): CallMessage<N>['parameters'] {
  return call.parameters as CallMessage<N>['parameters'];
}
