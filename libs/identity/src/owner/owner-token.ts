import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, link, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile, syncFolder, writeSecret } from '../durable-file.ts';

/** Name of the token's file in the data directory. */
export const OWNER_TOKEN_FILE = 'owner-token';

/** What every secret of the owner begins with, so that a gateway knows what it must never pass on. */
export const OWNER_SECRET_PREFIX = 'kith-';
const TOKEN = /^kith-owner-[A-Za-z0-9_-]{43}$/;

const newToken = () => `${OWNER_SECRET_PREFIX}owner-${randomBytes(32).toString('base64url')}`;
export const ownerTokenPath = (dataDirectory: string) => join(dataDirectory, OWNER_TOKEN_FILE);

/**
 * The secret that shows a program to be the owner's: a file that only the node's user reads, 256 random bits. It is read
 * again at each use, so that a renewed one counts at once in every service of the node.
 */
export class OwnerToken {
  readonly #path: string;
  #last: string | undefined;

  constructor(dataDirectory: string) {
    this.#path = ownerTokenPath(dataDirectory);
  }

  /** The token; undefined where there is none. A disk that fails later does not lock the owner out. */
  async read(): Promise<string | undefined> {
    try {
      this.#last = tokenIn(await readFile(this.#path, 'utf8'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') this.#last = undefined;
    }
    return this.#last;
  }

  async matches(text: string): Promise<boolean> {
    const token = await this.read();
    return token !== undefined && timingSafeEqual(digest(token), digest(text));
  }
}

/** The token in a file's text; undefined where it is none. */
export function tokenIn(text: string): string | undefined {
  const token = text.trim();
  return TOKEN.test(token) ? token : undefined;
}

/** Makes the token where there is none; of several services that do so at once one wins. Rejects where nothing can be written. */
export async function makeOwnerToken(dataDirectory: string): Promise<void> {
  const path = ownerTokenPath(dataDirectory);
  const there = await readFile(path, 'utf8').catch(() => undefined);
  if (there !== undefined && tokenIn(there) !== undefined) return chmod(path, 0o600);
  if (there !== undefined) return renewOwnerToken(dataDirectory);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeSecret(draft, `${newToken()}\n`);
    await link(draft, path);
    await syncFolder(dataDirectory);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
}

/** A new token: the old one, and every session and link made from it, is worth nothing from now on. */
export async function renewOwnerToken(dataDirectory: string): Promise<void> {
  await replaceFile(ownerTokenPath(dataDirectory), `${newToken()}\n`);
}

/** Hashed first, so that lengths are equal and the comparison takes the same time for every text. */
const digest = (text: string) => createHash('sha256').update(text).digest();
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
