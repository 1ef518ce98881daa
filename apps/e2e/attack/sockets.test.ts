import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { makePairingCode, openIdentity } from '@kith/identity';
import { fuzz, type Random, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { makeRequests } from '../src/attack/http-heads.ts';
import { anyLoopback, type Target, type Thrown, throwBytes } from '../src/attack/throw-bytes.ts';
import { makeClientHello } from '../src/attack/tls-hello.ts';
import { isFlat, unsoundLines, vitalSigns } from '../src/attack/vital-signs.ts';
import { startKithNode } from '../src/nodes/kith-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip = skipUnless(process.platform === 'linux', 'needs Linux, whose /proc tells memory and descriptors');
const PORTS = { pingback: 5800, gateway: 5805, exchange: 5810, operations: 5809 };

test('a node stands what strangers throw at its ports', { skip }, async (t) => {
  const { ana, asBen, asStranger } = await startVictim(t);
  const at = (port: number, as?: Target['as']): Target => ({ host: ana.at.host, port, ...(as ? { as } : {}) });
  const rounds: [string, number, Target, (random: Random) => Buffer[]][] = [
    [
      'TLS hellos at the gateway',
      14_000,
      { ...at(PORTS.gateway), breaksOffAfter: 200 },
      (random) => [makeClientHello(random)],
    ],
    ['HTTP heads at the gateway', 14_000, at(PORTS.gateway), makeRequests],
    ['HTTP heads at the pingback', 8_000, at(PORTS.pingback), makeRequests],
    ['HTTP heads at the exchange', 8_000, at(PORTS.exchange), makeRequests],
    ['HTTP heads at the operations port', 4_000, at(PORTS.operations), makeRequests],
    ['HTTP heads of a peer that nobody knows', 2_000, at(PORTS.gateway, asStranger), makeRequests],
    ['HTTP heads of a trusted peer', 4_000, at(PORTS.gateway, asBen), makeRequests],
  ];
  const before = vitalSigns(ana.pid);
  const memory: number[] = [];
  for (const [name, cases, target, make] of rounds) {
    await t.test(name, async (t) => {
      await fuzz(t, 'answers normally afterwards, nothing hangs, log clean, descriptors back, memory flat', {
        ...{ cases, atOnce: 48, isVictim: false },
        make: (random) => ({ from: anyLoopback(random), pieces: make(random) }),
        check: async ({ from, pieces }) => isSound(await throwBytes(target, pieces, from)),
      });
      assert.equal((await ana.node()).name, 'ana');
      assert.deepEqual(unsoundLines(ana.output()), []);
      await waitFor(() => vitalSigns(ana.pid).descriptors <= before.descriptors + 20, {
        what: 'the descriptors to be given back',
        timeoutMs: 120_000,
      });
      memory.push(vitalSigns(ana.pid).memory);
      t.diagnostic(`memory ${memory.join(', ')} MB`);
    });
  }
  assert.ok(isFlat(memory, 40), `memory grew: ${memory.join(', ')} MB`);
});

/** Every answer is one of HTTP or TLS, and no service says that it broke. */
function isSound({ answer, hung }: Thrown): void {
  assert.equal(hung, false, 'the connection was kept for nothing');
  const text = answer.toString('latin1');
  if (answer.length === 0 || answer[0] === 0x15 || answer[0] === 0x16) return;
  assert.match(text, /^HTTP\/1\.1 \d{3} /);
  assert.doesNotMatch(text, /^HTTP\/1\.1 500 /, text);
}

/** Two nodes that trust each other by a code; ben's key, and the key of somebody else. */
async function startVictim(t: TestContext) {
  const code = makePairingCode();
  const [anaAt, benAt] = [freeAddress(), freeAddress()];
  const start = async (name: string, host: string, other: string) => {
    const data = tempDirectory(t);
    const env = {
      KITH_BIND: host,
      KITH_SWEEP: 'off',
      KITH_SEEDS: other,
      KITH_PAIRING_CODE: code,
      KITH_LOG_LEVEL: 'warn',
      KITH_OPERATIONS_PORT: String(PORTS.operations),
      // With much of it to spare, V8 collects so seldom that a leak and laziness look the same.
      NODE_OPTIONS: '--max-old-space-size=64',
    };
    const node = await startKithNode({ data, name, env, door: { host, port: PORTS.gateway } });
    t.after(() => node.kill());
    return { node, data };
  };
  const ana = await start('ana', anaAt, benAt);
  const ben = await start('ben', benAt, anaAt);
  await waitFor(async () => (await ana.node.peers()).some(({ trust }) => trust === 'trusted'), {
    what: 'ana to trust ben',
    timeoutMs: 30_000,
  });
  await ben.node.stop();
  const contextOf = async (data: string) => {
    const { privateKeyPem: key, certificatePem: cert } = await openIdentity(data);
    return createSecureContext({ key, cert, minVersion: 'TLSv1.3' });
  };
  return { ana: ana.node, asBen: await contextOf(ben.data), asStranger: await contextOf(join(tempDirectory(t), 'x')) };
}
