import type { Coverage } from '@kith/wire';
import type { Part } from '../format/sentence.ts';
import { when } from '../format/when.ts';

/** One sentence that says what became of a node which did not answer. */
export function coverageReason({ name: said, self, status, lastSeenAt, message }: Coverage, now: number): Part[] {
  const name: Part = self ? 'This node' : { name: said };
  const its = self ? 'its own documents' : 'its documents';
  switch (status) {
    case 'answered':
      return [];
    case 'asking':
      return [name, ' has not answered yet.'];
    case 'away':
      return [
        name,
        lastSeenAt ? ` is away since ${when(lastSeenAt, { now })}` : ' is away',
        `: ${its} were not searched.`,
      ];
    case 'timed-out':
      return [name, ` did not answer in time: ${its} were not searched.`];
    case 'unreachable':
      return [name, ` could not be reached: ${its} were not searched.`];
    case 'not-trusted-there':
      return [name, ' does not trust this node yet: ask its owner to compare the number and press Trust.'];
    case 'other-version':
      return [name, ' runs another version of Kith: its answer cannot be compared with the others.'];
    case 'index-away':
      return [name, ` cannot search at the moment: ${its} were not searched.`];
    case 'broken-answer':
      return [name, ` gave an answer that cannot be used${message ? ` (${message.replace(/\.$/, '')})` : ''}.`];
  }
}
