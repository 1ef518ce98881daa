import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { hasBinary, skipUnless, tellAttack, tempDirectory, waitFor } from '@kith/testing';
import { unsoundLines, vitalSigns } from '../src/attack/vital-signs.ts';
import { type Run, startKithNode } from '../src/nodes/kith-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip = skipUnless(process.platform === 'linux' && hasBinary('prlimit'), 'needs Linux and prlimit');
const LIMIT = 64;
const CONNECTIONS = 200;

test('a node with 64 descriptors that strangers use up lives on, and loses nothing', { skip }, async (t) => {
  const [host, data] = [freeAddress(), tempDirectory(t)];
  const few: Run = (command, args, options) =>
    spawn('prlimit', [`--nofile=${LIMIT}:${LIMIT}`, command, ...args], options);
  const start = async (run?: Run) => {
    const env = { KITH_BIND: host, KITH_SWEEP: 'off', KITH_OPERATIONS_PORT: 'off', KITH_LOG_LEVEL: 'warn' };
    const node = await startKithNode({ data, name: 'ana', env, door: { host, port: 5805 }, ...(run ? { run } : {}) });
    t.after(() => node.kill());
    return node;
  };
  const ana = await start(few);
  const kept = [await ana.post('before', 'herons before')];
  const sockets: Socket[] = [];
  let refused = 0;
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < CONNECTIONS; i++) {
      const socket = connect({ host, port: i % 2 === 0 ? 5805 : 5800, localAddress: freeAddress() });
      socket.on('error', () => {});
      socket.write(i % 3 === 0 ? 'GET / HTTP/1.1\r\n' : '\u0016\u0003\u0001');
      sockets.push(socket);
    }
    // The owner comes in between: answered or not, but never a lie.
    for (let i = 0; i < 5; i++) {
      const hash = await ana.post(`during ${round} ${i}`, `herons during ${round} ${i}`).catch(() => undefined);
      if (hash === undefined) refused++;
      else kept.push(hash);
    }
    const { descriptors } = vitalSigns(ana.pid);
    assert.ok(descriptors >= LIMIT - 8, `only ${descriptors} descriptors are used`);
    for (const socket of sockets.splice(0)) socket.destroy();
    kept.push(
      await waitFor(() => ana.post(`after ${round}`, `herons after ${round}`), {
        what: 'room again',
        timeoutMs: 60_000,
      }),
    );
  }
  assert.deepEqual(unsoundLines(ana.output()), []);
  await ana.kill();
  const again = await start();
  for (const hash of kept) assert.equal((await again.ask(`/api/documents/${hash}/content`)).status, 200);
  tellAttack(t, 3 * CONNECTIONS, `${kept.length} writes acknowledged and there, ${refused} refused, the node lived on`);
});
