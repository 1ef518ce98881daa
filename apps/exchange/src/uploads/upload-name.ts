import type { FileCatalogue } from '@kith/documents';
import type { DocumentHash } from '@kith/wire';
import { UPLOAD_SOURCE } from '../index/ledger.ts';
import { cleanLabel } from '../reading/clean-label.ts';

/** A name that came from outside, as text: without folders, never empty. Browsers write `"` as %22 in a form. */
export function uploadName(given: string): string {
  const last = given.replaceAll('%22', '"').slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
  return cleanLabel(last) || 'unnamed';
}

/** The name, or the first one with a number that no upload of another content has, nor any in `taken`. */
export async function freeUploadName(
  files: Pick<FileCatalogue, 'getFile'>,
  { name, hash, taken }: { name: string; hash: DocumentHash | undefined; taken?: ReadonlySet<string> },
): Promise<string> {
  for (let n = 1; ; n++) {
    const path = n === 1 ? name : numbered(name, n);
    if (taken?.has(path)) continue;
    const known = await files.getFile(UPLOAD_SOURCE, path);
    // One without a hash has lost its bytes: whatever comes under its name takes its place.
    if (known?.hash === undefined || known.hash === hash) return path;
  }
}

function numbered(name: string, n: number): string {
  const dot = name.lastIndexOf('.');
  const at = dot > 0 ? dot : name.length;
  return `${name.slice(0, Math.min(at, 280))} (${n})${name.slice(at).slice(0, 12)}`;
}
