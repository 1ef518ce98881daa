import type { SearchPage } from '@kith/wire';
import { isComplete } from '../coverage/coverage-sentence.ts';
import { count } from '../format/count.ts';

export interface NoResults {
  readonly title: string;
  readonly advice: string;
  /** Nothing was left out: the words are not there. */
  readonly certain: boolean;
}

/** Whether "no result" means that there is none, or that not everything was searched. */
export function noResultsSentence({ coverage, documents }: Pick<SearchPage, 'coverage' | 'documents'>): NoResults {
  const nodes = coverage.filter(({ status }) => status === 'answered').length;
  const searched = `${count(documents, 'document')} on ${count(nodes, 'node')}`;
  if (!isComplete(coverage)) {
    return {
      title: `Not found in what could be searched: ${searched}.`,
      advice: 'It may still be on a node that did not answer. Search again when that node is back.',
      certain: false,
    };
  }
  if (documents === 0) {
    return {
      title: 'There is nothing to search yet.',
      advice: 'Share a folder, or drop files anywhere on this page. Trusted peers’ documents are searched too.',
      certain: true,
    };
  }
  return {
    title: `Nothing matches. Everything was searched: ${searched}.`,
    advice: 'Try fewer words, or the beginning of a word. “Quotation marks” keep words together, -word leaves one out.',
    certain: true,
  };
}
