import assert from 'node:assert/strict';
import { createServer as createPlainServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServer } from 'node:tls';
import type { Identity } from '@kith/identity';
import { createGatewayAnswers } from '../../src/watch/gateway-answers.ts';
import { newIdentity } from '../signed-answers.ts';

const answers = createGatewayAnswers({ localAddress: '127.0.0.1' });
const never = new AbortController().signal;

async function listening(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as { port: number }).port;
}
const gatewayOf = ({ privateKeyPem: key, certificatePem: cert }: Identity) =>
  createServer({ key, cert, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false });
const at = (identity: Identity, gatewayPort: number, hosts = ['127.0.0.1']) => ({
  id: identity.id,
  gatewayPort,
  addresses: hosts.map((address) => ({ address, pingbackPort: 1, lastSuccessAt: 0, roundTripMs: 1 })),
});

test('a gateway that proves the key of the peer answers, at whichever of its addresses; another’s does not', async (t) => {
  const [ana, bob] = [await newIdentity(t), await newIdentity(t)];
  const port = await listening(t, gatewayOf(ana));
  assert.equal(await answers(at(ana, port), never), true);
  assert.equal(await answers(at(ana, port, ['127.0.0.2', '127.0.0.1']), never), true);
  assert.equal(await answers(at(bob, port), never), false);
  assert.equal(await answers(at(ana, port, []), never), false);
});

test('what is no gateway, refuses or is silent does not answer', async (t) => {
  const ana = await newIdentity(t);
  const talks = await listening(
    t,
    createPlainServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 200 OK\r\n\r\n')),
  );
  const silent = await listening(
    t,
    createPlainServer((socket) => void t.after(() => socket.destroy())),
  );
  const closed = createPlainServer();
  const refuses = await listening(t, closed);
  closed.close();
  const found = await Promise.all([talks, silent, refuses, 0].map((port) => answers(at(ana, port), never)));
  assert.deepEqual(found, [false, false, false, false]);
  assert.equal(await answers(at(ana, silent), AbortSignal.abort()), false);
});
