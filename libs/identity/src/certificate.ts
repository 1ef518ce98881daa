import { type KeyObject, webcrypto } from 'node:crypto';
import type { NodeId } from '@kith/wire';

/** RFC 5280 4.1.2.5: this date says that a certificate has no end. Peers check the key only, never the dates. */
const NO_END = new Date('9999-12-31T23:59:59Z');
/** Long ago, because machines without a clock battery start in 1970. */
const BEGINNING = new Date('1970-01-01T00:00:00Z');

/** A self-signed certificate (PEM) that carries the key into TLS; its only name is the node id. */
export async function makeCertificate(id: NodeId, privateKey: KeyObject, publicKey: KeyObject): Promise<string> {
  // Loaded here only: they are needed once in a node's life and take a while. x509 does not load without the other.
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'Ed25519' };
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keys = {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', spki, algorithm, true, ['verify']),
  };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${id}`,
    notBefore: BEGINNING,
    notAfter: NO_END,
    signingAlgorithm: algorithm,
    keys,
  });
  return `${certificate.toString('pem')}\n`;
}
