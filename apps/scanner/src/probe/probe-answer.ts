import { verifyPingback } from '@kith/identity';
import { cleanDetail, type DeviceAnswer } from '@kith/membership';
import { type NodeId, type PingbackReply, PROTOCOL_VERSION, pingbackReplySchema } from '@kith/wire';
import { z } from 'zod';

/** What an address said. Only `peer` and `self` carry a reply, and only they were verified. */
export type ProbeAnswer =
  | { readonly answer: 'peer' | 'self'; readonly reply: PingbackReply }
  | { readonly answer: Exclude<DeviceAnswer, 'peer' | 'self' | 'unprobed'>; readonly detail: string };

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}
export interface Question {
  readonly nonce: string;
  readonly address: string;
  readonly selfId: NodeId;
}

const anyVersion = z.object({ kith: z.unknown() });

/** Judges a whole HTTP answer. Never throws; whatever is not a proven pingback is a device with its reason. */
export function judgeAnswer({ status, contentType, body }: HttpAnswer, question: Question): ProbeAnswer {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (status !== 200 || type !== 'application/json') {
    const shown = body
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    return other('other-service', `HTTP ${status}${type ? `, ${type}` : ''}${shown ? `: ${shown}` : ''}`);
  }
  const json = parseJson(body);
  const marked = anyVersion.safeParse(json);
  if (!marked.success || marked.data.kith === undefined)
    return other('other-service', `JSON of something else: ${body}`);
  if (marked.data.kith !== PROTOCOL_VERSION) {
    return other(
      'other-version',
      `it speaks version ${JSON.stringify(marked.data.kith)}, this node ${PROTOCOL_VERSION}`,
    );
  }
  const parsed = pingbackReplySchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return other('broken-protocol', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a pingback'}`);
  }
  const verdict = verifyPingback(parsed.data, question);
  if (verdict !== 'ok') return other('wrong-signature', VERDICT_SENTENCES[verdict]);
  return { answer: parsed.data.id === question.selfId ? 'self' : 'peer', reply: parsed.data };
}

const VERDICT_SENTENCES = {
  'wrong-id': 'the id is not that of the key',
  'wrong-signature': 'the signature does not hold',
  'wrong-nonce': 'an answer to another question: somebody passes on an old one',
  'wrong-address': 'an answer for another address: somebody passes on another node’s',
} as const;

/** Judges a call that brought no whole HTTP answer. */
export function judgeFailure(code: string | undefined, message: string): ProbeAnswer {
  if (code === 'ECONNREFUSED') return other('refused', 'nothing listens on the pingback port');
  if (code !== undefined && SILENT.has(code)) return other('silent', SILENT_SENTENCES[code] ?? code);
  if (code === 'ECONNRESET' || code === 'EPIPE') return other('other-service', 'it closed the connection');
  return other('other-service', `it does not speak HTTP: ${message}`);
}

/** Nobody is there, or nobody says anything; also where this machine itself has no way to the address. */
const SILENT = new Set([
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
]);
const SILENT_SENTENCES: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'no way to this host: it is gone, or this system forbids the program to use the local network',
  ENETUNREACH: 'no way to this network',
  EACCES: 'this system’s firewall forbids the call',
  EPERM: 'this system’s firewall forbids the call',
};

export function other(answer: Exclude<ProbeAnswer['answer'], 'peer' | 'self'>, detail: string): ProbeAnswer {
  return { answer, detail: cleanDetail(detail) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
