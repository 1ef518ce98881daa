import { type OwnerProof, renewOwnerToken } from '@kith/identity';
import { parse, ServiceError } from '@kith/service';
import {
  ENTER_FRAGMENT,
  type Entrance,
  type NodeId,
  PASS_PARAMETER,
  passRequestSchema,
  sessionRequestSchema,
  shortId,
} from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import type { OwnerSecrets } from '../door/owner-secrets.ts';
import { decisionOf } from '../forward/decision.ts';

export interface EntranceOptions {
  readonly self: NodeId;
  readonly owner: OwnerProof;
  readonly secrets: OwnerSecrets;
  readonly dataDirectory: string;
  /** Whether the web app is Kith's own page, which changes a link for a session. Any other is entered as a peer's is. */
  readonly hasOwnPage: boolean;
}

/** How a browser of the owner's gets in where the kernel does not know it (libs/wire/src/owner/entrance.ts). */
export async function entranceApi(app: FastifyInstance, options: EntranceOptions): Promise<void> {
  const { secrets, dataDirectory } = options;

  app.post('/entrance', async (request): Promise<Entrance> => {
    const { plan } = decisionOf(request.raw);
    const host = String(request.headers.host).toLowerCase();
    return entranceTo(host, plan.kind === 'api' && plan.isKnown, options);
  });
  app.post('/session', async ({ body }) => {
    const { once } = parse(sessionRequestSchema, body, 'The link');
    const session = await secrets.enter(once);
    if (session !== undefined) return { session };
    throw new ServiceError('owner_unproven', 'This link has been used, or is too old: `kith open` makes a new one.');
  });
  app.post('/pass', async ({ body }) => {
    const { url: text } = parse(passRequestSchema, body, 'The address');
    const url = new URL(text);
    const target = `${url.pathname}${url.search}`;
    const pass = await secrets.makePass(url.host, target);
    return { url: `${url.origin}${target}${url.search === '' ? '?' : '&'}${PASS_PARAMETER}=${pass}` };
  });
  app.post('/token/renew', async (_request, reply) => {
    await renewOwnerToken(dataDirectory);
    return reply.code(204).send();
  });
}

/** The page's addresses, for who calls this node `host`: by name where that is loopback, as people know it. */
export async function entranceTo(
  host: string,
  known: boolean,
  { self, secrets, hasOwnPage }: Pick<EntranceOptions, 'self' | 'secrets' | 'hasOwnPage'>,
  lifeMs?: number,
): Promise<Entrance> {
  const place = host.replace(/^(127\.0\.0\.1|\[::1\])(?=:|$)/, 'localhost');
  const page = `http://${place}/`;
  if (hasOwnPage) return { page, known, url: `${page}#${ENTER_FRAGMENT}${secrets.makeLink(lifeMs)}` };
  const port = /:\d+$/.exec(place)?.[0] ?? '';
  const own = `${shortId(self)}.localhost${port}`;
  return { page, known, url: `http://${own}/?${PASS_PARAMETER}=${await secrets.makePass(own, '/')}` };
}
