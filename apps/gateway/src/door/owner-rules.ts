import { isIP } from 'node:net';
import { isLoopback, plainAddress } from '@kith/net';
import { isFromAnotherSite, isPageOpening, ServiceError } from '@kith/service';
import { HEADER_PAGE, isOpenPagePath } from '@kith/wire';

export interface OwnerRequest {
  readonly method: string;
  /** Request target. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Address at which the connection arrived. */
  readonly localAddress: string | undefined;
  readonly upgrade: boolean;
  /** Names from KITH_HOSTS, in lower case. */
  readonly hosts: readonly string[];
  /** Whether the web app is Kith's own page, which says of each of its requests that it is. */
  readonly hasOwnPage: boolean;
  /** Whether the address carried a right pass, which only the page can have got. */
  readonly hasPass: boolean;
}

/**
 * What a browser on this machine must show before its request counts as the owner's: a Host that can only be meant for
 * this node (against DNS rebinding), and that it was no page of another site that made it ask, which would learn from
 * whether an answer came, or start something. Such a page may do one thing: open this node's page, as a page of its own.
 * Programs send neither `Origin` nor `Sec-Fetch-Site` and are let through. Returns the label in `<label>.localhost`, if
 * that is the Host; throws `wrong_host` or `wrong_origin`.
 */
export function ownerRules(request: OwnerRequest): { label: string | undefined } {
  const host = request.headers.host;
  const name = typeof host === 'string' ? hostName(host) : undefined;
  if (name === undefined || host === undefined) throw wrongHost();
  const label = name.endsWith('.localhost') ? name.slice(0, -'.localhost'.length) : undefined;
  if (label === undefined && !isOwnName(name, request)) throw wrongHost();
  mustBeFromHere(request, String(host).toLowerCase());
  if (label === undefined) mustSaySo(request);
  return { label };
}

/** The name in a Host header, in lower case, without port and brackets; undefined where it is malformed. */
export function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/.exec(host.toLowerCase());
  return match?.[1] ?? match?.[2];
}

function isOwnName(name: string, { localAddress, hosts }: OwnerRequest): boolean {
  if (name === 'localhost' || hosts.includes(name)) return true;
  return isIP(name) !== 0 && (isLoopback(name) || plainAddress(name) === plainAddress(localAddress));
}

function mustBeFromHere(request: OwnerRequest, host: string): void {
  const { headers, target } = request;
  const opensPage = isPageOpening(request) && !request.upgrade && target.split('?', 1)[0] === '/';
  if (isFromAnotherSite(headers) && !opensPage) throw wrongOrigin();
  const origin = headers.origin;
  if (origin === undefined) return;
  if (origin !== `http://${host}` && origin !== `https://${host}`) throw wrongOrigin();
}

/**
 * Browsers leave Fetch Metadata out where the name is not this machine's for sure, such as its address in the LAN: there
 * the page says itself that it asks, in a field that no other site can make a browser send.
 */
function mustSaySo({ headers, target, hasOwnPage, hasPass }: OwnerRequest): void {
  if (!hasOwnPage || hasPass || headers['sec-fetch-site'] !== undefined || headers[HEADER_PAGE] !== undefined) return;
  const isBrowser = String(headers['user-agent'] ?? '').startsWith('Mozilla/');
  if (isBrowser && !isOpenPagePath(target.split('?', 1)[0] ?? '')) throw wrongOrigin();
}

const wrongHost = () =>
  new ServiceError(
    'wrong_host',
    'This node does not answer under this name. Open it as http://localhost, or list the name in KITH_HOSTS.',
  );
const wrongOrigin = () =>
  new ServiceError(
    'wrong_origin',
    'A page of another site may not ask for this: open this node’s own page, and do it there.',
  );
