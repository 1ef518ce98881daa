import type { IncomingMessage } from 'node:http';
import { plainAddress } from '@kith/net';
import { type AuditNote, codeOf } from '@kith/service';
import type { NodeId } from '@kith/wire';

/** Codes of those who ask for what they may not have; everything else is a mistake, not an attempt. */
const REFUSALS = new Set([
  'owner_unproven',
  'forbidden',
  'not_the_owner',
  'wrong_host',
  'wrong_origin',
  'not_trusted_by_peer',
  'peer_blocked',
  'too_many_requests',
]);

/** What is written down of a request that was not let in; undefined where that is nothing to remember. */
export function refusalNote(
  request: IncomingMessage,
  { error, peer }: { error: unknown; peer: NodeId | undefined },
): AuditNote | undefined {
  const code = typeof error === 'string' ? error : codeOf(error);
  if (code === undefined || (typeof error !== 'string' && !REFUSALS.has(code))) return undefined;
  const address = plainAddress(request.socket.remoteAddress);
  const who = { ...(peer === undefined ? {} : { peer }), ...(address === undefined ? {} : { address }) };
  return { kind: 'refused', what: code, ...who, text: `${request.method} ${pathOf(request)}` };
}

/** Without the query, which may hold what somebody has searched for. */
const pathOf = ({ url = '' }: IncomingMessage) => (url.split('?', 1)[0] ?? '').slice(0, 100);
