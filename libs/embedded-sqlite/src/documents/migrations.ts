/**
 * The layout of documents.sqlite, step by step; `PRAGMA user_version` says how many were taken. Steps are never changed,
 * only added.
 *
 * `f` is the index: contentless, fed with the analyser's stream, by `ascii`, the one tokenizer that changes nothing of it.
 * `prefix = '1 2'`: lone CJK characters are prefixes of one character, and prefixes of two letters are the slow ones; from
 * three letters on a scan of the terms is quick enough (0.3 ms for 4,000 documents) and costs a quarter less to write.
 * `stat` is kept by the writer and not by triggers: a statement with a trigger opens a savepoint, at which FTS5 writes out
 * what it has gathered, a segment for every document; that made indexing a third slower.
 * `automerge = 8`: half the merging of the default while many small transactions are written.
 */
export const DOCUMENTS_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE doc (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    length INTEGER NOT NULL,
    stream_size INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX doc_newest ON doc (modified_at DESC, hash);
  CREATE TABLE doc_text (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE TABLE stat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    documents INTEGER NOT NULL,
    total_length INTEGER NOT NULL,
    version INTEGER NOT NULL,
    flushes INTEGER NOT NULL
  ) STRICT;
  INSERT INTO stat VALUES (1, 0, 0, 0, 0);
  CREATE VIRTUAL TABLE f USING fts5(s, content = '', contentless_delete = 1, prefix = '1 2', tokenize = 'ascii');
  INSERT INTO f(f, rank) VALUES ('automerge', 8);
  CREATE TABLE file (
    source TEXT NOT NULL,
    -- The path in UTF-16BE: sorts as the port says and holds names that are no Unicode. \`path\` is for people.
    path_key BLOB NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ms REAL NOT NULL,
    hash TEXT,
    added_at REAL NOT NULL,
    state TEXT NOT NULL,
    problem TEXT,
    PRIMARY KEY (source, path_key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX file_hash ON file (hash) WHERE hash IS NOT NULL;
  CREATE INDEX file_failed ON file (added_at DESC) WHERE state = 'failed';
  CREATE TABLE folder (id TEXT PRIMARY KEY, path TEXT NOT NULL, added_at REAL NOT NULL, problem TEXT) STRICT;
  `,
  // 1 where words of removed documents are still in `f`, which older files cannot know (documents-purge.ts).
  'ALTER TABLE stat ADD COLUMN unpurged INTEGER NOT NULL DEFAULT 1;',
];
