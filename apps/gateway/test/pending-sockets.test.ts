import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { createPendingSockets } from '../src/door/pending-sockets.ts';

test('somebody with many addresses pushes out himself, not whoever came first', async (t) => {
  const pending = createPendingSockets({ inAll: 6, perAddress: 100 });
  const server = createServer((socket) => void pending.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    pending.destroyAll();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const open = async (localAddress: string) => {
    const accepted = once(server, 'connection');
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', () => {}).resume();
    await Promise.all([accepted, once(socket, 'connect')]);
    return socket;
  };
  const honest = await open('127.0.0.9');
  const crowd = [];
  for (const host of [2, 3, 2, 3, 2, 3]) crowd.push(await open(`127.0.0.${host}`));
  const [first] = crowd;
  assert.ok(first);
  if (!first.closed) await once(first, 'close');
  assert.equal(pending.size(), 6);
  assert.equal(honest.closed, false);
});
