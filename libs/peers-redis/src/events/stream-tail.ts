import { createFanOut } from '@kith/membership';
import type { RedisClient } from '../link/connect.ts';
import type { ConnectionLog } from '../link/connection-options.ts';
import { nextReady } from '../link/redis-link.ts';
import type { StreamEntry } from './event-fields.ts';
import { compareStreamIds } from './stream-id.ts';

/** How long one XREAD waits at the server. */
const BLOCK_MS = 5000;
/** A connection that is silent for longer is dead. */
export const TAIL_SILENCE_MS = BLOCK_MS + 3000;
const BATCH = 500;
const PAUSE_MS = 300;
/** How often to look whether the connection is back or everything is closed. */
const WAIT_MS = 1000;

/** Follows a stream on a connection of its own, and goes on after a lost connection where it stopped. */
export interface StreamTail {
  /** Resolves once every entry that is added from then on will reach `listener`, in order and once. */
  follow(listener: (entry: StreamEntry) => void): Promise<() => void>;
  close(): void;
}

interface Follower {
  /** Entries up to this one are from before; undefined while that is being asked, and all are from before. */
  from: string | undefined;
}

export function createStreamTail(options: {
  key: string;
  /** Makes the connection, at the first `follow`. */
  connect: () => RedisClient;
  /** The id of the newest entry; rejects where it cannot be known. */
  newest: () => Promise<string>;
  log: ConnectionLog;
}): StreamTail {
  const { key, connect, newest, log } = options;
  const entries = createFanOut<StreamEntry>();
  const followers = new Set<Follower>();
  let position: string | undefined;
  let client: RedisClient | undefined;
  let isClosed = false;

  const run = async (reader: RedisClient, start: string) => {
    position = start;
    while (!isClosed) {
      if (reader.status !== 'ready' && !(await nextReady(reader, WAIT_MS))) continue;
      try {
        const reply = await reader.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', key, position);
        const batch = (reply?.[0]?.[1] ?? []) as StreamEntry[];
        position = batch.at(-1)?.[0] ?? position;
        entries.emit(batch);
      } catch (error) {
        if (isClosed) return;
        log.info({ err: error, key }, 'following Redis was interrupted; it goes on from the last entry seen');
        await pause(PAUSE_MS);
        await stepBack().catch(() => {});
      }
    }
  };
  /** A replica that became the master may lack the last entries, and begins below our position: go back to its end. */
  const stepBack = async () => {
    const last = await newest();
    if (position === undefined || compareStreamIds(last, position) >= 0) return;
    log.warn({ key, position, last }, 'Redis has lost its newest entries (a fail-over, or it was emptied)');
    position = last;
    for (const follower of followers) follower.from = last;
  };

  return {
    async follow(listener) {
      const follower: Follower = { from: undefined };
      followers.add(follower);
      const remove = entries.add((entry) => {
        if (follower.from !== undefined && compareStreamIds(entry[0], follower.from) > 0) listener(entry);
      });
      const stop = () => {
        remove();
        followers.delete(follower);
      };
      try {
        follower.from = await newest();
      } catch (error) {
        stop();
        throw error;
      }
      if (client === undefined && !isClosed) {
        client = connect();
        // Told by the other connection, which has the same fate.
        client.on('error', () => {});
        void run(client, follower.from);
      }
      return stop;
    },
    close: () => {
      isClosed = true;
      entries.clear();
      client?.disconnect();
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
