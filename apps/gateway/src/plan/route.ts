import type { Peer } from '@kith/membership';
import { ServiceError } from '@kith/service';
import { GATEWAY_API, isOpenPagePath, type NodeId, PEERS_PREFIX, type Role, shortId, TOLD_PATH } from '@kith/wire';
import { ownerRules } from '../door/owner-rules.ts';
import type { Asker } from '../door/who-is-asking.ts';
import { viaNames } from './via.ts';

/** Where a request goes. Every part is decided here, once, before a byte of it is passed on. */
export type Plan =
  /** This node's own API; `path` begins after `/_kith`. */
  | { readonly kind: 'api'; readonly path: string; readonly isKnown: boolean }
  /** Getting to know each other, for peers of every trust but blocked; `path` begins after `/_kith/pairing`. */
  | { readonly kind: 'pairing'; readonly path: string; readonly from: NodeId }
  /** What only trusted peers learn of this node. */
  | { readonly kind: 'told' }
  /** The web app of this node. */
  | { readonly kind: 'upstream'; readonly role: Role; readonly from: NodeId | undefined }
  /** A peer's gateway; `prefix` is what was cut off the path (`/peers/<label>`), undefined on `<label>.localhost`. */
  | { readonly kind: 'peer'; readonly peer: Peer; readonly path: string; readonly prefix: string | undefined }
  | { readonly kind: 'redirect'; readonly location: string; readonly cookie?: string }
  | { readonly kind: 'stranger' };

export interface RouteRequest {
  readonly method: string;
  /** Request target exactly as it came. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly localAddress: string | undefined;
  readonly upgrade: boolean;
}

export interface RouteContext {
  readonly self: NodeId;
  /** Whether the web app is Kith's own page. */
  readonly hasOwnPage: boolean;
  readonly hosts: readonly string[];
  readonly getPeer: (id: NodeId) => Peer | undefined;
  /** A peer by id, label or name; throws `peer_not_found` or `peer_name_ambiguous`. */
  readonly resolvePeer: (text: string) => Peer;
}

/** Decides where a request goes, or throws the ServiceError that refuses it. Pure: no clock, no I/O, nothing kept. */
export function route(asker: Asker, request: RouteRequest, context: RouteContext): Plan {
  if (asker.kind === 'stranger') {
    // Its own upstream by mistake: the owner should not read that they are a stranger.
    if (asker.why === 'proxied') refuseLoops(asker, request, context.self);
    if (asker.why !== 'wrong-key') return { kind: 'stranger' };
    throw new ServiceError('forbidden', 'The internal key is wrong: services of one node share one data directory.');
  }
  if (request.method === 'TRACE') throw new ServiceError('method_not_allowed', 'TRACE is not answered here.');
  if (!request.target.startsWith('/'))
    throw new ServiceError('bad_target', 'The request target must start with a slash.');
  refuseLoops(asker, request, context.self);
  if (asker.kind === 'peer') return fromPeer(asker.id, request, context);
  const label =
    asker.kind === 'service'
      ? undefined
      : ownerRules({ ...request, ...context, hasPass: asker.kind === 'owner' && asker.hasPass === true }).label;
  if (asker.kind === 'somebody') return fromSomebody(request, label, context);
  if (label !== undefined) return toLabel(label, asker, request.target, context);
  const api = below(GATEWAY_API, request.target);
  if (api !== undefined) {
    return { kind: 'api', path: api, isKnown: asker.kind === 'owner' && asker.isKnown };
  }
  return below(PEERS_PREFIX, request.target)?.match(/^\/[^/?]/)
    ? byPath(request, context)
    : { kind: 'upstream', role: asker.kind, from: undefined };
}

/** Whoever has not shown to be the owner gets the page without anything in it, and may enter there with a link. */
function fromSomebody(
  { method, target, upgrade }: RouteRequest,
  label: string | undefined,
  context: RouteContext,
): Plan {
  if (label === undefined && context.hasOwnPage && !upgrade) {
    if (method === 'POST' && target === `${GATEWAY_API}/session`)
      return { kind: 'api', path: '/session', isKnown: false };
    const path = target.split('?', 1)[0] ?? '';
    if ((method === 'GET' || method === 'HEAD') && isOpenPagePath(path)) {
      return { kind: 'upstream', role: 'anybody', from: undefined };
    }
  }
  throw new ServiceError(
    'owner_unproven',
    'Only the owner of this node may open it: run `kith open` as the user of this computer who started it, and use the page that it opens.',
  );
}

