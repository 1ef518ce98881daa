import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { idOfCertificate } from '@kith/identity';
import type { Peer } from '@kith/membership';

/** Whether the gateway of a peer answers at one of its addresses and proves the peer's key. Never rejects. */
export type GatewayAnswers = (
  peer: Pick<Peer, 'id' | 'addresses' | 'gatewayPort'>,
  signal: AbortSignal,
) => Promise<boolean>;

/** As long as a pingback may take, for it is asked beside one. */
const ANSWER_MS = 1000;
const ADDRESSES = 3;

/**
 * A second opinion before a peer counts as away: its pingback may be kept busy by somebody, or be behind a firewall. The
 * handshake of TLS 1.3 alone proves the key; no certificate is shown to it and nothing is sent.
 */
export function createGatewayAnswers({ localAddress }: { localAddress: string | undefined }): GatewayAnswers {
  return async ({ id, addresses, gatewayPort }, signal) => {
    if (gatewayPort === 0) return false;
    const over = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    const asked = addresses.slice(0, ADDRESSES).map(({ address }) => idAt(address, gatewayPort, localAddress, over));
    for (const found of asked) if ((await found) === id) return true;
    return false;
  };
}

function idAt(host: string, port: number, from: string | undefined, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      ...(from !== undefined && isIP(from) === isIP(host) ? { localAddress: from } : {}),
      minVersion: 'TLSv1.3',
      sigalgs: 'ed25519',
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    const finish = (id?: string) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(id);
    };
    const onAbort = () => finish();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', () => finish());
    socket.once('close', () => finish());
    socket.once('secureConnect', () => {
      const shown = socket.getPeerX509Certificate();
      const isKey = shown instanceof X509Certificate && shown.publicKey.asymmetricKeyType === 'ed25519';
      finish(isKey ? idOfCertificate(shown) : undefined);
    });
    if (signal.aborted) finish();
  });
}
