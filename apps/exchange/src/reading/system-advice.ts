/** What the owner can do about a file or folder that the system does not give, by the system's code (errno). */
const RIGHTS = 'may not be read: give this node’s user the right to read it.';
const TOO_MANY = 'cannot be read, because too many files are open on this machine: it is tried again later.';
const DISK = 'cannot be read, because its disk fails: save what you can and check the disk.';
const DRIVE = 'cannot be read, because its drive does not answer: check that it is connected.';
const LOOP = 'cannot be read, because links on the way to it lead in a circle: put them right.';
const GONE = 'is not there any more: put it back, or stop sharing it.';

const ADVICE: Readonly<Record<string, string>> = {
  ...{ EACCES: RIGHTS, EPERM: RIGHTS },
  ENAMETOOLONG: 'has a name or a path that is too long for this system: shorten it, or move it to a folder further up.',
  ...{ ENOENT: GONE, ENOTDIR: GONE, ELOOP: LOOP },
  ...{ EMFILE: TOO_MANY, ENFILE: TOO_MANY },
  ...{ EIO: DISK, EUCLEAN: DISK, EBADMSG: DISK },
  ...{
    ETIMEDOUT: DRIVE,
    EHOSTDOWN: DRIVE,
    EHOSTUNREACH: DRIVE,
    ENETDOWN: DRIVE,
    ENETUNREACH: DRIVE,
    ECONNRESET: DRIVE,
  },
  ...{ ENOTCONN: DRIVE, ESTALE: DRIVE, EREMOTEIO: DRIVE, ENODEV: DRIVE, ENXIO: DRIVE },
  EBUSY: 'is in use by another program: it is tried again later.',
  ENOMEM: 'cannot be read, because this machine has no memory left: it is tried again later.',
  EOVERFLOW: 'is too large for this system.',
  EINVAL: 'has a name that this system does not take: rename it.',
};

/** One sentence; `subject` is how it begins, such as `It` or `The folder`. An unknown code is named. */
export function systemAdvice(code: string | undefined, subject: string): string {
  const known = ADVICE[code ?? ''];
  return known === undefined
    ? `${subject} cannot be read (${code || 'its content could not be taken apart'}).`
    : `${subject} ${known}`;
}
