import type { IncomingMessage } from 'node:http';
import type { OwnerProof } from '@kith/identity';
import type { Asker, LocalAsker } from '../who-is-asking.ts';

/** Finds out whether somebody on this computer is the owner of the node. */
export class OwnerDoor {
  readonly #owner: OwnerProof;

  constructor(owner: OwnerProof) {
    this.#owner = owner;
  }

  /** At once for a connection whose user is known to be the owner; every other question takes a moment. */
  ask(request: IncomingMessage, { isProxied }: LocalAsker): Asker | Promise<Asker> {
    // A proxy's own user says nothing of who asks through it; only a token that was given to it on purpose does.
    const byKernel = isProxied ? false : this.#owner.byKernel(request.socket);
    return byKernel === true ? OWNER : this.#byMore(request, byKernel, isProxied);
  }

  async #byMore(request: IncomingMessage, byKernel: boolean | Promise<boolean>, isProxied: boolean): Promise<Asker> {
    if (await byKernel) return OWNER;
    if (await this.#owner.byToken(request.headers.authorization)) return OWNER;
    return isProxied ? { kind: 'stranger', why: 'proxied' } : { kind: 'somebody' };
  }
}

const OWNER: Asker = { kind: 'owner' };
