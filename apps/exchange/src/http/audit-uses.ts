import type { AuditTrail } from '@kith/service';
import { type AUDIT_USES, documentHashSchema } from '@kith/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf } from './access.ts';

/** What a peer does by each of the routes that are open to it. */
const USES: Readonly<Record<string, (typeof AUDIT_USES)[number]>> = {
  'POST /api/peer/search': 'searched',
  'GET /api/documents': 'listed',
  'GET /api/documents/:hash': 'looked',
  'GET /api/documents/:hash/text': 'read',
  'GET /api/documents/:hash/content': 'fetched',
};

const names = new WeakMap<FastifyRequest, string>();
const searchSchema = z.object({ query: z.string() });

/** For the audit trail: how the document is called that is asked for. */
export function nameForAudit(request: FastifyRequest, name: string): void {
  names.set(request, name);
}

/**
 * Writes down what peers are given, when the answer begins: whoever breaks off before its end had the most of it. To be
 * added before the routes.
 */
export function auditUses(app: FastifyInstance, audit: AuditTrail): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const what = USES[`${request.method} ${request.routeOptions.url}`];
    if (what !== undefined && reply.statusCode < 300) noteUse(request, { audit, what });
    done(null, payload);
  });
}

function noteUse(
  request: FastifyRequest,
  { audit, what }: { audit: AuditTrail; what: (typeof AUDIT_USES)[number] },
): void {
  const { peer } = askerOf(request);
  if (peer === undefined) return;
  const document = documentHashSchema.safeParse((request.params as { hash?: unknown }).hash).data;
  const text = what === 'searched' ? searchSchema.safeParse(request.body).data?.query : names.get(request);
  const named = text === undefined ? {} : { text };
  audit.note({ kind: 'use', what, peer, ...named, ...(document === undefined ? {} : { document }) });
}
