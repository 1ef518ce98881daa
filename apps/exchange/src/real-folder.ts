import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, sep } from 'node:path';
import { codeOf, ServiceError } from '@kith/service';
import { systemAdvice } from './reading/system-advice.ts';

export const badFolder = (message: string) => new ServiceError('bad_request', message);

/** Real path of a folder that somebody wants to share; throws `bad_request` with what to do instead. */
export async function realFolder(path: string): Promise<string> {
  if (!isAbsolute(path))
    throw badFolder(`Give the whole path of the folder, from ${sep === '/' ? '/' : 'the drive'} on.`);
  try {
    const real = await realpath(path);
    if (!(await stat(real)).isDirectory())
      throw badFolder('That is a file: share the folder that holds it, or upload it.');
    return real;
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    const code = codeOf(error);
    throw badFolder(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? 'There is no such folder on the machine that this node runs on: check the path.'
        : systemAdvice(code, 'That folder'),
    );
  }
}
