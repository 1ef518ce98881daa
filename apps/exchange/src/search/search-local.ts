import { type DocumentIndex, parseQuery } from '@kith/documents';
import { ServiceError } from '@kith/service';
import { ANALYSER_VERSION, CANDIDATES_PER_RESULT, type PeerSearchAnswer, type PeerSearchRequest } from '@kith/wire';
import { ANSWER_MAX_BYTES } from '../config.ts';

/** This node's part of a search: the same answer for its owner and for a peer. Throws `bad_query`. */
export function searchLocal(
  index: DocumentIndex,
  { query, prefix, limit }: Pick<PeerSearchRequest, 'query' | 'prefix' | 'limit'>,
): Promise<PeerSearchAnswer> {
  const parsed = parseQuery(query, { prefix });
  return index.search({ query: parsed, candidates: limit * CANDIDATES_PER_RESULT, snippets: limit });
}

/** A search that came from a peer. Throws `other_version` where the peer's words would be counted otherwise than ours. */
export async function answerPeer(index: DocumentIndex, request: PeerSearchRequest): Promise<PeerSearchAnswer> {
  if (request.analyser !== ANALYSER_VERSION) {
    throw new ServiceError(
      'other_version',
      `This node counts words by version ${ANALYSER_VERSION}: run the same version of Kith on both nodes.`,
    );
  }
  return fitAnswer(await searchLocal(index, request), ANSWER_MAX_BYTES);
}

/** An answer of at most `maxBytes` as JSON: snippets are left out from the end, then candidates. */
export function fitAnswer(answer: PeerSearchAnswer, maxBytes: number): PeerSearchAnswer {
  if (sizeOf(answer) <= maxBytes) return answer;
  const { candidates } = answer;
  let bytes = sizeOf({ ...answer, candidates: [] });
  const kept: PeerSearchAnswer['candidates'] = [];
  const bare = candidates.map(({ snippet, ...candidate }) => candidate);
  for (const candidate of bare) {
    const size = sizeOf(candidate) + 1;
    if (bytes + size > maxBytes) break;
    bytes += size;
    kept.push(candidate);
  }
  for (const [i, candidate] of kept.entries()) {
    const snippet = candidates[i]?.snippet;
    if (snippet === undefined) continue;
    bytes += sizeOf({ snippet });
    if (bytes > maxBytes) break;
    kept[i] = { ...candidate, snippet };
  }
  return { ...answer, candidates: kept };
}

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
