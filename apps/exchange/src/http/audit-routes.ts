import type { PeerStore } from '@kith/membership';
import { type AuditLevel, type Clock, parse, readAudit } from '@kith/service';
import { type AuditEntry, type AuditPage, type AuditPeers, auditRequestSchema, type NodeId } from '@kith/wire';
import type { FastifyInstance } from 'fastify';

export interface AuditRoutesOptions {
  readonly dataDirectory: string;
  readonly level: AuditLevel;
  readonly peers: PeerStore;
  readonly clock: Clock;
}

/** How long what each peer did is not counted again, in ms: the page asks for it with every change. */
const COUNTS_MS = 5_000;

/** `/api/audit` and `/api/audit/peers`, for the owner alone. */
export async function auditRoutes(app: FastifyInstance, options: AuditRoutesOptions): Promise<void> {
  const { dataDirectory, level, peers, clock } = options;
  const isOn = level !== 'off';
  let counted: { at: number; answer: Promise<AuditPeers> } | undefined;

  app.get('/api/audit', async (request, reply): Promise<AuditPage> => {
    const { kind, peer, before, limit } = parse(auditRequestSchema, request.query, 'The query');
    const all = await readAudit(dataDirectory, kind && [kind]);
    const wanted = all.filter((one) => (peer === undefined || one.peer === peer) && one.at < (before ?? Infinity));
    const entries = firstOf(wanted, limit);
    const names = await namesOf(peers);
    const named = entries.map((entry) => {
      const name = entry.peer && names.get(entry.peer);
      return name === undefined ? entry : { ...entry, name };
    });
    const next = entries.length < wanted.length ? entries.at(-1)?.at : undefined;
    reply.header('cache-control', 'no-store');
    return { isOn, entries: named, ...(next === undefined ? {} : { next }) };
  });

  app.get('/api/audit/peers', async (_request, reply): Promise<AuditPeers> => {
    const now = clock.monotonic();
    if (!counted || now - counted.at > COUNTS_MS) {
      counted = { at: now, answer: readAudit(dataDirectory, ['use', 'refused']).then((all) => countsOf(all, isOn)) };
    }
    reply.header('cache-control', 'no-store');
    return counted.answer;
  });
}

/** A page of at least `limit`; what was written in one moment is on one page, for a page ends at a moment. */
function firstOf(entries: readonly AuditEntry[], limit: number): readonly AuditEntry[] {
  const last = entries[limit - 1]?.at;
  return last === undefined ? entries : entries.filter(({ at }) => at >= last);
}

function countsOf(entries: readonly AuditEntry[], isOn: boolean): AuditPeers {
  const peers = new Map<NodeId, { peer: NodeId; uses: Record<string, number>; refused: number; lastAt: number }>();
  for (const { peer, kind, what, count, at } of entries) {
    if (peer === undefined) continue;
    const known = peers.get(peer) ?? { peer, uses: {}, refused: 0, lastAt: at };
    peers.set(peer, known);
    if (kind === 'refused') known.refused += count;
    else known.uses[what] = (known.uses[what] ?? 0) + count;
  }
  return { isOn, peers: [...peers.values()] };
}

/** As they are called now; a store that is away costs only the names. */
async function namesOf(peers: PeerStore): Promise<Map<NodeId, string>> {
  const all = await peers.listPeers().catch(() => []);
  return new Map(all.map(({ id, name }) => [id, name]));
}
