import { constants, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { type Identity, idOfCertificate } from '@kith/identity';
import type { NodeId } from '@kith/wire';

/** TLS as both ends of a peer connection use it. AES first: half again as fast as ChaCha20 where the CPU has AES. */
export function peerSecureContext(identity: Identity): SecureContext {
  return createSecureContext({
    key: identity.privateKeyPem,
    cert: identity.certificatePem,
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
    sigalgs: 'ed25519',
    secureOptions: constants.SSL_OP_NO_TICKET,
  });
}

/**
 * Node id of the other end, once the handshake is done; undefined where it showed no ed25519 certificate. TLS has proved
 * that it holds the key; dates, names and issuer do not matter. Only `getPeerX509Certificate` is right here:
 * `getPeerCertificate` answers `{}` after it.
 */
export function idOfPeer(socket: TLSSocket): NodeId | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!(certificate instanceof X509Certificate)) return undefined;
  return certificate.publicKey.asymmetricKeyType === 'ed25519' ? idOfCertificate(certificate) : undefined;
}
