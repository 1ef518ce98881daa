import { type ComparisonView, comparisonViewSchema, type PeerView, peerViewSchema } from '@kith/wire';
import type { Api } from '../ask/api.ts';
import { askPerson, canAsk } from '../output/ask-person.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import { plainLine } from '../output/plain-text.ts';
import type { Cli } from '../output/surroundings.ts';

export interface TrustOptions {
  readonly number?: string;
  readonly withoutComparing?: boolean;
}
const POLL_MS = 300;

/** Compares numbers with the owner of a peer, which both open, and trusts it if they are the same; returns what was done. */
export async function trustPeer(cli: Cli, api: Api, text: string, options: TrustOptions): Promise<string> {
  const peer = await api.get(pathOf(text), peerViewSchema);
  const isDone = peer.trust === 'trusted' && peer.trustedBy === 'owner' && peer.pairing === 'trusted';
  if (isDone) return `${shown(peer)} is trusted already.`;
  for (const warning of peer.warnings) cli.terminal.note(`! ${plainLine(warning)}`);
  if (options.withoutComparing) {
    await api.send('POST', `${pathOf(peer.id)}/trust`, { trust: 'trusted' }, peerViewSchema);
    return `${shown(peer)} is trusted, although no number was compared: it may search and fetch what this node shares.`;
  }
  if (options.number === undefined && !canAsk(cli)) {
    throw new CliError(
      EXIT.usage,
      'This wants an answer from a person, and this is no terminal. Say --number with the digits that its owner sees, or --without-comparing to trust it unseen.',
    );
  }
  const path = `${pathOf(peer.id)}/comparison`;
  await api.send('POST', path, {}, comparisonViewSchema);
  try {
    const number = await bothHaveIt(cli, api, peer);
    const isSame = options.number === undefined ? await askForIt(cli, peer, number) : digits(options.number) === number;
    if (!isSame) return await differ(api, peer, number, options.number);
    return said(peer, await api.send('POST', `${path}/answer`, { same: true, number }, comparisonViewSchema));
  } catch (error) {
    if (cli.signal.aborted) await api.send('DELETE', path).catch(() => {});
    throw error;
  }
}

/** Waits until the other owner has opened the comparison, too; returns the number that both then have. */
async function bothHaveIt(cli: Cli, api: Api, peer: PeerView): Promise<string> {
  for (let isTold = false; ; ) {
    const { open, last } = await api.get('/_kith/comparison', comparisonViewSchema);
    if (open?.peer.id !== peer.id) {
      throw new CliError(EXIT.failed, last?.message ?? `The comparison with ${shown(peer)} was ended elsewhere.`);
    }
    if (open.number !== undefined) return open.number;
    if (!isTold) {
      cli.terminal.note(
        `Waiting for the owner of ${shown(peer)}, who must open the comparison within two minutes, too: “Compare” on their page, or peers trust with the name of this node.`,
      );
      isTold = true;
    }
    await new Promise((done) => setTimeout(done, POLL_MS));
    cli.signal.throwIfAborted();
  }
}

/** The number of the other side, from the person; false where they say that it is another one. */
async function askForIt(cli: Cli, peer: PeerView, number: string): Promise<boolean> {
  cli.terminal.line(`This node shows ${spaced(number)}.`);
  for (;;) {
    const answer = await askPerson(cli, `Which number does ${shown(peer)} show? Type it, or “different”: `);
    if (/^\s*different\s*$/i.test(answer)) return false;
    if (digits(answer) === number) return true;
    cli.terminal.note('That is not the number of this node. Look once more; if they really differ, type “different”.');
  }
}

/** A script that gives another number may be wrong; a person who says “different” has looked at both. */
async function differ(api: Api, peer: PeerView, number: string, given: string | undefined): Promise<string> {
  const path = `${pathOf(peer.id)}/comparison`;
  const advice = 'Somebody may stand between the two';
  if (given !== undefined) {
    await api.send('DELETE', path);
    const message = `The numbers differ: this node computed ${spaced(number)}. ${advice}: do not trust ${shown(peer)}.`;
    throw new CliError(EXIT.failed, message);
  }
  await api.send('POST', `${path}/answer`, { same: false }, comparisonViewSchema);
  throw new CliError(EXIT.failed, `${advice}: ${shown(peer)} is blocked.`);
}

function said(peer: PeerView, view: ComparisonView | undefined): string {
  const trusted = `${shown(peer)} is trusted: it may search and fetch what this node shares.`;
  return view?.last?.end === 'same' ? trusted : `${trusted} Its owner has not said “the same” yet.`;
}

const pathOf = (peer: string) => `/_kith/peers/${encodeURIComponent(peer)}`;
const shown = (peer: PeerView) => `${plainLine(peer.name)} (${peer.shortId})`;
const digits = (text: string) => text.replaceAll(/\D/g, '');
const spaced = (number: string) => number.replace(/^(\d{3})(\d{3})$/, '$1 $2');
