import type { Share } from '@kith/wire';
import { count } from '../format/count.ts';

export interface ShareText {
  readonly text: string;
  readonly tone: 'busy' | 'good' | 'bad';
}

/** How far a shared folder is, in words. */
export function shareState({ state, files, failed, problem }: Share): ShareText {
  const found = count(files, 'file');
  if (state === 'unreadable' || state === 'refused')
    return { text: problem ?? 'The folder cannot be read.', tone: 'bad' };
  if (state === 'scanning') return { text: `Reading the folder: ${found} so far`, tone: 'busy' };
  if (failed > 0) return { text: `${found}, ${failed} of them could not be read; changes are followed`, tone: 'bad' };
  return { text: `${found}; changes are followed`, tone: 'good' };
}
