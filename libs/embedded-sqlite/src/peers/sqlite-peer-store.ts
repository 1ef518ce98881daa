import type { DatabaseSync } from 'node:sqlite';
import {
  type Candidate,
  candidateSchema,
  checkedStatusFields,
  createFanOut,
  deviceSchema,
  EMPTY_STATUS,
  isNoChange,
  MAX_DEVICES,
  type MembershipEvent,
  type NodeStatus,
  newEventSchema,
  type Peer,
  type PeerChange,
  type PeerStore,
  peerSchema,
  requireRecord,
  StoreAwayError,
  statusFieldSchemas,
  type WallClock,
} from '@kith/membership';
import { runningError } from './errors.ts';
import { createPeersEventLog } from './event-log.ts';
import { createPeersTable, parseRecord } from './table.ts';
import type { TrustCopy } from './trust-copy.ts';

export interface SqlitePeerStoreOptions {
  database: DatabaseSync;
  clock: WallClock;
  /** Where decisions are written a second time. */
  copy: TrustCopy;
  /** Told once of each record that is damaged and left out, and where the second copy cannot be written. */
  onDamage: (sentence: string) => void;
  onClose: () => void;
}

/** A PeerStore on an open database of the present layout. Each method is one short transaction on the calling thread. */
export function createSqlitePeerStore(options: SqlitePeerStoreOptions): PeerStore & { copyTrust(): void } {
  const { database, clock, copy, onDamage, onClose } = options;
  const peers = createPeersTable({ database, table: 'peers', schema: peerSchema, onDamage });
  const age = (device: { lastSeenAt: number }) => device.lastSeenAt;
  const devices = createPeersTable({ database, table: 'devices', schema: deviceSchema, age, onDamage });
  const events = createPeersEventLog(database);
  const dropOldest = database.prepare(
    `DELETE FROM devices WHERE id IN (SELECT id FROM devices ORDER BY last_seen_at DESC LIMIT -1 OFFSET ${MAX_DEVICES})`,
  );
  const putStatus = database.prepare(
    'INSERT INTO status (field, record) VALUES (?, ?) ON CONFLICT (field) DO UPDATE SET record = excluded.record',
  );
  const removeStatus = database.prepare('DELETE FROM status WHERE field = ?');
  const allStatus = database.prepare('SELECT field, record FROM status');
  const eventListeners = createFanOut<MembershipEvent>();
  const candidateListeners = createFanOut<Candidate>();
  let isClosed = false;

  const use = async <T>(work: () => T): Promise<T> => {
    if (isClosed) throw new StoreAwayError('The store of peers is closed.');
    try {
      return work();
    } catch (error) {
      throw runningError(error);
    }
  };
  const write = <T>(work: () => T): T => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
  let isBehind = false;
  /** The decision stands in the database: a copy that cannot be written is made good with the next one. */
  const copyTrust = () => {
    try {
      copy.write(peers.list());
      isBehind = false;
    } catch (error) {
      if (!isBehind)
        onDamage(`The second copy of the trust cannot be written to ${copy.file} (${(error as Error).message}).`);
      isBehind = true;
    }
  };
  const change = (id: Peer['id'], rule: (current: Peer | undefined) => PeerChange): Peer | undefined => {
    const current = peers.get(id);
    const wanted = rule(current);
    if (isNoChange(id, current, wanted)) return current;
    const peer = wanted.peer && requireRecord(peerSchema, wanted.peer, 'peer');
    const news = wanted.events.map((event) => requireRecord(newEventSchema, event, 'event'));
    const appended = durably(database, isDecision(current, peer), () =>
      write(() => {
        // Only an administrator's `sqlite3` can have come between; then everything starts again.
        if (peers.get(id) !== current) return undefined;
        if (peer === undefined) peers.remove(id);
        else peers.put(id, peer);
        return events.append(news, clock.now(), { before: current, after: peer });
      }),
    );
    if (appended === undefined) return change(id, rule);
    if (isDecision(current, peer)) copyTrust();
    eventListeners.emit(appended);
    return peer;
  };

  return {
    copyTrust,
    listPeers: () => use(() => peers.list()),
    getPeer: (id) => use(() => peers.get(id)),
    changePeer: (id, rule) => use(() => change(id, rule)),
    listDevices: () => use(() => devices.list()),
    putDevices: (given) =>
      use(() => {
        const checked = given.map((device) => requireRecord(deviceSchema, device, 'device'));
        if (checked.length === 0) return;
        write(() => {
          for (const device of checked) devices.put(device.address, device);
          dropOldest.run();
        });
      }),
    removeDevices: (addresses) =>
      use(() => {
        if (addresses.length > 0) write(() => addresses.forEach(devices.remove));
      }),
    noteCandidate: (candidate) =>
      use(() => candidateListeners.emit([requireRecord(candidateSchema, candidate, 'candidate')])),
    followCandidates: (listener) => use(() => candidateListeners.add(listener)),
    readStatus: () => use(() => statusOf(allStatus.all())),
    writeStatus: (status) =>
      use(() => {
        const fields = checkedStatusFields(status);
        if (fields.length === 0) return;
        write(() => {
          for (const [field, value] of fields) {
            if (value === undefined) removeStatus.run(field);
            else putStatus.run(field, JSON.stringify(value));
          }
        });
      }),
    addEvents: (given) =>
      use(() => {
        const news = given.map((event) => requireRecord(newEventSchema, event, 'event'));
        if (news.length > 0) eventListeners.emit(write(() => events.append(news, clock.now())));
      }),
    readEvents: ({ after, limit }) => use(() => events.after(after, Math.max(0, limit))),
    latestEvents: (limit) => use(() => events.latest(Math.max(0, limit))),
    followEvents: (listener) => use(() => eventListeners.add(listener)),
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      eventListeners.clear();
      candidateListeners.clear();
      onClose();
    },
  };
}

/** What people decided, which no power cut may take back once it was acknowledged. */
function isDecision(before: Peer | undefined, after: Peer | undefined): boolean {
  const decided = (peer: Peer | undefined) => `${peer?.trust ?? 'pending'} ${peer?.trustedBy ?? ''}`;
  return decided(before) !== decided(after);
}

/**
 * In WAL mode FULL adds an fsync of the log to each commit, which also makes all commits before it durable. It cannot be
 * changed inside a transaction.
 */
function durably<T>(database: DatabaseSync, isWanted: boolean, work: () => T): T {
  if (!isWanted) return work();
  database.exec('PRAGMA synchronous = FULL');
  try {
    return work();
  } finally {
    database.exec('PRAGMA synchronous = NORMAL');
  }
}

function statusOf(rows: Record<string, unknown>[]): NodeStatus {
  const fields = rows.flatMap(({ field, record }) => {
    const schema = statusFieldSchemas[field as keyof NodeStatus];
    const result = schema && parseRecord<unknown>(schema, String(record));
    return result && 'value' in result ? [[field, result.value]] : [];
  });
  return { ...EMPTY_STATUS, ...Object.fromEntries(fields) };
}
