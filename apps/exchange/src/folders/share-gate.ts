import { parse } from 'node:path';
import { isWithin } from '../drives/is-within.ts';
import type { OwnData } from '../tree/own-data.ts';
import { secretReason } from '../tree/secrets.ts';

/** A folder as it was found: its real path, and which one it is. */
export interface AskedFolder {
  readonly real: string;
  readonly identity: string;
}

/** Belongs to the machine, its users' passwords and running programs with it. */
const OF_THE_SYSTEM = ['/proc', '/sys', '/dev', '/etc', '/boot', '/private/etc', '/System', '/var/db'];
const OF_WINDOWS = /^[a-z]:\\(windows|programdata|\$recycle\.bin)(\\|$)/i;

/**
 * The one gate of every share, whoever names it: page, command line, setting, or the list of a start before; asked again
 * whenever the folder is looked at, for a link may lead somewhere else by then. Says why it may not be shared, and what
 * to do; undefined where it may. `also` as in ShareRules.
 */
export function refusalOf(folder: AskedFolder, ownData: OwnData, also: readonly string[] = []): string | undefined {
  const { real, identity } = folder;
  if (real === parse(real).root) return 'That is the whole disk: share the folders that are meant for others.';
  if (isWithin(real, ownData.real) || identity === ownData.identity) {
    return 'That folder holds this node’s own data, keys too: share another one.';
  }
  if (OF_THE_SYSTEM.some((place) => isWithin(real, place)) || OF_WINDOWS.test(real)) {
    return 'That folder belongs to the system of this machine: share a folder of documents.';
  }
  const secret = also.includes('') ? undefined : secretOnTheWay(real);
  if (secret === undefined) return undefined;
  return `That folder is known to hold ${secret}: share another one. If it is meant to be shared with all that is in it, name it twice: kith share FOLDER --also .`;
}

/** A folder of secrets that holds this one, or is it. */
function secretOnTheWay(real: string): string | undefined {
  const parts = real.slice(parse(real).root.length).split(/[\\/]/);
  return parts
    .map((_, i) => secretReason(`${parts.slice(0, i + 1).join('/')}/`))
    .find((reason) => reason !== undefined);
}
