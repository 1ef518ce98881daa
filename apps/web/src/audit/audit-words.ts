import type { AuditEntry } from '@kith/wire';
import { count } from '../format/count.ts';

const WORDS: Readonly<Record<string, string>> = {
  searched: 'searched for',
  listed: 'looked through the list of documents',
  looked: 'looked at',
  read: 'read',
  fetched: 'fetched',
  more: 'so often that it was only counted',
  stranger: 'came without being a node: was shown nothing',
  not_trusted_by_peer: 'asked without being trusted',
  peer_blocked: 'asked although blocked',
  owner_unproven: 'came from this computer without proving to be its owner:',
  not_the_owner: 'asked for what is the owner’s alone',
  wrong_host: 'used a foreign name for this node',
  wrong_origin: 'came from a page of another site',
  forbidden: 'asked for what is not given',
  too_many_requests: 'asked too often',
  pairing_failed: 'failed at pairing',
};

/** One entry in words, without who it was. A sentence of the node itself stands for itself. */
export function auditWords({ kind, what, text, count: times }: AuditEntry): string {
  if (kind === 'security') return text ?? what;
  const words = [WORDS[what] ?? what, text].filter((part) => part !== undefined && part !== '').join(' ');
  return times > 1 ? `${words}, ${times} times` : words;
}

/** What a peer did, counted: `12 searches, 3 documents fetched`. */
export function usesSentence(uses: Readonly<Record<string, number>>): string {
  const parts: string[] = [];
  const { searched = 0, fetched = 0, read = 0, looked = 0, listed = 0 } = uses;
  if (searched > 0) parts.push(count(searched, 'search', 'searches'));
  if (read + looked > 0) parts.push(`${count(read + looked, 'look')} into documents`);
  if (fetched > 0) parts.push(count(fetched, 'download'));
  if (parts.length === 0 && listed > 0) parts.push('looked through the list');
  return parts.join(', ');
}
