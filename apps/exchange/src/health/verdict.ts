import type { NodeFault } from '@kith/wire';

/** What was seen of the folder of this node's data, and of the process itself. */
export interface Observed {
  /** The system's code (`ENOENT`, `EIO`, …) where the folder could not be looked at; `SILENT` where it gave no answer. */
  readonly folderError?: string | undefined;
  /** Another folder stands at its path now. */
  readonly isOtherFolder?: boolean;
  readonly freeBytes?: number | undefined;
  /** The code with which a small file could not be written and brought to the disk. */
  readonly writeError?: string | undefined;
  /** Open files of this process, and how many it may have. */
  readonly descriptors?: { readonly open: number; readonly limit: number } | undefined;
  /** How often the reader of files ended in the middle of its work within the last ten minutes. */
  readonly readerEnds: number;
}

export interface VerdictLimits {
  /** With less free than this, uploads are refused. */
  readonly roomBytes: number;
}

/** Open files that a node needs at once for a page, some peers and a few downloads. */
const SPARE_DESCRIPTORS = 16;
export const READER_ENDS = 5;

const GONE = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'ESTALE']);
const READ_ONLY = new Set(['EROFS', 'EACCES', 'EPERM']);
const FULL = new Set(['ENOSPC', 'EDQUOT']);
const FEW = new Set(['EMFILE', 'ENFILE']);

/** What keeps a node from its work, the worst first, each with what to do. Empty: all is well. */
export function faultsOf(observed: Observed, folder: string, { roomBytes }: VerdictLimits): NodeFault[] {
  const ofFolder = folderFault(observed, folder, roomBytes);
  const few = fewDescriptors(observed);
  const dying = observed.readerEnds >= READER_ENDS ? readerDying(observed.readerEnds) : undefined;
  return [ofFolder, few, dying].filter((one) => one !== undefined);
}

function folderFault(observed: Observed, folder: string, roomBytes: number): NodeFault | undefined {
  const { folderError, isOtherFolder, freeBytes, writeError } = observed;
  const error = folderError ?? writeError;
  if (isOtherFolder || GONE.has(error ?? '')) {
    return {
      code: 'data_folder_gone',
      message: `The data folder ${folder} is not there any more: it was moved or deleted, or its drive is out.`,
      remedy: 'Put it back in its place; then all goes on by itself. If it is lost, stop Kith and restore a backup.',
    };
  }
  if (READ_ONLY.has(error ?? '')) {
    return {
      code: 'data_folder_read_only',
      message: `Nothing can be written into the data folder ${folder} (${error}).`,
      remedy:
        'Make it writable for the user that runs Kith. If the system made the disk read-only, look after the disk.',
    };
  }
  if (FULL.has(error ?? '') || (error === undefined && freeBytes !== undefined && freeBytes < roomBytes)) {
    return {
      code: 'disk_full',
      message: `The disk of the data folder ${folder} is full: this node takes nothing new. What it has can be searched, opened and deleted.`,
      remedy: 'Make room: delete uploads here, or other files on that disk.',
    };
  }
  if (error !== undefined && !FEW.has(error)) {
    const how = error === 'SILENT' ? 'it gives no answer' : error;
    return {
      code: 'disk_failing',
      message: `What is written into the data folder ${folder} does not reach the disk (${how}).`,
      remedy: 'The disk or its connection fails: make a backup now, and put another disk in its place.',
    };
  }
  return undefined;
}

function fewDescriptors({ descriptors, folderError, writeError }: Observed): NodeFault | undefined {
  const isOut = [folderError, writeError].some((error) => FEW.has(error ?? ''));
  const isClose = descriptors !== undefined && descriptors.limit - descriptors.open < SPARE_DESCRIPTORS;
  if (!isOut && !isClose) return undefined;
  const seen = descriptors ? ` (${descriptors.open} of ${descriptors.limit} are open)` : '';
  return {
    code: 'too_few_descriptors',
    message: `The system lets this node open too few files and connections at once${seen}: some requests fail.`,
    remedy: 'Start it with a higher limit: `ulimit -n 4096` before `npm start`, or LimitNOFILE=4096 in its service.',
  };
}

const readerDying = (count: number): NodeFault => ({
  code: 'reader_dying',
  message: `The part that takes the text out of files has ended ${count} times within ten minutes.`,
  remedy:
    'See which files have problems (Shared on the page): move the newest of them out of the shared folder, or give this computer more memory.',
});
