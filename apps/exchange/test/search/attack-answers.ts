import { HOSTILE_TEXTS, hostileValue, mutateBytes, mutateJson, type Random } from '@kith/testing';
import type { PeerSearchAnswer } from '@kith/wire';

/** A search answer as a peer sends it. */
export interface AnswerCase {
  readonly status: number;
  readonly body: Buffer;
}

/** An answer that fits a query of `clauses` clauses, each in every document of it. */
export function honestAnswer(random: Random, clauses: number): PeerSearchAnswer {
  const candidates = Array.from({ length: random.int(5) }, (_, i) => ({
    ...{ title: `Tide ${i}`, name: `tide-${i}.txt`, mediaType: 'text/plain', size: 4, modifiedAt: i },
    hash: random.bytes(32).toString('hex'),
    tf: Array.from({ length: clauses }, () => 1 + random.int(3)),
    length: 10 * clauses,
    snippet: { text: 'the tide', marks: [[4, 8]] as [number, number][] },
  }));
  const documents = candidates.length + random.int(9);
  const df = Array.from({ length: clauses }, () => candidates.length);
  return { analyser: 1, documents, totalLength: 1_000, df, matches: candidates.length, candidates };
}

/** An answer that is spoilt in its numbers and texts, in its bytes, or something else; or an error that says anything. */
export function makeAnswer(random: Random, clauses: number): AnswerCase {
  const right = honestAnswer(random, clauses);
  const sort = random.int(10);
  if (sort === 0) return { status: 200, body: Buffer.from(JSON.stringify(hostileValue(random))) };
  if (sort <= 2) return { status: 200, body: mutateBytes(random, Buffer.from(JSON.stringify(right))) };
  if (sort === 3) {
    const error = { error: random.pick([...HOSTILE_TEXTS, ...CODES]), message: random.pick(HOSTILE_TEXTS) };
    return {
      status: random.pick([201, 204, 302, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504, 599]),
      body: Buffer.from(JSON.stringify(mutateJson(random, error))),
    };
  }
  return { status: 200, body: Buffer.from(JSON.stringify(mutateJson(random, right))) };
}

const CODES = ['not_trusted_by_peer', 'peer_blocked', 'index_away', 'other_version', 'upstream_timeout'];
