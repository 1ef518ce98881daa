import { codeOf, type ErrorCode, ServiceError } from '@kith/service';

const ADVICE = {
  disk_full: 'The disk of this node is full: free some space and send it again.',
  disk_failing:
    'The disk of this node fails, so the file could not be kept. Make a backup, put another disk in its place, and send it again.',
  data_folder_read_only:
    'Nothing can be written into the data folder of this node: make it writable for the user that runs Kith, and send it again.',
  data_folder_gone: 'The data folder of this node is not there any more: put it back in its place, and send it again.',
} satisfies Partial<Record<ErrorCode, string>>;

const OF_SYSTEM: Readonly<Record<string, keyof typeof ADVICE>> = {
  ...{ ENOSPC: 'disk_full', EDQUOT: 'disk_full' },
  ...{ EIO: 'disk_failing', EUCLEAN: 'disk_failing', EBADMSG: 'disk_failing' },
  ...{ EROFS: 'data_folder_read_only', EACCES: 'data_folder_read_only', EPERM: 'data_folder_read_only' },
  ...{ ENOENT: 'data_folder_gone', ENOTDIR: 'data_folder_gone' },
};

export type DiskErrorCode = keyof typeof ADVICE;

export const diskError = (code: DiskErrorCode, cause?: unknown) => new ServiceError(code, ADVICE[code], { cause });

/** What a write into the store threw, as what the owner can do about it. Anything that is not the disk's stays as it is. */
export function asDiskError(error: unknown): unknown {
  const code = OF_SYSTEM[codeOf(error) ?? ''];
  return code === undefined ? error : diskError(code, error);
}
