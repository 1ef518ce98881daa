import type { estypes } from '@elastic/elasticsearch';
import { ANALYSER_VERSION } from '@kith/wire';

/** One index of ours as it should be: a new `version` makes a new index, filled from the old one. */
export interface IndexPlan {
  readonly name: 'documents' | 'files';
  readonly version: string;
  readonly mappings: estypes.MappingTypeMapping;
  /** A kept source in the present form. */
  readonly renew: (source: Record<string, unknown>) => Record<string, unknown>;
}

/** Kept in the source only. */
const kept = { type: 'text', index: false } as const;

/**
 * `s` is the analyser's stream, split at spaces and nothing else; it is not kept in the source, since it follows from
 * title and text. Only the server core's features are used (`whitespace`, keyword, numbers).
 */
export const documentsPlan = (renew: IndexPlan['renew']): IndexPlan => ({
  name: 'documents',
  version: `1-${ANALYSER_VERSION}`,
  mappings: {
    dynamic: 'strict',
    _source: { excludes: ['s'] },
    properties: {
      s: { type: 'text', analyzer: 'whitespace' },
      len: { type: 'integer' },
      hash: { type: 'keyword' },
      modifiedAt: { type: 'long' },
      size: { type: 'long', index: false, doc_values: false },
      title: kept,
      name: kept,
      mediaType: kept,
      text: kept,
    },
  },
  renew,
});

/** Files and folders of the catalogue. `pathKey` is the path in UTF-16BE, in hexadecimal: it sorts as the port says. */
export const filesPlan: IndexPlan = {
  name: 'files',
  version: '1',
  mappings: {
    dynamic: 'strict',
    properties: {
      kind: { type: 'keyword' },
      id: { type: 'keyword' },
      source: { type: 'keyword' },
      pathKey: { type: 'keyword' },
      path: kept,
      size: { type: 'long', index: false, doc_values: false },
      modifiedMs: { type: 'double', index: false, doc_values: false },
      hash: { type: 'keyword' },
      addedAt: { type: 'double' },
      state: { type: 'keyword' },
      problem: kept,
    },
  },
  renew: (source) => source,
};

/** One shard: a node's documents fit one many times over, and its term statistics are then whole. */
export const INDEX_SETTINGS: estypes.IndicesIndexSettings = {
  number_of_shards: 1,
  auto_expand_replicas: '0-1',
  // Every write is followed by a refresh of our own; this one is for what a killed writer left.
  refresh_interval: '5s',
};
