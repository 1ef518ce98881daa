import type { IncomingMessage } from 'node:http';
import type { Identity } from '@kith/identity';
import { plainAddress } from '@kith/net';
import { shortId } from '@kith/wire';
import { hopError } from '../answers/error-answer.ts';
import type { PeerPools } from '../hops/peer-pools.ts';
import type { Upstream } from '../hops/upstream-pool.ts';
import { type AnsweredThrough, forwardedRequestHeaders } from '../message/forwarded-headers.ts';
import type { Plan } from '../plan/route.ts';
import { viaEntry } from '../plan/via.ts';
import type { Forwarding } from './thin-forwarder.ts';

export interface ForwardingsOptions {
  readonly identity: Identity;
  readonly upstream: Upstream;
  /** The same web app, with connections of its own: peers that ask much must not keep the owner waiting. */
  readonly upstreamForPeers: Upstream;
  /** Whether the upstream is this node's own exchange, the only one that gets the internal key. */
  readonly isOwnExchange: boolean;
  readonly pools: PeerPools;
}

export type ForwardPlan = Extract<Plan, { kind: 'upstream' | 'peer' }>;
export type PreparedForwarding = Forwarding & { readonly errorOf: (cause: unknown) => Error };

/** Turns a plan into what is sent to the next hop: connection, target, header fields. */
export function createForwardings({ identity, upstream, upstreamForPeers, isOwnExchange, pools }: ForwardingsOptions) {
  const via = viaEntry(identity.id);
  const fromUpstream: AnsweredThrough = { sentHost: upstream.host, prefix: undefined, from: 'own' };
  const internalKey = isOwnExchange ? identity.internalKey : undefined;

  return (request: IncomingMessage, plan: ForwardPlan): PreparedForwarding => {
    const { host = 'unknown' } = request.headers;
    const asker = {
      forwardedFor: plainAddress(request.socket.remoteAddress) ?? 'unknown',
      forwardedHost: host,
    };
    if (plan.kind === 'peer') {
      const { peer, path, prefix } = plan;
      const peerHost = prefix === undefined ? host : `${peer.id.slice(0, 8)}.localhost`;
      return {
        hop: pools.hop(peer),
        path,
        headers: forwardedRequestHeaders(request.rawHeaders, {
          ...asker,
          host: peerHost,
          // Nothing that this machine's owner did is the peer's business: not their address, not where they look from.
          forwardedFor: 'unknown',
          forwardedHost: peerHost,
          forwardedProto: 'http',
          via,
          dropCookies: true,
        }),
        answer: { sentHost: peerHost, prefix, from: 'peer' },
        errorOf: (cause) => hopError(cause, `${peer.name} (${shortId(peer.id)})`),
      };
    }
    const { role, from } = plan;
    return {
      hop: from === undefined ? upstream : upstreamForPeers,
      path: request.url ?? '/',
      headers: forwardedRequestHeaders(request.rawHeaders, {
        ...asker,
        host: upstream.host,
        forwardedProto: from === undefined ? 'http' : 'https',
        via: from === undefined ? via : `${viaEntry(from)}, ${via}`,
        role,
        peer: from,
        internalKey,
        dropCookies: from !== undefined,
      }),
      answer: fromUpstream,
      errorOf: (cause) => hopError(cause, undefined),
    };
  };
}
export type Forwardings = ReturnType<typeof createForwardings>;
