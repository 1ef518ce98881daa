import { randomBytes } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { isIP } from 'node:net';
import { hostPort } from '@kith/net';
import { codeOf } from '@kith/service';
import { type NodeId, PINGBACK_MAX_BYTES } from '@kith/wire';
import { CONNECT_MS, HEADER_BYTES, PROBE_MS } from '../config.ts';
import type { Place } from './candidates.ts';
import { judgeAnswer, judgeFailure, other, type ProbeAnswer } from './probe-answer.ts';

export type Probed = ProbeAnswer & {
  /** Milliseconds from the first packet to the judgement. */
  readonly tookMs: number;
};

export interface ProbeOptions {
  readonly selfId: NodeId;
  /** Address to call from, or undefined for the one that the route gives. */
  readonly localAddress: string | undefined;
  readonly monotonic: () => number;
}

/** What one call may have of its own. */
export interface OneProbe {
  /** Ask the other to look back at us. */
  readonly look?: boolean;
  readonly withinMs?: number;
  readonly signal?: AbortSignal;
}
export type Probe = (place: Place, one?: OneProbe) => Promise<Probed>;

/**
 * Makes the pingback call. It resolves within PROBE_MS whatever the other does: no redirect is followed, nothing is
 * decompressed, at most 4 KiB are read. It never rejects.
 */
export function createProbe({ selfId, localAddress, monotonic }: ProbeOptions): Probe {
  return async (place, { look = false, withinMs = PROBE_MS, signal } = {}) => {
    const nonce = randomBytes(16).toString('base64url');
    const startedAt = monotonic();
    const answer = await call(place, {
      path: `/?nonce=${nonce}${look ? '&look=1' : ''}`,
      localAddress: localAddress !== undefined && isIP(localAddress) === isIP(place.address) ? localAddress : undefined,
      question: { nonce, address: place.address, selfId },
      withinMs,
      signal,
    });
    return { ...answer, tookMs: monotonic() - startedAt };
  };
}

interface Call {
  path: string;
  localAddress: string | undefined;
  question: Parameters<typeof judgeAnswer>[1];
  withinMs: number;
  signal: AbortSignal | undefined;
}

function call({ address, pingbackPort }: Place, options: Call): Promise<ProbeAnswer> {
  const { path, localAddress, question, withinMs, signal } = options;
  return new Promise((resolve) => {
    const asked = request({
      host: address,
      port: pingbackPort,
      path,
      agent: false,
      maxHeaderSize: HEADER_BYTES,
      headers: { host: hostPort(address, pingbackPort), accept: 'application/json', connection: 'close' },
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    const finish = (answer: ProbeAnswer) => {
      clearTimeout(whole);
      clearTimeout(connecting);
      signal?.removeEventListener('abort', onAbort);
      asked.destroy();
      resolve(answer);
    };
    // What came in while this process was busy is read before the time counts as over.
    const late = (what: string) => () => setImmediate(() => finish(other('silent', what)));
    const whole = setTimeout(late('no whole answer in time'), withinMs);
    const connecting = setTimeout(late('no answer in time'), Math.min(CONNECT_MS, withinMs));
    const onAbort = () => finish(other('silent', 'the call was given up'));
    signal?.addEventListener('abort', onAbort, { once: true });
    asked.on('socket', (socket) => socket.once('connect', () => clearTimeout(connecting)));
    asked.on('error', (error) => finish(judgeFailure(codeOf(error), error.message)));
    asked.on('response', (answer) => readAnswer(answer, question, finish));
    // A switch of protocols is no answer either; without a listener the socket would stay open.
    asked.on('upgrade', () => finish(other('other-service', 'it wants to speak another protocol')));
    asked.end();
    if (signal?.aborted) onAbort();
  });
}

function readAnswer(answer: IncomingMessage, question: Call['question'], finish: (answer: ProbeAnswer) => void): void {
  const status = answer.statusCode ?? 0;
  const problem = unreadable(answer);
  if (problem !== undefined) {
    finish(other('other-service', `HTTP ${status}: ${problem}`));
    return;
  }
  const contentType = answer.headers['content-type'];
  const parts: Buffer[] = [];
  let size = 0;
  answer.on('data', (part: Buffer) => {
    size += part.length;
    if (size > PINGBACK_MAX_BYTES) finish(other('other-service', `HTTP ${status}: an answer without end`));
    else parts.push(part);
  });
  answer.on('error', (error) => finish(judgeFailure(codeOf(error), error.message)));
  answer.on('end', () => finish(judgeAnswer({ status, contentType, body: Buffer.concat(parts).toString() }, question)));
}

/** Why the body is not worth reading, judged by the head alone. */
function unreadable({ statusCode = 0, headers }: IncomingMessage): string | undefined {
  const { location = '?', 'content-encoding': encoding, 'content-length': length } = headers;
  if (statusCode >= 300 && statusCode < 400) return `it sends elsewhere (${location})`;
  if (encoding !== undefined && encoding !== 'identity') return `its answer is compressed (${encoding})`;
  return Number(length ?? 0) > PINGBACK_MAX_BYTES ? `an answer of ${length} bytes` : undefined;
}
