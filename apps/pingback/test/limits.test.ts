import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { limitConnections } from '../src/connection-limit.ts';
import { createRateLimit } from '../src/rate-limit.ts';

test('a rate is refilled with time, for each key on its own, in a bounded table', () => {
  let now = 0;
  const mayPass = createRateLimit({ perSecond: 2, burst: 3, maxKeys: 2, monotonic: () => now });
  assert.deepEqual(
    Array.from({ length: 4 }, () => mayPass('a')),
    [true, true, true, false],
  );
  assert.equal(mayPass('b'), true);
  now = 500;
  assert.deepEqual([mayPass('a'), mayPass('a')], [true, false]);
  // c is the third key: b, quiet for longest, is forgotten; a is not.
  assert.equal(mayPass('c'), true);
  assert.equal(mayPass('a'), false);
});

async function limited(t: TestContext, lifeMs: number): Promise<(from: string) => Promise<Socket>> {
  const server = createServer((_request, response) => response.end('here'));
  limitConnections(server, { inAll: 8, perAddress: 2, lifeMs });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const open: Socket[] = [];
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return async (from) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    socket.on('error', () => {});
    open.push(socket);
    await once(socket, 'connect');
    return socket;
  };
}

test('one address cannot take the places of the others', async (t) => {
  const open = await limited(t, 60_000);
  await open('127.0.0.2');
  await open('127.0.0.2');
  const third = await open('127.0.0.2');
  third.resume();
  await once(third, 'close');
  const other = await open('127.0.0.3');
  other.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const [answer] = await once(other, 'data');
  assert.match(String(answer), /200 OK/);
});

test('a connection ends with its time, whatever it does', async (t) => {
  const open = await limited(t, 50);
  const slow = await open('127.0.0.2');
  slow.write('GET / HTTP/1.1\r\n');
  slow.resume();
  await once(slow, 'close');
  assert.equal(slow.destroyed, true);
});
