import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { checkCommitment, checkNumber, codeProof, type PairingKey } from '@kith/identity';
import { COMPARISON_STEP_MS } from '@kith/membership';
import type { Clock } from '@kith/service';
import { GATEWAY_API, type NodeId } from '@kith/wire';
import { Client } from 'undici';
import type { z } from 'zod';
import { exporterOf } from './exporter.ts';
import {
  codeMessageSchema,
  commitAnswerSchema,
  knockAnswerSchema,
  PAIRING_BODY_LIMIT,
  revealAnswerSchema,
  sayAnswerSchema,
} from './pairing-messages.ts';

/** The other side refused a message of the exchange, or answered it wrongly. */
export class PairingRefusedError extends Error {
  readonly code = 'pairing_refused';
  /** HTTP status of the refusal; 0 where the answer was no refusal, but not right. */
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface PairingCallOptions {
  readonly self: NodeId;
  readonly peer: NodeId;
  readonly socket: TLSSocket;
  readonly clock: Clock;
}

/** What this side says to a peer, on one TLS connection to it; the caller closes it. */
export function createPairingCall({ self, peer, socket, clock }: PairingCallOptions) {
  let isTaken = false;
  const closing = new AbortController();
  const client = new Client(`https://${peer}.invalid`, {
    // The proof is bound to this connection: a second one is never opened.
    connect: (_options, done) => {
      const isOpen = !isTaken && !socket.destroyed;
      isTaken = true;
      // undici loses a request whose connection is there before `connect` returns.
      setImmediate(() =>
        isOpen ? done(null, socket) : done(new PairingRefusedError(0, 'the connection was closed'), null),
      );
    },
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: PAIRING_BODY_LIMIT,
    allowH2: false,
  });

  async function close(): Promise<void> {
    closing.abort();
    socket.destroy();
    await client.destroy();
  }

  async function say<T>(what: string, message: object, answer: z.ZodType<T>): Promise<T> {
    const answered = new AbortController();
    const signal = AbortSignal.any([answered.signal, closing.signal]);
    clock.sleep(COMPARISON_STEP_MS, signal).then(close, () => {});
    try {
      const { statusCode, body } = await client.request({
        method: 'POST',
        path: `${GATEWAY_API}/pairing/${what}`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
      });
      const text = await body.text();
      if (statusCode !== 200) throw new PairingRefusedError(statusCode, `${what} was answered with ${statusCode}`);
      const parsed = answer.safeParse(JSON.parse(text));
      if (!parsed.success) throw new PairingRefusedError(0, `the answer to ${what} is not right`);
      return parsed.data;
    } finally {
      answered.abort();
    }
  }

  return {
    /** Tells that this node's owner has opened the comparison; whether the other has, too. */
    knock: async () => (await say('knock', {}, knockAnswerSchema)).open,
    /** Commit, then reveal; returns the six digits that the other side now has too. */
    async check(): Promise<string> {
      const mine = { id: self, nonce: randomBytes(32).toString('base64url') };
      const { nonce } = await say('commit', { commitment: checkCommitment(mine) }, commitAnswerSchema);
      try {
        await say('reveal', { nonce: mine.nonce }, revealAnswerSchema);
      } catch (error) {
        // Whatever the other side says of it now: it knows the number.
        throw new PairingRefusedError(0, `broken off after the commitment: ${(error as Error).message}`);
      }
      return checkNumber(mine, { id: peer, nonce });
    },
    async tellSame(same: boolean): Promise<void> {
      await say('say', { same }, sayAnswerSchema);
    },
    /** Whether the other side has the same pairing code. It learns nothing from this if it has not. */
    async proveCode(key: PairingKey): Promise<boolean> {
      const exporter = exporterOf(socket);
      const message = { proof: codeProof(key, { from: self, to: peer, exporter }) };
      const { proof } = await say('code', message, codeMessageSchema);
      return timingSafeEqual(Buffer.from(proof), Buffer.from(codeProof(key, { from: peer, to: self, exporter })));
    },
    close,
  };
}
export type PairingCall = ReturnType<typeof createPairingCall>;
