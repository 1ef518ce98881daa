import type { DatabaseSync } from 'node:sqlite';
import { documentStream, type NewDocument, type SharedFile, type SharedFolder, wellFormed } from '@kith/documents';
import { isHeavy } from './memory.ts';

const ADD_TEXT = 'INSERT INTO doc_text (id, text) VALUES (?, ?)';
const ADD_STREAM = 'INSERT INTO f (rowid, s) VALUES (?, ?)';

/** What writes to documents.sqlite. None of these begins or ends a transaction. */
export type DocumentWriter = ReturnType<typeof createDocumentWriter>;

/** Keys of paths: UTF-16BE compares byte by byte as JavaScript compares strings, and keeps lone surrogates. */
export const pathKey = (path: string): Uint8Array => Buffer.from(path, 'utf16le').swap16();
export const pathOfKey = (key: Uint8Array): string => Buffer.from(key).swap16().toString('utf16le');

/** node:sqlite binds numbers as REAL; a whole one goes as BigInt. */
export const whole = (value: number): bigint => BigInt(Math.trunc(value));

/** `sweep` is called while a heavy text is written, whenever a form of it is no longer needed. */
export function createDocumentWriter(database: DatabaseSync, sweep: () => void = () => {}) {
  const idOf = database.prepare('SELECT id, length FROM doc WHERE hash = ?');
  const addDoc = database.prepare(
    'INSERT INTO doc (hash, title, name, media_type, size, modified_at, length, stream_size) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const addText = database.prepare(ADD_TEXT);
  const addStream = database.prepare(ADD_STREAM);
  const drops = ['DELETE FROM f WHERE rowid = ?', 'DELETE FROM doc WHERE id = ?', 'DELETE FROM doc_text WHERE id = ?'];
  const dropAll = drops.map((sql) => database.prepare(sql));
  const count = database.prepare(
    'UPDATE stat SET documents = documents + ?, total_length = total_length + ?, version = version + 1 WHERE id = 1',
  );
  const noteRemoval = database.prepare('UPDATE stat SET unpurged = 1 WHERE unpurged <> 1');
  const addFile = database.prepare(
    `INSERT OR REPLACE INTO file (source, path_key, path, size, modified_ms, hash, added_at, state, problem)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const dropFile = database.prepare('DELETE FROM file WHERE source = ? AND path_key = ?');
  const addFolder = database.prepare('INSERT OR REPLACE INTO folder (id, path, added_at, problem) VALUES (?, ?, ?, ?)');
  const dropFolder = database.prepare('DELETE FROM folder WHERE id = ?');

  function removeDocument(hash: string): void {
    const found = idOf.get(hash);
    if (!found) return;
    const id = whole(Number(found.id));
    for (const drop of dropAll) drop.run(id);
    count.run(-1n, -whole(Number(found.length)));
    noteRemoval.run();
  }

  /** All of a document but its stream, which is returned. No form of the text outlives this call. */
  function putText(given: NewDocument): { id: bigint; stream: string } {
    const { hash, title, name, mediaType, size, modifiedAt, text } = wellFormed(given);
    const { stream, length, size: streamSize } = documentStream({ title, text });
    // Counting makes one string of the pieces, so that these can be swept.
    if (isHeavy(given)) Buffer.byteLength(stream);
    removeDocument(hash);
    const about = [hash, title, name, mediaType, whole(size), whole(modifiedAt)] as const;
    const row = addDoc.run(...about, whole(length), whole(streamSize));
    const id = BigInt(row.lastInsertRowid);
    (isHeavy(given) ? database.prepare(ADD_TEXT) : addText).run(id, text);
    count.run(1n, whole(length));
    return { id, stream };
  }

  return {
    hasDocument: (hash: string) => idOf.get(hash) !== undefined,

    /** A heavy text has statements of its own: a statement keeps what it was given last until it is given something else. */
    putDocument(given: NewDocument): void {
      const { id, stream } = putText(given);
      if (!isHeavy(given)) addStream.run(id, stream);
      else {
        sweep();
        database.prepare(ADD_STREAM).run(id, stream);
      }
    },
    removeDocument,

    putFile({ source, path, size, modifiedMs, hash, addedAt, state, problem }: SharedFile): void {
      const shown = path.toWellFormed();
      const why = problem?.toWellFormed() ?? null;
      addFile.run(source, pathKey(path), shown, whole(size), modifiedMs, hash ?? null, addedAt, state, why);
    },
    removeFile({ source, path }: { source: string; path: string }): void {
      dropFile.run(source, pathKey(path));
    },
    putFolder({ id, path, addedAt, problem }: SharedFolder): void {
      addFolder.run(id, path, addedAt, problem ?? null);
    },
    removeFolder(id: string): void {
      dropFolder.run(id);
    },
  };
}
