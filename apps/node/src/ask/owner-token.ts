import { readFile, stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { ownerTokenPath, tokenIn, uidsOfListeners } from '@kith/identity';
import { isLoopback, plainAddress } from '@kith/net';
import { CliError, EXIT } from '../output/exit-codes.ts';

/** The token in a file that the person named. */
export async function namedToken(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(EXIT.usage, `Cannot read the token file ${path} (${error.code}): name one that you may read.`);
  });
  const token = tokenIn(text);
  if (token !== undefined) return token;
  throw new CliError(
    EXIT.usage,
    `${path} holds no owner’s token: name the file owner-token of the node’s data folder.`,
  );
}

/**
 * The token of the node in `dataDirectory`, for the node at `url`; undefined where this user may not read it. It is shown
 * only to this computer, and, where the system tells (Linux), only to a program of the user whose file it is: another user
 * may have taken the port of a node that does not run.
 */
export async function ownToken(dataDirectory: string, url: string): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  if (!isThisComputer(hostname.replace(/^\[|\]$/g, ''))) return undefined;
  const path = ownerTokenPath(dataDirectory);
  try {
    const [text, { uid }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const listeners = process.platform === 'linux' ? await uidsOfListeners(Number(port || 80)) : [];
    return listeners.every((one) => one === uid || one === 0) ? tokenIn(text) : undefined;
  } catch {
    return undefined;
  }
}

function isThisComputer(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost') || isLoopback(host)) return true;
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.some(({ address }) => plainAddress(address) === plainAddress(host));
}
