import { bearerOf, OWNER_SECRET_PREFIX } from '@kith/identity';
import { GUARDED_ANSWER } from '@kith/service';
import { HEADER_KEY, HEADER_PEER, HEADER_ROLE, type NodeId, type Role } from '@kith/wire';

/** Header fields as they stand on the wire: name, value, name, value, … */
export type RawHeaders = readonly string[];

export interface ForwardedBy {
  /** Value of the new `Host`. */
  readonly host: string;
  readonly via: string;
  readonly forwardedFor: string;
  readonly forwardedHost: string;
  readonly forwardedProto: 'http' | 'https';
  /** Set only towards this node's own web app. */
  readonly role?: Role | undefined;
  readonly peer?: NodeId | undefined;
  /** Set only towards this node's own exchange. */
  readonly internalKey?: string | undefined;
  /** Cookies belong to one machine: they never go to, or come from, a peer. */
  readonly dropCookies: boolean;
}

/** Fields that speak of one connection only (RFC 9110 7.6.1), and what undici writes itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
  'host',
]);

/** Claims about who asks, or what was asked, that only a proxy may make. */
const CLAIMS = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'x-original-url',
  'x-original-host',
  'x-rewrite-url',
]);

/** Request header fields for the next hop: those of the asker without hop-by-hop ones and claims, and then our own. */
export function forwardedRequestHeaders(raw: RawHeaders, by: ForwardedBy): string[] {
  const named = namedByConnection(raw);
  const out = ['host', by.host];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || isClaim(lower) || named?.has(lower)) continue;
    if (by.dropCookies && lower === 'cookie') continue;
    if (lower === 'authorization' && isOwnerSecret(raw[i + 1] as string)) continue;
    out.push(name, raw[i + 1] as string);
  }
  out.push('via', by.via, 'x-forwarded-for', by.forwardedFor);
  out.push('x-forwarded-host', by.forwardedHost, 'x-forwarded-proto', by.forwardedProto);
  if (by.role !== undefined) out.push(HEADER_ROLE, by.role);
  if (by.peer !== undefined) out.push(HEADER_PEER, by.peer);
  if (by.internalKey !== undefined) out.push(HEADER_KEY, by.internalKey);
  return out;
}

/** What proves the owner here is for this gateway alone; any other authorization is the web app's. */
const isOwnerSecret = (authorization: string) => bearerOf(authorization)?.startsWith(OWNER_SECRET_PREFIX) === true;

/** CGI-style servers read `kith_key` and `kith-key` as one name, so both spellings count. */
function isClaim(lower: string): boolean {
  const name = lower.includes('_') ? lower.replaceAll('_', '-') : lower;
  return name.startsWith('kith-') || name.startsWith('x-forwarded-') || CLAIMS.has(name);
}

export interface AnsweredThrough {
  /** `Host` that was sent to the next hop: redirects to it are redirects to the same place here. */
  readonly sentHost: string;
  /** Cut off the request path, so put before redirect paths: `/peers/<label>`. */
  readonly prefix: string | undefined;
  /** `own`: from this node's web app; `peer`: from another machine. */
  readonly from: 'own' | 'peer';
}

/** Response header fields for the asker. What a peer answers can set no cookie, and below `/peers/…` runs no script. */
export function forwardedResponseHeaders(raw: RawHeaders, { sentHost, prefix, from }: AnsweredThrough): string[] {
  const named = namedByConnection(raw);
  const out: string[] = [];
  let isKept = false;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    const lower = name.toLowerCase();
    if (lower === 'trailer') out.push(name, value);
    if (HOP_BY_HOP.has(lower) || lower.startsWith('kith-') || named?.has(lower)) continue;
    if (lower === 'x-content-type-options' || lower === 'cross-origin-resource-policy') continue;
    if (from === 'peer' && isForbiddenToPeers(lower, prefix)) continue;
    isKept ||= lower === 'cache-control';
    out.push(name, lower === 'location' || lower === 'content-location' ? here(value, sentHost, prefix) : value);
  }
  // A web app that says nothing of caches says it of pages that hold no documents: a browser keeps none of them.
  if (!isKept) out.push('cache-control', GUARDED_ANSWER['cache-control']);
  out.push('x-content-type-options', 'nosniff', 'cross-origin-resource-policy', 'same-origin');
  if (prefix !== undefined) out.push('content-security-policy', 'sandbox');
  return out;
}

/** A peer must not change what the browser keeps for this machine: cookies, stored data, service workers, HTTPS rules. */
function isForbiddenToPeers(lower: string, prefix: string | undefined): boolean {
  if (lower === 'set-cookie' || lower === 'clear-site-data' || lower === 'strict-transport-security') return true;
  if (lower === 'alt-svc' || lower === 'nel' || lower === 'report-to') return true;
  if (prefix === undefined) return false;
  return (
    lower === 'service-worker-allowed' || lower === 'content-security-policy' || lower.startsWith('access-control-')
  );
}

function here(location: string, sentHost: string, prefix = ''): string {
  const same = /^https?:\/\/([^/?#]*)(.*)$/i.exec(location);
  if (same && same[1]?.toLowerCase() !== sentHost.toLowerCase()) return location;
  const path = same ? same[2] || '/' : location;
  return path.startsWith('/') && !path.startsWith('//') ? `${prefix}${path}` : path;
}

/** Field names listed in `Connection`, which therefore end here; undefined where there is none to look for. */
function namedByConnection(raw: RawHeaders): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if ((raw[i] as string).length !== 10 || (raw[i] as string).toLowerCase() !== 'connection') continue;
    for (const token of (raw[i + 1] as string).split(',')) {
      const name = token.trim().toLowerCase();
      if (name === '' || name === 'close' || name === 'keep-alive') continue;
      named ??= new Set();
      named.add(name);
    }
  }
  return named;
}
