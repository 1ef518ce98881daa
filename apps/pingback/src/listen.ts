import { codeOf } from '@kith/service';
import type { FastifyInstance } from 'fastify';

/** The pingback cannot listen; the message says what to do, `code` is the system's (EADDRINUSE and the like). */
export class CannotListenError extends Error {
  readonly code: string;
  readonly port: number;
  constructor(code: string, port: number, message: string, options: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.port = port;
  }
}

/** Listens on `host`; where the system has no IPv6, every address (`::`) is every IPv4 address. */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<void> {
  try {
    await app.listen({ host, port, listenTextResolver: (at) => `pingback listens at ${at}` });
  } catch (error) {
    const code = codeOf(error);
    if (host === '::' && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) {
      return await listen(app, { host: '0.0.0.0', port });
    }
    throw new CannotListenError(code ?? 'cannot_listen', port, sentence(code, host, port), { cause: error });
  }
}

function sentence(code: string | undefined, host: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken by another program, perhaps by another Kith node or a VNC viewer: stop it (ss -ltnp "sport = :${port}" names it), or set KITH_PINGBACK_PORT to the same free port on all nodes of this LAN.`;
  }
  if (code === 'EADDRNOTAVAIL') return `${host} is no address of this machine: set KITH_BIND to one that is.`;
  if (code === 'EACCES') return `This user may not listen on port ${port}: set KITH_PINGBACK_PORT to one above 1023.`;
  return `Cannot listen on ${host}, port ${port} (${code ?? 'unknown error'}): look at KITH_BIND and KITH_PINGBACK_PORT.`;
}
