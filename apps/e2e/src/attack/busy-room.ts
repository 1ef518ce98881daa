import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Random, seededRandom, seedOfCase } from '@kith/testing';
import type { LoopbackNode } from '../nodes/neighbourhood.ts';
import { makeRequests } from './http-heads.ts';
import { anyLoopback, throwBytes } from './throw-bytes.ts';
import { makeClientHello } from './tls-hello.ts';

export interface BusyRoom {
  /** How often each thing was done. */
  readonly counts: Record<string, number>;
  /** What failed that must not. */
  readonly failures: string[];
}

export interface BusyRoomOptions {
  readonly nodes: readonly LoopbackNode[];
  /** Shared folder of each node. */
  readonly folders: readonly string[];
  readonly seconds: number;
  readonly seed: number;
  readonly pingbackPort: number;
}

/** What a room does all day, all at once, for a bounded time: people who search, send, remove, share and decide; strangers. */
export async function busyRoom(options: BusyRoomOptions): Promise<BusyRoom> {
  const { nodes, folders, seconds, seed, pingbackPort } = options;
  const until = performance.now() + seconds * 1_000;
  const counts: Record<string, number> = {};
  const failures: string[] = [];
  const again = async (what: string, everyMs: number, work: (random: Random, index: number) => Promise<unknown>) => {
    for (let i = 0; performance.now() < until; i++) {
      const random = seededRandom(seedOfCase(seed, i * 31 + what.length));
      try {
        await work(random, random.int(nodes.length));
        counts[what] = (counts[what] ?? 0) + 1;
      } catch (error) {
        if (failures.length < 20) failures.push(`${what}: ${(error as Error).message.slice(0, 300)}`);
      }
      await pause(everyMs);
    }
  };
  const at = (index: number) => nodes[index] as LoopbackNode;
  const sent = nodes.map((): string[] => []);
  await Promise.all([
    again('searches', 100, (random, i) => at(i).search(random.pick(['harbour', 'tide', 'note', 'swallow']))),
    again('uploads', 150, async (_random, i) => {
      sent[i]?.push(await at(i).post('note', `note ${randomUUID()} of the harbour`));
    }),
    // Content and index stay about as large as they are, so that memory can be held against itself.
    again('removals', 150, async (_random, i) => {
      const hash = (sent[i]?.length ?? 0) > 20 ? sent[i]?.shift() : undefined;
      if (hash !== undefined) await at(i).ask(`/api/documents/${hash}`, { method: 'DELETE' });
    }),
    again('file changes', 200, async (random, i) => {
      const file = join(folders[i] ?? '', `changing-${random.int(20)}.txt`);
      if (random.chance(0.3)) rmSync(file, { force: true });
      else writeFileSync(file, `tide ${randomUUID()}`);
    }),
    again('decisions', 1_500, async (random, i) => {
      const peers = await at(i).peers();
      if (peers.length === 0) return;
      await at(i).trust(random.pick(peers).id, random.pick(['pending', 'blocked', 'trusted', 'trusted', 'trusted']));
    }),
    again('event streams', 500, (_random, i) =>
      at(i)
        .ask('/_kith/events', { headers: { accept: 'text/event-stream' }, timeoutMs: 300 })
        .catch(() => {}),
    ),
    again('strangers at the gateway', 40, (random, i) => {
      const pieces = random.chance(0.5) ? [makeClientHello(random)] : makeRequests(random);
      return throwBytes({ ...at(i).at, breaksOffAfter: 300 }, pieces, anyLoopback(random));
    }),
    again('strangers at the pingback', 40, (random, i) => {
      const knock = Buffer.from(
        `GET /?nonce=${random.bytes(16).toString('base64url')}&look=1 HTTP/1.1\r\nhost: x\r\n\r\n`,
      );
      return throwBytes({ host: at(i).at.host, port: pingbackPort }, [knock], anyLoopback(random));
    }),
  ]);
  return { counts, failures };
}
