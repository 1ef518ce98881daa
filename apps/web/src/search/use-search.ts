import { useEffect, useReducer } from 'react';
import { isAbort, messageOf } from '../http/request-error.ts';
import { idleSearch, type SearchRequest, type SearchState, searchReducer } from '../results/search-state.ts';
import type { SearchSource } from './search-node.ts';

/** Runs the given search, takes back the one before, and gives what is known so far. Empty text searches nothing. */
export function useSearch(source: SearchSource, request: SearchRequest, round: number): SearchState {
  const [state, dispatch] = useReducer(searchReducer, idleSearch);
  const { text, prefix, scope, limit } = request;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round repeats the same search
  useEffect(() => {
    if (text.trim() === '') {
      dispatch({ kind: 'cleared' });
      return undefined;
    }
    const ended = new AbortController();
    dispatch({ kind: 'asked' });
    const run = async () => {
      for await (const page of source({ text, prefix, scope, limit }, ended.signal)) {
        if (ended.signal.aborted) return;
        dispatch({ kind: 'answered', page });
      }
    };
    run().catch((error: unknown) => {
      if (!ended.signal.aborted && !isAbort(error)) dispatch({ kind: 'failed', message: messageOf(error) });
    });
    return () => ended.abort();
  }, [source, text, prefix, scope, limit, round]);

  return state;
}
