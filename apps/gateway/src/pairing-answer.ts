import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { CODE_PROOF_EXPORTER, checkCommitment, checkNumber, codeProof, type PairingKey } from '@kith/identity';
import type { PeerStore } from '@kith/membership';
import { plainAddress } from '@kith/net';
import { type Clock, parse, ServiceError } from '@kith/service';
import type { NodeId } from '@kith/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decisionOf } from './decision.ts';
import type { KnownPeers } from './known-peers.ts';
import type { PairingDecisions } from './pairing-decisions.ts';
import { codeMessageSchema, commitRequestSchema, PAIRING_BODY_LIMIT, revealRequestSchema } from './pairing-messages.ts';
import { createTries } from './tries.ts';

export interface PairingAnswerOptions {
  readonly self: NodeId;
  readonly pairingKey: PairingKey | undefined;
  readonly known: KnownPeers;
  readonly peers: PeerStore;
  readonly decisions: PairingDecisions;
  readonly clock: Clock;
  readonly pingbackPort: number;
}

/** Between commit and reveal, in milliseconds. */
const REVEAL_WITHIN_MS = 10_000;
const MAX_OPEN = 64;
/**
 * Each exchange gives somebody in the middle one chance in a million that two owners see the same number, so they are
 * counted: a peer needs one, and a few more after crashes.
 */
const TRIES = { perKey: 10, inAll: 240, windowMs: 3_600_000 } as const;

/** Answers the peers that begin an exchange. Every one of them has shown its key on this very connection. */
export async function pairingAnswer(app: FastifyInstance, options: PairingAnswerOptions) {
  const { self, pairingKey, known, peers, decisions, clock, pingbackPort } = options;
  const open = new Map<NodeId, { nonce: string; commitment: string; at: number }>();
  const checks = createTries({ clock, ...TRIES });
  const proofs = createTries({ clock, ...TRIES });
  const bodyLimit = PAIRING_BODY_LIMIT;

  app.post('/commit', { bodyLimit }, async (request) => {
    const id = await asker(request);
    const { commitment } = parse(commitRequestSchema, request.body, 'The commitment');
    if (!checks.take(id)) throw tooMany();
    const nonce = randomBytes(32).toString('base64url');
    open.delete(id);
    open.set(id, { nonce, commitment, at: clock.monotonic() });
    const [oldest] = open.keys();
    if (open.size > MAX_OPEN && oldest !== undefined) open.delete(oldest);
    return { nonce };
  });

  app.post('/reveal', { bodyLimit }, async (request) => {
    const id = await asker(request);
    const { nonce } = parse(revealRequestSchema, request.body, 'The nonce');
    const begun = open.get(id);
    open.delete(id);
    if (!begun || clock.monotonic() - begun.at > REVEAL_WITHIN_MS) {
      throw new ServiceError('bad_request', 'There is no commitment to this nonce, or it is too old: begin again.');
    }
    if (checkCommitment({ id, nonce }) !== begun.commitment) {
      throw new ServiceError('bad_request', 'This nonce is not the one that was committed to.');
    }
    await decisions.keepCheck(id, checkNumber({ id, nonce }, { id: self, nonce: begun.nonce }));
    return {};
  });

  app.post('/code', { bodyLimit }, async (request) => {
    const id = await asker(request);
    const { proof } = parse(codeMessageSchema, request.body, 'The proof');
    if (!proofs.take(id)) throw tooMany();
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

export function exporterOf(socket: TLSSocket): Buffer {
  const { length, label } = CODE_PROOF_EXPORTER;
  return socket.exportKeyingMaterial(length, label, Buffer.alloc(0));
}

const tooMany = () => new ServiceError('too_many_requests', 'Too many exchanges with this peer: try again in an hour.');
