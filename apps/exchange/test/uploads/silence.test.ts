import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { giveUpWhenSilent } from '../../src/uploads/silence.ts';

test('the timer of silence ends with the body; a request that says nothing more is given up', async (t) => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const ask = () =>
    request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', method: 'POST', agent: false });

  const whole = ask().on('error', () => {});
  whole.end('all of it');
  const [first] = (await once(server, 'request')) as [IncomingMessage, unknown];
  giveUpWhenSilent(first, 60_000);
  assert.equal(first.socket.timeout, 60_000);
  first.resume();
  await once(first, 'end');
  assert.equal(first.socket.timeout, 0, 'what comes after the body may take its time');
  assert.equal(
    first.socket.listenerCount('timeout', () => {}),
    0,
  );
  whole.destroy();

  const half = ask().on('error', () => {});
  half.setHeader('content-length', 1_000);
  half.write('half of');
  const [second] = (await once(server, 'request')) as [IncomingMessage];
  giveUpWhenSilent(second, 20);
  second.resume();
  second.on('error', () => {});
  await once(second, 'close');
  assert.equal(second.complete, false);
});
