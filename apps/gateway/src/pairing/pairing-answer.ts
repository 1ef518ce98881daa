import { timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { codeProof, type PairingKey } from '@kith/identity';
import type { PeerStore } from '@kith/membership';
import { plainAddress } from '@kith/net';
import { type Clock, parse, ServiceError } from '@kith/service';
import type { NodeId } from '@kith/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decisionOf } from '../forward/decision.ts';
import type { KnownPeers } from '../known-peers.ts';
import type { CodeDecisions } from './code-decisions.ts';
import type { ComparisonDesk } from './comparison-desk.ts';
import { exporterOf } from './exporter.ts';
import {
  codeMessageSchema,
  commitRequestSchema,
  knockRequestSchema,
  PAIRING_BODY_LIMIT,
  revealRequestSchema,
  sayRequestSchema,
} from './pairing-messages.ts';
import { createTries } from './tries.ts';

export interface PairingAnswerOptions {
  readonly self: NodeId;
  readonly pairingKey: PairingKey | undefined;
  readonly known: KnownPeers;
  readonly peers: PeerStore;
  readonly decisions: CodeDecisions;
  readonly comparisons: ComparisonDesk;
  readonly clock: Clock;
  readonly pingbackPort: number;
}

/** A peer needs one proof, and a few more after crashes; whoever tries codes is stopped. */
const TRIES = { perKey: 10, inAll: 240, windowMs: 3_600_000 } as const;

/** Answers the peers that begin an exchange. Every one of them has shown its key on this very connection. */
export async function pairingAnswer(app: FastifyInstance, options: PairingAnswerOptions) {
  const { self, pairingKey, known, peers, decisions, comparisons, clock, pingbackPort } = options;
  const proofs = createTries({ clock, ...TRIES });
  const bodyLimit = PAIRING_BODY_LIMIT;

  app.post('/knock', { bodyLimit }, async (request) => {
    const id = await asker(request);
    parse(knockRequestSchema, request.body, 'The knock');
    return { open: await comparisons.knocked(id) };
  });
  app.post('/commit', { bodyLimit }, async (request) => {
    const id = await asker(request);
    const { commitment } = parse(commitRequestSchema, request.body, 'The commitment');
    return { nonce: comparisons.committed(id, commitment, request.raw.socket) };
  });
  app.post('/reveal', { bodyLimit }, async (request) => {
    const id = await asker(request);
    const { nonce } = parse(revealRequestSchema, request.body, 'The nonce');
    comparisons.revealed(id, nonce, request.raw.socket);
    return {};
  });
  app.post('/say', { bodyLimit }, async (request) => {
    const id = await asker(request);
    comparisons.otherSaid(id, parse(sayRequestSchema, request.body, 'The answer').same);
    return {};
  });

  app.post('/code', { bodyLimit }, async (request) => {
    const id = await asker(request);
    const { proof } = parse(codeMessageSchema, request.body, 'The proof');
    if (!proofs.take(id)) {
      throw new ServiceError('too_many_requests', 'Too many exchanges with this peer: try again in an hour.');
    }
    const exporter = exporterOf(request.raw.socket as TLSSocket);
    const expected = pairingKey && codeProof(pairingKey, { from: id, to: self, exporter });
    if (!pairingKey || !expected || !timingSafeEqual(Buffer.from(proof), Buffer.from(expected))) {
      throw new ServiceError('forbidden', 'This node was not started with that pairing code.');
    }
    // Proved both ways even if the owner has decided otherwise: what this node then does about it is its own affair.
    if (decisions.codeMayDecide(id)) await decisions.trustByCode(id);
    return { proof: codeProof(pairingKey, { from: self, to: id, exporter }) };
  });

  /** The peer of this connection, once the scanner has verified it too; until then it is told to come again. */
  async function asker(request: FastifyRequest): Promise<NodeId> {
    const { plan } = decisionOf(request.raw);
    if (plan.kind !== 'pairing') throw new ServiceError('forbidden', 'Only peers pair with this node.');
    if (known.get(plan.from)) return plan.from;
    const address = plainAddress(request.raw.socket.remoteAddress);
    if (address === undefined) throw new ServiceError('bad_request', 'The connection was closed.');
    await peers.noteCandidate({ address, pingbackPort, source: 'asked' });
    throw new ServiceError('not_verified_yet', 'This node has not looked at yours yet: try again in a moment.');
  }
}
