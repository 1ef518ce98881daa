import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { trust } from '@kith/membership';
import { readAudit, ServiceError } from '@kith/service';
import { tempDirectory, waitFor } from '@kith/testing';
import { refusalNote } from '../../src/door/audit-refusals.ts';
import { peerSecureContext } from '../../src/door/tls-context.ts';
import { introduce, type Node, startNode } from '../gateway-rig.ts';
import { exchange } from '../raw-http.ts';

async function ask(from: Node, to: Node, head: string, body = ''): Promise<string> {
  const socket = connect({
    ...{ host: to.address, port: to.port, rejectUnauthorized: false },
    secureContext: peerSecureContext(from.identity),
  });
  await once(socket, 'secureConnect');
  const length = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  socket.end(`${head} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${length}\r\n${body}`);
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return Buffer.concat(parts).toString().slice(0, 12);
}

test('who was refused, failed at pairing, or was decided about stands in the audit trail', async (t) => {
  const dataDirectory = tempDirectory(t);
  const ana = await startNode(t, { dataDirectory, name: 'ana' });
  const bob = await startNode(t, { name: 'bob', address: '127.0.0.2' });
  await introduce(ana, bob);
  const { id } = bob.identity;
  assert.equal(await ask(bob, ana, 'GET /api/documents?q=private'), 'HTTP/1.1 403');
  assert.equal(await ask(bob, ana, 'POST /_kith/pairing/code', '{"proof":"no"}'), 'HTTP/1.1 400');
  await exchange(t, ana.port, 'GET /api/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
  await ana.peers.changePeer(id, (current) => trust(current, 'trusted', 'owner', 1));
  await ana.peers.changePeer(id, (current) => trust(current, 'blocked', 'owner', 1));
  const wanted = ['not_trusted_by_peer', 'pairing_failed', 'peer-blocked', 'peer-trusted', 'wrong_host'];
  const entries = await waitFor(
    async () => {
      const all = await readAudit(dataDirectory);
      return wanted.every((what) => all.some((entry) => entry.what === what)) && all;
    },
    { what: wanted.join(', '), timeoutMs: 15_000 },
  );
  const of = (what: string) => entries.find((entry) => entry.what === what);
  const { at: _, ...refused } = of('not_trusted_by_peer') ?? { at: 0 };
  const address = '127.0.0.1';
  assert.deepEqual(refused, {
    ...{ kind: 'refused', what: 'not_trusted_by_peer', count: 1, peer: id, address },
    text: 'GET /api/documents',
  });
  assert.deepEqual([of('pairing_failed')?.peer, of('pairing_failed')?.kind], [id, 'refused']);
  assert.deepEqual([of('peer-blocked')?.peer, of('peer-blocked')?.kind], [id, 'security']);
  assert.equal(of('wrong_host')?.peer, undefined);
});

test('another user of the computer who is refused stands in it, without what he searched; a mistake does not', () => {
  const request = {
    method: 'GET',
    url: '/api/search?q=private',
    socket: { remoteAddress: '::ffff:127.0.0.1' },
  } as never;
  const note = (error: unknown) => refusalNote(request, { error, peer: undefined });
  assert.deepEqual(note(new ServiceError('owner_unproven', '')), {
    ...{ kind: 'refused', what: 'owner_unproven', address: '127.0.0.1', text: 'GET /api/search' },
  });
  assert.equal(note(new ServiceError('not_found', '')), undefined);
  assert.equal(note(new Error('anything else')), undefined);
});
