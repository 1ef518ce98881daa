import { checkAnswer, type Query } from '@kith/documents';
import { codeOf, type ErrorCode, isErrorCode } from '@kith/service';
import {
  ANALYSER_VERSION,
  type COVERAGE_STATUS,
  errorBodySchema,
  HEADER_KEY,
  HEADER_ROLE,
  type NodeId,
  PEERS_PREFIX,
  type PeerSearchAnswer,
  type PeerSearchRequest,
  peerSearchAnswerSchema,
} from '@kith/wire';
import type { Dispatcher } from 'undici';
import { ANSWER_MAX_BYTES } from '../config.ts';
import { fitsStated } from './stated-count.ts';

/** What became of one question to one peer. */
export type PeerOutcome =
  | { readonly status: 'answered'; readonly answer: PeerSearchAnswer }
  | {
      readonly status: Exclude<(typeof COVERAGE_STATUS)[number], 'answered' | 'asking' | 'away'>;
      readonly message: string;
    };

export interface AskPeerOptions {
  /** The own gateway. */
  readonly gateway: Dispatcher;
  readonly internalKey: string;
  readonly query: Query;
  readonly request: PeerSearchRequest;
  /** How many documents the peer stated over its own connection, where it did. */
  readonly stated?: number | undefined;
  /** Aborted with reason TIMED_OUT when the time is over; with anything else when nobody waits any more. */
  readonly signal: AbortSignal;
}
export const TIMED_OUT = new Error('the peer took too long');

/** Asks one peer, through the own gateway, and believes nothing of what comes back that is not checked. Never rejects. */
export async function askPeer(id: NodeId, options: AskPeerOptions): Promise<PeerOutcome> {
  const { gateway, internalKey, request, signal } = options;
  try {
    const { statusCode, body } = await gateway.request({
      method: 'POST',
      path: `${PEERS_PREFIX}/${id}/api/peer/search`,
      headers: {
        [HEADER_KEY]: internalKey,
        [HEADER_ROLE]: 'service',
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(request),
      signal,
    });
    const text = await readBounded(body);
    if (text === undefined) return broken('its answer is longer than 1 MiB');
    return statusCode === 200 ? readAnswer(text, options) : readRefusal(statusCode, text);
  } catch (error) {
    if (signal.reason === TIMED_OUT) return { status: 'timed-out', message: 'It did not answer in time.' };
    const code = codeOf(error);
    if (code?.startsWith('HPE_') || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return broken('it is no HTTP');
    return { status: 'unreachable', message: 'This node’s own gateway did not pass the question on.' };
  }
}

async function readBounded(body: Dispatcher.ResponseData['body']): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    // Leaving the loop destroys the body: the rest is never read.
    if (size > ANSWER_MAX_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function readAnswer(text: string, { query, stated }: Pick<AskPeerOptions, 'query' | 'stated'>): PeerOutcome {
  const json = parseJson(text);
  const version = (json as { analyser?: unknown } | null | undefined)?.analyser;
  if (typeof version === 'number' && version !== ANALYSER_VERSION) return otherVersion;
  const parsed = peerSearchAnswerSchema.safeParse(json);
  if (!parsed.success) return broken('its answer has not the agreed form');
  const { documents } = parsed.data;
  if (!fitsStated(documents, stated)) {
    return broken(`it counts ${documents} documents and states ${stated}`);
  }
  const problem = checkAnswer(query, parsed.data);
  return problem === undefined ? { status: 'answered', answer: parsed.data } : broken(problem);
}

const otherVersion: PeerOutcome = {
  status: 'other-version',
  message: 'It counts words by another version: run the same version of Kith on both nodes.',
};
const broken = (why: string): PeerOutcome => ({
  status: 'broken-answer',
  message: `Its answer cannot be used: ${why}.`,
});

/** Codes that the peer, its gateway or ours answer with, and what they mean here. */
const REFUSALS: Readonly<Partial<Record<ErrorCode, PeerOutcome>>> = {
  not_trusted_by_peer: { status: 'not-trusted-there', message: 'Its owner has not trusted this node yet.' },
  peer_blocked: { status: 'not-trusted-there', message: 'Its owner has blocked this node.' },
  peer_not_trusted: { status: 'not-trusted-there', message: 'It is not trusted here any more.' },
  other_version: otherVersion,
  index_away: { status: 'index-away', message: 'Its index is away just now.' },
  too_many_requests: { status: 'unreachable', message: 'It has too many searches to answer just now.' },
  wrong_peer: { status: 'unreachable', message: 'Another node answers at its address.' },
  peer_away: { status: 'unreachable', message: 'It cannot be reached.' },
  peer_unreachable: { status: 'unreachable', message: 'It cannot be reached.' },
  stopping: { status: 'unreachable', message: 'It is stopping.' },
  upstream_timeout: { status: 'timed-out', message: 'It did not answer in time.' },
  upstream_unreachable: { status: 'unreachable', message: 'Its gateway answers, but its exchange does not run.' },
  upstream_broke: { status: 'broken-answer', message: 'Its answer broke off.' },
};

/** Only the code is believed; the peer's own words never reach the page. */
function readRefusal(status: number, text: string): PeerOutcome {
  const body = errorBodySchema.safeParse(parseJson(text));
  const code = body.success ? body.data.error : undefined;
  const known = isErrorCode(code) ? REFUSALS[code] : undefined;
  if (known) return known;
  if (status === 504) return { status: 'timed-out', message: 'It did not answer in time.' };
  return status >= 500
    ? { status: 'unreachable', message: `It answered with error ${status}.` }
    : broken(`it answered ${status}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
