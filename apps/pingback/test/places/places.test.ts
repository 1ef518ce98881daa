import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createMachines } from '../../src/places/machines.ts';
import { keepPlaces, type PlacesOptions } from '../../src/places/places.ts';

/** A server with 8 places of each standing, 2 of them for one machine; gives a way to open half a request from an address. */
async function limited(
  t: TestContext,
  options: Partial<PlacesOptions> = {},
): Promise<(from: string) => Promise<Socket>> {
  const server = createServer((_request, response) => response.end('here'));
  keepPlaces(server, {
    inAll: 8,
    perMachine: 2,
    lifeMs: 60_000,
    standingOf: () => 'stranger',
    machineOf: (address) => address,
    ...options,
  });
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
    socket.resume();
    const accepted = once(server, 'connection');
    await once(socket, 'connect');
    await accepted;
    socket.write('GET / HTTP/1.1\r\n');
    return socket;
  };
}

async function isAnswered(socket: Socket): Promise<boolean> {
  if (socket.closed) return false;
  const answered = once(socket, 'data').then(([answer]) => String(answer).includes('200 OK'));
  const closed = once(socket, 'close').then(() => false);
  socket.write('host: x\r\n\r\n');
  return Promise.race([answered, closed]);
}

test('of one machine the oldest goes, never the newest', async (t) => {
  const open = await limited(t);
  const first = await open('127.0.0.2');
  const closed = once(first, 'close');
  const [second, third] = [await open('127.0.0.2'), await open('127.0.0.2')];
  await closed;
  assert.deepEqual([await isAnswered(second), await isAnswered(third)], [true, true]);
});

test('somebody with many addresses pushes out himself: whoever has most loses the oldest', async (t) => {
  const open = await limited(t);
  for (const host of [2, 3, 4]) for (const _ of [1, 2]) await open(`127.0.0.${host}`);
  const honest = await open('127.0.0.100');
  for (const _ of [1, 2]) await open('127.0.0.5');
  assert.equal(await isAnswered(honest), true);
});

test('known and trusted peers have places of their own', async (t) => {
  const standingOf = (address: string) => (address === '127.0.0.100' ? 'trusted' : 'stranger');
  const open = await limited(t, { standingOf });
  const [early] = [await open('127.0.0.100')];
  for (let host = 2; host < 100; host += 1) await open(`127.0.0.${host}`);
  const late = await open('127.0.0.100');
  assert.deepEqual([await isAnswered(early as Socket), await isAnswered(late)], [true, true]);
});

test('addresses of one MAC count as one, and so do those of one /64', async (t) => {
  const mac = '02:00:00:00:00:01';
  let reads = 0;
  let now = 0;
  const machines = createMachines({
    clock: { monotonic: () => now },
    neighbours: async () => {
      reads += 1;
      return ['127.0.0.2', '127.0.0.3', '127.0.0.4'].map((address) => ({ address, mac, fresh: true }));
    },
  });
  assert.notEqual(machines.of('127.0.0.2'), machines.of('127.0.0.3'));
  await Promise.all([machines.lookAgain(), machines.lookAgain()]);
  assert.equal(machines.of('127.0.0.2'), machines.of('127.0.0.3'));
  assert.equal(reads, 1);
  now += 1000;
  await machines.lookAgain();
  assert.equal(reads, 2);
  assert.equal(machines.of('fd00::1:2'), machines.of('fd00::ffff:1'));
  assert.notEqual(machines.of('fd00::1:2'), machines.of('fd00:0:0:1::1:2'));
  assert.notEqual(machines.of('10.0.0.1'), machines.of('10.0.0.2'));

  const open = await limited(t, { machineOf: machines.of });
  const oldest = await open('127.0.0.2');
  const closed = once(oldest, 'close');
  await open('127.0.0.3');
  await open('127.0.0.4');
  await closed;
});

test('a connection ends with its time, whatever it does', async (t) => {
  const open = await limited(t, { lifeMs: 50 });
  const slow = await open('127.0.0.2');
  await once(slow, 'close');
  assert.equal(slow.destroyed, true);
});
