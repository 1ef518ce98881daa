import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type Candidate, seen } from '@kith/membership';
import { waitFor } from '@kith/testing';
import { ask, newIdentity, newNonce, type Running, startPingback } from './running-pingback.ts';

async function followed(running: Running): Promise<Candidate[]> {
  const noted: Candidate[] = [];
  await running.peers.followCandidates((candidate) => noted.push(candidate));
  return noted;
}

/** Puts an alive peer at `address` into the node's table. */
async function addPeer(t: TestContext, { peers }: Running, address: string, pingbackPort: number): Promise<void> {
  const { id, publicKey } = await newIdentity(t);
  const reply = {
    id,
    publicKey,
    name: 'ben',
    gatewayPort: 5805,
    instance: '0123456789abcdef',
    incarnation: 1,
    state: 'running' as const,
    documents: { count: 0, version: 0 },
  };
  await peers.changePeer(id, (current) => seen(current, { reply, address, pingbackPort, roundTripMs: 1 }, Date.now()));
}

test('whoever asks becomes a candidate, once a second at most; a request to look always', async (t) => {
  const running = await startPingback(t);
  const noted = await followed(running);
  for (let i = 0; i < 3; i += 1) await ask(running.port, `/?nonce=${newNonce()}`, { from: '127.0.0.4' });
  await ask(running.port, `/?nonce=${newNonce()}&look=1`, { from: '127.0.0.4' });
  await ask(running.port, '/?nonce=wrong', { from: '127.0.0.5' });
  assert.deepEqual(
    noted.map(({ address, source }) => `${address} ${source}`),
    ['127.0.0.4 asked', '127.0.0.4 look'],
  );
});

test('an alive peer that asks is watched anyway and is no candidate', async (t) => {
  const running = await startPingback(t, { KITH_PINGBACK_RATE: '1000' });
  const noted = await followed(running);
  await addPeer(t, running, '127.0.0.6', 5800);
  const isKnown = async () => {
    noted.length = 0;
    await ask(running.port, `/?nonce=${newNonce()}`, { from: '127.0.0.6' });
    return noted.length === 0;
  };
  // Below one note a second the limit alone would keep it quiet: look at another address at the same time.
  await waitFor(isKnown, { what: 'it to be known' });
  await ask(running.port, `/?nonce=${newNonce()}`, { from: '127.0.0.8' });
  assert.deepEqual(
    noted.map(({ address }) => address),
    ['127.0.0.8'],
  );
});

test('a node that stops asks its peers to look and goes as soon as they have', async (t) => {
  const running = await startPingback(t);
  const asked: string[] = [];
  const answered = Promise.withResolvers<string>();
  const peer = createServer(async (request, response) => {
    response.end();
    asked.push(request.url ?? '');
    const { body } = await ask(running.port, `/?nonce=${newNonce()}`, { from: '127.0.0.9' });
    answered.resolve(JSON.parse(body).state);
  });
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.9', resolve));
  t.after(() => peer.close());
  await addPeer(t, running, '127.0.0.9', (peer.address() as { port: number }).port);
  await running.stop();
  assert.match(asked.join(' '), /^\/\?nonce=[\w-]{22}&look=1$/);
  assert.equal(await answered.promise, 'leaving');
  await assert.rejects(ask(running.port, `/?nonce=${newNonce()}`), /ECONNREFUSED/);
});

test('a peer that does not look back holds nobody up', async (t) => {
  const running = await startPingback(t);
  await addPeer(t, running, '127.0.0.10', 9);
  await running.stop();
  await assert.rejects(ask(running.port, `/?nonce=${newNonce()}`), /ECONNREFUSED/);
});
