import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkRecord, type Peer, peerSchema } from '@kith/membership';

/** Larger than the decisions of any person. */
const MAX_BYTES = 16 << 20;
const HEAD =
  'The owner’s decisions about peers: a second copy of what stands in peers.sqlite, which is read if that file is damaged.';

/**
 * A second copy of what people decided about peers, as JSON beside the database: replaced in one step after each
 * decision, so that a database that is damaged costs sightings and no trust.
 */
export interface TrustCopy {
  /** Writes the decisions among `peers`, if they differ from those that stand there. Throws what the disk says. */
  write(peers: readonly Peer[]): void;
  /**
   * The peers of the copy, as they are put back: away, with the addresses that they had. Undefined where there is no
   * copy; `damaged` where it cannot be read, or holds what is none.
   */
  read(): readonly Peer[] | 'damaged' | undefined;
  readonly file: string;
}

export function createTrustCopy(directory: string): TrustCopy {
  const file = join(directory, 'trust.json');
  let written: string | undefined;
  return {
    file,
    write: (peers) => {
      const decided = peers.filter(isDecided).map(asAway);
      const text = `${JSON.stringify({ about: HEAD, peers: decided }, undefined, 1)}\n`;
      if (text === (written ?? textOf(file))) return;
      replaceFile(file, text);
      written = text;
    },
    read: () => {
      const text = textOf(file);
      if (text === undefined) return undefined;
      try {
        const { peers } = JSON.parse(text) as { peers?: unknown };
        if (!Array.isArray(peers)) return 'damaged';
        const checked = peers.map((one) => checkRecord(peerSchema, one));
        return checked.every((one) => 'value' in one) ? checked.map(({ value }) => value) : 'damaged';
      } catch {
        return 'damaged';
      }
    },
  };
}

const isDecided = ({ trust, trustedBy }: Peer) => trust !== 'pending' || trustedBy === 'owner';

/** Without what changes at each sighting, so that only decisions (and names and addresses) change the copy. */
function asAway(peer: Peer): Peer {
  const { id, publicKey, name, trust, trustedBy, addresses, gatewayPort, firstSeenAt } = peer;
  const decided = { id, publicKey, name, state: 'dead' as const, trust, ...(trustedBy ? { trustedBy } : {}) };
  return {
    ...decided,
    addresses: addresses.slice(0, 4).map((one) => ({ ...one, lastSuccessAt: firstSeenAt, roundTripMs: 0 })),
    ...{ gatewayPort, instance: 'restored', incarnation: 0 },
    ...{ firstSeenAt, lastSeenAt: firstSeenAt, stateChangedAt: firstSeenAt, missed: 0 },
  };
}

function textOf(file: string): string | undefined {
  try {
    return statSync(file).size > MAX_BYTES ? '' : readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return '';
  }
}

/** After a crash the file holds the old text or the new one. */
function replaceFile(file: string, text: string): void {
  const next = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(next, text, { flag: 'wx', mode: 0o600, flush: true });
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
