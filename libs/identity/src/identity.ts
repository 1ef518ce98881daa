import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeId } from '@kith/wire';
import { makeCertificate } from './certificate.ts';
import { syncFolder, writeSecret } from './durable-file.ts';
import { IdentityError } from './errors.ts';
import { idOfCertificate, idOfPublicKey } from './node-id.ts';
import { makeOwnerToken } from './owner/owner-token.ts';
import { openPrivateFolder } from './private-folder.ts';
import { signText } from './signature.ts';

/** Folder of the identity inside the data directory. */
export const IDENTITY_FOLDER = 'identity';

/** Who this node is. All services of a node open the same one. */
export interface Identity {
  readonly id: NodeId;
  /** SPKI in DER, base64url. */
  readonly publicKey: string;
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  /** Secret that the services of this node show each other; 43 characters. */
  readonly internalKey: string;
  /** ed25519 signature over the text as UTF-8, base64url. */
  sign(text: string): string;
}

/**
 * Reads the identity from `<data>/identity`, or makes it where there is none, and keeps other users out of `<data>`. Several services may do so at once: one
 * wins and all get the same. Throws IdentityError where it is damaged or cannot be read; it is never replaced by itself,
 * because a new key is a new node to every peer.
 */
export async function openIdentity(dataDirectory: string): Promise<Identity> {
  await openPrivateFolder(dataDirectory);
  const folder = join(dataDirectory, IDENTITY_FOLDER);
  const identity = (await readIdentity(folder)) ?? (await makeIdentity(dataDirectory, folder));
  // A node runs without one too, as on a disk that is full: its owner is then known by the kernel alone.
  await makeOwnerToken(dataDirectory).catch(() => {});
  return identity;
}

async function makeIdentity(dataDirectory: string, folder: string): Promise<Identity> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const id = idOfPublicKey(publicKey.export({ type: 'spki', format: 'der' }));
  const certificatePem = await makeCertificate(id, privateKey, publicKey);
  const draft = join(dataDirectory, `.${IDENTITY_FOLDER}-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await writeSecret(join(draft, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    await writeSecret(join(draft, 'certificate.pem'), certificatePem);
    await writeSecret(join(draft, 'internal-key'), `${randomBytes(32).toString('base64url')}\n`);
    await syncFolder(draft);
    // A folder that holds files is never replaced by a rename: whoever comes second fails here and takes the first one's.
    await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }));
    await syncFolder(dataDirectory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
    throw new IdentityError(
      `Cannot write into ${dataDirectory} (${codeOf(error)}): make it writable to this user, or set KITH_DATA to another folder.`,
      { cause: error },
    );
  }
  const made = await readIdentity(folder);
  if (made) return made;
  throw new IdentityError(`Cannot make ${folder}: remove what is in its place, or set KITH_DATA to another folder.`);
}

/** The identity in `folder`, or undefined where there is no such folder, or an empty one. */
async function readIdentity(folder: string): Promise<Identity | undefined> {
  const [privateKeyPem, certificatePem, internalKeyText] = await Promise.all([
    readPart(folder, 'key.pem'),
    readPart(folder, 'certificate.pem'),
    readPart(folder, 'internal-key'),
  ]);
  if (privateKeyPem === undefined && certificatePem === undefined && internalKeyText === undefined) return undefined;
  if (privateKeyPem === undefined) throw damaged(folder, 'key.pem is missing');
  if (certificatePem === undefined) throw damaged(folder, 'certificate.pem is missing');
  if (internalKeyText === undefined) throw damaged(folder, 'internal-key is missing');

  const privateKey = understood(folder, 'key.pem', () => createPrivateKey(privateKeyPem));
  if (privateKey.asymmetricKeyType !== 'ed25519') throw damaged(folder, 'key.pem is not an ed25519 key');
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const id = idOfPublicKey(spki);
  const certificate = understood(folder, 'certificate.pem', () => new X509Certificate(certificatePem));
  if (idOfCertificate(certificate) !== id) throw damaged(folder, 'certificate.pem belongs to another key');
  const internalKey = internalKeyText.trim();
  if (!/^[A-Za-z0-9_-]{43}$/.test(internalKey)) throw damaged(folder, 'internal-key is not 43 characters of base64url');
  return {
    id,
    publicKey: spki.toString('base64url'),
    privateKeyPem,
    certificatePem,
    internalKey,
    sign: (text) => signText(privateKey, text),
  };
}

async function readPart(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new IdentityError(
      `Cannot read ${join(folder, name)} (${codeOf(error)}): start the node as the user that owns it, or make it readable to this one.`,
      { cause: error },
    );
  }
}

function understood<T>(folder: string, name: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw damaged(folder, `${name} cannot be understood`);
  }
}

const damaged = (folder: string, what: string) =>
  new IdentityError(
    `The identity in ${folder} is damaged: ${what}. Put back a copy of that folder from a backup; if there is none, move the folder away: the node then starts as a new one, and its peers must approve it again.`,
  );

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown error';
