import { createHash, timingSafeEqual } from 'node:crypto';
import { isLoopback, plainAddress } from '@kith/net';
import { HEADER_KEY, type NodeId } from '@kith/wire';

/** Who sent a request, by what cannot be forged: the key of the connection, the internal key, or a proof of the owner. */
export type Asker =
  /**
   * `isKnown`: by the kernel; otherwise they showed a secret. `hasPass`: the address itself carried a right pass. `visit`:
   * the cookie with which a browser goes on at this host.
   */
  | { readonly kind: 'owner'; readonly isKnown: boolean; readonly hasPass?: true; readonly visit?: string }
  /** On this computer, and has not shown to be the owner. */
  | { readonly kind: 'somebody' }
  | { readonly kind: 'service' }
  | { readonly kind: 'peer'; readonly id: NodeId }
  /** `proxied`: plain HTTP from this machine that came through another proxy, so from anybody. */
  | { readonly kind: 'stranger'; readonly why: 'from-the-lan' | 'proxied' | 'wrong-key' };

/** Plain HTTP from this computer: who it is, is still to be found out. */
export interface LocalAsker {
  readonly kind: 'local';
  /** It came through another proxy, so from anybody. */
  readonly isProxied: boolean;
}

export interface AskingFacts {
  /** Id of the TLS connection's certificate; undefined for plain HTTP. */
  readonly peer: NodeId | undefined;
  readonly remoteAddress: string | undefined;
  readonly localAddress: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What another proxy in front of this port adds; with it, "from this machine" says nothing about who asks. */
const PROXY_HEADERS = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'];

/** Decides who is asking. A peer's connection is a peer's, whatever its headers say. */
export function createWhoIsAsking(internalKey: string): (facts: AskingFacts) => Asker | LocalAsker {
  const expected = digest(internalKey);
  return ({ peer, remoteAddress, localAddress, headers }) => {
    if (peer !== undefined) return { kind: 'peer', id: peer };
    const key = headers[HEADER_KEY];
    if (key !== undefined) {
      const right = typeof key === 'string' && timingSafeEqual(digest(key), expected);
      return right ? { kind: 'service' } : { kind: 'stranger', why: 'wrong-key' };
    }
    if (!isThisMachine(remoteAddress, localAddress)) return { kind: 'stranger', why: 'from-the-lan' };
    return { kind: 'local', isProxied: PROXY_HEADERS.some((name) => headers[name] !== undefined) };
  };
}

function isThisMachine(remoteAddress: string | undefined, localAddress: string | undefined): boolean {
  const remote = plainAddress(remoteAddress);
  return remote !== undefined && (isLoopback(remote) || remote === plainAddress(localAddress));
}

/** Hashed first, so that lengths are equal and the comparison takes the same time for every key. */
const digest = (text: string) => createHash('sha256').update(text).digest();
