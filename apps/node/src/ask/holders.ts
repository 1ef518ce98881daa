import { documentDetailSchema, peersViewSchema } from '@kith/wire';
import { CliError, EXIT } from '../output/exit-codes.ts';
import { plainLine } from '../output/plain-text.ts';
import type { Api } from './api.ts';
import type { KnownDocument } from './last-search.ts';

/** A node that may have a document, and where its API is. */
export interface Source {
  readonly name: string;
  /** Prefix of the API on the own gateway: empty for the own node. */
  readonly prefix: string;
}

/** Where to ask for a document: this node, then the holders that the search named, then all other trusted peers here. */
export async function sourcesOf(api: Api, document: Partial<KnownDocument>): Promise<Source[]> {
  const { peers } = await api.get('/_kith/peers', peersViewSchema);
  const usable = peers.filter(
    (peer) => peer.trust === 'trusted' && (peer.state === 'alive' || peer.state === 'suspect'),
  );
  const named = new Set(document.holders?.map(({ id }) => id));
  const ordered = [...usable.filter(({ id }) => named.has(id)), ...usable.filter(({ id }) => !named.has(id))];
  return [
    { name: 'this node', prefix: '' },
    ...ordered.map((peer) => ({ name: plainLine(peer.name), prefix: `/peers/${peer.id}` })),
  ];
}

export interface Holder extends Source {
  readonly fileName: string;
  readonly size: number;
}

/** The sources that say they have the document, in the same order; each is asked for its name and size. */
export async function* holdersOf(api: Api, hash: string, sources: readonly Source[]): AsyncGenerator<Holder> {
  let refused: CliError | undefined;
  let found = false;
  for (const source of sources) {
    try {
      const detail = await api.get(`${source.prefix}/api/documents/${hash}`, documentDetailSchema);
      if (detail.hash !== hash) continue;
      found = true;
      yield { ...source, fileName: detail.name, size: detail.size };
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode === EXIT.notRunning) throw error;
      if (error.exitCode !== EXIT.notFound) refused = error;
    }
  }
  if (!found) {
    const asked = sources.map(({ name }) => name).join(', ');
    throw new CliError(
      EXIT.notFound,
      `No node that can be asked now has this document (asked: ${asked}).${refused ? ` ${refused.message}` : ''}`,
    );
  }
}
