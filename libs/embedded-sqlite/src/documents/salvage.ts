import { DatabaseSync } from 'node:sqlite';
import { createDocumentWriter } from './writer.ts';

/** So many documents are taken over at most, so that a start takes seconds; the rest is indexed anew from its files. */
const SALVAGE_MAX = 20_000;
const BATCH = 50;

/**
 * Takes over what a damaged file still gives: folders, documents, and the files whose document came along. Folders are
 * what nobody could know again; all else is found again by looking through them.
 */
export function salvageDocuments(
  damaged: string,
  into: DatabaseSync,
): { documents: number; files: number; folders: number } {
  const saved = { documents: 0, files: 0, folders: 0 };
  let from: DatabaseSync;
  try {
    from = new DatabaseSync(damaged, { readOnly: true });
  } catch {
    return saved;
  }
  const { putDocument, putFile, putFolder, hasDocument } = createDocumentWriter(into);
  const rows = (sql: string) => readable(from, sql);
  for (const row of rows('SELECT id, path, added_at FROM folder')) {
    putFolder({ id: String(row.id), path: String(row.path), addedAt: Number(row.added_at) });
    saved.folders++;
  }
  into.exec('BEGIN');
  for (const row of rows(`SELECT * FROM doc JOIN doc_text USING (id) ORDER BY id DESC LIMIT ${SALVAGE_MAX}`)) {
    putDocument({
      hash: String(row.hash),
      title: String(row.title),
      name: String(row.name),
      mediaType: String(row.media_type),
      size: Number(row.size),
      modifiedAt: Number(row.modified_at),
      text: String(row.text),
    });
    if (++saved.documents % BATCH === 0) into.exec('COMMIT; BEGIN');
  }
  for (const row of rows("SELECT * FROM file WHERE hash IS NOT NULL AND state <> 'failed'")) {
    if (!hasDocument(String(row.hash)) || !(row.path_key instanceof Uint8Array)) continue;
    putFile({
      source: String(row.source),
      path: Buffer.from(row.path_key).swap16().toString('utf16le'),
      size: Number(row.size),
      modifiedMs: Number(row.modified_ms),
      hash: String(row.hash),
      addedAt: Number(row.added_at),
      state: row.state === 'indexed' ? 'indexed' : 'named',
    });
    saved.files++;
  }
  into.exec('COMMIT');
  from.close();
  return saved;
}

/** The rows up to the first one that cannot be read. */
function* readable(database: DatabaseSync, sql: string): Generator<Record<string, unknown>> {
  try {
    yield* database.prepare(sql).iterate();
  } catch {
    // What comes after is lost with the page that holds it.
  }
}
