import { mergeAnswers, parseQuery } from '@kith/documents';
import { ANALYSER_VERSION, type NodeId, nodeIdSchema, peerSearchAnswerSchema, type SearchPage } from '@kith/wire';
import { getJson } from '../http/request.ts';
import type { SearchSource } from '../search/search-node.ts';

/** A visitor's page knows no id of the node it looks at, and needs none: there is one holder. */
const VISITED: NodeId = nodeIdSchema.parse('a'.repeat(52));

/** Searches the one node that a visiting peer looks at, with the question that peers ask each other. */
export function searchVisited(name: string): SearchSource {
  return async function* ({ text, prefix, limit }, signal): AsyncGenerator<SearchPage> {
    const started = performance.now();
    const query = parseQuery(text, { prefix });
    const body = { analyser: ANALYSER_VERSION, query: text, prefix, limit };
    const answer = await getJson('/api/peer/search', peerSearchAnswerSchema, { method: 'POST', body, signal });
    const holder = { id: VISITED, name, self: true };
    const tookMs = performance.now() - started;
    const { matches, documents } = answer;
    yield {
      query: text,
      final: true,
      results: mergeAnswers(query, [{ holder: VISITED, answer }], limit).map((one) => ({ ...one, holders: [holder] })),
      matches,
      documents,
      coverage: [{ ...holder, status: 'answered', ms: tookMs, documents, matches }],
      tookMs,
    };
  };
}
