import { isAbsolute, relative, sep } from 'node:path';

/** Whether an absolute path is a folder, or in it. */
export function isWithin(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}
