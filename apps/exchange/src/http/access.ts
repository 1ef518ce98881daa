import { createHash, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '@kith/service';
import { HEADER_KEY, HEADER_PEER, HEADER_ROLE, type NodeId, nodeIdSchema, type Role } from '@kith/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask this route; the owner alone where nothing is said. */
    roles?: readonly Role[];
  }
}

/** Who is asking, as the gateway said beside the right key. */
export interface Asker {
  readonly role: Role;
  /** The peer's id where the role is `peer`. */
  readonly peer?: NodeId | undefined;
}

/** For orchestrators, which have no key; they tell nothing of the node's content. */
const OPEN = new Set(['/healthz', '/readyz']);
const OWNER_ONLY: readonly Role[] = ['owner'];

/** Lets only the own gateway in, and each role only where the route says so. To be added before the routes. */
export function requireAccess(app: FastifyInstance, internalKey: string): void {
  const expected = digest(internalKey);
  app.addHook('onRequest', async (request) => {
    if (OPEN.has(request.url)) return;
    const key = request.headers[HEADER_KEY];
    // Digests have one length, so that the comparison takes the same time whatever was sent.
    if (!timingSafeEqual(digest(typeof key === 'string' ? key : ''), expected)) {
      throw new ServiceError(
        'forbidden',
        'Only this node’s own gateway may ask here: open the gateway’s port instead.',
      );
    }
    const { role } = askerOf(request);
    const roles = request.routeOptions.config?.roles ?? OWNER_ONLY;
    if (!roles.includes(role)) {
      throw new ServiceError('not_the_owner', 'Only the owner of this node may do that.');
    }
  });
}

/** Role and peer of a request that `requireAccess` let in. */
export function askerOf(request: FastifyRequest): Asker {
  const role = request.headers[HEADER_ROLE];
  if (role === 'owner' || role === 'service' || role === 'anybody') return { role };
  const peer = nodeIdSchema.safeParse(request.headers[HEADER_PEER]);
  if (role === 'peer' && peer.success) return { role, peer: peer.data };
  throw new ServiceError('forbidden', 'The request does not say who is asking: open the gateway’s port instead.');
}

const digest = (text: string) => createHash('sha256').update(text).digest();
