import { ConfigError, codeOf } from '@kith/service';
import { CliError, EXIT } from '../output/exit-codes.ts';
import type { NodeValues } from '../settings.ts';
import { readNodeFile } from './node-file.ts';
import { portInUseText } from './port-in-use.ts';

/** Errors whose own message says what to do. */
const TELLING = /^(identity_unusable|store_|index_|documents_|disk_full|bad_configuration)/;

/** What stopped the start, as an error for the person where it is something that a person can mend. */
export async function startError(error: unknown, values: NodeValues): Promise<unknown> {
  if (error instanceof ConfigError) return new CliError(EXIT.usage, error.message);
  const { code, port, message } = systemError(error);
  if (code === 'EADDRINUSE' && port !== undefined) {
    return new CliError(EXIT.failed, await portInUseText(values, port), { cause: error });
  }
  if (code === 'EADDRNOTAVAIL') {
    const text = `This machine has no address ${values.bind}: set KITH_BIND to one that it has, or leave it out.`;
    return new CliError(EXIT.usage, text, { cause: error });
  }
  if (code === 'EACCES' && port !== undefined) {
    const text = `This user may not listen on port ${port}: choose one above 1023.`;
    return new CliError(EXIT.usage, text, { cause: error });
  }
  if (code === 'ENOSPC') return new CliError(EXIT.failed, `The disk of ${values.dataDirectory} is full: make room.`);
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EPERM') {
    const text = `Cannot write into the data folder ${values.dataDirectory} (${code}): make it writable to this user, or choose another one with KITH_DATA.`;
    return new CliError(EXIT.failed, text, { cause: error });
  }
  if (code === 'EIO') {
    const text = `The disk that holds ${values.dataDirectory} fails (EIO): make a copy of that folder if you can and have the disk checked, or choose another one with KITH_DATA.`;
    return new CliError(EXIT.failed, text, { cause: error });
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    const text = `This system lets Kith open too few files (${code}): raise the limit (ulimit -n), or close other programs.`;
    return new CliError(EXIT.failed, text, { cause: error });
  }
  if (code === 'store_in_use') {
    const owner = await readNodeFile(values.dataDirectory);
    const who = owner ? ` It is the node “${owner.name}”, process ${owner.pid}, page ${owner.url}/.` : '';
    return new CliError(EXIT.failed, `${message}${who}`, { cause: error });
  }
  if (TELLING.test(codeOf(error) ?? '')) return new CliError(EXIT.failed, message, { cause: error });
  return error;
}

type SystemError = NodeJS.ErrnoException & { port?: number };

/** What the system said, where a service has wrapped it in an error of its own. */
function systemError(error: unknown): SystemError {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (/^E[A-Z]+$/.test((one as SystemError).code ?? '')) return one;
  }
  return error as SystemError;
}
