import type { SearchPage } from '@kith/wire';

export interface SearchRequest {
  readonly text: string;
  /** While typing: the last word stands for all words that begin with it. */
  readonly prefix: boolean;
  readonly scope: 'all' | 'here';
  readonly limit: number;
}

export interface SearchState {
  readonly phase: 'idle' | 'asking' | 'done' | 'failed';
  /** The newest answer; while a new search has none yet, still that of the search before. */
  readonly page?: SearchPage;
  /** Whether `page` belongs to the search before. */
  readonly stale: boolean;
  readonly error?: string;
}

export type SearchStep =
  | { readonly kind: 'cleared' }
  | { readonly kind: 'asked' }
  | { readonly kind: 'answered'; readonly page: SearchPage }
  | { readonly kind: 'failed'; readonly message: string };

export const idleSearch: SearchState = { phase: 'idle', stale: false };

/** How an answer changes what the page shows. Old results stay until the first new ones are there. */
export function searchReducer(state: SearchState, step: SearchStep): SearchState {
  switch (step.kind) {
    case 'cleared':
      return idleSearch;
    case 'asked':
      return state.page ? { phase: 'asking', page: state.page, stale: true } : { phase: 'asking', stale: false };
    case 'answered':
      return { phase: step.page.final ? 'done' : 'asking', page: step.page, stale: false };
    case 'failed':
      if (state.page && !state.stale) return { ...state, phase: 'failed', error: step.message };
      return { phase: 'failed', stale: false, error: step.message };
  }
}
