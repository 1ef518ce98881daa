import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Random, seededRandom, seedOfCase } from './random.ts';

export interface FuzzOptions<C> {
  /** Cases in the whole attack (`npm run test:attack`); an ordinary test run makes one in fifty of them. */
  readonly cases: number;
  readonly make: (random: Random) => C;
  /** Throws if the case fell. */
  readonly check: (one: C) => void | Promise<void>;
  /** Seeds of single cases that fell once: tried first, in every run. */
  readonly kept?: readonly number[];
  /** Cases that are under way at the same time. Default 1. */
  readonly atOnce?: number;
  /** Whether this process is what is attacked, so that its memory must stay flat. Default true. */
  readonly isVictim?: boolean;
}

/** Bytes by which this process's live objects may grow over a whole attack: a leak of 100 bytes a case shows. */
const GROWTH_MAX = 8 * 1024 * 1024;
const LOOKS = 5;

/** How many tries of `all` this run makes: all in the whole attack (`KITH_ATTACK=whole`), else one in fifty. */
export const shareOf = (all: number): number =>
  process.env.KITH_ATTACK === 'whole' ? all : Math.max(1, Math.ceil(all / 50));

/** Of this run: `KITH_ATTACK_SEED`, an integer, else 1. */
export const attackSeed = (): number => Number(process.env.KITH_ATTACK_SEED ?? 1);

/** Says what an attack tried and what held, for the table that `npm run test:attack` prints. */
export function tellAttack(t: Pick<TestContext, 'diagnostic'>, tries: number, held: string): void {
  t.diagnostic(`attack: ${tries} · ${held}`);
}

/**
 * Makes cases from seeds and checks each. A case that falls names its seed: `KITH_ATTACK_CASE=<seed>` runs that one alone.
 * Rejects with the first that fell, or if the process keeps more and more of them in memory.
 */
export async function fuzz<C>(t: TestContext, held: string, options: FuzzOptions<C>): Promise<void> {
  const { cases, make, check, kept = [], atOnce = 1, isVictim = true } = options;
  const one = async (seed: number) => {
    try {
      await check(make(seededRandom(seed)));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`case ${seed} fell (KITH_ATTACK_CASE=${seed} runs it alone): ${reason}`, { cause });
    }
  };
  const alone = process.env.KITH_ATTACK_CASE;
  if (alone !== undefined) return one(Number(alone));
  for (const seed of kept) await one(seed);
  const all = shareOf(cases);
  const seed = attackSeed();
  let next = 0;
  let settled: number | undefined;
  const line = async () => {
    while (next < all) {
      const index = next++;
      await one(seedOfCase(seed, index));
      // The first quarter warms everything up.
      if (isVictim && index === Math.floor(all / 4)) settled = await liveBytes();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  const grown = settled === undefined ? 0 : (await liveBytes()) - settled;
  if (grown > GROWTH_MAX) throw new Error(`live objects grew by ${grown} bytes over ${all} cases`);
  tellAttack(t, all + kept.length, held);
}

let collect: (() => void) | undefined;

/**
 * Bytes of this process's live objects. What an object held outside of the heap is given back some turns after it was
 * collected, so the least of several looks counts.
 */
async function liveBytes(): Promise<number> {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS; look++) {
    collect();
    await turn();
    const { heapUsed, external } = process.memoryUsage();
    least = Math.min(least, heapUsed + external);
  }
  return least;
}
