import { secretReason } from '../tree/secrets.ts';
import { badFolder } from './real-folder.ts';

/** What an owner has named, as ShareRules takes it; throws `bad_request` for what is not left out by its name. */
export function namedPaths(named: readonly string[]): string[] {
  return [...new Set(named.map(namedPath))];
}

function namedPath(given: string): string {
  const path = given
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '');
  if (path === '.' || path === '') return '';
  if (path.startsWith('/') || path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw badFolder(`Name what else is shared by its path in the folder, such as keys/server.pem: ${given} is none.`);
  }
  if (secretReason(path) ?? secretReason(`${path}/`)) return path;
  throw badFolder(`${given} is not left out for its name: see what is left out of the folder, and name that.`);
}
