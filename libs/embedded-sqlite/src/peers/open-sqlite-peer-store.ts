import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { NewEvent, Peer, PeerStore, WallClock } from '@kith/membership';
import { openPeersDatabase, type PeersDatabase } from './database.ts';
import { PeersFileError } from './errors.ts';
import { createSqlitePeerStore } from './sqlite-peer-store.ts';
import { createTrustCopy, type TrustCopy } from './trust-copy.ts';

export interface SqlitePeerStoreOpening {
  directory: string;
  clock: WallClock;
  /** Told, in a sentence, of what is damaged and what was done about it; by default these become process warnings. */
  onDamage?: (sentence: string) => void;
}

/**
 * The PeerStore of a node that runs in one process: `<directory>/peers.sqlite`, and the owner's decisions once more in
 * `trust.json`. A damaged database is put aside and begun anew with the decisions of the copy; an event says so.
 * Rejects with PeersFileError (its message says what to do) where the file is from a newer Kith, not writable, or used by
 * another process.
 */
export async function openSqlitePeerStore(options: SqlitePeerStoreOpening): Promise<PeerStore> {
  const { directory, clock, onDamage = (sentence) => process.emitWarning(sentence) } = options;
  const copy = createTrustCopy(directory);
  const { opened, told } = openOrBegin(directory, copy, clock);
  const { database, close } = opened;
  const store = createSqlitePeerStore({ database, clock, copy, onDamage, onClose: close });
  const copied = copy.read();
  const known = new Set((await store.listPeers()).map(({ id }) => id));
  // A decision whose row alone is damaged. What has no row was forgotten, or never written.
  const isHere = database.prepare('SELECT 1 FROM peers WHERE id = ?');
  const lost = Array.isArray(copied) ? copied.filter(({ id }) => !known.has(id) && (told || isHere.get(id))) : [];
  for (const peer of lost) await store.changePeer(peer.id, () => ({ peer, events: [] }));
  if (told) {
    const message = told(lost, copied);
    onDamage(message);
    await store.addEvents([{ type: 'store-restored', message, data: { peers: lost.length } } satisfies NewEvent]);
  } else if (lost.length > 0) {
    onDamage(`What you decided about ${peersOf(lost)} was read from ${copy.file}, because the records are damaged.`);
  }
  store.copyTrust();
  return store;
}

const peersOf = ({ length }: readonly Peer[]) => `${length} peer${length === 1 ? '' : 's'}`;

type Told = (restored: readonly Peer[], copied: ReturnType<TrustCopy['read']>) => string;

/** Opens the database; one that is damaged is put aside first. `told` makes the sentence for the owner, if it was. */
function openOrBegin(
  directory: string,
  copy: TrustCopy,
  clock: WallClock,
): { opened: PeersDatabase; told: Told | undefined } {
  const file = join(directory, 'peers.sqlite');
  // An emptied file is a database without anything for SQLite.
  const isGone = existsSync(copy.file) && !((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0);
  const gone: Told = (restored, copied) =>
    `The store of peers ${file} was gone. What you decided about ${peersOf(restored)} was read from ${copy.file}` +
    `${copied === 'damaged' ? ', which is damaged' : ''}; to forget them all, delete both while the node is stopped.`;
  try {
    return { opened: openPeersDatabase(directory), told: isGone ? gone : undefined };
  } catch (error) {
    if (!(error instanceof PeersFileError) || error.code !== 'store_damaged') throw error;
    const mark = `damaged-${new Date(clock.now()).toISOString().replaceAll(':', '-').slice(0, 19)}`;
    const aside = `${file}.${mark}`;
    for (const end of ['', '-wal', '-shm']) if (existsSync(file + end)) renameSync(file + end, aside + end);
    const opened = openPeersDatabase(directory);
    const told: Told = (restored, copied) => {
      const begun = `The store of peers was damaged and begun anew; the damaged file is kept as ${aside}.`;
      if (copied === 'damaged') {
        renameSync(copy.file, `${copy.file}.${mark}`);
        return `${begun} The second copy of the trust is damaged too (kept as ${copy.file}.${mark}): approve each peer again.`;
      }
      if (copied === undefined) return `${begun} There was no second copy of the trust: approve each peer again.`;
      return `${begun} What you decided about ${peersOf(restored)} was read from its second copy: what is here is found again by itself.`;
    };
    return { opened, told };
  }
}
