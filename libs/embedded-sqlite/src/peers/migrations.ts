/**
 * The steps from an empty file to the present layout, in order; `user_version` counts those that were done. A step that
 * was released is never changed: a change of layout is one more step.
 *
 * Records are JSON text, readable with `sqlite3`; what has to be sorted or searched has a column of its own.
 */
export const PEERS_MIGRATIONS: readonly string[] = [
  `CREATE TABLE peers (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE devices (id TEXT PRIMARY KEY, last_seen_at REAL NOT NULL, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX devices_by_age ON devices (last_seen_at);
   CREATE TABLE status (field TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE events (cursor INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, record TEXT NOT NULL) STRICT;`,
  // Passing events (@kith/membership) have a cap of their own.
  `ALTER TABLE events ADD COLUMN passing INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX events_passing ON events (cursor) WHERE passing = 1;`,
];