/** A peer's app, or under this node's own id a web app of its own that is not Kith's page: an origin for itself. */
function toLabel(label: string, asker: Asker, target: string, context: RouteContext): Plan {
  // The pass is in the address: it is changed for a cookie before anything behind this gateway sees it.
  if (asker.kind === 'owner' && asker.visit !== undefined) {
    return { kind: 'redirect', location: target, cookie: asker.visit };
  }
  if (label !== shortId(context.self)) return toPeer(label, target, undefined, context);
  if (context.hasOwnPage || below(GATEWAY_API, target) !== undefined) {
    throw new ServiceError('bad_target', 'That is this node itself: open it as http://localhost.');
  }
  return { kind: 'upstream', role: 'owner', from: undefined };
}

function fromPeer(id: NodeId, { target }: RouteRequest, { getPeer }: RouteContext): Plan {
  const trust = getPeer(id)?.trust ?? 'pending';
  if (trust === 'blocked') throw new ServiceError('peer_blocked', 'The owner of this node has blocked yours.');
  const pairing = below(`${GATEWAY_API}/pairing`, target);
  if (pairing !== undefined) return { kind: 'pairing', path: pairing, from: id };
  if (trust !== 'trusted') {
    throw new ServiceError('not_trusted_by_peer', 'The owner of this node has not yet approved yours: ask them to.');
  }
  if (target === TOLD_PATH) return { kind: 'told' };
  if (below(GATEWAY_API, target) !== undefined || below(PEERS_PREFIX, target) !== undefined) {
    throw new ServiceError('not_the_owner', 'Only the owner of this node may ask that, at their own machine.');
  }
  return { kind: 'upstream', role: 'peer', from: id };
}

function byPath(request: RouteRequest, context: RouteContext): Plan {
  const rest = request.target.slice(PEERS_PREFIX.length + 1);
  const end = rest.search(/[/?]/);
  const raw = end < 0 ? rest : rest.slice(0, end);
  const prefix = `${PEERS_PREFIX}/${raw}`;
  const path = end < 0 ? '' : rest.slice(end);
  if (!path.startsWith('/')) return { kind: 'redirect', location: `${prefix}/${path}` };
  return toPeer(decoded(raw), path, prefix, context);
}

function toPeer(text: string, path: string, prefix: string | undefined, { self, resolvePeer }: RouteContext): Plan {
  if (text === self) throw new ServiceError('bad_target', 'That is this node itself: leave out /peers/….');
  const peer = resolvePeer(text);
  if (below(GATEWAY_API, path) !== undefined) {
    throw new ServiceError('bad_target', 'The gateway of a peer answers only to its own owner.');
  }
  if (peer.trust !== 'trusted') {
    const [code, what] =
      peer.trust === 'blocked'
        ? (['peer_blocked', 'blocked'] as const)
        : (['peer_not_trusted', 'not trusted yet'] as const);
    throw new ServiceError(code, `${peer.name} (${shortId(peer.id)}) is ${what} on this node: approve it first.`);
  }
  if (peer.state === 'dead' || peer.state === 'left') {
    throw new ServiceError('peer_away', `${peer.name} (${shortId(peer.id)}) is away: try again when it is back.`);
  }
  return { kind: 'peer', peer, path, prefix };
}

/** `Via` is ours to read only where it comes from another gateway: everybody else's makes them a stranger or is dropped. */
function refuseLoops(asker: Asker, { headers }: RouteRequest, self: NodeId): void {
  const names = viaNames(headers.via);
  const hops = asker.kind === 'stranger' || asker.kind === 'peer' ? 1 : 0;
  if (names.length > hops || names.includes(`kith-${shortId(self)}`)) {
    throw new ServiceError(
      'loop_detected',
      'This request has already passed a gateway: a node never passes it on again.',
    );
  }
}

/** What follows `prefix` in a target, or undefined where the target is not below it. Only the exact spelling counts. */
function below(prefix: string, target: string): string | undefined {
  if (!target.startsWith(prefix)) return undefined;
  const rest = target.slice(prefix.length);
  return rest === '' || rest[0] === '/' || rest[0] === '?' ? rest : undefined;
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new ServiceError('bad_target', 'The name of the peer in this URL is not written correctly.');
  }
}
