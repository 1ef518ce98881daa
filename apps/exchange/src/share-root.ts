import { readdir, realpath, stat } from 'node:fs/promises';
import { systemAdvice } from './reading/system-advice.ts';

/** Where a shared folder really is, and which folder it is: another drive at the same place has other numbers. */
export interface RootState {
  readonly real: string;
  readonly dev: number;
  readonly ino: number;
}

/** A shared folder is not there just now; the message tells the owner what to do. */
export class AwayError extends Error {
  readonly code = 'share_away';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'The folder is not there: connect its drive or put it back; its documents come back by themselves.',
  ENOTDIR: 'There is no folder at this path any more: put it back, or stop sharing it.',
};

/**
 * Looks at a shared folder; throws AwayError where it is not there. An empty folder in place of one with files is taken
 * for the mount point of a drive that was taken out, unless it is the very folder that was there `before`: then its
 * owner has emptied it. What was shared stays listed until the folder is back or is no longer shared.
 */
export async function requireFolder(
  path: string,
  { before, hasFiles }: { before: RootState | undefined; hasFiles: () => Promise<boolean> },
): Promise<RootState> {
  try {
    const real = await realpath(path);
    const stats = await stat(real);
    if (!stats.isDirectory()) throw new AwayError(REASONS.ENOTDIR);
    const root = { real, dev: stats.dev, ino: stats.ino };
    if (before?.dev === root.dev && before.ino === root.ino) return root;
    if ((await readdir(real)).length === 0 && (await hasFiles())) throw new AwayError(EMPTY);
    return root;
  } catch (error) {
    if (error instanceof AwayError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new AwayError(REASONS[code] ?? systemAdvice(code, 'The folder'), { cause: error });
  }
}

const EMPTY =
  'The folder is empty, though files of it were shared: connect its drive. If you emptied it on purpose, stop sharing it.';
