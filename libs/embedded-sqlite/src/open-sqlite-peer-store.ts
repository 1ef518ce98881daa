import type { PeerStore, WallClock } from '@kith/membership';
import { openPeersDatabase } from './peers-database.ts';
import { createSqlitePeerStore } from './sqlite-peer-store.ts';

/**
 * The PeerStore of a node that runs in one process: `<directory>/peers.sqlite`. Rejects with PeersFileError (its message
 * says what to do) where the file is damaged, from a newer Kith, not writable, or used by another process. `onDamage` is
 * told of single records that are damaged and left out; by default they become process warnings.
 */
export async function openSqlitePeerStore(options: {
  directory: string;
  clock: WallClock;
  onDamage?: (sentence: string) => void;
}): Promise<PeerStore> {
  const { directory, clock, onDamage = (sentence) => process.emitWarning(sentence) } = options;
  const { database, close } = openPeersDatabase(directory);
  return createSqlitePeerStore({ database, clock, onDamage, onClose: close });
}
