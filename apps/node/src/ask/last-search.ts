import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings, sharedSettings } from '@kith/service';
import { documentSummarySchema, holderSchema, type SearchPage } from '@kith/wire';
import { z } from 'zod';
import { CliError, EXIT } from '../output/exit-codes.ts';
import type { Cli } from '../output/surroundings.ts';

/** The last search's results, so that `kith get 3` means its third one. */
const lastSearchSchema = z.object({
  query: z.string(),
  results: z.array(documentSummarySchema.extend({ holders: z.array(holderSchema) })),
});
export type KnownDocument = z.infer<typeof lastSearchSchema>['results'][number];

function pathOf(cli: Cli): string {
  const { dataDirectory } = readSettings({ dataDirectory: sharedSettings.dataDirectory }, cli.env);
  return join(dataDirectory, 'last-search.json');
}

/** A convenience: where it cannot be kept, nothing else suffers. */
export async function keepSearch(cli: Cli, page: SearchPage): Promise<void> {
  const path = pathOf(cli);
  try {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    await writeFile(path, JSON.stringify(lastSearchSchema.parse(page)), { mode: 0o600 });
  } catch {
    // Another user's data directory, or a full disk.
  }
}

/** The results of the last search; none where there was no search. */
export async function lastResults(cli: Cli): Promise<KnownDocument[]> {
  try {
    return lastSearchSchema.parse(JSON.parse(await readFile(pathOf(cli), 'utf8'))).results;
  } catch {
    return [];
  }
}

/**
 * The document that a person means: a number of the last search's results, a hash, or the beginning of one (8 characters
 * or more) from the last search. Only the hash is known of one that was not in it.
 */
export async function chosenDocument(
  cli: Cli,
  text: string,
): Promise<Pick<KnownDocument, 'hash'> & Partial<KnownDocument>> {
  const results = await lastResults(cli);
  const lower = text.toLowerCase();
  if (/^\d{1,3}$/.test(text)) {
    const result = results[Number(text) - 1];
    if (result) return result;
    throw new CliError(
      EXIT.notFound,
      `The last search has ${results.length} result(s), so there is no number ${text}.`,
    );
  }
  const found = /^[0-9a-f]{8,64}$/.test(lower) ? results.filter(({ hash }) => hash.startsWith(lower)) : [];
  if (found[0] && found.length === 1) return found[0];
  if (/^[0-9a-f]{64}$/.test(lower)) return { hash: lower };
  throw new CliError(
    EXIT.usage,
    `${JSON.stringify(text)} is no document. Accepted: the number of a result of the last search, or a document's hash (64 hexadecimal characters; 8 are enough for one of the last search).`,
  );
}
