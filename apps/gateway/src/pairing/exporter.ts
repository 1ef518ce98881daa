import type { TLSSocket } from 'node:tls';
import { CODE_PROOF_EXPORTER } from '@kith/identity';

/** What ties a proof of the pairing code to one TLS connection. */
export function exporterOf(socket: TLSSocket): Buffer {
  const { length, label } = CODE_PROOF_EXPORTER;
  return socket.exportKeyingMaterial(length, label, Buffer.alloc(0));
}
