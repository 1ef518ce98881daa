import { setTimeout as pause } from 'node:timers/promises';
import type { OwnerClient } from './owner-client.ts';

export interface KillUnderLoadOptions {
  readonly owner: OwnerClient;
  /** So many replicas are killed; how long that takes depends on how long a new one takes to start here. */
  readonly kills: number;
  /** Paths that are read all the time, one after the other each. */
  readonly reads: readonly string[];
  /** Ends one replica and sees that another comes; false where none may be spared at this moment. */
  readonly harm: () => Promise<boolean>;
}

export interface KillUnderLoadResult {
  readonly counts: { reads: number; writes: number; brokenWrites: number; kills: number };
  /** What failed that must not: a read, or a write for another reason than that its replica was killed over it. */
  readonly failures: readonly string[];
  /** Hashes of the documents that were taken. */
  readonly kept: readonly string[];
}

/** Reads and writes through a gateway while its replicas are killed at random, a bounded number of them. */
export async function killUnderLoad(options: KillUnderLoadOptions): Promise<KillUnderLoadResult> {
  const { owner, kills, harm } = options;
  let isOver = false;
  const counts = { reads: 0, writes: 0, brokenWrites: 0, kills: 0 };
  const failures: string[] = [];
  const kept: string[] = [];
  const reading = async (path: string) => {
    while (!isOver) {
      counts.reads += 1;
      const answer = await owner.ask(path).catch((error: Error) => ({ status: 0, body: error.message }));
      if (answer.status !== 200) failures.push(`${path} ${answer.status} ${answer.body}`);
    }
  };
  const writing = async () => {
    for (let n = 0; !isOver; n += 1) {
      counts.writes += 1;
      const body = { title: `note ${n}`, text: `the note ${n} of the night` };
      const answer = await owner.ask('/api/documents', { method: 'POST', body });
      // A write that had begun when its replica was killed may have happened: only the sender can know what to do.
      if (answer.status === 502) counts.brokenWrites += 1;
      else if (answer.status !== 201) failures.push(`POST ${answer.status} ${answer.body}`);
      else kept.push((answer.json() as { documents: { hash: string }[] }).documents[0]?.hash ?? '');
      await pause(50);
    }
  };
  const killing = async () => {
    while (counts.kills < kills) {
      await pause(300 + Math.random() * 1_500);
      if (await harm()) counts.kills += 1;
    }
    await pause(1_000);
  };
  const killed = killing().finally(() => {
    isOver = true;
  });
  await Promise.all([...options.reads.map(reading), writing(), killed]);
  return { counts, failures, kept };
}
