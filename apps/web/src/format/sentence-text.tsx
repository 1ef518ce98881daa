import { Fragment } from 'react';
import type { Part } from './sentence.ts';

/** A sentence whose names are isolated, so that a right-to-left name leaves the rest in order. */
export function SentenceText({ parts }: { readonly parts: readonly Part[] }) {
  return parts.map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have no other identity than their place
    <Fragment key={i}>{typeof part === 'string' ? part : <bdi className="name">{part.name}</bdi>}</Fragment>
  ));
}
