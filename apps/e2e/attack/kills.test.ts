import { type ChildProcess, spawn } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  attackSeed,
  type Random,
  seededRandom,
  seedOfCase,
  shareOf,
  skipUnless,
  tellAttack,
  tempDirectory,
  waitFor,
} from '@kith/testing';
import { Acknowledged } from '../src/attack/acknowledged.ts';
import { type KithNode, type Run, startKithNode } from '../src/nodes/kith-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip = skipUnless(process.platform === 'linux', 'needs Linux, which has every address of 127.0.0.0/8');
const KILLS = 300;
const LANES = 2;

test('killed at any moment under load, a node starts again and has all that it acknowledged', { skip }, async (t) => {
  const kills = shareOf(KILLS);
  const writes = await Promise.all(
    Array.from({ length: LANES }, (_, lane) => killLane(t, lane, Math.ceil(kills / LANES))),
  );
  const sum = writes.reduce((all, one) => all + one, 0);
  tellAttack(t, Math.ceil(kills / LANES) * LANES, `${sum} acknowledged writes, none lost; every start succeeded`);
});

/** One node that is killed again and again, beside a peer that stays. Resolves with how many writes it acknowledged. */
async function killLane(t: TestContext, lane: number, kills: number): Promise<number> {
  const [host, benAt] = [freeAddress(), freeAddress()];
  const data = tempDirectory(t);
  const start = (of: string, at: string, other: string, folder: string, run: Run = spawn) =>
    startKithNode({
      ...{ data: folder, name: of, run, door: { host: at, port: 5805 } },
      env: {
        ...{ KITH_BIND: at, KITH_SEEDS: other, KITH_SWEEP: 'off', KITH_OPERATIONS_PORT: 'off', KITH_LOG_LEVEL: 'warn' },
      },
    });
  const ben = await start('ben', benAt, host, tempDirectory(t));
  t.after(() => ben.kill());
  const peer = (await ben.node()).id;
  const acknowledged = new Acknowledged(`lane ${lane}`);
  let isFirst = true;
  for (let life = 0; life <= kills && !t.signal.aborted; life++) {
    const random = seededRandom(seedOfCase(attackSeed() + lane, life));
    if (!isFirst && random.chance(0.2)) await killWhileStarting((run) => start('ana', host, benAt, data, run), random);
    const ana = await start('ana', host, benAt, data);
    t.after(() => ana.kill());
    try {
      if (isFirst) {
        await waitFor(async () => (await ana.peers()).some(({ id }) => id === peer), {
          what: 'ben',
          timeoutMs: 30_000,
        });
        isFirst = false;
      }
      await acknowledged.check(ana, { peer, random, some: life === kills ? 'all' : 5 });
      await loadUntilKilled(ana, acknowledged, peer, random);
    } catch (error) {
      throw new Error(`life ${life} of lane ${lane}: ${(error as Error).message}\n${ana.output().slice(-2_000)}`);
    } finally {
      await ana.kill();
    }
  }
  return acknowledged.writes;
}

/** Kills a start before it is ready, at the beginning or in the middle of it. */
async function killWhileStarting(start: (run: Run) => Promise<KithNode>, random: Random): Promise<void> {
  let child: ChildProcess | undefined;
  const starting = start((...given) => {
    child = spawn(...given);
    return child;
  });
  const ended = starting.then((node) => node.kill()).catch(() => {});
  await pause(random.int(900));
  child?.kill('SIGKILL');
  await ended;
}

/** Uploads, removals and decisions at the same time, and a kill somewhere among them. */
async function loadUntilKilled(ana: KithNode, acknowledged: Acknowledged, peer: string, random: Random): Promise<void> {
  let isAlive = true;
  const failures: unknown[] = [];
  const again = async (work: () => Promise<void>) => {
    while (isAlive) {
      try {
        await work();
      } catch (error) {
        if (isAlive) failures.push(error);
        return;
      }
    }
  };
  const load = [
    again(() => acknowledged.upload(ana)),
    again(() => acknowledged.upload(ana)),
    again(() => acknowledged.remove(ana, random)),
    again(() => acknowledged.decide(ana, peer, random)),
  ];
  await pause(random.int(random.chance(0.3) ? 50 : 500));
  isAlive = false;
  await ana.kill();
  await Promise.all(load);
  if (failures.length > 0) throw failures[0];
}
