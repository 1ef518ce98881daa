import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { seen, trust } from '@kith/membership';
import { systemClock } from '@kith/service';
import { ask, newIdentity, newNonce, type Running, startPingback } from '../running-pingback.ts';

const HALF = 'GET /?nonce=AAECAwQFBgcICQoLDA0ODw HTTP/1.1\r\nhost: x\r\n';

/** 20 addresses that keep 16 half requests each, and open each again as soon as it is closed, until the test ends. */
async function crowd(t: TestContext, port: number): Promise<void> {
  const ended = new AbortController();
  const open = new Set<ReturnType<typeof connect>>();
  const opened: Promise<void>[] = [];
  const occupy = (from: string): Promise<void> =>
    new Promise((resolve) => {
      if (ended.signal.aborted) return resolve();
      const socket = connect({ port, host: '127.0.0.1', localAddress: from });
      open.add(socket);
      socket.on('error', () => {});
      socket.once('connect', () => {
        socket.write(HALF);
        resolve();
      });
      socket.once('close', () => {
        open.delete(socket);
        resolve();
        setTimeout(() => void occupy(from), 20).unref();
      });
    });
  t.after(() => {
    ended.abort();
    for (const socket of open) socket.destroy();
  });
  for (let host = 1; host <= 20; host += 1) {
    for (let n = 0; n < 16; n += 1) opened.push(occupy(`127.0.7.${host}`));
  }
  await Promise.all(opened);
}

async function know(t: TestContext, { peers }: Running, address: string): Promise<void> {
  const { id, publicKey } = await newIdentity(t);
  const reply = {
    id,
    publicKey,
    name: 'bob',
    gatewayPort: 1,
    instance: '0',
    incarnation: 1,
    state: 'running',
  } as const;
  await peers.changePeer(id, (peer) => seen(peer, { reply, address, pingbackPort: 1, roundTripMs: 1 }, Date.now()));
  await peers.changePeer(id, (peer) => trust(peer, 'trusted', 'owner', Date.now()));
}

test('20 addresses with 16 half requests each: known peers and newcomers are answered all the same', async (t) => {
  const running = await startPingback(t);
  await know(t, running, '127.0.0.9');
  await crowd(t, running.port);
  for (let round = 0; round < 20; round += 1) {
    for (const from of ['127.0.0.9', '127.0.0.10']) {
      const answer = await ask(running.port, `/?nonce=${newNonce()}`, { from });
      assert.equal(answer.status, 200, `${from}, round ${round}`);
    }
  }
});

test('a stranger with many addresses asks as often as one, a peer at one of them as before', async (t) => {
  const here = Array.from({ length: 20 }, (_, host) => `127.0.7.${host + 1}`);
  const neighbours = async () => here.map((address) => ({ address, mac: '02:00:00:00:00:01', fresh: true }));
  // Time stands still for the rates, so that none is refilled.
  const clock = { ...systemClock, monotonic: () => 0 };
  const running = await startPingback(t, { KITH_PINGBACK_RATE: '5', neighbours, clock });
  await crowd(t, running.port);
  const answered: string[] = [];
  for (const from of here) {
    // It is of the machine that has most, so that its own crowd may push it out.
    const answer = await ask(running.port, `/?nonce=${newNonce()}`, { from }).catch(() => undefined);
    if (answer?.status === 200) answered.push(from);
  }
  // Some may have been answered before the neighbour table was read.
  assert.ok(answered.length <= 11, `${answered.length} answered`);
  assert.equal((await ask(running.port, `/?nonce=${newNonce()}`, { from: '127.0.0.10' })).status, 200);
});
