import { isAbsolute, sep } from 'node:path';
import { codeOf, ServiceError } from '@kith/service';
import type { RootFound } from '../drives/drive-calls.ts';
import { systemAdvice } from '../reading/system-advice.ts';

export const badFolder = (message: string) => new ServiceError('bad_request', message);

/** A folder that somebody wants to share; throws `bad_request` with what to do instead. */
export async function realFolder(path: string, find: () => Promise<RootFound>): Promise<RootFound> {
  if (!isAbsolute(path))
    throw badFolder(`Give the whole path of the folder, from ${sep === '/' ? '/' : 'the drive'} on.`);
  const found = await find().catch((error: unknown) => {
    const code = codeOf(error);
    throw badFolder(code === 'ENOENT' || code === 'ENOTDIR' ? ABSENT : systemAdvice(code, 'That folder'));
  });
  if (!found.isFolder) throw badFolder('That is a file: share the folder that holds it, or upload it.');
  return found;
}

const ABSENT = 'There is no such folder on the machine that this node runs on: check the path.';
