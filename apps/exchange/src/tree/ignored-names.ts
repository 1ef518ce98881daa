/**
 * Which names in a shared folder are left out. The rule, as the manual tells it: hidden files and folders (a name that
 * begins with a dot), what version control, package managers and operating systems put beside people's files, and files
 * that a program is still writing. To share such a file, upload it.
 */
const FOLDERS = new Set([
  'node_modules',
  'bower_components',
  '__pycache__',
  'lost+found',
  '$recycle.bin',
  'system volume information',
  '@eadir',
]);
const FILES = new Set(['thumbs.db', 'desktop.ini', 'ehthumbs.db']);
const UNFINISHED = /\.(part|partial|crdownload|download|tmp|temp|swp|swx)$|~$|^~\$|^\.~lock\./;

export function isIgnored(name: string, kind: 'file' | 'folder'): boolean {
  const lower = name.toLowerCase();
  if (lower.startsWith('.')) return true;
  return kind === 'folder' ? FOLDERS.has(lower) : FILES.has(lower) || UNFINISHED.test(lower);
}
