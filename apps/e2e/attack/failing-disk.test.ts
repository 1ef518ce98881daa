import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  attackSeed,
  hasBinary,
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
import { compileFailingDisk, type DiskFault, FILE_CALLS, failuresIn, faultEnv } from '../src/attack/failing-disk.ts';
import { type KithNode, startKithNode } from '../src/nodes/kith-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip = skipUnless(process.platform === 'linux' && hasBinary('cc'), 'needs Linux and a C compiler (cc)');
const FAULTS = 60;
const LANES = 2;

test('a disk that fails in any call costs no acknowledged write, and no later start', { skip }, async (t) => {
  const library = compileFailingDisk(tempDirectory(t));
  const each = Math.ceil(shareOf(FAULTS) / LANES);
  const sums = await Promise.all(Array.from({ length: LANES }, (_, lane) => faultLane(t, library, lane, each)));
  const [failed, refused, writes] = [0, 1, 2].map((i) => sums.reduce((all, sum) => all + (sum[i] ?? 0), 0));
  const held = `${failed} calls failed, ${refused} starts ended with a sentence, ${writes} acknowledged writes, none lost`;
  tellAttack(t, each * LANES, held);
});

/** What a person reads if a start ends: the last line, after those of the log, is a sentence and no trace of a program. */
const SENTENCE = /(^|\n)[A-Z][^\n]*\.$/;

/** Lives of one node on a disk that fails, each followed by one on a sound disk. Resolves with the three sums. */
async function faultLane(t: TestContext, library: string, lane: number, lives: number): Promise<number[]> {
  const [host, benAt] = [freeAddress(), freeAddress()];
  const data = tempDirectory(t);
  const ben = await start({ name: 'ben', host: benAt, other: host, data: tempDirectory(t) });
  t.after(() => ben.kill());
  const peer = (await ben.node()).id;
  const acknowledged = new Acknowledged(`disk ${lane}`);
  let [failed, refused] = [0, 0];
  for (let life = 0; life <= lives && !t.signal.aborted; life++) {
    const random = seededRandom(seedOfCase(attackSeed() + 100 + lane, life));
    const sound = await start({ name: 'ana', host, other: benAt, data });
    t.after(() => sound.kill());
    try {
      await waitFor(async () => (await sound.peers()).some(({ id }) => id === peer), {
        what: 'ben',
        timeoutMs: 30_000,
      });
      await acknowledged.check(sound, { peer, random, some: life === lives ? 'all' : 5 });
    } finally {
      await sound.stop();
    }
    if (life === lives) break;
    const fault = faultOf(random);
    const told = join(data, '..', `told-${randomUUID()}`);
    try {
      const node = await start({ name: 'ana', host, other: benAt, data, more: faultEnv(library, data, told, fault) });
      t.after(() => node.kill());
      await work(node, acknowledged, peer, random).finally(() => node.kill());
    } catch (error) {
      const { message } = error as Error;
      assert.match(message, /ended at once/, `${JSON.stringify(fault)}: ${message}`);
      assert.match(message.trimEnd(), SENTENCE, `no sentence: ${message}`);
      assert.ok(failuresIn(told) > 0, `it ended although nothing failed: ${message}`);
      refused++;
    }
    failed += failuresIn(told);
  }
  return [failed, refused, acknowledged.writes];
}

/** One call that fails somewhere between the start and the end, or all from then on. */
function faultOf(random: Random): DiskFault {
  const call = random.pick(FILE_CALLS);
  const most = call === 'rename' || call === 'unlink' ? 40 : 500;
  return { call, from: 1 + Math.floor(most ** (random.int(1_000) / 1_000)), count: random.pick([1, 1, 5, 1_000_000]) };
}

/** Writes of every kind; each is acknowledged or refused with an answer, and the node lives on. */
async function work(node: KithNode, acknowledged: Acknowledged, peer: string, random: Random): Promise<void> {
  for (let i = 0; i < 12; i++) {
    const step = random.int(4);
    const done =
      step <= 1
        ? acknowledged.upload(node)
        : step === 2
          ? acknowledged.remove(node, random)
          : acknowledged.decide(node, peer, random, { diskFails: true });
    await done.catch((error: Error) => {
      if (!/answered \d{3}/.test(error.message))
        throw new Error(`step ${i} of kind ${step}: ${error.message}\n${node.output().slice(-3_000)}`);
    });
  }
  const { status } = await node.ask('/_kith/node');
  assert.ok(status < 600, 'the node answers');
}

interface Start {
  readonly name: string;
  readonly host: string;
  readonly other: string;
  readonly data: string;
  readonly more?: Record<string, string>;
}

function start({ name, host, other, data, more = {} }: Start): Promise<KithNode> {
  const usual = { KITH_BIND: host, KITH_SEEDS: other, KITH_SWEEP: 'off', KITH_OPERATIONS_PORT: 'off' };
  const env = { ...usual, KITH_LOG_LEVEL: 'warn', ...more };
  return startKithNode({ data, name, env, door: { host, port: 5805 } });
}
