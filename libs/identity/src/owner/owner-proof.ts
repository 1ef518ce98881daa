import { release } from 'node:os';
import { OwnerToken } from './owner-token.ts';
import { type Connection, SocketUids } from './socket-uid.ts';

export interface OwnerProofOptions {
  readonly dataDirectory: string;
  /** Further uids that count as the owner; `none`: no uid does, not even the node's own. */
  readonly ownerUids: readonly number[] | 'none';
  /** For tests. */
  readonly socketUids?: Pick<SocketUids, 'ofOtherEnd'>;
}

/** A connection of this process: what is found out about it is kept for as long as it lasts. */
type Socket = Connection & { readonly destroyed: boolean };

/** As this user namespace reads ids that it cannot map (user_namespaces(7)); on the whole machine it is `nobody`. */
const UNMAPPED_UID = 65534;

/** Virtual machines that pass on what other users of the computer around them ask, all as the root of theirs. */
const RELAYING_KERNEL = /linuxkit|microsoft/i;

/**
 * Who on this computer is the owner: whoever the kernel says runs as the node's own user or as root, and whoever shows
 * the token. What cannot be found out is not the owner.
 */
export class OwnerProof {
  readonly token: OwnerToken;
  /** Whether the kernel's word counts here at all; where it does not, only the token does. */
  readonly trustsKernel: boolean;
  readonly #uids: ReadonlySet<number>;
  readonly #socketUids: Pick<SocketUids, 'ofOtherEnd'>;
  readonly #known = new WeakMap<Socket, boolean | Promise<boolean>>();

  constructor({ dataDirectory, ownerUids, socketUids = new SocketUids() }: OwnerProofOptions) {
    this.token = new OwnerToken(dataDirectory);
    this.#socketUids = socketUids;
    const own = process.geteuid?.();
    this.trustsKernel =
      process.platform === 'linux' && own !== undefined && ownerUids !== 'none' && !RELAYING_KERNEL.test(release());
    const uids = this.trustsKernel && own !== undefined && ownerUids !== 'none' ? [own, 0, ...ownerUids] : [];
    this.#uids = new Set(uids.filter((uid) => uid !== UNMAPPED_UID));
  }

  /** Looked up once a connection; from then on known at once. */
  byKernel(socket: Socket): boolean | Promise<boolean> {
    if (!this.trustsKernel) return false;
    const known = this.#known.get(socket);
    if (known !== undefined) return known;
    const looking = this.#look(socket);
    this.#known.set(socket, looking);
    return looking;
  }

  async #look(socket: Socket): Promise<boolean> {
    const uid = await this.#socketUids.ofOtherEnd(socket);
    // What was closed before the table was read is noticed by now: its ports may have been another program's there.
    await new Promise(setImmediate);
    const isOwner = uid !== undefined && this.#uids.has(uid) && !socket.destroyed;
    this.#known.set(socket, isOwner);
    return isOwner;
  }

  /** `authorization`: the header field as it came. */
  async byToken(authorization: string | undefined): Promise<boolean> {
    const text = bearerOf(authorization);
    return text !== undefined && (await this.token.matches(text));
  }

  /** Either of the two. */
  async has(socket: Socket, authorization: string | undefined): Promise<boolean> {
    return (await this.byKernel(socket)) || (await this.byToken(authorization));
  }
}

/** What follows `Bearer` in an `Authorization` field. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +([\x21-\x7e]{1,512}) *$/i.exec(authorization ?? '')?.[1];
}
