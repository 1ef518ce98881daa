import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type Identity, openIdentity, signPingback } from '@kith/identity';
import { tempDirectory } from '@kith/testing';
import type { PingbackReply } from '@kith/wire';

export const newIdentity = (t: TestContext): Promise<Identity> => openIdentity(tempDirectory(t));

/** A right answer of `identity`, with anything else in place of its fields; signed after the changes. */
export function signedAnswer(
  identity: Identity,
  asked: { nonce: string; address: string },
  changes: Partial<PingbackReply> = {},
): PingbackReply {
  return signPingback(identity, {
    kith: 1,
    id: identity.id,
    publicKey: identity.publicKey,
    name: 'ben',
    gatewayPort: 5805,
    instance: '0123456789abcdef',
    incarnation: 1,
    state: 'running',
    documents: { count: 3, version: 2 },
    ...asked,
    ...changes,
  });
}

/** An HTTP server on a loopback address of its own; resolves with its port. */
export async function serve(t: TestContext, address: string, listener: RequestListener, port = 0): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

export const nonceOf = (url: string | undefined) => new URL(url ?? '/', 'http://x').searchParams.get('nonce') ?? '';
export const isLook = (url: string | undefined) => new URL(url ?? '/', 'http://x').searchParams.get('look') === '1';

/** A small right pingback: what another implementation would be. Tells who asked. */
export async function servePeer(
  t: TestContext,
  options: {
    identity: Identity;
    address: string;
    port?: number;
    changes?: () => Partial<PingbackReply>;
    onAsked?: (asked: { from: string; look: boolean }) => void;
  },
): Promise<number> {
  const { identity, address, port = 0, changes = () => ({}), onAsked } = options;
  return serve(
    t,
    address,
    (request, response) => {
      onAsked?.({ from: request.socket.remoteAddress ?? '', look: isLook(request.url) });
      const answer = signedAnswer(identity, { nonce: nonceOf(request.url), address }, changes());
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    },
    port,
  );
}
