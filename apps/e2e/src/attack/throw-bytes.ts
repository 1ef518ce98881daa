import { connect, type Socket } from 'node:net';
import { type SecureContext, connect as tlsConnect } from 'node:tls';
import type { Random } from '@kith/testing';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** Speaks TLS with this certificate; without it the bytes go as they are. */
  readonly as?: SecureContext;
  /** Milliseconds after which this end breaks off by itself, where the other may wait for more. */
  readonly breaksOffAfter?: number;
}

/** What became of one connection. */
export interface Thrown {
  /** The first bytes of the answer, at most 512. */
  readonly answer: Buffer;
  /** The other end kept the connection although this one had said all and nothing came. */
  readonly hung: boolean;
}

/** As long as a service may take its time over a request that was cut off: longer than any of its own limits. */
const HUNG_MS = 25_000;

/** Throws bytes at a port, says that this was all, and waits for the first answer or the end. */
export function throwBytes(target: Target, pieces: readonly Buffer[], localAddress?: string): Promise<Thrown> {
  return new Promise((resolve) => {
    const bare = connect({ host: target.host, port: target.port, ...(localAddress ? { localAddress } : {}) });
    const socket: Socket = target.as
      ? tlsConnect({ socket: bare, secureContext: target.as, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
      : bare;
    let answer = Buffer.alloc(0);
    let hung = false;
    const timer = setTimeout(() => {
      hung = answer.length === 0 && target.breaksOffAfter === undefined;
      bare.resetAndDestroy();
    }, target.breaksOffAfter ?? HUNG_MS);
    for (const one of new Set([bare, socket])) one.on('error', () => {});
    bare.once('close', () => {
      clearTimeout(timer);
      resolve({ answer, hung });
    });
    socket.on('data', (part: Buffer) => {
      if (answer.length === 0) setTimeout(() => bare.destroy(), 30);
      answer = Buffer.concat([answer, part]).subarray(0, 512);
    });
    socket.once(target.as ? 'secureConnect' : 'connect', () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
  });
}

/** Any address of this machine itself, as of many hosts. */
export const anyLoopback = (random: Random): string =>
  `127.${100 + random.int(100)}.${random.int(256)}.${2 + random.int(252)}`;
