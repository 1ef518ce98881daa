import type { DatabaseSync } from 'node:sqlite';
import type { IndexedDocument, SharedFile, SharedFolder } from '@kith/documents';
import type { DocumentSummary } from '@kith/wire';
import { pathKey, pathOfKey, whole } from './writer.ts';

type Row = Record<string, unknown>;
const SUMMARY = 'hash, title, name, media_type, size, modified_at';

/** Everything that is read by key or in order; searching is in documents-search.ts. */
export function createDocumentReader(database: DatabaseSync) {
  const stat = database.prepare('SELECT documents, total_length, version FROM stat');
  const one = database.prepare(`SELECT ${SUMMARY}, text FROM doc JOIN doc_text USING (id) WHERE hash = ?`);
  const newest = database.prepare(`SELECT ${SUMMARY} FROM doc ORDER BY modified_at DESC, hash LIMIT ?`);
  // Two plain ranges in place of an OR, so that each is a walk along the index.
  const after = database.prepare(
    `SELECT * FROM (SELECT ${SUMMARY} FROM doc WHERE modified_at = ?1 AND hash > ?2 ORDER BY hash LIMIT ?3)
     UNION ALL
     SELECT * FROM (SELECT ${SUMMARY} FROM doc WHERE modified_at < ?1 ORDER BY modified_at DESC, hash LIMIT ?3)
     ORDER BY modified_at DESC, hash LIMIT ?3`,
  );
  const file = database.prepare('SELECT * FROM file WHERE source = ? AND path_key = ?');
  const files = database.prepare('SELECT * FROM file WHERE source = ? AND path_key > ? ORDER BY path_key LIMIT ?');
  const allFiles = database.prepare('SELECT * FROM file WHERE source = ? ORDER BY path_key LIMIT ?');
  const holding = database.prepare('SELECT * FROM file WHERE hash = ? ORDER BY source, path_key');
  const counts = database.prepare(
    "SELECT source, count(*) AS files, sum(state = 'failed') AS failed FROM file GROUP BY source",
  );
  const failed = database.prepare(
    "SELECT * FROM file WHERE state = 'failed' ORDER BY added_at DESC, source, path_key LIMIT ?",
  );
  const folders = database.prepare('SELECT id, path, added_at, problem FROM folder ORDER BY added_at, id');

  return {
    statistics() {
      const row = stat.get() ?? {};
      const [documents, totalLength] = [Number(row.documents), Number(row.total_length)];
      return { documents, totalLength, version: Number(row.version) };
    },
    get(hash: string): IndexedDocument | undefined {
      const row = one.get(hash);
      return row && { ...summaryOfRow(row), text: String(row.text) };
    },
    list(options: { limit: number; after?: { modifiedAt: number; hash: string } | undefined }): DocumentSummary[] {
      const from = options.after;
      const limit = whole(options.limit);
      const rows = from ? after.all(whole(from.modifiedAt), from.hash, limit) : newest.all(limit);
      return rows.map(summaryOfRow);
    },
    getFile(source: string, path: string): SharedFile | undefined {
      const row = file.get(source, pathKey(path));
      return row && fileOfRow(row);
    },
    filesOf(source: string, options: { limit: number; after?: string | undefined }): SharedFile[] {
      const limit = whole(options.limit);
      const rows =
        options.after === undefined ? allFiles.all(source, limit) : files.all(source, pathKey(options.after), limit);
      return rows.map(fileOfRow);
    },
    filesWith: (hash: string): SharedFile[] => holding.all(hash).map(fileOfRow),
    countBySource(): Record<string, { files: number; failed: number }> {
      const rows = counts.all();
      return Object.fromEntries(
        rows.map((row) => [String(row.source), { files: Number(row.files), failed: Number(row.failed) }]),
      );
    },
    failures: (limit: number): SharedFile[] => failed.all(whole(limit)).map(fileOfRow),
    listFolders: (): SharedFolder[] => folders.all().map(folderOfRow),
  };
}

export function summaryOfRow(row: Row): DocumentSummary {
  return {
    hash: String(row.hash),
    title: String(row.title),
    name: String(row.name),
    mediaType: String(row.media_type),
    size: Number(row.size),
    modifiedAt: Number(row.modified_at),
  };
}

function fileOfRow(row: Row): SharedFile {
  const state = row.state === 'indexed' ? 'indexed' : row.state === 'failed' ? 'failed' : 'named';
  return {
    source: String(row.source),
    path: row.path_key instanceof Uint8Array ? pathOfKey(row.path_key) : String(row.path),
    size: Number(row.size),
    modifiedMs: Number(row.modified_ms),
    ...(row.hash === null ? {} : { hash: String(row.hash) }),
    addedAt: Number(row.added_at),
    state,
    ...(row.problem === null ? {} : { problem: String(row.problem) }),
  };
}

function folderOfRow(row: Row): SharedFolder {
  const folder = { id: String(row.id), path: String(row.path), addedAt: Number(row.added_at) };
  return row.problem === null ? folder : { ...folder, problem: String(row.problem) };
}
