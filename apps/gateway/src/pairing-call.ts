import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { checkCommitment, checkNumber, codeProof, type PairingKey } from '@kith/identity';
import { GATEWAY_API, type NodeId } from '@kith/wire';
import { Client } from 'undici';
import type { z } from 'zod';
import { exporterOf } from './pairing-answer.ts';
import { codeMessageSchema, commitAnswerSchema, PAIRING_BODY_LIMIT, revealAnswerSchema } from './pairing-messages.ts';

/** The other side refused a message of the exchange, or answered it wrongly. */
export class PairingRefusedError extends Error {
  readonly code = 'pairing_refused';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** An exchange that this side begins, on one TLS connection to the peer; the caller closes it. */
export function createPairingCall({ self, peer, socket }: { self: NodeId; peer: NodeId; socket: TLSSocket }) {
  let isTaken = false;
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
    headersTimeout: 10_000,
    bodyTimeout: 10_000,
    maxResponseSize: PAIRING_BODY_LIMIT,
    allowH2: false,
  });

  async function say<T>(what: string, message: object, answer: z.ZodType<T>): Promise<T> {
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
  }

  return {
    /** Commit, then reveal; returns the six digits that the other side now has too. */
    async check(): Promise<string> {
      const mine = { id: self, nonce: randomBytes(32).toString('base64url') };
      const { nonce } = await say('commit', { commitment: checkCommitment(mine) }, commitAnswerSchema);
      await say('reveal', { nonce: mine.nonce }, revealAnswerSchema);
      return checkNumber(mine, { id: peer, nonce });
    },
    /** Whether the other side has the same pairing code. It learns nothing from this if it has not. */
    async proveCode(key: PairingKey): Promise<boolean> {
      const exporter = exporterOf(socket);
      const message = { proof: codeProof(key, { from: self, to: peer, exporter }) };
      const { proof } = await say('code', message, codeMessageSchema);
      return timingSafeEqual(Buffer.from(proof), Buffer.from(codeProof(key, { from: peer, to: self, exporter })));
    },
    close: () => client.destroy(),
  };
}
