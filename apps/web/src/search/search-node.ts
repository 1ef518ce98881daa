import { SEARCH_EVENT, type SearchPage, searchPageSchema } from '@kith/wire';
import { readEvents } from '../http/read-events.ts';
import { send } from '../http/request.ts';
import { errorFrom, parsed, RequestError } from '../http/request-error.ts';
import type { SearchRequest } from '../results/search-state.ts';

/** Where searches are asked: the owner's exchange, or the one node that a visitor looks at. */
export type SearchSource = (request: SearchRequest, signal: AbortSignal) => AsyncIterable<SearchPage>;

/** Asks the owner's exchange: the answer so far, again and again as peers answer, until it is final. */
export async function* searchNode({ text, prefix, scope, limit }: SearchRequest, signal: AbortSignal) {
  const query = new URLSearchParams({ q: text, scope, limit: String(limit) });
  if (prefix) query.set('prefix', '1');
  const { body } = await send(`/api/search?${query}`, { accept: 'text/event-stream', signal });
  if (!body) throw cut();
  for await (const { type, data } of readEvents(body)) {
    if (type === SEARCH_EVENT.failed) throw errorFrom(500, data);
    if (type !== SEARCH_EVENT.results && type !== SEARCH_EVENT.done) continue;
    const page = searchPageSchema.safeParse(parsed(data));
    if (!page.success) throw new RequestError(200, 'broken_answer', 'The search gave an answer that cannot be read.');
    yield page.data;
    if (type === SEARCH_EVENT.done) return;
  }
  throw cut();
}

const cut = () => new RequestError(0, 'network', 'The search was cut off before its end. Press Enter to search again.');
