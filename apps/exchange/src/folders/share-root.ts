import { codeOf } from '@kith/service';
import type { RootFound } from '../drives/drive-calls.ts';
import { systemAdvice } from '../reading/system-advice.ts';

/** A shared folder is not there just now; the message tells the owner what to do. */
export class AwayError extends Error {
  readonly code = 'share_away';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'The folder is not there: connect its drive or put it back; its documents come back by themselves.',
  ENOTDIR: 'There is no folder at this path any more: put it back, or stop sharing it.',
  ETIMEDOUT: 'The drive does not answer: check that it is connected; its documents come back by themselves.',
  document_away: 'The folder is looked at again in a moment.',
};

export interface RequireFolderOptions {
  /** As it was before, where it was there. */
  readonly before: RootFound | undefined;
  readonly hasFiles: () => Promise<boolean>;
}

/**
 * Looks at a shared folder; throws AwayError where it is not there. An empty folder in place of one with files is taken
 * for the mount point of a drive that was taken out, unless it is the very folder that was there `before`: then its
 * owner has emptied it. What was shared stays listed until the folder is back or is no longer shared.
 */
export async function requireFolder(
  find: () => Promise<RootFound>,
  { before, hasFiles }: RequireFolderOptions,
): Promise<RootFound> {
  const found = await find().catch((error: unknown) => {
    throw awayFor(error);
  });
  if (!found.isFolder) throw new AwayError(REASONS.ENOTDIR);
  if (before?.identity === found.identity) return found;
  if (found.isEmpty && (await hasFiles())) throw new AwayError(EMPTY);
  return found;
}

/** What the owner is told of a folder that could not be read. */
export function awayFor(error: unknown): AwayError {
  const code = codeOf(error) ?? '';
  const advice = code === '' ? 'The folder cannot be read: see the log.' : systemAdvice(code, 'The folder');
  return new AwayError(REASONS[code] ?? advice, { cause: error });
}

const EMPTY =
  'The folder is empty, though files of it were shared: connect its drive. If you emptied it on purpose, stop sharing it.';
